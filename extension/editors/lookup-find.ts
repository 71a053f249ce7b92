import { cellsOf, type CsvRows } from '../../server/model/csv-rows.ts';
import type { CellPlace, CellQuery } from '../../webview/protocol/lookup.ts';

const rowsAtATime = 5_000;

/** Where among rows of a view the text stands next, from a place on and then from the other end. `total`: rows of the view, `numberOf`: of the file. Yields now and then. */
export function* nextCell(csv: CsvRows, columns: number, { total, numberOf }: { readonly total: number; readonly numberOf: (at: number) => number }, query: CellQuery, from: CellPlace, isBackward: boolean): Generator<undefined, CellPlace | undefined> {
  if (query.text === '' || total === 0) return undefined;
  const holds = matcher(query);
  const step = isBackward ? -1 : 1;
  const inRow = (row: number, isWanted: (column: number) => boolean): CellPlace | undefined => {
    const cells = cellsOf(csv, numberOf(row)).slice(0, columns);
    const found = isBackward ? cells.findLastIndex((cell, column) => isWanted(column) && holds(cell)) : cells.findIndex((cell, column) => isWanted(column) && holds(cell));
    return found < 0 ? undefined : { row, column: found };
  };
  const start = Math.min(Math.max(from.row, 0), total - 1);
  const before = inRow(start, (column) => (column - from.column) * step > 0);
  if (before) return before;
  // The row that it began in comes last, too: what stands there on the other side of the place.
  for (let away = 1; away <= total; away++) {
    const row = (start + away * step + total) % total;
    const found = inRow(row, () => true);
    if (found) return found;
    if (away % rowsAtATime === 0) yield undefined;
  }
  return undefined;
}

/** The cells that are others when a text in them is replaced. Yields now and then. */
export function* replacements(csv: CsvRows, columns: number, rows: readonly number[], query: CellQuery, text: string, isWanted: (column: number) => boolean): Generator<undefined, readonly { readonly row: number; readonly cells: readonly (readonly [column: number, cell: string])[] }[]> {
  const found: { row: number; cells: (readonly [number, string])[] }[] = [];
  if (query.text === '') return found;
  const wanted = query.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const pattern = new RegExp(query.wholeCell ? `^${wanted}$` : wanted, query.matchCase ? 'gu' : 'giu');
  for (const [at, row] of rows.entries()) {
    const cells = cellsOf(csv, row).slice(0, columns).flatMap((cell, column) => {
      const changed = isWanted(column) ? cell.replaceAll(pattern, () => text) : cell;
      return changed === cell ? [] : [[column, changed] as const];
    });
    if (cells.length > 0) found.push({ row, cells });
    if (at % rowsAtATime === 0) yield undefined;
  }
  return found;
}

function matcher({ text, matchCase, wholeCell }: CellQuery): (cell: string) => boolean {
  const folded = (one: string): string => (matchCase ? one : one.toLowerCase());
  const wanted = folded(text);
  return wholeCell ? (cell) => folded(cell) === wanted : (cell) => folded(cell).includes(wanted);
}
