import { afterMark, cellsOf, lineBreakOf, printRow, type CsvRows } from '../../server/model/csv-rows.ts';
import { editRows, type ByteEdit, type Cells, type RowChange } from '../../server/model/lookup-change.ts';
import { editColumns, type ColumnChange } from '../../server/model/lookup-columns.ts';
import { countOf, type LookupTable } from '../../server/model/lookup-table.ts';
import { mostCells, type CellPlace, type CellQuery, type CellRange, type LookupAction } from '../../webview/protocol/lookup.ts';
import { inTurns } from './in-turns.ts';
import { replacements } from './lookup-find.ts';
import { refuse } from './refuse.ts';

/** Where rows that people look at are after a change. */
export type Follow = (view: Uint32Array | undefined) => Uint32Array | undefined;

export interface SheetPlan {
  /** Of the menu: *Undo Paste*. */
  readonly label: string;
  readonly edits: readonly ByteEdit[];
  readonly changed: number;
  readonly follow: Follow;
}

export interface Planned {
  readonly csv: CsvRows;
  readonly table: LookupTable;
  /** Numbers of the rows of the view; `undefined`: all, in order. */
  readonly view: Uint32Array | undefined;
}

const stay: Follow = (view) => view;

/** What an action changes in the bytes of a lookup. Fails where it cannot be done. */
export async function planOf(job: Planned, action: LookupAction): Promise<SheetPlan> {
  if (action.op === 'columns') return columnsPlan(job, action.change);
  if (action.op === 'begin') return beginPlan(job, action.cells);
  if (job.csv.starts.length === 0) return refuse('The lookup has no columns yet.');
  if (action.op === 'insert') return insertPlan(job, action.before, action.count);
  if (action.op === 'remove') return removePlan(job, action.first, action.last);
  if (action.op === 'replace') return replacePlan(job, action.query, action.text, action.at);
  if (action.op === 'set') return setPlan(job, action.cells, action.range);
  const { range } = action;
  checkSize(heightOf(range) * widthOf(range));
  if (action.op === 'clear') return changePlan(job, 'Clear', rowsOf(job, range.top, range.bottom).map((change) => ({ change, cells: named(job, range.left, Array<string>(widthOf(range)).fill('')) })));
  const [first, ...rest] = rowsOf(job, range.top, range.bottom);
  if (first === undefined) return changePlan(job, 'Fill Down', []);
  const given = cellsOf(job.csv, first);
  const cells = named(job, range.left, Array.from({ length: widthOf(range) }, (_, at) => given[range.left + at] ?? ''));
  return changePlan(job, 'Fill Down', rest.map((change) => ({ change, cells })));
}

const heightOf = ({ top, bottom }: CellRange): number => bottom - top + 1;
const widthOf = ({ left, right }: CellRange): number => right - left + 1;
const totalOf = ({ table, view }: Planned): number => view?.length ?? countOf(table);

/** Numbers of the rows between two places of the view, as far as they are there. */
function rowsOf(job: Planned, first: number, last: number): number[] {
  const end = Math.min(last, totalOf(job) - 1);
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, at) => (job.view ? job.view[first + at]! : first + at + 1));
}

const named = ({ table }: Planned, left: number, cells: readonly string[]): Cells => Object.fromEntries(cells.map((cell, at) => [table.columns[left + at]!.name, cell]));

function checkSize(cells: number): void {
  if (cells > mostCells) refuse(`At most ${mostCells.toLocaleString('en')} cells are changed at once; these are ${cells.toLocaleString('en')}. Import a CSV file for more, or change fewer rows at a time.`);
}

function changePlan({ csv }: Planned, label: string, changes: readonly RowChange[]): SheetPlan {
  const edits = editRows('lookup', csv, changes);
  return { label, edits, changed: edits.length, follow: stay };
}

function setPlan(job: Planned, cells: readonly (readonly string[])[], range: CellRange): SheetPlan {
  const { csv, table } = job;
  const [high, wide] = [cells.length, Math.max(0, ...cells.map((row) => row.length))];
  if (high === 0 || wide === 0) return changePlan(job, 'Edit', []);
  // A selection that is a multiple of what is pasted is filled with it.
  const height = heightOf(range) % high === 0 ? heightOf(range) : high;
  const width = widthOf(range) % wide === 0 ? widthOf(range) : wide;
  checkSize(height * width);
  if (range.left + width > table.columns.length) refuse(`${range.left + width} columns are needed, and the lookup has ${table.columns.length}. Add columns, or paste less.`);
  const rows = rowsOf(job, range.top, range.top + height - 1);
  const line = (at: number): Cells => named(job, range.left, Array.from({ length: width }, (_, column) => cells[at % high]![column % wide] ?? ''));
  const changes: RowChange[] = Array.from({ length: height }, (_, at) => (at < rows.length ? { change: rows[at]!, cells: line(at) } : { insert: line(at) }));
  const edits = editRows('lookup', csv, changes);
  const added = height - rows.length;
  return { label: height * width === 1 ? 'Edit' : 'Paste', edits, changed: height * width, follow: added > 0 ? appended(countOf(table), added) : stay };
}

