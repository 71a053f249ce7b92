import type { PluginUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Report } from './import-result.ts';
import { slugOf } from './words.ts';

export type Pair = readonly [name: string, value: string];

/** Names of headers and parameters that hold secrets. */
const secretName = /^(x-)?(api|access|app|client|auth|session|private|secret|shopify-access|amz-security)?[-_.]?(api)?[-_.]?(key|token|secret|password|passwd|pwd|signature|sig)$|^(x-[a-z-]*(token|key|secret|signature))$|^(access|refresh|id|csrf|xsrf)[-_]?token$/i;
export const isSecretName = (name: string): boolean => secretName.test(name) && !/^(page|next|cursor|continuation|sync|idempotency)/i.test(name);

/** How a request signs in, by what it carries. The secrets themselves are dropped here, once for all. */
export function takeSecrets(report: Report, headers: readonly Pair[], query: readonly Pair[], where: string): { readonly headers: readonly Pair[]; readonly query: readonly Pair[]; readonly auth: Readonly<Record<string, PluginUse>> } {
  const auth: Record<string, PluginUse> = {};
  const note = (what: string): void => report.skip(`The value of ${what} of ${where}`, 'Secrets do not stand in a connector: an instance names them.');
  const keptHeaders = headers.filter(([name, value]) => {
    if (/^(proxy-)?authorization$/i.test(name)) Object.assign(auth, authorization(name, value));
    else if (/^cookie$/i.test(name)) report.skip(`The cookies of ${where}`, 'Cookies belong to a session that has ended. The auth method `api-key` can send one.');
    else if (isSecretName(name)) auth[slugOf(name)] = { type: 'api-key', settings: { name } };
    else return true;
    note(`the header ${name}`);
    return false;
  });
  const keptQuery = query.filter(([name]) => {
    if (!isSecretName(name)) return true;
    auth[slugOf(name)] = { type: 'api-key', settings: { in: 'query', name } };
    note(`the parameter ${name}`);
    return false;
  });
  return { headers: keptHeaders, query: keptQuery, auth };
}

function authorization(name: string, value: string): Readonly<Record<string, PluginUse>> {
  const [, word = '', rest] = /^([A-Za-z][\w-]*)\s+(.+)$/.exec(value.trim()) ?? [];
  if (/^basic$/i.test(word)) return { basic: { type: 'basic' } };
  if (rest !== undefined && /^(digest|hawk|oauth|aws4-hmac-sha256)$/i.test(word)) return {};
  if (name.toLowerCase() === 'authorization' && (rest === undefined || /^[!-~]*$/.test(word))) return { bearer: { type: 'bearer', ...(word !== 'Bearer' && { settings: { scheme: rest === undefined ? '' : word } }) } };
  return { [slugOf(name)]: { type: 'api-key', settings: { name } } };
}

/** The value without what its fields say is secret, be it a text, a list or an object, and without tokens that are known by their shape. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value === 'string') return webToken.test(value) ? hidden : value;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, isSecretField(name) ? concealed(field) : withoutSecrets(field)]));
}

const hidden = '•••';
/** RFC 7519: header, claims and signature. */
const webToken = /^eyJ[\w-]{8,}\.[\w-]+\.[\w-]*$/;
const secretWords = new Set(['password', 'passwd', 'pwd', 'pass', 'passphrase', 'passcode', 'pin', 'secret', 'secrets', 'token', 'tokens', 'jwt', 'bearer', 'sid', 'session', 'csrf', 'xsrf', 'hmac', 'authorization', 'authentication', 'credential', 'credentials', 'apikey']);

/** By the words of the name, in whatever way they are joined. Tokens that lead to the next page are no secrets. */
function isSecretField(name: string): boolean {
  if (isSecretName(name)) return true;
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/);
  return words.some((word) => secretWords.has(word)) && !/page|next|cursor|continuation|sync|count|type|expires/i.test(name);
}

const concealed = (value: unknown): unknown => (Array.isArray(value) ? value.map(concealed) : isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, concealed(field)])) : typeof value === 'string' || typeof value === 'number' ? hidden : value);
