import type { PluginUse } from '../model/connector.ts';
import { createAuthBook, type Needs } from './auth-choice.ts';
import { isObject } from '../model/json.ts';
import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import type { AddressOf } from './relative-address.ts';
import { literal, slugOf } from './words.ts';

export interface ReadAuth {
  readonly methods: Readonly<Record<string, PluginUse>>;
  /** What holds for operations that say nothing. */
  readonly standard: Needs | undefined;
  /** What an operation says. */
  needsOf(operation: Json): Needs | undefined;
  /** Addresses of token servers. */
  readonly tokenUrls: readonly string[];
}

/** Security schemes as auth methods. Those that the whole description asks for come first. `addressOf`: gives those of token servers. */
export function readAuth(source: SchemaSource, root: Json, addressOf: AddressOf): ReadAuth {
  const components = isObject(root['components']) ? root['components'] : {};
  const schemes = isObject(components['securitySchemes']) ? components['securitySchemes'] : {};
  const named = new Map<string, string>();
  const needsIn = (given: unknown): Needs | undefined => (Array.isArray(given) ? (given as unknown[]).filter(isObject).map((need) => Object.keys(need).map((name) => named.get(name) ?? `${name}?`)) : undefined);
  const wanted = (Array.isArray(root['security']) ? (root['security'] as unknown[]) : []).filter(isObject).flatMap((need) => Object.keys(need));
  const names = [...new Set([...wanted.filter((name) => Object.hasOwn(schemes, name)), ...Object.keys(schemes)])];
  const book = createAuthBook();
  for (const name of names) {
    const use = methodOf(source, source.resolve(schemes[name]), name, addressOf);
    if (use) named.set(name, book.add(slugOf(name) || `method-${names.indexOf(name) + 1}`, use));
  }
  if (names.length === 0) source.report.skip('Authentication', 'The description says nothing of how to sign in. Add an auth method to the connector, or leave it without.');
  const tokenUrls = Object.values(book.methods).map(({ settings }) => settings?.['tokenUrl']).filter((url) => typeof url === 'string');
  return { methods: book.methods, standard: needsIn(root['security']), needsOf: (operation) => needsIn(operation['security']), tokenUrls };
}

function methodOf(source: SchemaSource, scheme: Json, name: string, addressOf: AddressOf): PluginUse | undefined {
  const { report } = source;
  const what = `The security scheme ${JSON.stringify(name)}`;
  const kind = String(scheme['type']);
  const word = String(scheme['scheme'] ?? '').toLowerCase();
  if (kind === 'apiKey') return apiKey(scheme);
  if (kind === 'basic' || (kind === 'http' && word === 'basic')) return { type: 'basic' };
  if (kind === 'http' && (word === 'bearer' || word === 'digest')) return { type: word };
  if (kind === 'http') return skipped(source, what, `There is no auth method for the HTTP scheme ${JSON.stringify(word)}.`);
  if (kind === 'mutualTLS') return { type: 'mtls' };
  if (kind === 'oauth2') return oauth(source, scheme, what, addressOf);
  if (kind === 'openIdConnect') {
    report.skip(what, 'OpenID Connect is not discovered: the auth method is `bearer`, with a token that you got elsewhere.');
    return { type: 'bearer' };
  }
  return skipped(source, what, `There is no auth method for schemes of the type ${JSON.stringify(kind)}.`);
}

function apiKey(scheme: Json): PluginUse {
  const name = typeof scheme['name'] === 'string' ? scheme['name'] : 'x-api-key';
  const place = scheme['in'] === 'query' || scheme['in'] === 'cookie' ? scheme['in'] : 'header';
  // Many descriptions tell a bearer token as a key in this header, and say in words only what stands before it.
  if (place === 'header' && name.toLowerCase() === 'authorization' && /\bbearer\b/i.test(String(scheme['description'] ?? ''))) return { type: 'bearer' };
  return { type: 'api-key', settings: { ...(place !== 'header' && { in: place }), name } };
}

/** The flows of OAuth 2 that there is an auth method for, the one that needs no person first. */
const flowMethods = [
  ['clientCredentials', 'oauth2-client-credentials'], ['authorizationCode', 'oauth2-authorization-code'], ['password', 'oauth2-password'],
] as const;

function oauth(source: SchemaSource, scheme: Json, what: string, addressOf: AddressOf): PluginUse | undefined {
  const flows = isObject(scheme['flows']) ? scheme['flows'] : {};
  const usable = flowMethods.flatMap(([name, type]) => {
    const { scopes, ...addresses } = source.resolve(flows[name]);
    const [tokenUrl, authorizationUrl] = [addresses['tokenUrl'], addresses['authorizationUrl']].map(addressOf);
    const isUsable = [tokenUrl, ...(name === 'authorizationCode' ? [authorizationUrl] : [])].every((url) => url !== undefined);
    return isUsable ? [{ name, type, tokenUrl: tokenUrl!, authorizationUrl, scopes: isObject(scopes) ? Object.keys(scopes) : [] }] : [];
  });
  const [chosen, ...others] = usable;
  if (!chosen) {
    source.report.skip(what, `None of its OAuth 2 flows (${Object.keys(flows).join(', ') || 'none'}) can be used with what the description says: the auth method is \`bearer\`, with a token that you got elsewhere.`);
    return { type: 'bearer' };
  }
  const { name, type, tokenUrl, authorizationUrl, scopes: [scope, ...more] } = chosen;
  for (const other of others) source.report.skip(`The flow ${other.name} of ${what.replace(/^T/, 't')}`, `An auth method is of one flow, and ${name} was taken. Add a method of the type \`${other.type}\` where you sign in so.`);
  if (more.length > 0) source.report.skip(`The scopes of ${what}`, 'A token should be for no more than is needed: set `scope` of the auth method to those that you use.');
  return { type, settings: { ...(name === 'authorizationCode' && { authorizationUrl: authorizationUrl! }), tokenUrl, ...(scope !== undefined && more.length === 0 && { scope: literal(scope) }) } };
}

function skipped({ report }: SchemaSource, what: string, why: string): undefined {
  report.skip(what, why);
  return undefined;
}
