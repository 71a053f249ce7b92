import { cellsOf, newCell, printCell, readCell, rowEnd, type CellPlace, type CsvRows } from './csv-rows.ts';
import type { ByteEdit } from './lookup-change.ts';
import { editCells } from './lookup-change.ts';

/** A change of the columns of a lookup, by their places from 0. */
export type ColumnChange =
  | { readonly rename: number; readonly to: string }
  /** At the end: rows that lack its cell are as ones whose cell is empty. */
  | { readonly add: string }
  | { readonly remove: number };

/** What it changes in the bytes. Yields now and then. */
export function* editColumns(rows: CsvRows, change: ColumnChange): Generator<undefined, readonly ByteEdit[]> {
  if ('add' in change) return [{ offset: rowEnd(rows, 0), length: 0, text: `${cellsOf(rows, 0).length > 0 ? rows.delimiter : ''}${printCell(change.add, rows.delimiter)}` }];
  if ('rename' in change) return editCells(rows, 0, Array.from({ length: change.rename + 1 }, (_, at) => (at === change.rename ? change.to : undefined)));
  const edits: ByteEdit[] = [];
  const place = newCell();
  for (let row = 0; row < rows.starts.length; row++) {
    const edit = withoutCell(rows, row, change.remove, place);
    if (edit) edits.push(edit);
    if (row % rowsAtATime === 0) yield undefined;
  }
  return edits;
}

const rowsAtATime = 20_000;

/** The cell goes with what sets it apart from its neighbour. */
function withoutCell({ bytes, delimiter, starts }: CsvRows, row: number, column: number, place: CellPlace): ByteEdit | undefined {
  let from = starts[row]!;
  for (let at = 0; ; at++, from = place.next) {
    readCell(bytes, from, delimiter.charCodeAt(0), place);
    if (at === column) break;
    if (place.isLast) return undefined;
  }
  if (!place.isLast) return { offset: from, length: place.next - from, text: '' };
  // A row of no cells would be an empty line, which is no row.
  return column === 0 ? { offset: from, length: place.next - from, text: '""' } : { offset: from - 1, length: place.next - from + 1, text: '' };
}
