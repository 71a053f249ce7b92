import { FlowError } from '../../plugins/sdk/index.ts';
import { findCell, lineAt, newCell, readCell, textOf } from './csv-rows.ts';
import { checkColumns, rowsSet, type Cells, type RowsSet } from './lookup-change.ts';
import { buildIndex } from './lookup-index.ts';
import { faultOfCells } from './lookup-sound.ts';
import { keyOfTexts, type LookupTable } from './lookup-table.ts';

/**
 * The rows of another table, changed and added by the key. Columns and cells that they leave out keep their values. Without a declared key, the second row with what
 * stands in the first column is the second one there is, and so on, so that no row is lost. Yields now and then. Fails with `CONFIG_INVALID` where there is no such
 * column, with `DATA_INVALID`, naming the line, for a cell without a column, a row without a key, a cell that its column does not take, and one whose key another row of the import has with other cells.
 */
export function* importRows(name: string, table: LookupTable, given: LookupTable): Generator<undefined, RowsSet> {
  const keyNames = table.key.map((place) => table.columns[place]!.name);
  checkColumns(name, table.columns.map((column) => column.name), given.columns.map((column) => column.name));
  const hasRules = table.columns.some(({ type, required }) => required || type !== 'string');
  const later = new Map<number, number[]>();
  const index = yield* buildIndex(table, table.key, (row, first) => addTo(later, first, row));
  const known = new Map<string, Imported[]>();
  const found: { readonly row: number; readonly cells: Cells }[] = [];
  for (let row = 1; row < given.rows.starts.length; row++) {
    const cells = cellsOfRow(given, row);
    const missing = keyNames.find((column) => !Object.hasOwn(cells, column));
    if (missing !== undefined) throw fault(given, row, given.rows.starts[row]!, `The row has no cell in the column ${JSON.stringify(missing)}, by which rows are found.`, 'Add the cell.');
    const key = keyOfTexts(table, table.key, keyNames.map((column) => cells[column]!));
    const before = known.get(key);
    if (before && table.settings.key && isAgain(given, { row, cells }, before[0]!, keyNames)) continue;
    const first = index.find(key);
    const target = before ? (later.get(first)?.[before.length - 1] ?? 0) : first;
    const wrong = hasRules ? faultOfCells(table, target, cells) : undefined;
    if (wrong) throw fault(given, row, cellOffset(given, row, wrong.column), wrong.message, wrong.remedy);
    found.push({ row: target, cells });
    addTo(known, key, { row, cells });
    if (row % rowsAtATime === 0) yield undefined;
  }
  return rowsSet(table, found);
}

const rowsAtATime = 20_000;

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

interface Imported { readonly row: number; readonly cells: Cells }

/** Only those that are there. */
function cellsOfRow(given: LookupTable, row: number): Cells {
  const { rows, columns } = given;
  const place = newCell();
  const cells: [string, string][] = [];
  for (let at = rows.starts[row]!, column = 0; ; at = place.next, column++) {
    readCell(rows.bytes, at, rows.delimiter.charCodeAt(0), place);
    const own = columns[column];
    if (!own) throw fault(given, row, place.start, `The line has more cells than the header, which has ${columns.length}.`, `Put a cell that holds ${JSON.stringify(rows.delimiter)} in quotes, or remove what is too much.`);
    cells.push([own.name, textOf(rows, place)]);
    if (place.isLast) return Object.fromEntries(cells);
  }
}

/** Whether the row is the very same as one before it. Fails with `DATA_INVALID` where only the key is. */
function isAgain(given: LookupTable, { row, cells }: Imported, before: Imported, keyNames: readonly string[]): boolean {
  if (JSON.stringify(cells) === JSON.stringify(before.cells)) return true;
  const what = keyNames.map((column) => `${JSON.stringify(column)} ${JSON.stringify(cells[column])}`).join(', ');
  throw fault(given, row, cellOffset(given, row, keyNames[0]!), `The row ${what} stands in line ${lineAt(given.rows.bytes, given.rows.starts[before.row]!).line} already, with other cells.`, 'Remove one of them.');
}

function cellOffset({ rows, columns }: LookupTable, row: number, column: string): number {
  const place = newCell();
  const index = columns.findIndex(({ name }) => name === column);
  return index >= 0 && findCell(rows, row, index, place) ? place.start : rows.starts[row]!;
}

function fault({ file, rows }: LookupTable, row: number, offset: number, message: string, remedy: string): FlowError {
  const { line, start } = lineAt(rows.bytes, offset);
  return new FlowError('DATA_INVALID', `Row ${row} of the CSV file cannot be imported. ${message}`, { place: { file, line, column: rows.text(start, offset).length + 1 }, remedy });
}
