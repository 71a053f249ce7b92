import type { ConnectorManifest } from '../model/connector.ts';
import { isObject, objectsOf } from '../model/json.ts';
import { readFile } from '../model/read.ts';

/** What the file that was written over had, and the imported connector has not: for who has worked on it. `text`: as it was. */
export function importLosses(file: string, text: string, made: ConnectorManifest): readonly string[] {
  const old: unknown = readFile('connector', file, text).value;
  if (!isObject(old)) return ['The file that was there could not be read.'];
  const endpoints = objectsOf(old['endpoints']);
  const kept = objectsOf(made.endpoints);
  const gone = [...endpoints.keys()].filter((id) => !kept.has(id));
  const fields = [...endpoints].flatMap(([id, endpoint]) => Object.keys(endpoint).filter((key) => kept.has(id) && !Object.hasOwn(kept.get(id)!, key)).map((key) => `${key} of ${id}`));
  const parts = Object.keys(old).filter((key) => !Object.hasOwn(made, key));
  return [
    ...(old['baseUrl'] === made.baseUrl ? [] : [`The base URL was ${String(old['baseUrl'])} and is ${String(made.baseUrl)}.`]),
    ...(gone.length > 0 ? [`Endpoints that are no more: ${namesOf(gone)}.`] : []),
    ...(fields.length + parts.length > 0 ? [`Removed: ${namesOf([...parts, ...fields])}.`] : []),
  ];
}

/** The first names of many. */
export const namesOf = (list: readonly string[]): string => list.slice(0, 20).join(', ') + (list.length > 20 ? ` and ${list.length - 20} more` : '');
