import { isObject } from '../../server/model/json.ts';
import type { Path } from '../form/schema.ts';

/** A field of a record schema, as a row. */
export interface RecordRow {
  readonly name: string;
  /** As a person reads it: `line_items[].sku`. */
  readonly label: string;
  /** Of its schema, below the record. */
  readonly path: Path;
  /** Of the object that it belongs to. */
  readonly owner: Path;
  readonly depth: number;
  readonly type: string;
  readonly tag: string;
  readonly title: string;
  readonly isRequired: boolean;
  /** Where fields of its own stand: those of its items, of a list. */
  readonly inner: Path | undefined;
}

const deepest = 12;

/** The fields of a record in the order of the schema, those inside of others behind them. */
export function recordRows(record: unknown, owner: Path = [], prefix = '', depth = 0): readonly RecordRow[] {
  const schema = at(record, owner);
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  const required: readonly unknown[] = isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, value]) => {
    const field = isObject(value) ? value : {};
    const path = [...owner, 'properties', name];
    const label = prefix === '' ? name : `${prefix}.${name}`;
    const items = isObject(field['items']) && isObject(field['items']['properties']);
    const inner = items ? [...path, 'items'] : isObject(field['properties']) || field['type'] === 'object' ? path : undefined;
    const row: RecordRow = { name, label, path, owner, depth, type: typeText(field['type']), tag: textOf(field['x-tag']), title: textOf(field['title']) || textOf(field['description']), isRequired: required.includes(name), inner };
    return [row, ...(inner && depth < deepest ? recordRows(record, inner, items ? `${label}[]` : label, depth + 1) : [])];
  });
}

const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((found, key) => (isObject(found) ? found[key as string] : undefined), value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `string`, `string or null`, `any`. */
export const typeText = (type: unknown): string => (typeof type === 'string' ? type : Array.isArray(type) ? type.join(' or ') : 'any');

export const typeValue = (text: string): unknown => (text === 'any' ? undefined : text.includes(' or ') ? text.split(' or ') : text);

/** The names that an object must have, with one of them or without. */
export function withRequired(record: unknown, { owner, name }: Pick<RecordRow, 'owner' | 'name'>, isRequired: boolean): readonly string[] | undefined {
  const schema = at(record, owner);
  const before = isObject(schema) && Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
  const next = isRequired ? [...before.filter((other) => other !== name), name] : before.filter((other) => other !== name);
  return next.length > 0 ? next : undefined;
}
