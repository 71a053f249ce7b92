import { isObject } from './json.ts';

/** Names of the secrets that a value refers to, at any depth. */
export function namedSecrets(value: unknown): readonly string[] {
  if (isObject(value) && typeof value['$secret'] === 'string') return [value['$secret']];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namedSecrets) : [];
}
