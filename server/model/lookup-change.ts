import { FlowError } from '../../plugins/sdk/index.ts';
import { afterLine, cellsOf, findCell, lineBreakOf, newCell, printCell, printRow, readCell, rowEnd, textOf, type CsvRows } from './csv-rows.ts';
import type { LookupIndex } from './lookup-index.ts';
import { keyOfTexts, type LookupTable } from './lookup-table.ts';
import { checkSetRow } from './lookup-sound.ts';
import { listed } from './suggest.ts';

/** A change of the rows of a lookup, by their number from 1. */
export type RowChange =
  | { readonly change: number; /** By column; the others stay. */ readonly cells: Cells }
  | { readonly remove: number }
  /** Before a row, or at the end. */
  | { readonly insert: Cells; readonly before?: number };

export type Cells = Readonly<Record<string, string>>;

/** Bytes that a text takes the place of. */
export interface ByteEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * What changes of rows change in the bytes: cells that are not touched stay as they are, whatever their dialect. Edits are in order and do not overlap. A change that
 * changes nothing gives none. Fails with `CONFIG_INVALID` where there is no such column or row, or a row is changed twice.
 */
export function editRows(name: string, rows: CsvRows, changes: readonly RowChange[]): ByteEdit[] {
  const columns = cellsOf(rows, 0);
  const touched = new Set<number>();
  const lineBreak = lineBreakOf(rows.bytes);
  const ends: string[] = [];
  const edits = changes.flatMap((change): readonly (ByteEdit & { readonly rank: number })[] => {
    if ('insert' in change) {
      const line = printRow(columns.map((column) => own(change.insert, column) ?? ''), rows.delimiter);
      checkColumns(name, columns, Object.keys(change.insert));
      if (change.before === undefined) {
        ends.push(line);
        return [];
      }
      return [{ offset: offsetOf(rows, change.before), length: 0, text: `${line}${lineBreak}`, rank: 0 }];
    }
    const row = 'remove' in change ? change.remove : change.change;
    const offset = offsetOf(rows, row);
    if (touched.has(row)) throw new FlowError('CONFIG_INVALID', `Row ${row} of the lookup is changed twice.`, { details: { lookup: name, row } });
    touched.add(row);
    if ('remove' in change) return [{ offset, length: afterLine(rows.bytes, rowEnd(rows, row)) - offset, text: '', rank: 1 }];
    checkColumns(name, columns, Object.keys(change.cells));
    return editCells(rows, row, columns.map((column) => own(change.cells, column))).map((edit) => ({ ...edit, rank: 1 }));
  });
  const inOrder = edits.toSorted((one, other) => one.offset - other.offset || one.rank - other.rank).map(({ offset, length, text }) => ({ offset, length, text }));
  return ends.length === 0 ? inOrder : [...inOrder, { offset: rows.bytes.length, length: 0, text: appended(rows, ends, lineBreak, removes(changes, rows.starts.length - 1)) }];
}

/** What other texts of some cells of a row change. Cells that are missing are only written where something stands behind them; one that stood in quotes without need still does. */
export function editCells(rows: CsvRows, row: number, texts: readonly (string | undefined)[]): ByteEdit[] {
  const { bytes, delimiter, starts } = rows;
  const place = newCell();
  const edits: ByteEdit[] = [];
  let count = 0;
  for (let at = starts[row]!; ; at = place.next) {
    readCell(bytes, at, delimiter.charCodeAt(0), place);
    const text = texts[count++];
    const edge = place.isQuoted ? 1 : 0;
    const old = text === undefined ? undefined : textOf(rows, place);
    if (text !== undefined && text !== old) edits.push({ offset: place.start - edge, length: place.end - place.start + 2 * edge, text: printCell(text, delimiter, place.isQuoted && printCell(old!, delimiter) === old) });
    if (place.isLast) break;
  }
  const more = texts.slice(count, texts.findLastIndex((text) => text !== undefined && text !== '') + 1).map((text) => `${delimiter}${printCell(text ?? '', delimiter)}`).join('');
  if (more !== '') return [...edits, { offset: place.next, length: 0, text: more }];
  // A row of one empty cell would be an empty line, which is no row.
  const [only] = edits;
  return count === 1 && only?.text === '' ? [{ ...only, text: '""' }] : edits;
}

/** A last line without a line break gets one, and the new last line has none then. Where it goes, the break before it stays. */
function appended({ bytes }: CsvRows, lines: readonly string[], lineBreak: string, isLastGone: boolean): string {
  const isOpen = bytes.length > 0 && bytes.at(-1) !== 10 && bytes.at(-1) !== 13;
  if (!isOpen) return lines.map((line) => `${line}${lineBreak}`).join('');
  return `${isLastGone ? '' : lineBreak}${lines.join(lineBreak)}`;
}

