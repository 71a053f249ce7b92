import { isProtocol } from './protocol.ts';
import type { LintWorld } from './lint.ts';

/** Where the requests of an instance go in an environment, as far as the files say it: variables of the environment stay expressions. `undefined`: nowhere that is known. */
export function instanceAddress(id: string, { instances, connectors, environments }: LintWorld, environment: string | undefined): string | undefined {
  const instance = instances[id];
  const manifest = instance && connectors[instance.connector];
  if (!manifest || isProtocol(manifest)) return undefined;
  const { settings = {}, baseUrl = manifest.baseUrl } = (environment === undefined ? undefined : environments[environment]?.instances?.[id]) ?? {};
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries(Object.entries(manifest.variables ?? {}).map(([name, variable]) => [name, (variable as { readonly default?: unknown }).default])), ...instance.settings, ...settings };
  return baseUrl.replaceAll(/\{\{\s*instance\.([\w-]+)\s*\}\}/g, (whole, name: string) => (['string', 'number'].includes(typeof values[name]) ? String(values[name]) : whole));
}
