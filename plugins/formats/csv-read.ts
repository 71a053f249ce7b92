import { Readable } from 'node:stream';
import { CsvError, parse, type CastingContext, type Info, type Options } from 'csv-parse';
import { parse as parseWhole } from 'csv-parse/sync';
import { FlowError } from '../sdk/index.ts';
import { inferred, type Dialect } from './csv-settings.ts';
import { textsOf } from './text.ts';

/** Rows as records. `format`: in messages, such as `CSV`. Fails with `DATA_INVALID`, naming the line. */
export async function* readTable(bytes: AsyncIterable<Uint8Array>, dialect: Dialect, { isUtf8, format }: { readonly isUtf8?: boolean; readonly format: string }): AsyncGenerator<unknown> {
  const parser = parse(optionsOf(dialect));
  const source = Readable.from(textsOf(bytes, { encoding: dialect.encoding, ...(isUtf8 !== undefined && { isUtf8 }), format }), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  const toRecord = recordOf(dialect, format);
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{ record: unknown[]; info: Info }>) {
      const made = toRecord(record, info.lines);
      if (made !== undefined) yield made;
    }
  } catch (cause) {
    throw failure(cause, format);
  } finally {
    source.destroy();
  }
}

/** A text that is at hand as a whole. */
export function parseTable(text: string, dialect: Dialect, format: string): unknown[] {
  const toRecord = recordOf(dialect, format);
  try {
    const rows = parseWhole(text, { ...optionsOf(dialect), bom: true }) as unknown as readonly { record: unknown[]; info: Info }[];
    return rows.map(({ record, info }) => toRecord(record, info.lines)).filter((record) => record !== undefined);
  } catch (cause) {
    throw failure(cause, format);
  }
}

function optionsOf(dialect: Dialect): Options {
  const { delimiter, quote, escape, comment } = dialect;
  return {
    delimiter, quote: quote === '' ? false : quote, escape: escape ?? (quote === '' ? false : quote), record_delimiter: ['\r\n', '\n', '\r'],
    ...(comment !== undefined && { comment, comment_no_infix: true }), from_line: dialect.skip + 1, trim: dialect.trim,
    skip_empty_lines: true, relax_quotes: dialect.looseQuotes, relax_column_count: true, max_record_size: LONGEST_ROW, info: true, ...castOf(dialect),
  };
}

function failure(cause: unknown, format: string): unknown {
  if (!(cause instanceof CsvError)) return cause;
  const { lines: line, column, index } = cause as CsvError & { lines?: number; column?: number; index?: number };
  return new FlowError('DATA_INVALID', `Line ${line ?? '?'} of the ${format} document cannot be read: ${cause.message}.`, { cause, details: { line, column: (index ?? column ?? 0) + 1 } });
}

/** Characters. What is longer is the rest of a document after a quote that is never closed. */
const LONGEST_ROW = 64 * 1024 * 1024;

function castOf({ types, nullText }: Dialect): { readonly cast?: (value: string, context: CastingContext) => unknown } {
  if (types !== 'infer' && nullText === undefined) return {};
  return { cast: (value, { quoting }) => (quoting ? value : value === nullText ? null : types === 'infer' ? inferred(value) : value) };
}

/** Columns are named here and not by the parser, which would lose a column called `__proto__`. The header gives no record. */
function recordOf({ header, columns, ragged, duplicates, nullText }: Dialect, format: string): (row: readonly unknown[], line: number) => unknown {
  let names = header ? undefined : columns;
  let width = names?.length;
  return (row, line) => {
    if (header && !names) {
      names = namesOf(row.map((cell) => (cell === null ? nullText! : String(cell as string))), { duplicates, format, line });
      width = names.length;
      return undefined;
    }
    width ??= row.length;
    if (row.length > width ? ragged !== 'fit' : row.length < width && ragged === 'error') {
      throw new FlowError('DATA_INVALID', `Line ${line} of the ${format} document cannot be read: it has ${row.length} values, and there are ${width} columns. See the settings "delimiter" and "ragged".`, { details: { line, column: Math.min(row.length, width) + 1 } });
    }
    if (!names) return row.length > width ? row.slice(0, width) : row;
    return Object.fromEntries((row.length < width ? names.slice(0, row.length) : names).map((name, index) => [name, row[index]]));
  };
}

function namesOf(row: readonly string[], { duplicates, format, line }: { readonly duplicates: string; readonly format: string; readonly line: number }): readonly string[] {
  const names: string[] = [];
  const used = new Set<string>();
  for (const [index, cell] of row.entries()) {
    let name = cell;
    if (used.has(name)) {
      if (duplicates === 'error') throw new FlowError('DATA_INVALID', `The header of the ${format} document has the column ${JSON.stringify(name)} twice: rename one of them, or set "duplicates" to "number".`, { details: { line, column: index + 1 } });
      for (let count = 2; used.has(name) || row.includes(name); count++) name = `${cell}_${count}`;
    }
    used.add(name);
    names.push(name);
  }
  return names;
}
