import { isAddress } from '../model/address.ts';
import { isObject, isSame } from '../model/json.ts';
import { createBaseUrls } from '../model/base-urls.ts';
import { freeParam } from '../model/words.ts';
import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import type { Report } from './import-result.ts';
import { isSecretName } from '../model/secret-names.ts';
import { relativeTo, type AddressOf } from './relative-address.ts';
import { secretIn } from './secret-segments.ts';
import { looksSecret } from '../model/secret-shapes.ts';
import { plainAddress } from './secret-values.ts';
import { literal, sentenceOf } from './words.ts';

export interface ReadServer {
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, object>>;
}

/** What is asked at another address than the rest: by its number, the name of it. */
export interface OwnServers {
  readonly names: readonly (string | undefined)[];
  readonly baseUrls: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, object>>;
}

/** The addresses of operations and paths with servers of their own. `usual`: the servers of the description, and what was made of them. */
export function readOwnServers(source: SchemaSource, operations: readonly { readonly item: Json; readonly operation: Json }[], usual: { readonly servers: unknown; readonly read: ReadServer }): OwnServers {
  const usualServers = serversIn(source, usual.servers);
  const [base] = usualServers;
  const known = new Set(usualServers.map(urlOf));
  const others = createBaseUrls(base ? urlOf(base) : '');
  let { variables } = usual.read;
  const names = operations.map(({ item, operation }) => {
    const servers = serversIn(source, operation['servers'] ?? item['servers']).map((server) => below(server, base));
    const [first] = servers;
    if (!first || known.has(urlOf(first))) return undefined;
    return others.nameOf(urlOf(first), (name) => {
      const read = isAbsolute(urlOf(first)) ? readAbsolute(source, servers, `${name}_url`.replaceAll('-', '_'), variables) : { baseUrl: `{{ instance.url }}${literal(urlOf(first))}`, variables };
      variables = read.variables;
      return read.baseUrl;
    });
  });
  return { names, baseUrls: others.baseUrls, variables };
}

const urlOf = (server: Json): string => String(server['url']).replace(/\/+$/, '');
const isAbsolute = (url: string): boolean => /^https?:\/\//i.test(url);

const serversIn = ({ resolve, report }: SchemaSource, given: unknown): Json[] =>
  (Array.isArray(given) ? (given as unknown[]) : []).map(resolve).filter((server) => typeof server['url'] === 'string').map((server) => ({ ...server, url: withoutSecretParts(report, withScheme(report, server)) }));

/** The address with a scheme: an instance chooses none, so one that is encrypted is taken where there is the choice. */
function withScheme(report: Report, { url, variables }: Json): string {
  const [, open, rest] = /^(?:\{([^{}]+)\}:)?(\/\/.+)$/s.exec(url as string) ?? [];
  if (rest === undefined) return url as string;
  const about = open !== undefined && isObject(variables) && isObject(variables[open]) ? variables[open] : {};
  const choices = [about['default'], ...(Array.isArray(about['enum']) ? (about['enum'] as unknown[]) : [])].filter((choice) => typeof choice === 'string');
  const scheme = choices.length === 0 || choices.includes('https') ? 'https' : choices[0]!;
  if (choices.some((choice) => choice !== scheme)) report.skip(`The scheme of the address ${String(url)}`, `It is ${scheme}: write another into \`baseUrl\` where the server has no other.`);
  return `${scheme}:${rest}`;
}

/** A server whose address is relative, at the host of the usual one. */
function below(server: Json, base: Json | undefined): Json {
  const origin = /^https?:\/\/[^/]+/i.exec(base ? urlOf(base) : '')?.[0];
  if (isAbsolute(urlOf(server)) || origin === undefined) return server;
  return { ...server, url: `${origin}/${urlOf(server).replace(/^\/+/, '')}`, variables: { ...(isObject(base!['variables']) && base!['variables']), ...(isObject(server['variables']) && server['variables']) } };
}

/** The address of the API: the one that the description names, with its variables, else a variable of the instance. */
export function readServer(source: SchemaSource, given: unknown): ReadServer {
  const servers = serversIn(source, given);
  const url = servers[0] ? urlOf(servers[0]) : '';
  if (isAbsolute(url)) return readAbsolute(source, servers, 'url', {});
  source.report.skip('The address', 'The description names no absolute address: an instance gives it.');
  return { baseUrl: `{{ instance.url }}${literal(url)}`, variables: { url: { type: 'string', title: 'Address', description: 'Address of the API, without a slash at its end.' } } };
}

