import { findPlugin, type CatalogEntry } from './catalog.ts';
import { isObject, objectsOf, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { fieldsOf } from './protocol.ts';
import { isSecretName } from './secret-names.ts';
import { isProviderKey, looksSecret, withoutCertificates } from './secret-shapes.ts';
import { closest } from './suggest.ts';

type Json = Readonly<Record<string, unknown>>;

/** Names of credentials that are secret, where no schema says which are; not such as `keyId`, `tokenUrl` or `publicKey`. */
const secretName = /pass|pwd|secret|token|key|credential|signature|hmac|jwt|session|cookie|bearer|certificate|^pin$|^sas$|^code$/i;
const openName = /(id|url|uri|name|type|algorithm|method|format)$|^public/i;

/** The key that keeps a value from being the name of a secret, where it looks as if it were to be one. `isSecret`: nothing else may stand there. */
export function misnamedSecret(value: unknown, isSecret: boolean): string | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const name = value['$secret'];
  if (name !== undefined) return typeof name === 'string' && name !== '' ? keys.find((key) => key !== '$secret') : '$secret';
  return isSecret ? keys.find((key) => closest(key, ['$secret']) !== undefined) : undefined;
}

export const reportMisnamed = (context: LintContext, pointer: string): void =>
  report(context, 'CONFIG_INVALID', pointer, 'A secret is named by `"$secret"` with its name, and by nothing else.', { key: true, fix: 'Write `{ "$secret": "shop-eu/token" }`, with the name of the secret.' });

/** Secrets in credentials of which nothing is known, since their connector or their auth method cannot be read: that it is broken must not hide them. */
export function lintUnknownCredentials(context: LintContext, credentials: unknown, keys: readonly string[]): void {
  if (Array.isArray(credentials)) for (const [index, item] of credentials.entries()) lintUnknownCredentials(context, item, [...keys, String(index)]);
  const misnamed = misnamedSecret(credentials, false);
  if (misnamed !== undefined) return reportMisnamed(context, pointerOf([...keys, misnamed]));
  if (!isObject(credentials) || typeof credentials['$secret'] === 'string') return;
  for (const [name, value] of Object.entries(credentials)) {
    const isSecret = secretName.test(name) && !openName.test(name);
    const texts = isSecret ? (Array.isArray(value) ? value : [value]) : [];
    if (texts.some((text) => typeof text === 'string' ? text !== '' && !text.includes('{{') : typeof text === 'number')) report(context, 'CONFIG_SECRET_LITERAL', pointerOf([...keys, name]), `${JSON.stringify(name)} looks like a secret, which must not stand in a file.`);
    else lintUnknownCredentials(context, value, [...keys, name]);
  }
}

const exampleFix = 'Write a made-up value in its place that no system would take.';
const namedFix = 'Use an auth method, such as `bearer` or `api-key`, and name the secret in the instance.';

/** Secrets that stand in a connector as they are: in headers, queries, paths, bodies, settings and examples, known by the name of their place or by their looks. */
export function lintLiterals(context: LintContext, manifest: Json): void {
  const plugin = (kind: string, type: unknown): CatalogEntry | undefined => (typeof type === 'string' ? findPlugin(context.world.catalog, kind, type) : undefined);
  const uses = (owner: Json, keys: readonly string[]): void => {
    for (const key of ['before', 'after'] as const) if (isObject(owner[key])) lintValue(context, owner[key]['settings'], [...keys, key, 'settings']);
    if (isObject(owner['pagination'])) lintSettings(context, plugin('pagination', owner['pagination']['type'])?.settings, owner['pagination']['settings'], [...keys, 'pagination', 'settings']);
    lintValue(context, owner['headers'], [...keys, 'headers'], { what: 'header' });
  };
  for (const [name, use] of objectsOf(manifest['auth'])) lintSettings(context, plugin('auth', use['type'])?.settings, use['settings'], ['auth', name, 'settings']);
  for (const [name, variable] of objectsOf(manifest['variables'])) lintDefault(context, name, variable, ['variables', name]);
  if ('protocol' in manifest) lintSettings(context, plugin('connector', manifest['protocol'])?.settings, manifest['settings'], ['settings']);
  if (isObject(manifest['defaults'])) uses(manifest['defaults'], ['defaults']);
  for (const [id, endpoint] of objectsOf(manifest['endpoints'])) {
    const keys = ['endpoints', id];
    uses(endpoint, keys);
    lintPath(context, endpoint['path'], [...keys, 'path']);
    lintValue(context, endpoint['query'], [...keys, 'query'], { what: 'parameter' });
    if (isObject(endpoint['body'])) lintValue(context, endpoint['body']['template'], [...keys, 'body', 'template']);
    for (const [name, param] of objectsOf(endpoint['params'])) lintDefault(context, name, param, [...keys, 'params', name]);
    lintValue(context, endpoint['examples'], [...keys, 'examples'], { isData: true, fix: exampleFix });
  }
}

