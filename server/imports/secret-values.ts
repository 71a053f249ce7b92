import type { PluginUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Report } from './import-result.ts';
import { isLoginCode, isSecretName, isSingleUse } from '../model/secret-names.ts';
import { hidden, hideNamed, hideShapes, looksSecret } from '../model/secret-shapes.ts';
import { slugOf } from './words.ts';

export type Pair = readonly [name: string, value: string];

interface Taken {
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
  readonly auth: Readonly<Record<string, PluginUse>>;
}

/** How a request signs in, by what it carries. The secrets themselves are dropped here, once for all; what only looks like one stays as a parameter without a value. */
export function takeSecrets(report: Report, { headers, query }: { readonly headers: readonly Pair[]; readonly query: readonly Pair[] }, where: string): Taken {
  const auth: Record<string, PluginUse> = {};
  const drop = (what: string, value: string, why = secretsAreNamed): [] => {
    report.hide(value);
    report.skip(`The value of ${what} of ${where}`, why);
    return [];
  };
  const sort = (what: string, [name, value]: Pair, use: PluginUse): Pair[] => {
    const isOpen = /^\s*(\{\{[^{}]*\}\}\s*)*$/.test(value);
    if (isSingleUse(name) && (!isOpen || /sig|hmac/i.test(name))) return drop(what, value, 'It is made anew for each request: an auth method makes it, such as `signature`, `oauth1` or `aws-sigv4`.');
    if (isSecretName(name)) {
      auth[slugOf(name) || 'key'] = use;
      return drop(what, value);
    }
    if (!isLoginCode(name, value) && !looksSecret(value, name) && hideNamed(value) === value) return [[name, value]];
    drop(what, value, 'It looks like a secret: a step of a flow gives it, out of a variable.');
    return [[name, openValue]];
  };
  return {
    headers: headers.flatMap(([name, value]): Pair[] => {
      if (looksSecret(name)) return drop('a header whose name looks like a secret', name);
      if (/^(proxy-)?authorization$/i.test(name)) {
        Object.assign(auth, authorization(name, value));
        report.hide(value.replace(/^\S+\s+/, ''));
        return drop(`the header ${name}`, value);
      }
      if (!/^(set-)?cookie$/i.test(name)) return sort(`the header ${name}`, [name, value], { type: 'api-key', settings: { name } });
      for (const [, , text] of value.matchAll(/([^=;\s]+)=([^;]*)/g)) report.hide(text!);
      report.skip(`The cookies of ${where}`, 'Cookies belong to a session that has ended. The auth method `api-key` can send one.');
      return [];
    }),
    query: query.flatMap(([name, value]) => (looksSecret(name) ? drop('a parameter whose name looks like a secret', name) : sort(`the parameter ${name}`, [name, value], { type: 'api-key', settings: { in: 'query', name } }))),
    auth,
  };
}

/** Values of the parts of a path that vary, without those that may be a secret. */
export function takeFromPath(report: Report, values: Readonly<Record<string, string>>, where: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    if (/^\d{1,12}$|^[a-z]+([-_ ][a-z]+)*$/i.test(value) && !isSecretName(name.replace(/_id$/, ''))) return [name, value];
    const isSecret = looksSecret(value) || isSecretName(name.replace(/_id$/, ''));
    if (!isSecret) return [name, value.length < 16 ? value : ''];
    report.hide(value);
    report.skip(`The part ${JSON.stringify(name)} of the path of ${where}`, 'It looks like a secret: a step of a flow gives it, out of a variable.');
    return [name, ''];
  }));
}

