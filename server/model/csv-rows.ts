/** A CSV text as bytes in UTF-8, and where its rows begin. Its rows are read where they lie: a million of them are no million objects. */
export interface CsvRows {
  readonly bytes: Uint8Array;
  readonly delimiter: string;
  /** Offset of each row; the first one is the header. */
  readonly starts: Uint32Array;
  /** Each row is one line, and no line is empty: a row's line is its number. */
  readonly isPlain: boolean;
  /** What is wrong with the quotes, in order. Such cells are read as they stand. */
  readonly faults: readonly CsvFault[];
  /** The text of some of the bytes. */
  text(start: number, end: number): string;
}

export interface CsvFault {
  readonly offset: number;
  readonly message: string;
}

/** Where a cell lies; filled by `readCell`. */
export interface CellPlace {
  /** Of the text, without quotes and the blanks around it. */
  start: number;
  end: number;
  isQuoted: boolean;
  /** Quotes within stand twice. */
  hasQuotes: boolean;
  /** Of what follows: the next cell, or the end of the line. */
  next: number;
  isLast: boolean;
  fault: CsvFault | undefined;
}

type CsvText = Pick<CsvRows, 'bytes' | 'text'>;

const newline = 10;
const carriageReturn = 13;
const quote = 34;
const rowsAtATime = 20_000;

/** Rows that are at most in one text: their offsets have 32 bits. */
export const longestCsv = 2 ** 32 - 1;

/** Finds the rows. Lines that are empty, or blank where cells are set apart by another character, are none. Yields now and then, so that others get their turn; never fails. */
export function* scanRows({ bytes, text }: CsvText, delimiter = delimiterOf({ bytes, text })): Generator<undefined, CsvRows> {
  const code = delimiter.charCodeAt(0);
  const faults: CsvFault[] = [];
  const cell = newCell();
  let starts = new Uint32Array(1024);
  let count = 0;
  let isPlain = true;
  let at = afterMark(bytes);
  let feed = next(bytes, newline, at);
  let back = next(bytes, carriageReturn, at);
  let mark = next(bytes, quote, at);
  while (at < bytes.length) {
    if (feed < at) feed = next(bytes, newline, at);
    if (back < at) back = next(bytes, carriageReturn, at);
    if (mark < at) mark = next(bytes, quote, at);
    let end = Math.min(feed, back);
    const isEmpty = isBlank(bytes, at, end, code);
    if (mark < end && !isEmpty) {
      end = endOfRow(bytes, at, code, cell, faults);
      if (feed < end || back < end) isPlain = false;
    }
    if (isEmpty) isPlain = false;
    else {
      if (count === starts.length) starts = grown(starts);
      starts[count++] = at;
      if (count % rowsAtATime === 0) yield undefined;
    }
    at = afterLine(bytes, end);
  }
  return { bytes, delimiter, starts: starts.slice(0, count), isPlain, faults, text };
}

/** The texts of a row; the header is row 0. */
export function cellsOf(rows: CsvRows, row: number): string[] {
  const { bytes, delimiter, starts } = rows;
  const place = newCell();
  const cells: string[] = [];
  for (let at = starts[row]!; ; at = place.next) {
    readCell(bytes, at, delimiter.charCodeAt(0), place);
    cells.push(textOf(rows, place));
    if (place.isLast) return cells;
  }
}

/** Finds a cell of a row; `false` where the row is too short. */
export function findCell({ bytes, delimiter, starts }: CsvRows, row: number, column: number, place: CellPlace): boolean {
  const code = delimiter.charCodeAt(0);
  for (let at = starts[row]!, index = 0; ; at = place.next, index++) {
    readCell(bytes, at, code, place);
    if (index === column) return true;
    if (place.isLast) return false;
  }
}

export const textOf = ({ text }: CsvText, { start, end, hasQuotes }: CellPlace): string => (hasQuotes ? text(start, end).replaceAll('""', '"') : text(start, end));

export const newCell = (): CellPlace => ({ start: 0, end: 0, isQuoted: false, hasQuotes: false, next: 0, isLast: false, fault: undefined });

/** Where the line of a row ends, without its line break. */
export function rowEnd({ bytes, delimiter, starts }: CsvRows, row: number): number {
  return endOfRow(bytes, starts[row]!, delimiter.charCodeAt(0), newCell(), []);
}

/** Behind the line break that stands at an offset. */
export function afterLine(bytes: Uint8Array, end: number): number {
  if (bytes[end] === carriageReturn && bytes[end + 1] === newline) return end + 2;
  return Math.min(end + 1, bytes.length);
}