/** Values that flows read, so that they are recorded and sent: no secret may stand there, nor be named there. `isData`: records, in which a `password` may be anybody's and a long text anything, so that only keys of providers count. */
export function lintFreeValue(context: LintContext, value: unknown, keys: readonly string[], { isData = false } = {}): void {
  lintNamed(context, value, keys);
  lintValue(context, value, keys, { isData });
}

function lintNamed(context: LintContext, value: unknown, keys: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value) && typeof value['$secret'] === 'string') return report(context, 'CONFIG_INVALID', pointerOf(keys), 'A secret cannot be named here: it would not be replaced by its value.', { key: true, fix: 'Name it in "credentials" of an instance, or of an environment for that instance.' });
  for (const [key, one] of Object.entries(value)) lintNamed(context, one, [...keys, key]);
}

/** What an instance, or an environment for it, sets: an address with a password, or a key where none belongs. `declared`: settings of a plugin, which knows its own. */
export function lintSettingLiterals(context: LintContext, owner: Json, keys: readonly string[], declared: object = {}): void {
  lintSettings(context, declared, owner['settings'], [...keys, 'settings']);
  for (const key of ['baseUrl', 'baseUrls']) lintValue(context, owner[key], [...keys, key]);
}

/** A plugin says of its settings which are secret; what it takes beside them is looked at as any other value is. */
function lintSettings(context: LintContext, schema: object | undefined, settings: unknown, keys: readonly string[]): void {
  const fields = fieldsOf(schema ?? {});
  for (const [name, value] of Object.entries(isObject(settings) ? settings : {})) {
    const isDeclared = Object.hasOwn(fields, name);
    if (isDeclared && typeof value !== 'object') reportLiteral(context, name, value, [...keys, name], { isNamed: false });
    else if (isDeclared) lintSettings(context, fields[name], value, [...keys, name]);
    else lintValue(context, { [name]: value }, keys);
  }
}

interface Place {
  readonly what?: string | undefined;
  /** Whether its name tells that it is secret. */
  readonly isNamed?: boolean;
  /** Whether records stand here, which have no templates, and of which only keys of providers count. */
  readonly isData?: boolean;
  readonly fix?: string;
}

function lintValue(context: LintContext, value: unknown, keys: readonly string[], place: Place = {}): void {
  const name = keys.at(-1) ?? '';
  if (typeof value === 'string') reportLiteral(context, name, value, keys, place);
  else if (typeof value === 'object' && value !== null && !('$secret' in value)) for (const [key, one] of Object.entries(value)) lintValue(context, one, [...keys, key], place);
}

function lintDefault(context: LintContext, name: string, schema: Json, keys: readonly string[]): void {
  if (typeof schema['default'] === 'string') reportLiteral(context, name, schema['default'], [...keys, 'default']);
}

function lintPath(context: LintContext, path: unknown, keys: readonly string[]): void {
  if (typeof path !== 'string') return;
  for (const part of path.split(/[/?&;#]/)) {
    const [, name = '', value = part] = /^([\w.[\]-]+)=(.*)$/.exec(part) ?? [];
    if (reportLiteral(context, name, value, keys)) return;
  }
}

/** One word of letters is more likely the name of something, unless its place can hold nothing but a secret. */
const certain = /pass(word|wd|phrase)?$|pwd$|secret$|token$|(api|access|private|auth|account|shared|signing|secret)[-_]?key$|^authorization$|^cookie$/i;
const plainWord = /^(?:[A-Za-z][a-z]*(?:[-_. ][A-Za-z]+)*|\d{1,3}|)$/;

function reportLiteral(context: LintContext, name: string, given: unknown, keys: readonly string[], { what, isNamed = true, isData = false, fix = namedFix }: Place = {}): boolean {
  const value = typeof given === 'string' ? withoutCertificates(given) : '';
  if (value === '' || (!isData && /\{[\w.{]/.test(value))) return false;
  const isSecret = isData ? isProviderKey(value) : (isNamed && isSecretName(name) && (!plainWord.test(value) || certain.test(name)) && !/^(true|false|null|none|\d{1,3})$/i.test(value)) || looksSecret(value, name);
  // Where a schema says that it is secret, it was told already.
  if (isSecret && !context.findings.some((finding) => finding.code === 'CONFIG_SECRET_LITERAL' && finding.pointer === pointerOf(keys))) report(context, 'CONFIG_SECRET_LITERAL', pointerOf(keys), `${what === undefined ? `What stands at ${JSON.stringify(name || keys.at(-1))}` : `The ${what} ${JSON.stringify(name)}`} looks like a secret, which must not stand in a file.`, { fix });
  return isSecret;
}
