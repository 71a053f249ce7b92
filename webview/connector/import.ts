import type { ConnectorChange } from '../../server/model/connector-edit.ts';
import { isObject, isSame } from '../../server/model/json.ts';
import type { Imported } from '../protocol/connector.ts';
import { endpointsOf, objectAt, textAt, type Json } from './document.ts';
import { fitImport } from './fit-import.ts';

/** What an import adds to a connector. What is there already stays as it is. */
export interface ImportPlan {
  readonly changes: readonly ConnectorChange[];
  /** Names of the endpoints that come. */
  readonly added: readonly string[];
  /** Those that are there already, otherwise. */
  readonly kept: readonly string[];
  /** The description under the names that it has in this connector. */
  readonly imported: Imported;
}

export function planImport(connector: Json, given: Imported): ImportPlan {
  const imported = fitImport(connector, given);
  const { version: _version, variables = {}, allowedOrigins = [], ...manifest } = imported.manifest;
  const changes: ConnectorChange[] = [];
  const addTo = (name: string, entries: Json): void => {
    const there = objectAt(connector, name);
    for (const [key, value] of Object.entries(entries)) if (!Object.hasOwn(there, key)) changes.push({ op: 'set', path: [name, key], value });
  };
  for (const [name, value] of Object.entries(manifest)) {
    if (isObject(value)) addTo(name, value);
    else if (connector[name] === undefined || connector[name] === '') changes.push({ op: 'set', path: [name], value });
  }
  addTo('variables', usedVariables(variables, changes));
  const origins = Array.isArray(connector['allowedOrigins']) ? (connector['allowedOrigins'] as string[]) : [];
  const further = allowedOrigins.filter((origin) => !origins.includes(origin));
  if (further.length > 0) changes.push({ op: 'set', path: ['allowedOrigins'], value: [...origins, ...further] });
  const there = objectAt(connector, 'endpoints');
  const names = Object.keys(manifest.endpoints);
  return {
    changes: connector['version'] === undefined && changes.length > 0 && Object.keys(connector).length > 0 ? [{ op: 'set', path: ['version'], value: 1 }, ...changes] : changes,
    added: names.filter((name) => !Object.hasOwn(there, name)),
    kept: names.filter((name) => Object.hasOwn(there, name) && !isSame(there[name], manifest.endpoints[name])),
    imported,
  };
}

/** An address that was left out needs none of its variables. */
function usedVariables(variables: Json, changes: readonly ConnectorChange[]): Json {
  const text = JSON.stringify(changes);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => new RegExp(`instance\\.${name}\\b`).test(text)));
}

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
