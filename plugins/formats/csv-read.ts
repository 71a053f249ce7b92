import { Parser, type CastingContext, type CsvError, type Info, type Options } from 'csv-parse';
import { FlowError } from '../sdk/index.ts';
import { inferred, type Dialect } from './csv-settings.ts';
import { LONGEST_RECORD } from './longest-record.ts';
import { textsOf } from './text.ts';

/** Rows as records. `format`: in messages, such as `CSV`. Fails with `DATA_INVALID`, naming the line. */
export async function* readTable(bytes: AsyncIterable<Uint8Array>, dialect: Dialect, { isUtf8, format }: { readonly isUtf8?: boolean; readonly format: string }): AsyncGenerator<unknown> {
  const parse = parserOf(dialect, { format });
  for await (const text of textsOf(bytes, { encoding: dialect.encoding, ...(isUtf8 !== undefined && { isUtf8 }), format })) yield* parse(text);
  yield* parse(undefined);
}

/** A text that is at hand as a whole. `settings`: those of the dialect that whoever reads a message can set. */
export function parseTable(text: string, dialect: Dialect, format: string, settings?: readonly string[]): unknown[] {
  const parse = parserOf(dialect, { format, settings }, { bom: true });
  return [...parse(text), ...parse(undefined)];
}

interface Words {
  /** Such as `CSV`. */
  readonly format: string;
  /** That can be named; default all. */
  readonly settings?: readonly string[] | undefined;
}

/** A sentence on the settings that help. */
function see(names: readonly string[], { settings = names }: Words): string {
  const [first, ...more] = names.filter((name) => settings.includes(name)).map((name) => JSON.stringify(name));
  return first === undefined ? '' : ` See the ${more.length > 0 ? 'settings' : 'setting'} ${[first, ...more].join(' and ')}.`;
}

/** Gives the records that end in a piece of the text; `undefined` is its end. */
function parserOf(dialect: Dialect, words: Words, more: Options = {}): (text: string | undefined) => Generator<unknown> {
  const parser = new Parser({ ...optionsOf(dialect), ...more }) as unknown as Inside;
  const toRecord = recordOf(dialect, words);
  const withoutTitle = lineSkipper(dialect.skip);
  const lineOf = lineCounter(dialect.skip);
  return function* (given) {
    const text = given === undefined ? undefined : withoutTitle(given);
    if (text === '') return;
    const rows: Row[] = [];
    const cause = parser.api.parse(text === undefined ? undefined : Buffer.from(text), text === undefined, (row) => void rows.push(row), () => {});
    for (const { record, info } of rows) {
      const made = toRecord(record, lineOf(info.lines, record));
      if (made !== undefined) yield made;
    }
    if (cause !== undefined) throw failure(cause, parser, { words, lineOf });
  };
}

interface Row { readonly record: unknown[]; readonly info: Info }

/** What csv-parse does not tell of its parser: how to give it a text without a stream, and the row that it is in. */
interface Inside {
  readonly api: { parse(text: Buffer | undefined, isEnd: boolean, push: (row: Row) => void, close: () => void): CsvError | undefined };
  readonly state: { readonly record: readonly unknown[]; readonly field: { toString(encoding: string): string } };
}

/** Leaves out the first `count` lines of a text that comes in pieces, whatever stands in them. They end in LF, CRLF or CR. */
function lineSkipper(count: number): (text: string) => string {
  let left = count;
  // A line feed that follows belongs to the line before.
  let isAfterReturn = false;
  return (text) => {
    let at = isAfterReturn && text.startsWith('\n') ? 1 : 0;
    isAfterReturn &&= text === '';
    for (; left > 0; left--) {
      const end = text.slice(at).search(/[\r\n]/);
      if (end === -1) return '';
      at += end + 1;
      if (text[at - 1] !== '\r') continue;
      if (at === text.length) isAfterReturn = true;
      else if (text[at] === '\n') at++;
    }
    return at === 0 ? text : text.slice(at);
  };
}

/** The line that a row ends in, where so many were left out before. Csv-parse counts a line end of two characters within a value as two. */
function lineCounter(skipped: number): (lines: number, row: readonly unknown[]) => number {
  let last = 0;
  let tooMany = 0;
  return (lines, row) => {
    if (lines > last + 1) for (const cell of row) if (typeof cell === 'string') tooMany += cell.split('\r\n').length - 1;
    last = lines;
    return skipped + lines - tooMany;
  };
}

