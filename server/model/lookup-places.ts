import { afterLine, readCell, newCell, type CsvRows } from './csv-rows.ts';
import type { Diagnostic } from './diagnostic.ts';

/** A cell of a file: its row, from 1 on, and its column, from 0 on. */
export interface FoundCell {
  readonly row: number;
  readonly column: number;
}

/** The cells that findings about the rows are about, in the order of the findings, which is that of their lines. Those in the header have none. Yields now and then. */
export function* cellsOfFindings(rows: CsvRows, findings: readonly Pick<Diagnostic, 'line' | 'column'>[]): Generator<undefined, readonly (FoundCell | undefined)[]> {
  const found: (FoundCell | undefined)[] = [];
  let line = 1;
  let at = 0;
  for (const finding of findings) {
    while (line < finding.line && at < rows.bytes.length) {
      at = afterLine(rows.bytes, lineEnd(rows.bytes, at));
      if (++line % linesAtATime === 0) yield undefined;
    }
    const row = rowAt(rows.starts, at);
    found.push(row > 0 ? { row, column: columnAt(rows, row, at, finding.column) } : undefined);
  }
  return found;
}

const linesAtATime = 20_000;

function lineEnd(bytes: Uint8Array, from: number): number {
  let end = from;
  while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
  return end;
}

/** The row that an offset lies in. */
export function rowAt(starts: Uint32Array, offset: number, from = 0): number {
  let [low, high] = [from, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `character`: of the line that begins at `line`, from 1 on. */
function columnAt(rows: CsvRows, row: number, line: number, character: number): number {
  const { bytes, delimiter, starts, text } = rows;
  const place = newCell();
  for (let at = starts[row]!, column = 0; ; at = place.next, column++) {
    readCell(bytes, at, delimiter.charCodeAt(0), place);
    if (place.isLast || text(line, Math.max(line, place.end)).length + 1 >= character) return column;
  }
}
