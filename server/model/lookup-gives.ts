import { cellsOf } from './csv-rows.ts';
import { valueOfCell, type LookupType, type LookupValue } from './lookup-file.ts';
import { countOf, type LookupTable } from './lookup-table.ts';
import type { LookupGives } from './transform-output.ts';

/** Of more rows, only the types are told. */
const mostRows = 2_000;

/** What the transform `lookup` gives with its settings. `tableOf`: a lookup that is small enough to be looked at. */
export const lookupGives = (tableOf: (name: string) => LookupTable | undefined): LookupGives => ({ lookup: name, direction, left, right, gives }) => {
  const table = typeof name === 'string' ? tableOf(name) : undefined;
  if (!table) return undefined;
  const { columns, key, value, settings } = table;
  const isReverse = direction === 'right-to-left';
  const named = isReverse ? left : right;
  const places = named !== undefined ? [columns.findIndex((column) => column.name === named)] : isReverse ? key : value === undefined ? [] : [value];
  const [place, ...others] = places;
  if (gives === 'row') return { found: rowSchema(table) };
  if (place === undefined || place < 0 || others.length > 0) return undefined;
  const fallback = settings.default?.[columns[place]!.name] ?? null;
  // What stands nowhere is hardly asked for: that it gives null is no finding.
  return { found: columnSchema(table, place), ...(settings.otherwise === 'default' && fallback !== null && { misses: { const: fallback } }) };
};

const rowSchema = (table: LookupTable): object => ({ type: 'object', properties: Object.fromEntries(table.columns.map(({ name }, place) => [name, columnSchema(table, place)])), required: table.columns.map(({ name }) => name), additionalProperties: false });

function columnSchema(table: LookupTable, place: number): object {
  const { type } = table.columns[place]!;
  if (countOf(table) > mostRows) return typeSchemas[type];
  const values = valuesIn(table, place, type);
  return values.some((value) => value === undefined) || values.length === 0 ? typeSchemas[type] : { enum: values };
}

function valuesIn({ rows }: LookupTable, place: number, type: LookupType): readonly (LookupValue | undefined)[] {
  const texts = new Set(Array.from(rows.starts.subarray(1), (_, at) => cellsOf(rows, at + 1)[place] ?? ''));
  return [...texts].map((text) => valueOfCell(type, text).value);
}

const typeSchemas: Readonly<Record<LookupType, object>> = { string: { type: 'string' }, number: { type: 'number' }, decimal: { type: 'string' }, boolean: { type: 'boolean' }, date: { type: 'string' } };
