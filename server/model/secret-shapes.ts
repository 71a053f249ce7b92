import { isIdName, isSecretName } from './secret-names.ts';

export const hidden = '•••';

/** Beginnings that providers give their keys and tokens, for the very purpose that they are found. */
const prefixed = new RegExp(`(?<![A-Za-z0-9])(?:${[
  '(?:sk|pk|rk|ak)[_-](?:live|test|prod|ant|proj)[\\w-]{6,}', 'sk-[A-Za-z0-9]{16,}', 'whsec_[A-Za-z0-9+/=]{8,}', 'shp(?:at|ca|pa|ss|ua)_[A-Za-z0-9]{8,}', 'gh[opusr]_[A-Za-z0-9]{10,}', 'github_pat_\\w{10,}', 'glpat-[\\w-]{10,}',
  'xox[a-z]-[\\w-]{8,}', '(?:AKIA|ASIA)[A-Z0-9]{12,}', 'AIza[\\w-]{20,}', 'ya29\\.[\\w-]{8,}', 'SG\\.[\\w-]{8,}(?:\\.[\\w-]+)?', 'npm_[A-Za-z0-9]{16,}', 'pypi-[\\w-]{16,}', 'dop_v1_\\w{16,}', 'sq0[a-z]{3}-[\\w-]{10,}',
  'hf_[A-Za-z]{16,}', 'key-[0-9a-f]{16,}', 'PMAK-[\\w-]{10,}', 'pat[_-][\\w-]{0,40}\\d[\\w-]{10,}', 'EAA[A-Za-z0-9]{20,}', '\\d{6,}:[A-Za-z0-9_-]{30,}', 'eyJ[\\w-]{8,}\\.[\\w-]+(?:\\.[\\w-]*)*',
].join('|')})`, 'g');
const privateKey = /-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g;
const scheme = /\b([Bb]asic|BASIC|[Bb]earer|BEARER|[Tt]oken|ApiKey|[Dd]igest|[Hh]awk|[Nn]egotiate|sso-key)(\s+|%20|\+)((?=[^\s"'<>,;&]*(?:[\d=]|[a-z][A-Z]))[A-Za-z0-9+/=._~%-]{4,})/g;
const userInfo = /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#@"'<>]+@/gi;

/** A certificate is public: it says whom to trust. Long ones look random. */
export const withoutCertificates = (text: string): string => text.replaceAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g, '');

/** Whether it holds a key or token with the beginning that its provider gives it, or a private key. */
export const isProviderKey = (text: string): boolean => text.replaceAll(prefixed, '') !== text || text.replaceAll(privateKey, '') !== text;

/** Whether it is a key or token by its looks alone. `name`: where it stands; ids and cursors are often random, too. */
export const looksSecret = (text: string, name = ''): boolean => hideShapes(text, name) !== text;

/** The text without keys and tokens that are known by their looks: those of providers, web tokens, private keys, users and passwords of addresses, and what is long and random. */
export function hideShapes(text: string, name = ''): string {
  if (text.length < 6) return text;
  const plain = text.replaceAll(privateKey, hidden).replaceAll(userInfo, `$1${hidden}@`).replaceAll(scheme, `$1$2${hidden}`).replaceAll(prefixed, hidden);
  const withoutWords = plain.replaceAll(/(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/_=-])/g, (word) => (!isIdName(name) && !/^\/|\/.*\/.*\/|[a-z]{6}\//.test(word) && isRandom(word) ? hidden : word));
  return withoutWords.replaceAll(/[A-Za-z0-9+/_=-]{8,}/g, (word) => word.split('/').map((part) => (isPassword64(part) || (!isIdName(name) && isRandom(part)) ? hidden : part)).join('/'));
}

/** Long, of letters and digits that change often: words and dates do not. A UUID is the name of something. */
function isRandom(text: string): boolean {
  const own = text.replaceAll(/(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/gi, '');
  const signs = own.replaceAll(/[^A-Za-z0-9]/g, '');
  if (signs.length < 20 || !/[A-Za-z]/.test(signs) || !/\d/.test(signs) || Math.max(...own.split(/[-_+/=]/).map((word) => word.length)) < 12) return false;
  // A capital letter at the beginning of a word is no change.
  const changes = [...signs].filter((sign, index) => index > 0 && kindOf(sign) !== kindOf(signs[index - 1]!) && !(kindOf(sign) === 1 && kindOf(signs[index - 1]!) === 2)).length;
  return changes / signs.length >= (/[a-z]/.test(signs) ? 0.25 : 0.15);
}

const kindOf = (sign: string): number => (/\d/.test(sign) ? 0 : /[a-z]/.test(sign) ? 1 : 2);

/** A user and a password, as basic authentication has them. Ids of some APIs are made in the same way: `Order:1`. */
function isPassword64(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return false;
  const [, user, password] = /^([\w.@+%-]+):([\x20-\x7e]+)$/.exec(decoded64(text)) ?? [];
  return user !== undefined && !/^\d+$|^\/\//.test(password!);
}

const letters64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of base64, each as one character; its letters are known to be such. */
function decoded64(text: string): string {
  const letters = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  let result = '';
  for (let at = 0, bits = 0, held = 0; at < letters.length; at++) {
    held = ((held << 6) | letters64.indexOf(letters[at]!)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    result += String.fromCharCode((held >> bits) & 0xff);
  }
  return result;
}

const wholeLine = /\b((?:proxy-)?authorization|(?:set-)?cookie)(\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]+/gi;
const named = /(?<![\w.-])([A-Za-z_][\w.:[\]-]{0,80})\\*["']?\]?\s*(?:=>|[:=])\s*/g;
const given = /(\\*")(?:[^"\\]|\\(?!"))*(\\*")|(')[^']*(')|(?:[^\s"'<>&\\]|\\(?!["']))+/y;
const element = /(<(?:[\w.-]{1,80}:)?([\w.-]{1,80})(?:\s[^<>]*)?>)(?:[^<>]+|\s*<!\[CDATA\[[\s\S]*?\]\]>\s*)(?=<\/)/g;

/** A text that is a document, a form or a list of settings, without what the names in it say is secret. */
export function hideNamed(text: string): string {
  if (text.length < 6) return text;
  const parts = /^--[^\n]*\n[^\n]*content-disposition/i.test(text) ? text.split(/(?=\n--)/).map(withoutPart).join('') : text;
  const elements = withoutColumns(parts).replaceAll(wholeLine, `$1$2${hidden}`).replaceAll(element, (whole, head: string, name: string) => (isSecretName(name) ? `${head}${hidden}` : whole));
  return withoutPairs(elements);
}

function withoutPairs(text: string): string {
  let result = '';
  let done = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(named)) {
    const last = name.split(/[.:[\]]+/).filter((word) => word !== '').at(-1) ?? name;
    if (index < done || !(isSecretName(last) || isSecretName(name))) continue;
    given.lastIndex = index + whole.length;
    const value = given.exec(text);
    if (!value || /^(\\*["'])?(null|true|false|\{\{.*|•••.*|)(\\*["'])?$/.test(value[0]) || value[0].startsWith('//')) continue;
    result += `${text.slice(done, index + whole.length)}${value[1] ?? value[3] ?? ''}${hidden}${value[2] ?? value[4] ?? ''}`;
    done = given.lastIndex;
  }
  return result + text.slice(done);
}

/** A part of a multipart body. */
function withoutPart(text: string): string {
  const [head = '', blank] = /^[\s\S]*?(\r?\n\r?\n)/.exec(text) ?? [];
  const [, name = ''] = /\bname="?([^"\r\n;]+)/i.exec(head) ?? [];
  return blank !== undefined && isSecretName(name) ? `${head}${hidden}` : text;
}

/** Rows under names of columns, of which one is secret. */
function withoutColumns(text: string): string {
  const end = text.indexOf('\n');
  const head = text.slice(0, Math.max(0, end)).trim();
  const [separator] = /[,;\t|]/.exec(head) ?? [];
  if (separator === undefined || !/^[\w .,;\t|"-]+$/.test(head)) return text;
  if (!head.split(separator).some((name) => isSecretName(name.replaceAll('"', '').trim()))) return text;
  return `${head}\n`;
}
