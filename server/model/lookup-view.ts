import { cellsOf, findCell, newCell, textOf, type CsvRows } from './csv-rows.ts';
import { rowAt } from './lookup-places.ts';
import { countOf, type LookupTable } from './lookup-table.ts';

/** Which rows people see, and in what order. */
export interface LookupFilter {
  /** Only rows that hold it in a column. */
  readonly text?: string;
  /** Only rows that hold these in these columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** A column; with a hyphen before it, from the end. Default the order of the file. */
  readonly sort?: string;
}

/** Of the UTF-8 of a text among bytes. */
export type FindText = (bytes: Uint8Array, text: string, from: number) => number;

/** Numbers of the rows, from 1; `undefined` where they are all of them, in order. Yields now and then. The columns must be there. `find`: where a text stands in bytes, from an offset on, or -1. */
export function* viewOf(table: LookupTable, { text = '', columns = {}, sort }: LookupFilter, find: FindText): Generator<undefined, Uint32Array | undefined> {
  const names = table.columns.map(({ name }) => name);
  const wanted = Object.entries(columns).filter(([, part]) => part !== '').map(([name, part]) => ({ column: names.indexOf(name), part }));
  const isFiltered = text !== '' || wanted.length > 0;
  if (!isFiltered && sort === undefined) return undefined;
  const rows = isFiltered ? yield* filtered(table, text, wanted, find) : Uint32Array.from({ length: countOf(table) }, (_, index) => index + 1);
  if (sort === undefined) return rows;
  // A column may itself begin with a hyphen.
  const isDown = !names.includes(sort);
  return yield* sorted(table, rows, names.indexOf(isDown ? sort.slice(1) : sort), isDown);
}

const rowsAtATime = 8192;

interface Part { readonly column: number; readonly part: string }

function* filtered(table: LookupTable, text: string, wanted: readonly Part[], find: FindText): Generator<undefined, Uint32Array> {
  const { rows } = table;
  const cell = newCell();
  const found: number[] = [];
  const holds = (row: number): boolean => wanted.every(({ column, part }) => findCell(rows, row, column, cell) && textOf(rows, cell).includes(part)) && (text === '' || cellsOf(rows, row).slice(0, table.columns.length).some((one) => one.includes(text)));
  const next = candidates(rows, text === '' ? (wanted[0]?.part ?? '') : text, find);
  const count = countOf(table);
  for (let row = next(1), looked = 0; row <= count; row = next(row + 1)) {
    if (holds(row)) found.push(row);
    if (++looked % rowsAtATime === 0) yield undefined;
  }
  return Uint32Array.from(found);
}

/** Gives the next row that may hold a text: one whose bytes hold it, where no quotes are in the way. */
function candidates({ bytes, starts }: CsvRows, text: string, find: FindText): (from: number) => number {
  if (text.includes('"')) return (from) => from;
  return (from) => {
    const start = starts[from];
    if (start === undefined) return from;
    const offset = find(bytes, text, start);
    return offset < 0 ? starts.length : rowAt(starts, offset, from);
  };
}

/** Numbers by size, dates and texts by their characters; empty cells come first. Rows that are alike stay in order. */
function* sorted({ rows, columns }: LookupTable, wanted: Uint32Array, column: number, isDown: boolean): Generator<undefined, Uint32Array> {
  const cell = newCell();
  const isNumeric = columns[column]!.type === 'number' || columns[column]!.type === 'decimal';
  const keys: (string | number)[] = [];
  for (const [at, row] of wanted.entries()) {
    const text = findCell(rows, row, column, cell) ? textOf(rows, cell) : '';
    keys.push(isNumeric ? (text === '' ? -Infinity : Number(text)) : text);
    if (at % rowsAtATime === 0) yield undefined;
  }
  const sign = isDown ? -1 : 1;
  const compare = (one: number, other: number): number => {
    const [left, right] = [keys[one]!, keys[other]!];
    // What is no number comes last.
    return left < right ? -sign : left > right ? sign : left === right ? 0 : Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  };
  const order = yield* mergeSorted(wanted.length, compare);
  return order.map((at) => wanted[at]!);
}

/** A million rows are sorted in parts, so that nobody waits for all of it. */
function* mergeSorted(length: number, compare: (one: number, other: number) => number): Generator<undefined, Uint32Array> {
  let order = new Uint32Array(length);
  for (let start = 0; start < length; start += rowsAtATime) {
    const end = Math.min(start + rowsAtATime, length);
    order.set(Array.from({ length: end - start }, (_, index) => start + index).sort(compare), start);
    yield undefined;
  }
  let merged = new Uint32Array(length);
  for (let width = rowsAtATime; width < length; width *= 2) {
    for (let start = 0; start < length; start += width * 2) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + width * 2, length);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        merged[at] = right >= end || (left < middle && compare(order[left]!, order[right]!) <= 0) ? order[left++]! : order[right++]!;
        if (at % (rowsAtATime * 4) === 0) yield undefined;
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}
