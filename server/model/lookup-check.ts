import { findCell, lineAt, newCell, readCell, textOf } from './csv-rows.ts';
import type { Diagnostic } from './diagnostic.ts';
import { valueOfCell } from './lookup-file.ts';
import { buildIndex } from './lookup-index.ts';
import { at, countOf, mostFindings, type LookupTable } from './lookup-table.ts';

type Options = Parameters<typeof at>[6];

/** What is wrong with the rows of a table, in their order: cells of another type, rows of another length, keys that are empty or there twice. Yields now and then. */
export function* checkTable(table: LookupTable): Generator<undefined, readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  let left = 0;
  // Lines are counted on from the last finding.
  let known: { readonly line: number; readonly start: number } | undefined;
  const report = (offset: number, message: string, fix: string, options: Options = {}): void => {
    if (found.length >= mostFindings) return void left++;
    known = lineAt(table.rows.bytes, offset, known && known.start <= offset ? known : undefined);
    found.push(at(table.file, table.rows, offset, 'DATA_INVALID', message, fix, { ...options, from: known }));
  };
  const count = countOf(table);
  for (let row = 1; row <= count; row++) {
    checkRow(table, row, report);
    if (row % rowsAtATime === 0) yield undefined;
  }
  const pairs: (readonly [row: number, first: number])[] = [];
  yield* buildIndex(table, table.key, (row, first) => void (pairs.length < mostFindings ? pairs.push([row, first]) : left++));
  for (const [row, first] of pairs) reportAgain(table, row, first, report);
  found.sort((one, other) => one.line - other.line || one.column - other.column);
  if (left > 0) found.push({ file: table.file, path: '', line: found.at(-1)?.line ?? 1, column: 1, severity: 'info', code: 'DATA_INVALID', message: `${left} more ${left === 1 ? 'finding is' : 'findings are'} not shown.`, fix: 'Mend these first.' });
  return found;
}

const rowsAtATime = 20_000;

type Report = (offset: number, message: string, fix: string, options?: Options) => void;

const cell = newCell();

function checkRow({ rows, columns, key }: LookupTable, row: number, report: Report): void {
  const { bytes, delimiter, starts } = rows;
  const code = delimiter.charCodeAt(0);
  let from = starts[row]!;
  for (let column = 0; ; column++, from = cell.next) {
    readCell(bytes, from, code, cell);
    const own = columns[column];
    if (!own) return report(cell.start, `The row has more cells than the header, which has ${columns.length}.`, `Put a cell that holds ${JSON.stringify(delimiter)} in quotes, or remove what is too much.`, { length: Math.max(cell.end - cell.start, 1) });
    checkCell(own, key.includes(column), cell.end > cell.start ? () => textOf(rows, cell) : undefined, cell.start, report);
    if (!cell.isLast) continue;
    for (const missing of columns.slice(column + 1)) if (missing.required) report(cell.end, `The row has no cell in the column ${JSON.stringify(missing.name)}, which must not be empty.`, 'Add the cell.');
    return;
  }
}

function checkCell({ name, type, required }: LookupTable['columns'][number], isKey: boolean, text: (() => string) | undefined, offset: number, report: Report): void {
  if (!text) {
    if (required) report(offset, `The cell in the column ${JSON.stringify(name)} must not be empty.`, 'Fill it, or remove the row.');
    else if (isKey) report(offset, `The cell in the column ${JSON.stringify(name)} is empty, so that the row is never found.`, 'Fill it, or remove the row.', { severity: 'warning' });
    return;
  }
  // Texts are what they are, and most columns have them.
  if (type === 'string') return;
  const cellText = text();
  const { fault } = valueOfCell(type, cellText);
  if (fault !== undefined) report(offset, `In the column ${JSON.stringify(name)}: ${fault}`, 'Correct the cell, or the type of the column in the settings of the lookup.', { length: cellText.length });
}

/** Where a key is declared it must be one; without it, the first of several rows counts. */
function reportAgain({ rows, columns, key, settings }: LookupTable, row: number, first: number, report: Report): void {
  const texts = key.map((column) => (findCell(rows, row, column, cell) ? textOf(rows, cell) : ''));
  if (texts.every((text) => text === '')) return;
  const { line } = rows.isPlain ? { line: first + 1 } : lineAt(rows.bytes, rows.starts[first]!);
  const what = key.map((column, index) => `${JSON.stringify(columns[column]!.name)} ${JSON.stringify(texts[index])}`).join(', ');
  const place = findCell(rows, row, key[0]!, cell) ? cell.start : rows.starts[row]!;
  report(place, `Line ${line} has ${what} already; that row counts, and this one is never found.`, 'Remove one of them.', { severity: settings.key ? 'error' : 'warning', length: Math.max(texts[0]!.length, 1) });
}