/** New rows at the end of the file are at the end of every view. */
const appended = (count: number, added: number): Follow => (view) => view && Uint32Array.from([...view, ...Array.from({ length: added }, (_, at) => count + at + 1)]);

function insertPlan(job: Planned, before: number | undefined, count: number): SheetPlan {
  const { csv, table } = job;
  checkSize(count);
  const at = before === undefined ? undefined : rowsOf(job, before, before)[0];
  const edits = editRows('lookup', csv, Array.from({ length: count }, (): RowChange => ({ insert: {}, ...(at !== undefined && { before: at }) })));
  const label = count === 1 ? 'Insert Row' : 'Insert Rows';
  if (at === undefined) return { label, edits, changed: count, follow: appended(countOf(table), count) };
  const follow: Follow = (view) => {
    if (!view) return undefined;
    const place = view.indexOf(at);
    const moved = [...view].map((row) => (row >= at ? row + count : row));
    return Uint32Array.from(moved.toSpliced(place < 0 ? moved.length : place, 0, ...Array.from({ length: count }, (_, n) => at + n)));
  };
  return { label, edits, changed: count, follow };
}

function removePlan(job: Planned, first: number, last: number): SheetPlan {
  checkSize(last - first + 1);
  const rows = rowsOf(job, first, last);
  const gone = Uint32Array.from(rows).sort();
  const follow: Follow = (view) => view?.filter((row) => gone[placeIn(gone, row)] !== row).map((row) => row - placeIn(gone, row));
  return { label: rows.length === 1 ? 'Delete Row' : 'Delete Rows', edits: editRows('lookup', job.csv, rows.map((remove) => ({ remove }))), changed: rows.length, follow };
}

/** How many of a sorted list are less. */
function placeIn(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function columnsPlan({ csv, table }: Planned, change: ColumnChange): Promise<SheetPlan> {
  const taken = 'rename' in change ? table.columns.toSpliced(change.rename, 1) : table.columns;
  const name = 'rename' in change ? change.to : 'add' in change ? change.add : undefined;
  if (name?.trim() === '') refuse('A column needs a name.');
  if (name !== undefined && taken.some((column) => column.name === name)) refuse(`There is a column ${JSON.stringify(name)} already.`);
  if ('remove' in change && table.columns.length === 1) refuse('A lookup needs a column.');
  if (csv.starts.length === 0) return beginPlan({ csv }, [[name ?? '']]);
  const label = 'rename' in change ? 'Rename Column' : 'add' in change ? 'Add Column' : 'Delete Column';
  return { label, edits: await inTurns(editColumns(csv, change)), changed: 1, follow: stay };
}

function beginPlan({ csv }: Pick<Planned, 'csv'>, cells: readonly (readonly string[])[]): SheetPlan {
  const [header = [], ...rows] = cells;
  if (csv.starts.length > 0) refuse('The lookup has columns already.');
  const names = header.map((name) => name.trim());
  if (names.length === 0 || names.some((name, at) => name === '' || names.indexOf(name) !== at)) refuse('The first row must name the columns, each by a name of its own.');
  checkSize(cells.length * names.length);
  const lineBreak = lineBreakOf(csv.bytes);
  const text = [names, ...rows.map((row) => names.map((_, at) => row[at] ?? ''))].map((row) => `${printRow(row, csv.delimiter)}${lineBreak}`).join('');
  const start = afterMark(csv.bytes);
  return { label: 'Paste', edits: [{ offset: start, length: csv.bytes.length - start, text }], changed: cells.length, follow: stay };
}

async function replacePlan(job: Planned, query: CellQuery, text: string, at: CellPlace | undefined): Promise<SheetPlan> {
  const { csv, table } = job;
  const rows = rowsOf(job, at?.row ?? 0, at?.row ?? Infinity);
  const found = await inTurns(replacements(csv, table.columns.length, rows, query, text, (column) => !at || column === at.column));
  const changes = found.map(({ row, cells }): RowChange => ({ change: row, cells: Object.fromEntries(cells.map(([column, cell]) => [table.columns[column]!.name, cell])) }));
  const changed = found.reduce((sum, { cells }) => sum + cells.length, 0);
  checkSize(changed);
  return { ...changePlan(job, at ? 'Replace' : 'Replace All', changes), changed };
}
