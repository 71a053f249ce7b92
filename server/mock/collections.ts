import { exampleRecords } from '../model/connector-examples.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { makeRecord } from './make-record.ts';

/** What the mock holds: records by entity, made when the mock starts, changed by what is written. */
export interface Collections {
  /** The records that an endpoint is about. */
  of(endpoint: string): Collection;
  /** All as they were at first. */
  reset(): void;
  summary(): Readonly<Record<string, number>>;
}

export interface Collection {
  readonly name: string;
  /** Grows with each change. */
  readonly version: number;
  readonly records: readonly unknown[];
  find(id: string): unknown;
  /** With an id where it has none. An id that is there already is replaced. */
  add(record: unknown): unknown;
  /** `undefined` where there is no such record. */
  change(id: string, fields: Readonly<Record<string, unknown>>): unknown;
  remove(id: string): boolean;
}

export interface CollectionsOptions {
  readonly manifest: ConnectorManifest;
  /** Records of a collection at first. */
  readonly count: number;
  readonly seed: number;
}

export function createCollections({ manifest, count, seed }: CollectionsOptions): Collections {
  const made = new Map<string, Own>();
  const byEndpoint = new Map<string, string>();
  // Lists first: they show best what the records are.
  const endpoints = Object.entries(manifest.endpoints).toSorted(([, left], [, right]) => weightOf(manifest, right) - weightOf(manifest, left));
  for (const [name, endpoint] of endpoints) {
    const entity = entityOf(endpoint);
    const own = exampleRecords(endpoint);
    const known = made.get(entity);
    const collection = known && own.length > 0 && endpoint.direction === 'receive' && !isAlike(known.initial[0], own[0]) ? `${entity} (${name})` : entity;
    byEndpoint.set(name, collection);
    if (made.has(collection)) continue;
    const source = { examples: own, schema: endpoint.record, key: keyOf(manifest, entity) };
    const from = withOwnIds(Array.from({ length: count }, (_, index) => makeRecord(source, index, seed)));
    made.set(collection, createCollection(collection, from));
  }
  return {
    of: (endpoint) => made.get(byEndpoint.get(endpoint) ?? '')!,
    reset: () => made.forEach((collection) => collection.reset()),
    summary: () => Object.fromEntries([...made.values()].map(({ name, records }) => [name, records.length])),
  };
}

/** Path of the key by which an endpoint of the entity asks for its pages. */
function keyOf({ endpoints, defaults }: ConnectorManifest, entity: string): string | undefined {
  const uses = Object.values(endpoints).filter((endpoint) => entityOf(endpoint) === entity).map(({ pagination }) => pagination ?? defaults?.pagination);
  const keyset = uses.find((use) => use?.type === 'keyset');
  return keyset && String(keyset.settings?.['key'] ?? '$.id');
}

/** No two records have the same id, whatever those of the examples are. */
function withOwnIds(records: readonly unknown[]): readonly unknown[] {
  const taken = new Set<string>();
  let most = records.map(idOf).reduce((max, id) => (id !== undefined && /^\d{1,15}$/.test(id) ? Math.max(max, Number(id)) : max), 0);
  return records.map((record, index) => {
    const [id, field] = [idOf(record), idField(record)];
    const isNew = id === undefined || !taken.has(id);
    const own = isNew ? id : typeof (record as Readonly<Record<string, unknown>>)[field!] === 'number' ? ++most : `${id}-${index + 1}`;
    if (own !== undefined) taken.add(String(own));
    return isNew ? record : { ...(record as object), [field!]: own };
  });
}

interface Own extends Collection {
  readonly initial: readonly unknown[];
  reset(): void;
}

function createCollection(name: string, initial: readonly unknown[]): Own {
  let records: readonly unknown[] = initial;
  let version = 0;
  let last = 0;
  const put = (next: readonly unknown[]): void => {
    records = next;
    version++;
  };
  const placeOf = (id: string): number => records.findIndex((record) => idOf(record) === id);
  const nextId = (): string | number => {
    const [first] = initial;
    const numbers = records.map(idOf).filter((id) => id !== undefined && /^\d{1,15}$/.test(id)).map(Number);
    const isText = isObject(first) && typeof first[idField(first) ?? ''] === 'string';
    const next = numbers.reduce((most, number) => Math.max(most, number), 1_000) + 1;
    return isText && numbers.length === 0 ? `new-${++last}` : isText ? String(next) : next;
  };
  return {
    name, initial,
    get version() { return version; },
    get records() { return records; },
    find: (id) => records[placeOf(id)],
    add(record) {
      const own = isObject(record) ? record : { value: record };
      const field = idField(own) ?? idField(initial[0]) ?? 'id';
      const whole = own[field] === undefined || own[field] === null ? { [field]: nextId(), ...own } : own;
      const at = placeOf(String(whole[field]));
      put(at < 0 ? [...records, whole] : records.toSpliced(at, 1, whole));
      return whole;
    },
    change(id, fields) {
      const at = placeOf(id);
      const old = records[at];
      if (at < 0 || !isObject(old)) return undefined;
      const field = idField(old)!;
      const next = { ...old, ...fields, [field]: old[field] };
      put(records.toSpliced(at, 1, next));
      return next;
    },
    remove(id) {
      const at = placeOf(id);
      if (at >= 0) put(records.toSpliced(at, 1));
      return at >= 0;
    },
    reset() {
      last = 0;
      put(initial);
    },
  };
}

const idNames = ['id', '_id', 'Id', 'ID', 'uuid', 'guid', 'key', 'code', 'sku', 'number', 'reference', 'name'];
export const idField = (record: unknown): string | undefined => (isObject(record) ? (idNames.find((name) => Object.hasOwn(record, name)) ?? Object.keys(record).find((name) => /(_id|Id|_number|Number)$/.test(name))) : undefined);

export function idOf(record: unknown): string | undefined {
  const field = idField(record);
  const id = field === undefined ? undefined : (record as Readonly<Record<string, unknown>>)[field];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

export const entityOf = ({ entity, path }: EndpointManifest): string => entity ?? (path.split(/[/?]/).find((part) => part !== '' && !part.includes('{{')) ?? 'records');

function weightOf({ defaults }: ConnectorManifest, endpoint: EndpointManifest): number {
  const isPaged = (endpoint.pagination ?? defaults?.pagination)?.type !== undefined;
  const isReceiving = endpoint.direction === 'receive';
  return (isReceiving ? 8 : 0) + (isReceiving && isPaged ? 4 : 0) + (endpoint.record ? 2 : 0) + Math.min(1, exampleRecords(endpoint).length);
}

/** Whether two records may be of one kind: half of the fields of the one with fewer are in the other. */
function isAlike(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return true;
  const [few, many] = [Object.keys(one), Object.keys(other)].toSorted((left, right) => left.length - right.length) as [string[], string[]];
  return few.filter((name) => many.includes(name)).length * 2 >= few.length;
}
