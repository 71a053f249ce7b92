import type { Path } from '../../plugins/sdk/index.ts';
import type { RecordExpansion } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';

/** Fields that are copied from one record into another. */
export type Included = Readonly<Record<string, unknown>>;
type Fields = readonly (readonly [name: string, path: Path])[];

/** Makes of the records of an answer what the endpoint gives. */
export type ShapeRecords = (records: readonly unknown[], included: Included) => readonly unknown[];

/** Fails with `CONFIG_INVALID` where a path cannot be read. */
export function compileShape(expand: RecordExpansion | undefined): ShapeRecords {
  const inner = expand && { path: compilePath(expand.path), fields: compileFields(expand.include) };
  return (records, included) => {
    const expanded = inner ? records.flatMap((record) => innerRecords(inner.path, record).map((item) => withFields(item, valuesAt(inner.fields, record)))) : records;
    return Object.keys(included).length === 0 ? expanded : expanded.map((record) => withFields(record, included));
  };
}

export const compileFields = (fields: Readonly<Record<string, string>> = {}): Fields => Object.entries(fields).map(([name, path]) => [name, compilePath(path)]);

/** What is not there is left out. */
export const valuesAt = (fields: Fields, record: unknown): Included => Object.fromEntries(fields.map(([name, path]) => [name, path.get(record)] as const).filter(([, value]) => value !== undefined));

function innerRecords(path: Path, record: unknown): readonly unknown[] {
  if (!path.singular) return path.all(record);
  const value = path.get(record);
  return value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}

/** What stands around a record has been asked for by name, so it takes the place of a field of the same name. Values that are no objects have no fields. */
const withFields = (record: unknown, fields: Included): unknown => (isObject(record) && !(record instanceof Uint8Array) ? { ...record, ...fields } : record);
