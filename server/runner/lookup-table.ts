import { parse } from 'csv-parse/sync';
import { FlowError } from '../../plugins/sdk/index.ts';

/** A lookup file, as rows that can be changed: what is not changed keeps its very text. */
export interface LookupTable {
  readonly columns: readonly string[];
  /** Text of the header row. */
  readonly head: string;
  readonly rows: readonly LookupRow[];
}

export interface LookupRow {
  readonly cells: readonly string[];
  /** The line or lines of the file, without the line break. */
  readonly text: string;
}

/** Rows that were made, changed (or found as they should be) and the table with them. */
export interface LookupChange {
  readonly table: LookupTable;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Fails with `DATA_INVALID`, naming file and line. */
export function parseLookup(file: string, text: string): LookupTable {
  const [head, ...rows] = recordsOf(file, text);
  if (!head) throw new FlowError('DATA_INVALID', `The lookup file ${file} has no header row.`, { place: { file, line: 1 } });
  return { columns: head.cells, head: head.text, rows };
}

/** `before`: the text of the file, of which line breaks and byte order mark are kept. */
export function printLookup({ head, rows }: LookupTable, before = ''): string {
  const newline = before.includes('\r\n') ? '\r\n' : '\n';
  return `${before.startsWith('\uFEFF') ? '\uFEFF' : ''}${[head, ...rows.map(({ text }) => text)].map((line) => `${line}${newline}`).join('')}`;
}

/** A row of one empty cell would be an empty line, which is no row. */
export const printRow = (cells: readonly string[]): string => (cells.length === 1 && cells[0] === '' ? '""' : cells.map(printCell).join(','));

/**
 * Rows whose first column is known change in place, the first of several; others come behind. A row gives values by column; columns that it leaves out keep
 * theirs. Fails with `CONFIG_INVALID` where there is no such column, with `DATA_MISSING` where the first one is not given.
 */
export function setRows(name: string, table: LookupTable, wanted: readonly Readonly<Record<string, string>>[]): LookupChange {
  const { columns, head } = table;
  const [key = ''] = columns;
  const rows = [...table.rows];
  const places = new Map<string, number>();
  for (const [place, { cells }] of rows.entries()) if (!places.has(cells[0] ?? '')) places.set(cells[0] ?? '', place);
  let added = 0;
  let changed = 0;
  for (const row of wanted) {
    const unknown = Object.keys(row).find((column) => !columns.includes(column));
    if (unknown !== undefined) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has no column ${JSON.stringify(unknown)}; there are ${columns.map((column) => JSON.stringify(column)).join(', ')}.`, { details: { lookup: name, column: unknown } });
    const value = Object.hasOwn(row, key) ? row[key] : undefined;
    if (value === undefined) throw new FlowError('DATA_MISSING', `A row of the lookup ${JSON.stringify(name)} needs a value for its first column, ${JSON.stringify(key)}.`, { details: { lookup: name, column: key } });
    const place = places.get(value);
    const old = place === undefined ? undefined : rows[place];
    const cells = columns.map((column, index) => (Object.hasOwn(row, column) ? row[column]! : (old?.cells[index] ?? '')));
    if (old && cells.every((cell, index) => cell === (old.cells[index] ?? ''))) continue;
    const made = { cells, text: printRow(cells) };
    if (place === undefined) {
      places.set(value, rows.push(made) - 1);
      added++;
    } else {
      rows[place] = made;
      changed++;
    }
  }
  return { table: { columns, head, rows }, added, changed, removed: 0 };
}

/** Removes all rows whose first column is one of the values. */
export function removeRows(table: LookupTable, values: readonly string[]): LookupChange {
  const gone = new Set(values);
  const rows = table.rows.filter(({ cells }) => !gone.has(cells[0] ?? ''));
  return { table: { ...table, rows }, added: 0, changed: 0, removed: table.rows.length - rows.length };
}

/** Rows as objects, as `setRows` takes them. */
export const objectsOf = ({ columns, rows }: LookupTable): Readonly<Record<string, string>>[] => rows.map(({ cells }) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])));

/** Read as the engine reads it (see `readLookup`), with the text of each record. */
function recordsOf(file: string, text: string): LookupRow[] {
  try {
    const found = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true, raw: true }) as unknown as { readonly raw: string; readonly record: string[] }[];
    return found.map(({ raw, record }) => ({ cells: record, text: raw.replace(/^[\uFEFF\r\n]+/, '').replace(/[\r\n]+$/, '') }));
  } catch (cause) {
    const { message, lines } = cause as Error & { lines?: number };
    throw new FlowError('DATA_INVALID', `The lookup file ${file} is not valid CSV: ${message.replace(/\.$/, '')}.`, { cause, place: { file, ...(lines !== undefined && { line: lines }) } });
  }
}

const printCell = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
