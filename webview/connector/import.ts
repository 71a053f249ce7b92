import type { ConnectorChange } from '../../server/model/connector-edit.ts';
import type { Imported } from '../../server/model/import-plan.ts';
import { isObject, isSame, objectAt, textAt } from '../../server/model/json.ts';
import { endpointsOf, type Json } from './document.ts';

export type Suggestion = Imported['suggestions'][number];

/** What accepting a suggestion changes; nothing where it is in the file, or where it does not belong to anything there. */
export function acceptChanges(connector: Json, { kind, endpoint, value }: Suggestion): readonly ConnectorChange[] {
  if (endpoint !== undefined && !Object.hasOwn(objectAt(connector, 'endpoints'), endpoint)) return [];
  return placesOf(kind, endpoint, value).filter(([path, wanted]) => !isSame(path.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), connector), wanted)).map(([path, wanted]) => ({ op: 'set', path, value: wanted }));
}

function placesOf(kind: string, endpoint: string | undefined, value: unknown): readonly (readonly [path: readonly string[], value: unknown])[] {
  const owner = endpoint === undefined ? undefined : ['endpoints', endpoint];
  if (kind === 'pagination') return [[[...(owner ?? ['defaults']), 'pagination'], value]];
  if (kind === 'direction' && owner && isObject(value)) return Object.entries(value).map(([name, field]) => [[...owner, name], field]);
  return kind === 'auth' && isObject(value) && typeof value['type'] === 'string' ? [[['auth', value['type']], value]] : [];
}

/** Nothing of a connector is there yet. */
export const isBlank = (connector: Json): boolean => endpointsOf(connector).length === 0 && textAt(connector, 'baseUrl') === '' && connector['protocol'] === undefined;