/** The line of an offset, from 1, and where it begins. `from`: a place before it that is known. */
export function lineAt(bytes: Uint8Array, offset: number, from: { readonly line: number; readonly start: number } = { line: 1, start: 0 }): { readonly line: number; readonly start: number } {
  let { line, start } = from;
  for (;;) {
    const end = Math.min(next(bytes, newline, start), next(bytes, carriageReturn, start));
    const after = afterLine(bytes, end);
    if (end >= bytes.length || after > offset) return { line, start };
    line++;
    start = after;
  }
}

/** A cell as it is written: in quotes where it is to be, or would be read as something else. */
export const printCell = (cell: string, delimiter: string, isQuoted = false): string => (isQuoted || /["\r\n\uFEFF]|^[ \t]|[ \t]$/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A row of one empty cell would be an empty line, which is no row. */
export const printRow = (cells: readonly string[], delimiter = ','): string => cells.map((cell) => printCell(cell, delimiter)).join(delimiter) || '""';

/** The line break of a text: that of its first line. */
export function lineBreakOf(bytes: Uint8Array): string {
  const feed = next(bytes, newline, 0);
  const back = next(bytes, carriageReturn, 0);
  if (feed === back) return '\n';
  return back < feed ? (feed === back + 1 ? '\r\n' : '\r') : '\n';
}

/** What stands between the cells of the header: a comma where there is one, else a semicolon, a tab or a bar. */
function delimiterOf({ bytes, text }: CsvText): string {
  const start = afterMark(bytes);
  let at = start;
  while (at < bytes.length && (bytes[at] === newline || bytes[at] === carriageReturn)) at++;
  const line = text(at, Math.min(next(bytes, newline, at), next(bytes, carriageReturn, at), at + longestHeader)).replaceAll(/"[^"]*"/g, '');
  return [',', ';', '\t', '|'].find((one) => line.includes(one)) ?? ',';
}

const longestHeader = 65_536;

/** Reads the cell that begins at an offset. */
export function readCell(bytes: Uint8Array, from: number, delimiter: number, place: CellPlace): void {
  let at = from;
  while (isSpace(bytes[at], delimiter)) at++;
  place.fault = undefined;
  place.hasQuotes = false;
  place.isQuoted = bytes[at] === quote && readQuoted(bytes, at, delimiter, place);
  if (place.isQuoted) return;
  const start = at;
  let code = bytes[at];
  while (code !== undefined && code !== delimiter && code !== newline && code !== carriageReturn) {
    if (code === quote) place.fault ??= { offset: at, message: 'A quote stands within a cell that does not begin with one.' };
    code = bytes[++at];
  }
  place.start = start;
  place.isLast = code !== delimiter;
  place.next = place.isLast ? at : at + 1;
  while (at > start && isSpace(bytes[at - 1], delimiter)) at--;
  place.end = at;
}

/** `false` where something stands behind the quote that should close the cell: then it is read as it stands. */
function readQuoted(bytes: Uint8Array, open: number, delimiter: number, place: CellPlace): boolean {
  let close = next(bytes, quote, open + 1);
  while (bytes[close + 1] === quote) {
    place.hasQuotes = true;
    close = next(bytes, quote, close + 2);
  }
  place.start = open + 1;
  place.end = close;
  if (close >= bytes.length) {
    place.fault = { offset: open, message: 'The quote that opens the cell is never closed.' };
    place.next = bytes.length;
    place.isLast = true;
    return true;
  }
  let at = close + 1;
  while (isSpace(bytes[at], delimiter)) at++;
  const code = bytes[at];
  place.isLast = code !== delimiter;
  place.next = place.isLast ? at : at + 1;
  if (code === delimiter || code === undefined || code === newline || code === carriageReturn) return true;
  place.hasQuotes = false;
  place.fault = { offset: at, message: 'Something stands behind the quote that closes the cell; a quote within a cell stands there twice.' };
  return false;
}

function endOfRow(bytes: Uint8Array, start: number, delimiter: number, place: CellPlace, faults: CsvFault[]): number {
  for (let at = start; ; at = place.next) {
    readCell(bytes, at, delimiter, place);
    if (place.fault) faults.push(place.fault);
    if (place.isLast) return place.next;
  }
}

const isSpace = (code: number | undefined, delimiter: number): boolean => (code === 32 || code === 9) && code !== delimiter;

function isBlank(bytes: Uint8Array, start: number, end: number, delimiter: number): boolean {
  let at = start;
  while (at < end && isSpace(bytes[at], delimiter)) at++;
  return at >= end;
}

/** Offset of a byte from a place on, or the length. */
function next(bytes: Uint8Array, code: number, from: number): number {
  const found = bytes.indexOf(code, from);
  return found < 0 ? bytes.length : found;
}

/** A byte order mark is no part of the text. */
export const afterMark = (bytes: Uint8Array): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);

function grown(old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(old.length * 2);
  larger.set(old);
  return larger;
}
