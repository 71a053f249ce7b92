import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';

/** Names of credentials that are secret, where no schema says which are; not such as `keyId`, `tokenUrl` or `publicKey`. */
const secretName = /pass|pwd|secret|token|key|credential|signature|hmac|jwt|session|cookie|bearer|certificate|^pin$|^sas$|^code$/i;
const openName = /(id|url|uri|name|type|algorithm|method|format)$|^public/i;

/** Secrets in credentials of which nothing is known, since their connector or their auth method cannot be read: that it is broken must not hide them. */
export function lintUnknownCredentials(context: LintContext, credentials: unknown, keys: readonly string[]): void {
  if (Array.isArray(credentials)) for (const [index, item] of credentials.entries()) lintUnknownCredentials(context, item, [...keys, String(index)]);
  if (!isObject(credentials) || typeof credentials['$secret'] === 'string') return;
  for (const [name, value] of Object.entries(credentials)) {
    const isSecret = secretName.test(name) && !openName.test(name);
    const texts = isSecret ? (Array.isArray(value) ? value : [value]) : [];
    if (texts.some((text) => typeof text === 'string' ? text !== '' && !text.includes('{{') : typeof text === 'number')) report(context, 'CONFIG_SECRET_LITERAL', pointerOf([...keys, name]), `${JSON.stringify(name)} looks like a secret, which must not stand in a file.`);
    else lintUnknownCredentials(context, value, [...keys, name]);
  }
}
