import type { ConnectorChange } from '../../server/model/connector-edit.ts';
import { isObject, isSame } from '../../server/model/json.ts';
import { valueAt, type ValueChange } from '../form/change.ts';
import type { Path } from '../form/schema.ts';
import { endpointsOf, type Json } from './document.ts';

/** What a form has changed below a place of the file. A value that goes to another name is a new name, so that it keeps its place and its comments. */
export function changesAt(connector: Json, prefix: Path, changes: readonly ValueChange[]): readonly ConnectorChange[] {
  const [gone, made] = changes;
  if (changes.length === 2 && gone!.value === undefined && made!.value !== undefined && isSibling(gone!.path, made!.path)) {
    const path = [...prefix, ...gone!.path];
    if (isSame(valueAt(connector, path), made!.value)) return renamed(connector, path, String(made!.path.at(-1)));
  }
  const emptied = changes.length === 1 && prefix.length === 1 && leavesNothing(valueAt(connector, prefix), changes[0]!);
  return emptied ? [{ op: 'set', path: prefix, value: undefined }] : changes.map(({ path, value }) => ({ op: 'set', path: [...prefix, ...path], value }));
}

const isSibling = (one: Path, other: Path): boolean => one.length === other.length && typeof one.at(-1) === 'string' && typeof other.at(-1) === 'string' && one.slice(0, -1).every((key, at) => key === other[at]);

/** The defaults go with the last of them. An endpoint stays: it is more than what stands in it. */
const leavesNothing = (before: unknown, { path, value }: ValueChange): boolean => value === undefined && path.length === 1 && isObject(before) && Object.keys(before).length === 1 && Object.hasOwn(before, path[0]!);

/** A new name, and what refers to it in the connector. */
export function renamed(connector: Json, path: Path, to: string): readonly ConnectorChange[] {
  const from = path.at(-1);
  const first: ConnectorChange = { op: 'rename', path, to };
  const set = (at: Path): ConnectorChange => ({ op: 'set', path: at, value: to });
  if (path.length !== 2 || typeof from !== 'string') return [first];
  const endpoints = endpointsOf(connector);
  if (path[0] === 'endpoints') {
    const at = (name: string): string => (name === from ? to : name);
    return [first, ...(connector['check'] === from ? [set(['check'])] : []), ...endpoints.flatMap(([name, endpoint]) => endpointReferences(endpoint, from).map((place) => set(['endpoints', at(name), ...place])))];
  }
  if (path[0] === 'auth') return [first, ...methodReferences(connector, from, to), ...endpoints.flatMap(([name, endpoint]) => (endpoint['auth'] === from ? [set(['endpoints', name, 'auth'])] : []))];
  return [first];
}

function endpointReferences({ slices, upsert }: Json, to: string): readonly Path[] {
  const inSlices = Array.isArray(slices) ? (slices as unknown[]).flatMap((slice, index): readonly Path[] => (isObject(slice) && slice['endpoint'] === to ? [['slices', index, 'endpoint']] : [])) : [];
  const inUpsert = isObject(upsert) ? ['find', 'update'].filter((key) => upsert[key] === to).map((key): Path => ['upsert', key]) : [];
  return [...inSlices, ...inUpsert];
}

function methodReferences(connector: Json, from: string, to: string): readonly ConnectorChange[] {
  const methods = isObject(connector['auth']) ? Object.entries(connector['auth']) : [];
  return methods.flatMap(([name, method]): readonly ConnectorChange[] => {
    if (!isObject(method)) return [];
    const place = ['auth', name === from ? to : name];
    const beside = Array.isArray(method['beside']) ? (method['beside'] as unknown[]).flatMap((other, index): ConnectorChange[] => (other === from ? [{ op: 'set', path: [...place, 'beside', index], value: to }] : [])) : [];
    return [...beside, ...(method['tokenAuth'] === from ? [{ op: 'set' as const, path: [...place, 'tokenAuth'], value: to }] : [])];
  });
}

/** Names of endpoints, as the schema of the file says it. */
export const isEndpointName = (text: string): boolean => /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/.test(text);
