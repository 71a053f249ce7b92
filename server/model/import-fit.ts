import { comparedAddress } from './address.ts';
import { neededMethods, noAuth } from './auth-methods.ts';
import { createBaseUrls } from './base-urls.ts';
import type { AuthUse, ConnectorManifest, EndpointManifest } from './connector.ts';
import { isObject, objectAt, textAt } from './json.ts';
import type { Imported } from './import-plan.ts';
import { freeName, wordsOf } from './words.ts';

type Json = Readonly<Record<string, unknown>>;

/** A description as it stands in a connector that is there already: what is another address, method or variable than there has another name, and credentials go to their own host alone. */
export function fitImport(connector: Json, given: Imported): Imported {
  const manifest = withVariables(connector, given.manifest);
  const addresses = readAddresses(connector, manifest);
  const { auth, nameOf } = fitAuth(connector, manifest, addresses.own);
  const names = new Map<string, string>();
  const endpoints = Object.entries(manifest.endpoints).map(([name, endpoint]): [string, EndpointManifest] => {
    const { baseUrl, isForeign } = addresses.of(endpoint);
    const free = fitName(objectAt(connector, 'endpoints'), name, baseUrl);
    names.set(name, free);
    const method = endpoint.auth ?? (isForeign ? (Object.keys(manifest.auth ?? {})[0] ?? (isSigning(connector) ? noAuth : undefined)) : undefined);
    return [free, { ...endpoint, baseUrl, auth: method && nameOf(method) }];
  });
  const added = endpoints.filter(([name]) => !Object.hasOwn(objectAt(connector, 'endpoints'), name)).map(([, endpoint]) => endpoint);
  const used = usedMethods(auth, added);
  return {
    ...given,
    manifest: {
      ...manifest,
      baseUrls: Object.fromEntries(Object.entries(addresses.added()).filter(([name]) => added.some(({ baseUrl }) => baseUrl === name))),
      // Of a method that has got another name nobody knows but the endpoints that name it.
      auth: Object.fromEntries(Object.entries(auth).filter(([name]) => Object.hasOwn(manifest.auth ?? {}, name) || used.has(name))),
      endpoints: Object.fromEntries(endpoints.map(([name, endpoint]) => [name, withoutMissing(endpoint)])),
    },
    auth: given.auth.map((note) => ({ ...note, name: nameOf(note.name) })),
    suggestions: given.suggestions.map((suggestion) => ({ ...suggestion, ...(suggestion.endpoint !== undefined && { endpoint: names.get(suggestion.endpoint) ?? suggestion.endpoint }) })),
  };
}

const withoutMissing = (endpoint: EndpointManifest): EndpointManifest => Object.fromEntries(Object.entries(endpoint).filter(([, value]) => value !== undefined)) as unknown as EndpointManifest;
const isSigning = (connector: Json): boolean => Object.keys(objectAt(connector, 'auth')).length > 0;