function optionsOf(dialect: Dialect): Options {
  const { delimiter, quote, escape, comment } = dialect;
  return {
    delimiter, quote: quote === '' ? false : quote, escape: escape ?? (quote === '' ? false : quote), record_delimiter: ['\r\n', '\n', '\r'],
    ...(comment !== undefined && { comment, comment_no_infix: true }), trim: dialect.trim,
    skip_empty_lines: true, relax_quotes: dialect.looseQuotes, relax_column_count: true, max_record_size: LONGEST_RECORD, info: true, ...castOf(dialect),
  };
}

function failure(cause: CsvError, { state: { record, field } }: Inside, { words, lineOf }: { readonly words: Words; readonly lineOf: ReturnType<typeof lineCounter> }): FlowError {
  const { lines, index = 0 } = cause as CsvError & { readonly lines: number; readonly index?: number };
  const open = field.toString('utf8');
  // Only within quotes a value goes on over lines.
  const isUnclosed = cause.code === 'CSV_QUOTE_NOT_CLOSED' || (cause.code === 'CSV_MAX_RECORD_SIZE' && open.includes('\n'));
  // A line end that nothing follows is not counted yet.
  const line = lineOf(lines, [...record, open]) - (isUnclosed ? open.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/).length - 1 : 0);
  const reason = isUnclosed ? `the quote that opens its value ${index + 1} is ${cause.code === 'CSV_QUOTE_NOT_CLOSED' ? 'never closed' : 'not closed within 64 MB'}` : (faults[cause.code]?.(index + 1) ?? cause.message.replace(/ at line \d+/, '').replace(/\.$/, ''));
  return new FlowError('DATA_INVALID', `Line ${line} of the ${words.format} document cannot be read: ${reason}.${ofQuotes.has(cause.code) ? see(['delimiter', 'looseQuotes'], words) : ''}`, { cause, details: { line, column: index + 1 } });
}

const faults: Readonly<Record<string, (value: number) => string>> = {
  CSV_MAX_RECORD_SIZE: () => 'it is longer than 64 MB',
  INVALID_OPENING_QUOTE: (value) => `a quote stands within its value ${value}`,
  CSV_INVALID_CLOSING_QUOTE: (value) => `something follows the quote that closes its value ${value}`,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: (value) => `something follows the quote that closes its value ${value}`,
};

/** Another delimiter is the usual cause. */
const ofQuotes: ReadonlySet<string> = new Set(['INVALID_OPENING_QUOTE', 'CSV_INVALID_CLOSING_QUOTE', 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE']);

function castOf({ types, nullText }: Dialect): { readonly cast?: (value: string, context: CastingContext) => unknown } {
  if (types !== 'infer' && nullText === undefined) return {};
  return { cast: (value, { quoting }) => (quoting ? value : value === nullText ? null : types === 'infer' ? inferred(value) : value) };
}

/** Columns are named here and not by the parser, which would lose a column called `__proto__`. The header gives no record. */
function recordOf({ header, columns, ragged, duplicates, nullText }: Dialect, words: Words): (row: readonly unknown[], line: number) => unknown {
  let names = header ? undefined : columns;
  let width = names?.length;
  return (row, line) => {
    if (header && !names) {
      names = namesOf(row.map((cell) => (cell === null ? nullText! : String(cell as string))), { duplicates, words, line });
      width = names.length;
      return undefined;
    }
    width ??= row.length;
    if (row.length > width ? ragged !== 'fit' : row.length < width && ragged === 'error') {
      throw new FlowError('DATA_INVALID', `Line ${line} of the ${words.format} document cannot be read: it has ${row.length} values, and there are ${width} columns.${see(['delimiter', 'ragged'], words)}`, { details: { line, column: Math.min(row.length, width) + 1 } });
    }
    if (!names) return row.length > width ? row.slice(0, width) : row;
    return Object.fromEntries((row.length < width ? names.slice(0, row.length) : names).map((name, index) => [name, row[index]]));
  };
}

function namesOf(row: readonly string[], { duplicates, words, line }: { readonly duplicates: string; readonly words: Words; readonly line: number }): readonly string[] {
  const names: string[] = [];
  const used = new Set<string>();
  for (const [index, cell] of row.entries()) {
    let name = cell;
    if (used.has(name)) {
      if (duplicates === 'error') throw new FlowError('DATA_INVALID', `The header of the ${words.format} document has the column ${JSON.stringify(name)} twice: rename one of them${words.settings?.includes('duplicates') === false ? '' : ', or set "duplicates" to "number"'}.`, { details: { line, column: index + 1 } });
      for (let count = 2; used.has(name) || row.includes(name); count++) name = `${cell}_${count}`;
    }
    used.add(name);
    names.push(name);
  }
  return names;
}
