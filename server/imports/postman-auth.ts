import { isAddress } from '../model/address.ts';
import type { PluginUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Report } from './import-result.ts';
import { isSecretName } from '../model/secret-names.ts';
import { listed } from '../model/suggest.ts';
import { plainAddress } from './secret-values.ts';
import { literal, slugOf } from './words.ts';

/** The auth block of a collection, a folder or a request as an auth method. The secrets in it are never read. */
export function readPostmanAuth(report: Report, given: unknown, fill: (text: string) => string, where: string): Readonly<Record<string, PluginUse>> {
  if (!isObject(given)) return {};
  const type = String(given['type']);
  const attribute = (name: string): string => fill(attributeOf(given[type], name));
  if (type === 'noauth') return {};
  for (const [name, value] of attributesOf(given[type])) if (isSecretName(name) || (type === 'apikey' && name === 'value')) report.hide(value);
  if (type === 'bearer' || type === 'basic' || type === 'digest') return { [type]: { type } };
  if (type === 'awsv4' && attribute('service')) return { aws: { type: 'aws-sigv4', settings: { service: literal(attribute('service')), ...(attribute('region') && { region: literal(attribute('region')) }) } } };
  if (type === 'apikey') {
    const name = attribute('key') || 'x-api-key';
    if (/\{\{/.test(name)) return skipped(report, where, 'The name of the key is a variable without a value.');
    return { [slugOf(name) || 'key']: { type: 'api-key', settings: { ...(attribute('in') === 'query' && { in: 'query' }), name } } };
  }
  if (type === 'oauth1') {
    const [method, realm] = [attribute('signatureMethod') || 'HMAC-SHA1', attribute('realm')];
    if (!oauth1Methods.includes(method)) return skipped(report, where, `The auth method \`oauth1\` signs by ${listed(oauth1Methods)}, not by ${JSON.stringify(method)}.`);
    return { oauth1: { type: 'oauth1', settings: { method, ...(realm && { realm: literal(realm) }) } } };
  }
  if (type !== 'oauth2') return skipped(report, where, `There is no auth method for ${JSON.stringify(type)}.`);
  const [tokenUrl, authorizationUrl, scope] = [plainAddress(report, attribute('accessTokenUrl')), plainAddress(report, attribute('authUrl')), attribute('scope')];
  const grant = attribute('grant_type') || 'authorization_code';
  const settings = { tokenUrl: literal(tokenUrl), ...(scope && { scope: literal(scope) }) };
  if (isAddress(tokenUrl) && grant === 'client_credentials') return { client: { type: 'oauth2-client-credentials', settings } };
  if (isAddress(tokenUrl) && grant === 'password_credentials') return { password: { type: 'oauth2-password', settings } };
  if (isAddress(tokenUrl) && isAddress(authorizationUrl) && grant.startsWith('authorization_code')) return { login: { type: 'oauth2-authorization-code', settings: { authorizationUrl: literal(authorizationUrl), ...settings } } };
  report.skip(`The OAuth 2 settings of ${where}`, 'They do not say enough to get a token: the auth method is `bearer`, with a token that you got elsewhere.');
  return { bearer: { type: 'bearer' } };
}

const oauth1Methods = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'];

const attributeOf = (attributes: unknown, name: string): string => attributesOf(attributes).find(([key]) => key === name)?.[1] ?? '';

/** A list of `{key, value}` in version 2.1, an object in 2.0. */
function attributesOf(attributes: unknown): [name: string, value: string][] {
  const all = Array.isArray(attributes) ? (attributes as unknown[]).filter(isObject).map(({ key, value }): [unknown, unknown] => [key, value]) : isObject(attributes) ? Object.entries(attributes) : [];
  return all.filter((pair): pair is [string, string] => typeof pair[0] === 'string' && typeof pair[1] === 'string');
}

function skipped(report: Report, where: string, why: string): Readonly<Record<string, PluginUse>> {
  report.skip(`The sign-in of ${where}`, why);
  return {};
}
