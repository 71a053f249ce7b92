import type { ConnectorManifest, EndpointManifest, PluginUse } from './connector.ts';
import { baseAddress } from './instance-address.ts';
import { isObject } from './json.ts';
import type { LintWorld } from './lint-world.ts';
import { isProtocol } from './protocol.ts';

/** Strategies whose pages are all at the address of the endpoint. */
const stays: ReadonlySet<string> = new Set(['single-page', 'page-number', 'offset', 'cursor', 'keyset', 'date-window', 'graphql-cursor', 'header-cursor', 'link-as-query', 'xml-page', 'soap-search']);

/**
 * Where the requests of a connector's endpoints go in any environment, without their queries; `*` stands for anything. The endpoints that they ask beside themselves
 * and the addresses of the sign-in count. `undefined` where the files do not say it: another protocol, a script, pages that name the next.
 */
export function endpointAddresses(instance: string, names: readonly string[] | undefined, world: Pick<LintWorld, 'instances' | 'connectors' | 'environments'>): readonly string[] | undefined {
  const manifest = world.connectors[world.instances[instance]?.connector ?? ''];
  if (!manifest || isProtocol(manifest)) return undefined;
  const endpoints = [...withAsked(manifest, names ?? Object.keys(manifest.endpoints))].flatMap((name) => manifest.endpoints[name] ?? []);
  if (endpoints.some((endpoint) => isElsewhere({ ...manifest.defaults, ...endpoint }))) return undefined;
  const below = (name: string | undefined, path: string): readonly string[] => [undefined, ...Object.keys(world.environments)].flatMap((environment) => {
    const base = baseAddress(instance, world, environment, name);
    return base === undefined ? [] : [`${base.replace(/\/+$/, '')}${path.startsWith('/') || path === '' ? '' : '/'}${path}`];
  });
  const signIn = Object.values(manifest.auth ?? {}).flatMap(({ settings }) => addressesIn(settings)).flatMap((text) => (text.startsWith('/') ? below(undefined, text) : [text]));
  const all = [...endpoints.flatMap(({ baseUrl, path }) => below(baseUrl, path)), ...signIn, ...(manifest.allowedOrigins ?? []).map((origin) => `${origin}/*`)];
  return [...new Set(all.map(asPattern))];
}

/** Endpoints with those that they ask themselves. */
function withAsked({ endpoints }: ConnectorManifest, names: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>();
  const add = (name: string | undefined): void => {
    const endpoint = name === undefined ? undefined : endpoints[name];
    if (!endpoint || all.has(name!)) return;
    all.add(name!);
    for (const other of [endpoint.upsert?.find, endpoint.upsert?.update, ...(endpoint.slices ?? []).map((slice) => slice.endpoint)]) add(other);
  };
  names.forEach(add);
  return all;
}

function isElsewhere({ before, pagination }: Pick<EndpointManifest, 'before' | 'pagination'>): boolean {
  const { type, settings = {} }: PluginUse = pagination ?? { type: 'single-page' };
  return before !== undefined || !stays.has(type) || settings['in'] === 'url' || settings['in'] === 'path';
}

function addressesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^(https?:|\/|\{\{)/.test(value) ? [value] : [];
  return isObject(value) || Array.isArray(value) ? Object.values(value).flatMap(addressesIn) : [];
}

const asPattern = (address: string): string => address.replaceAll(/\{\{.*?\}\}/g, '*').split(/[?#]/, 1)[0]!;

/** Whether an address of a mock, whole or from the path on, can be one of the addresses. Both may hold `*`. */
export function canBeAsked(wanted: string, addresses: readonly string[]): boolean {
  const [path] = wanted.split('?', 1);
  const own = path!.startsWith('/') ? addresses.map((address) => (address.startsWith('*') ? address : address.replace(/^https?:\/\/[^/]*/i, '') || '/')) : addresses;
  return own.some((address) => canMeet(path!, address));
}

/** Whether there is a text that fits both patterns. */
function canMeet(left: string, right: string): boolean {
  // Which beginnings of `right` what has been read of `left` can stand for.
  let row = Array.from({ length: right.length + 1 }, (_, at) => right.slice(0, at).replaceAll('*', '') === '');
  for (const letter of left) {
    const next: boolean[] = [letter === '*' && row[0]!];
    for (let at = 1; at <= right.length; at++) {
      const other = right[at - 1]!;
      next[at] = letter === '*' ? row[at]! || next[at - 1]! : other === '*' ? row[at]! || next[at - 1]! : letter === other && row[at - 1]!;
    }
    row = next;
  }
  return row[right.length]!;
}