/** Variables that say something else than those of their name there get another one. */
function withVariables(connector: Json, manifest: ConnectorManifest): ConnectorManifest {
  const there = objectAt(connector, 'variables');
  const names = new Map(Object.entries(manifest.variables ?? {}).map(([name, field]) => [name, freeName(name, (other) => contradict(there[other], field), '_')]));
  if ([...names].every(([name, other]) => name === other)) return manifest;
  const text = JSON.stringify(manifest).replaceAll(/(\{\{\s*instance\.)([\w-]+)/g, (_whole, before: string, name: string) => `${before}${names.get(name) ?? name}`);
  const renamed = JSON.parse(text) as ConnectorManifest;
  return { ...renamed, variables: Object.fromEntries(Object.entries(renamed.variables ?? {}).map(([name, field]) => [names.get(name)!, field])) };
}

/** Whether two variables cannot be the same. One without a default is whatever the other is. */
function contradict(there: unknown, field: unknown): boolean {
  if (!isObject(there) || !isObject(field)) return false;
  return there['type'] !== field['type'] || there['writeOnly'] !== field['writeOnly'] || (there['default'] !== undefined && field['default'] !== undefined && there['default'] !== field['default']);
}

interface Addresses {
  /** Of an endpoint that comes: its name in the connector, and whether another host is asked than that whose credentials the connector has. */
  of(endpoint: EndpointManifest): { readonly baseUrl: string | undefined; readonly isForeign: boolean };
  /** The name of the address of the description, where its host is another one. */
  readonly own: string | undefined;
  added(): Readonly<Record<string, string>>;
}

function readAddresses(connector: Json, manifest: ConnectorManifest): Addresses {
  const known = objectAt(connector, 'variables');
  const there = plainAddress(textAt(connector, 'baseUrl'), known);
  const comes = plainAddress(manifest.baseUrl, manifest.variables);
  // Where one of the two is for an instance to say, it is taken for the other.
  const base = there === '' || isOpen(there) || isOpen(comes) ? comes : there;
  const names = Object.fromEntries(Object.entries(objectAt(connector, 'baseUrls')).flatMap(([name, address]) => (typeof address === 'string' ? [[name, plainAddress(address, known)]] : [])));
  const urls = createBaseUrls(base, names);
  const nameOf = (address: string, wanted?: string): string | undefined => urls.nameOf(plainAddress(address, manifest.variables), () => address, wanted);
  const isForeign = originOf(comes) !== originOf(base);
  return {
    own: isForeign ? nameOf(manifest.baseUrl) : undefined,
    of({ baseUrl: name }) {
      const address = (name === undefined ? undefined : manifest.baseUrls?.[name]) ?? manifest.baseUrl;
      return { baseUrl: nameOf(address, name), isForeign: originOf(plainAddress(address, manifest.variables)) !== originOf(base) };
    },
    added: () => urls.baseUrls,
  };
}

const isOpen = (address: string): boolean => /^\{\{\s*instance\.[\w-]+\s*\}\}$/.test(address);

/** An address to be compared: with the defaults of its variables, without what makes no difference. */
function plainAddress(template: string, variables: Json = {}): string {
  const address = template.replaceAll(/\{\{\s*instance\.([\w-]+)\s*\}\}/g, (whole, name: string) => textAt(variables[name], 'default') || whole);
  return comparedAddress(address);
}

const originOf = (address: string): string => /^(?:[a-z][a-z\d+.-]*:\/\/)?[^/]*/i.exec(address)![0];

/** The methods under the names that they have in the connector. `host`: of whose accounts they are, where that is another one. */
function fitAuth(connector: Json, { auth = {} }: ConnectorManifest, host: string | undefined): { readonly auth: Readonly<Record<string, AuthUse>>; nameOf(name: string): string } {
  const there = objectAt(connector, 'auth');
  const names = new Map(Object.entries(auth).map(([name, { type }]) => [name, freeName(host === undefined ? name : [name, ...wordsOf(host)].join('-'), (other) => Object.hasOwn(there, other) && textAt(there[other], 'type') !== type)]));
  const nameOf = (name: string): string => names.get(name) ?? name;
  const methods = Object.entries(auth).map(([name, use]) => [nameOf(name), { ...use, ...(use.beside && { beside: use.beside.map(nameOf) }), ...(use.tokenAuth !== undefined && { tokenAuth: nameOf(use.tokenAuth) }) }]);
  return { auth: Object.fromEntries(methods), nameOf };
}

function usedMethods(auth: Readonly<Record<string, AuthUse>>, endpoints: readonly EndpointManifest[]): ReadonlySet<string> {
  const named = endpoints.flatMap((endpoint) => endpoint.auth ?? []);
  return new Set(named.flatMap((name) => [name, ...neededMethods({ auth }, name)]));
}

/** The name of an endpoint that is no other one there: that of another address is another one. */
function fitName(there: Json, name: string, baseUrl: string | undefined): string {
  const isTaken = (other: string): boolean => Object.hasOwn(there, other) && (textAt(there[other], 'baseUrl') || undefined) !== baseUrl;
  return isTaken(name) ? freeName(baseUrl === undefined ? name : `${wordsOf(baseUrl).join('-')}-${name}`, isTaken) : name;
}
