import { isAddress } from '../model/address.ts';
import type { PluginUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Report } from './import-result.ts';
import { literal, slugOf } from './words.ts';

/** The auth block of a collection, a folder or a request as an auth method. The secrets in it are never read. */
export function readPostmanAuth(report: Report, given: unknown, fill: (text: string) => string, where: string): Readonly<Record<string, PluginUse>> {
  if (!isObject(given)) return {};
  const type = String(given['type']);
  const attribute = (name: string): string => fill(attributeOf(given[type], name));
  if (type === 'noauth') return {};
  if (type === 'bearer') return { bearer: { type: 'bearer' } };
  if (type === 'basic') return { basic: { type: 'basic' } };
  if (type === 'apikey') {
    const name = attribute('key') || 'x-api-key';
    if (/\{\{/.test(name)) return skipped(report, where, 'The name of the key is a variable without a value.');
    return { [slugOf(name) || 'key']: { type: 'api-key', settings: { ...(attribute('in') === 'query' && { in: 'query' }), name } } };
  }
  if (type !== 'oauth2') return skipped(report, where, `There is no auth method for ${JSON.stringify(type)}.`);
  const tokenUrl = attribute('accessTokenUrl');
  if (attribute('grant_type') === 'client_credentials' && isAddress(tokenUrl)) return { client: { type: 'oauth2-client-credentials', settings: { tokenUrl: literal(tokenUrl), ...(attribute('scope') && { scope: literal(attribute('scope')) }) } } };
  report.skip(`The OAuth 2 settings of ${where}`, 'Only client credentials get a token without a person: the auth method is `bearer`, with a token that you got elsewhere.');
  return { bearer: { type: 'bearer' } };
}

/** A list of `{key, value}` in version 2.1, an object in 2.0. */
function attributeOf(attributes: unknown, name: string): string {
  const value: unknown = Array.isArray(attributes) ? (attributes as unknown[]).filter(isObject).find(({ key }) => key === name)?.['value'] : isObject(attributes) ? attributes[name] : undefined;
  return typeof value === 'string' ? value : '';
}

function skipped(report: Report, where: string, why: string): Readonly<Record<string, PluginUse>> {
  report.skip(`The sign-in of ${where}`, why);
  return {};
}
