import { setImmediate as others } from 'node:timers/promises';
import { cellsOf, findCell, newCell, textOf, type CsvRows } from '../model/csv-rows.ts';
import { countOf, type LookupTable } from '../model/lookup-table.ts';

/** Which rows people see, and in what order. */
export interface LookupFilter {
  /** Only rows that hold it in a column. */
  readonly text?: string;
  /** Only rows that hold these in these columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** A column; with a hyphen before it, from the end. Default the order of the file. */
  readonly sort?: string;
}

/** Numbers of the rows, from 1; `undefined` where they are all of them, in order. Others get their turn while it looks. The columns must be there. */
export async function viewOf(table: LookupTable, { text = '', columns = {}, sort }: LookupFilter): Promise<Uint32Array | undefined> {
  const names = table.columns.map(({ name }) => name);
  const wanted = Object.entries(columns).filter(([, part]) => part !== '').map(([name, part]) => ({ column: names.indexOf(name), part }));
  const isFiltered = text !== '' || wanted.length > 0;
  if (!isFiltered && sort === undefined) return undefined;
  const rows = isFiltered ? await filtered(table, text, wanted) : Uint32Array.from({ length: countOf(table) }, (_, index) => index + 1);
  if (sort === undefined) return rows;
  // A column may itself begin with a hyphen.
  const isDown = !names.includes(sort);
  return sorted(table, rows, names.indexOf(isDown ? sort.slice(1) : sort), isDown);
}

const rowsAtATime = 8192;

interface Part { readonly column: number; readonly part: string }

async function filtered(table: LookupTable, text: string, wanted: readonly Part[]): Promise<Uint32Array> {
  const { rows } = table;
  const cell = newCell();
  const found: number[] = [];
  const holds = (row: number): boolean => wanted.every(({ column, part }) => findCell(rows, row, column, cell) && textOf(rows, cell).includes(part)) && (text === '' || cellsOf(rows, row).slice(0, table.columns.length).some((one) => one.includes(text)));
  const next = candidates(rows, text === '' ? (wanted[0]?.part ?? '') : text);
  const count = countOf(table);
  for (let row = next(1), looked = 0; row <= count; row = next(row + 1)) {
    if (holds(row)) found.push(row);
    if (++looked % rowsAtATime === 0) await others();
  }
  return Uint32Array.from(found);
}

/** Gives the next row that may hold a text: one whose bytes hold it, where no quotes are in the way. */
function candidates({ bytes, starts }: CsvRows, text: string): (from: number) => number {
  if (text.includes('"')) return (from) => from;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = Buffer.from(text);
  return (from) => {
    const start = starts[from];
    if (start === undefined) return from;
    const offset = buffer.indexOf(wanted, start);
    return offset < 0 ? starts.length : rowAt(starts, offset, from);
  };
}

/** The row that an offset lies in, from one before it on. */
function rowAt(starts: Uint32Array, offset: number, from: number): number {
  let [low, high] = [from, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Numbers by size, dates and texts by their characters; empty cells come first. Rows that are alike stay in order. */
async function sorted({ rows, columns }: LookupTable, wanted: Uint32Array, column: number, isDown: boolean): Promise<Uint32Array> {
  const cell = newCell();
  const isNumeric = columns[column]!.type === 'number' || columns[column]!.type === 'decimal';
  const keys: (string | number)[] = [];
  for (const [at, row] of wanted.entries()) {
    const text = findCell(rows, row, column, cell) ? textOf(rows, cell) : '';
    keys.push(isNumeric ? (text === '' ? -Infinity : Number(text)) : text);
    if (at % rowsAtATime === 0) await others();
  }
  const sign = isDown ? -1 : 1;
  const compare = (one: number, other: number): number => {
    const [left, right] = [keys[one]!, keys[other]!];
    // What is no number comes last.
    return left < right ? -sign : left > right ? sign : left === right ? 0 : Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  };
  const order = await mergeSorted(wanted.length, compare);
  return order.map((at) => wanted[at]!);
}

/** A million rows are sorted in parts, so that nobody waits for all of it. */
async function mergeSorted(length: number, compare: (one: number, other: number) => number): Promise<Uint32Array> {
  let order = new Uint32Array(length);
  for (let start = 0; start < length; start += rowsAtATime) {
    const end = Math.min(start + rowsAtATime, length);
    order.set(Array.from({ length: end - start }, (_, index) => start + index).sort(compare), start);
    await others();
  }
  let merged = new Uint32Array(length);
  for (let width = rowsAtATime; width < length; width *= 2) {
    for (let start = 0; start < length; start += width * 2) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + width * 2, length);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        merged[at] = right >= end || (left < middle && compare(order[left]!, order[right]!) <= 0) ? order[left++]! : order[right++]!;
        if (at % (rowsAtATime * 4) === 0) await others();
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}