/** How addresses that are relative to that of the API stand in a manifest. */
export const addressesBelow = (source: SchemaSource, servers: unknown, { baseUrl, variables }: ReadServer): AddressOf => relativeTo(
  source.report, baseUrl, serversIn(source, servers).every((server) => !/^https?:\/\/[^/]+\//i.test(urlOf(server))),
  (wire) => Object.keys(variables).find((name) => baseUrl.includes(`{{ instance.${name} }}`) && (variables[name] as { readonly title?: unknown }).title === wire),
);

/** `name`: of the variable where an instance chooses the address. `taken`: variables that there are already. */
function readAbsolute(source: SchemaSource, servers: readonly Json[], name: string, taken: ReadServer['variables']): ReadServer {
  const { report } = source;
  const [first, ...others] = servers as readonly [Json, ...Json[]];
  const url = urlOf(first);
  if (/[?#]/.test(url)) report.skip(`The query of the address ${url}`, 'A query in the base address would stand before the paths.');
  const read = withVariables(url.split(/[?#]/, 1)[0]!, isObject(first['variables']) ? first['variables'] : {}, source, taken);
  const chosen = (about: object): ReadServer => ({ baseUrl: `{{ instance.${name} }}`, variables: { ...taken, [name]: { type: 'string', title: 'Address', ...about } } });
  if (others.length === 0) return isUsable(read.baseUrl) ? read : chosen({ description: `Address of the API, such as ${url}.` });
  if (/\{/.test(url)) {
    report.skip(`The address ${String(others[0]!['url'])}`, 'The first address has variables, so it alone is the base address.');
    return read;
  }
  return chosen({ description: `Address of the API: ${servers.slice(0, 10).map((server) => `${String(server['url'])}${sentenceOf(server['description']) ? ` (${sentenceOf(server['description'])})` : ''}`).join(', ')}.`, default: url });
}

/** What looks like a secret in an address becomes a variable of it. */
function withoutSecretParts(report: Report, url: string): string {
  return plainAddress(report, url).split('/').map((part, index, parts) => {
    const secret = index < 3 || /[{}]/.test(part) ? undefined : secretIn(part, parts[index - 1]!);
    if (!secret) return part;
    report.hide(secret.value);
    report.skip('A part of the address', 'It looks like a secret: the instance gives it.');
    return `${secret.before}{${secret.name || 'secret'}}`;
  }).join('/');
}

const isUsable = (baseUrl: string): boolean => baseUrl.includes('{{') || isAddress(baseUrl);

function withVariables(url: string, given: Json, { resolve, report }: SchemaSource, taken: ReadServer['variables']): ReadServer {
  const variables: Record<string, object> = { ...taken };
  const names = new Map<string, string>();
  const baseUrl = url.split(/(\{[^{}]+\})/).map((part) => {
    if (!/^\{.+\}$/.test(part)) return literal(part);
    const wire = part.slice(1, -1);
    const { default: standard, enum: choices, description } = resolve(given[wire]) as { readonly default?: unknown; readonly enum?: unknown; readonly description?: unknown };
    const isSecret = typeof standard === 'string' && (isSecretName(wire) || looksSecret(standard, wire));
    if (isSecret) report.hide(standard);
    const variable = {
      type: 'string', title: wire, description: sentenceOf(description) ?? `Part of the address ${url}.`,
      ...(Array.isArray(choices) && choices.length > 0 && { enum: [...new Set(choices.map(String))] }), ...(typeof standard === 'string' && standard !== '' && !isSecret && { default: standard }),
    };
    // One of another address that says the same is the same.
    const same = Object.keys(taken).find((other) => isSame({ ...taken[other], description: '' }, { ...variable, description: '' }));
    const name = names.get(wire) ?? same ?? freeParam(wire, (other) => Object.hasOwn(variables, other));
    names.set(wire, name);
    variables[name] ??= variable;
    return `{{ instance.${name} }}`;
  }).join('');
  return { baseUrl, variables };
}