/** An address without user, password and what its query says is secret. What is no address stays as it is. */
export function plainAddress(report: Report, text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text.replaceAll(/[{}]/g, '_'))) return text;
  const [, start = '', user, rest = ''] = /^(https?:\/\/)(?:([^/?#]*)@)?([^#]*)/i.exec(text) ?? [];
  const [path = '', search] = rest.split('?', 2);
  const kept = (search?.split('&') ?? []).filter((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    const isSecret = isSecretName(name) || looksSecret(value, name);
    if (isSecret) report.hide(value);
    return !isSecret;
  });
  for (const word of user?.split(':') ?? []) report.hide(word);
  const plain = `${start}${path}${kept.length > 0 ? `?${kept.join('&')}` : ''}`;
  if (plain.length < text.split('#', 1)[0]!.length) report.skip(`What is secret in the address of ${plain}`, secretsAreNamed);
  return plain;
}

export const secretsAreNamed = 'Secrets do not stand in a connector: an instance names them.';
/** What a parameter has whose value nobody but a step can give. */
const openValue = '{{secret}}';

function authorization(name: string, value: string): Readonly<Record<string, PluginUse>> {
  const [, word = '', rest] = /^([A-Za-z][\w-]*)\s+(.+)$/.exec(value.trim()) ?? [];
  if (/^basic$/i.test(word)) return { basic: { type: 'basic' } };
  if (rest !== undefined && /^(digest|hawk|oauth|aws4-hmac-sha256)$/i.test(word)) return {};
  if (name.toLowerCase() === 'authorization' && (rest === undefined || /^[!-~]*$/.test(word))) return { bearer: { type: 'bearer', ...(word !== 'Bearer' && { settings: { scheme: rest === undefined ? '' : word } }) } };
  return { [slugOf(name)]: { type: 'api-key', settings: { name } } };
}

/** The value without what its fields say is secret, be it a text, a list or an object, and without keys and tokens that are known by their looks. A number becomes 0, so that it stays one. `hide`: is told each secret. `isForm`: in a form, the code of a login stands among the others. */
export function withoutSecrets(value: unknown, hide: (secret: string) => void = () => {}, isForm = false): unknown {
  const shown = cleaned(value, '', hide);
  if (!isForm || !isObject(shown)) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, field]) => [name, typeof field === 'string' && isLoginCode(name, field) ? concealed(field, hide) : field]));
}

/** A body of an example, of which the report says where something was left out. */
export function exampleBody(report: Report, value: unknown, what: string, isForm = false): unknown {
  const shown = withoutSecrets(value, report.hide, isForm);
  if (JSON.stringify(shown) !== JSON.stringify(value)) report.skip(what, 'Secrets in it were hidden: a step of a flow gives them, out of a variable.');
  return shown;
}

function cleaned(value: unknown, name: string, hide: (secret: string) => void): unknown {
  if (typeof value === 'string') return hideShapes(hideNamed(value), name);
  if (Array.isArray(value)) {
    // `["authorization", "Bearer …"]`
    const [key, text] = value as readonly unknown[];
    if (value.length === 2 && typeof key === 'string' && typeof text === 'string' && isSecretName(key)) return [key, concealed(text, hide)];
    return value.map((item) => cleaned(item, name, hide));
  }
  if (!isObject(value)) return value;
  // `{"name": "password", "value": …}`
  const says = ['name', 'key', 'field', 'header', 'param', 'parameter', 'id', 'type'].some((key) => typeof value[key] === 'string' && key in value && 'value' in value && isSecretName(value[key]));
  const isLogin = ['grant_type', 'client_id', 'redirect_uri', 'code_verifier'].some((key) => key in value);
  // `{"access": …, "refresh": …}`: beside a token, these are tokens, too.
  const hasTokens = ('access' in value && 'refresh' in value) || Object.entries(value).some(([key, field]) => typeof field === 'string' && isSecretName(key));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => {
    // A key with its value beside it, or of letters alone, is a name; a session is a record of its own; a number of tokens counts them.
    const isName = (key === 'key' && ('value' in value || (typeof field === 'string' && /^[A-Za-z][A-Za-z_. -]*$/.test(field)))) || (isObject(field) && /^sessions?$/i.test(key)) || (typeof field === 'number' && /tokens?$/i.test(key));
    const isSecret = (isSecretName(key) && !isName) || (says && key === 'value') || (typeof field === 'string' && ((isLogin && isLoginCode(key, field)) || (hasTokens && /^(access|refresh)$/i.test(key) && /^\S{8,}$/.test(field))));
    return [hideShapes(key, 'id'), isSecret ? concealed(field, hide) : cleaned(field, key, hide)];
  }));
}

function concealed(value: unknown, hide: (secret: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => concealed(item, hide));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [hideShapes(name), concealed(field, hide)]));
  if (typeof value === 'string' && value !== '') {
    hide(value);
    return hidden;
  }
  if (typeof value === 'number') hide(String(value));
  return typeof value === 'number' ? 0 : value;
}
