import { isProtocol } from './protocol.ts';
import type { LintWorld } from './lint.ts';

/** Where the requests of an instance go in an environment, as far as the files say it: variables of the environment stay expressions. `undefined`: nowhere that is known. */
export const instanceAddress = (id: string, world: Pick<LintWorld, 'instances' | 'connectors' | 'environments'>, environment: string | undefined): string | undefined => baseAddress(id, world, environment, undefined);

/** The same of one of the further base URLs of its connector, by name. */
export function baseAddress(id: string, { instances, connectors, environments }: Pick<LintWorld, 'instances' | 'connectors' | 'environments'>, environment: string | undefined, name: string | undefined): string | undefined {
  const instance = instances[id];
  const manifest = instance && connectors[instance.connector];
  if (!manifest || isProtocol(manifest)) return undefined;
  const { settings = {}, baseUrl, baseUrls = {} } = (environment === undefined ? undefined : environments[environment]?.instances?.[id]) ?? {};
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries(Object.entries(manifest.variables ?? {}).map(([key, variable]) => [key, (variable as { readonly default?: unknown }).default])), ...instance.settings, ...settings };
  const declared = name === undefined ? (baseUrl ?? manifest.baseUrl) : (baseUrls[name] ?? (baseUrl === undefined ? manifest.baseUrls?.[name] : undefined));
  return declared?.replaceAll(/\{\{\s*instance\.([\w-]+)\s*\}\}/g, (whole, key: string) => (['string', 'number'].includes(typeof values[key]) ? String(values[key]) : whole));
}