const removes = (changes: readonly RowChange[], last: number): boolean => changes.some((change) => 'remove' in change && change.remove === last);

function offsetOf({ starts }: CsvRows, row: number): number {
  const offset = row > 0 ? starts[row] : undefined;
  if (offset === undefined) throw new FlowError('CONFIG_INVALID', `The lookup has no row ${row}; it has ${starts.length - 1}.`, { details: { row }, remedy: 'Read the rows again: others may have changed them.' });
  return offset;
}

/** Fails with `CONFIG_INVALID` where there is no such column. */
export function checkColumns(name: string, columns: readonly string[], wanted: readonly string[]): void {
  const unknown = wanted.find((column) => !columns.includes(column));
  if (unknown !== undefined) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has no column ${JSON.stringify(unknown)}; there ${columns.length === 1 ? 'is' : 'are'} ${listed(columns)}.`, { details: { lookup: name, column: unknown } });
}

export interface RowsSet {
  readonly changes: readonly RowChange[];
  readonly added: number;
  readonly changed: number;
}

/**
 * Rows whose key is known change in place, the first of several; others come behind. Columns that a row leaves out keep their values. Fails with `CONFIG_INVALID` where
 * there is no such column, with `DATA_MISSING` where the key is not given, with `DATA_INVALID` where a row would be wrong.
 */
export function setRows(name: string, table: LookupTable, index: LookupIndex, wanted: Iterable<Cells>): RowsSet {
  const { columns, key } = table;
  const names = columns.map((column) => column.name);
  const keyNames = key.map((place) => names[place]!);
  const known = new Map<string, { readonly row: number; cells: Cells }>();
  for (const cells of wanted) {
    checkColumns(name, names, Object.keys(cells));
    const missing = keyNames.find((column) => own(cells, column) === undefined);
    if (missing !== undefined) throw new FlowError('DATA_MISSING', `A row of the lookup ${JSON.stringify(name)} needs a value for its ${missing === names[0] ? 'first' : 'key'} column, ${JSON.stringify(missing)}.`, { details: { lookup: name, column: missing } });
    const text = keyOfTexts(table, key, keyNames.map((column) => own(cells, column)!));
    const before = known.get(text);
    if (before) before.cells = withOwn(before.cells, cells);
    else known.set(text, { row: index.find(text), cells });
  }
  for (const { row, cells } of known.values()) checkSetRow(name, table, row, cells);
  return rowsSet(table, [...known.values()]);
}

/** Cells of rows, by their number; 0 for those that are to be added. */
export function rowsSet({ rows, columns }: LookupTable, all: readonly { readonly row: number; readonly cells: Cells }[]): RowsSet {
  const isNews = ({ row, cells }: (typeof all)[number]): boolean => {
    const old = cellsOf(rows, row);
    return columns.some(({ name }, at) => (own(cells, name) ?? old[at] ?? '') !== (old[at] ?? ''));
  };
  const changed = all.filter((one) => one.row > 0 && isNews(one));
  const added = all.filter(({ row }) => row === 0);
  return { changes: [...changed.map(({ row, cells }) => ({ change: row, cells })), ...added.map(({ cells }) => ({ insert: cells }))], added: added.length, changed: changed.length };
}

/** All rows with one of these keys. A value is a text, or a list of texts where the key has several columns. Yields now and then. */
export function* rowsWith(table: LookupTable, values: readonly (string | readonly string[])[]): Generator<undefined, readonly number[]> {
  const { rows, key } = table;
  const wanted = new Set(values.map((value) => keyOfTexts(table, key, typeof value === 'string' ? [value] : value)));
  const cell = newCell();
  const found: number[] = [];
  for (let row = 1; row < rows.starts.length; row++) {
    if (wanted.has(keyOfTexts(table, key, key.map((place) => (findCell(rows, row, place, cell) ? textOf(rows, cell) : ''))))) found.push(row);
    if (row % rowsAtATime === 0) yield undefined;
  }
  return found;
}

const rowsAtATime = 20_000;

const withOwn = (cells: Cells, more: Cells): Cells => Object.fromEntries([...Object.entries(cells), ...Object.entries(more)]);

/** The header may have a column called `__proto__`. */
const own = (cells: Cells, column: string): string | undefined => (Object.hasOwn(cells, column) ? cells[column] : undefined);
