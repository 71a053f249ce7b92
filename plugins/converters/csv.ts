import { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { defineConverter, FlowError } from '../sdk/index.ts';

export default defineConverter({
  type: 'csv',
  title: 'CSV',
  summary: 'Reads and writes comma-separated values (RFC 4180).',
  description: 'Values are read as text, so that `007` and long numbers stay as they are. With a header row, records are objects; else lists. Rows of another length than the first are an error. When writing, the columns are those set, else those of the first record; null becomes empty text, lists and objects become JSON, and a field without a column is an error.',
  mediaTypes: ['text/csv'],
  fileExtensions: ['csv', 'tsv'],
  settings: {
    type: 'object',
    properties: {
      header: { type: 'boolean', default: true, title: 'Header row', description: 'The first row holds the names of the columns.' },
      delimiter: { type: 'string', minLength: 1, maxLength: 1, default: ',', title: 'Delimiter', description: 'Character between two values.' },
      quote: { type: 'string', minLength: 1, maxLength: 1, default: '"', title: 'Quote', description: 'Character around values that hold a delimiter, a quote or a line end.' },
      columns: { type: 'array', items: { type: 'string' }, title: 'Columns', description: 'Names of the columns to write, in order; also written where there is no record.' },
      lineEnd: { type: 'string', enum: ['lf', 'crlf'], default: 'lf', title: 'Line end', description: 'How written lines end; both are read.', enumDescriptions: ['LF, as on Unix.', 'CRLF, as in RFC 4180 and on Windows.'] },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A price list', settings: {}, text: 'sku,price\n007,9.50\n"A ""1""","1,5"\n', records: [{ sku: '007', price: '9.50' }, { sku: 'A "1"', price: '1,5' }] },
    { title: 'A German spreadsheet', settings: { delimiter: ';', lineEnd: 'crlf' }, text: 'Größe;Text\r\nXL;"zwei\nZeilen"\r\n', records: [{ Größe: 'XL', Text: 'zwei\nZeilen' }] },
    { title: 'Without a header', settings: { header: false }, text: 'a,b\n\n1,\n', records: [['a', 'b'], ['1', '']], printed: 'a,b\n1,\n' },
    { title: 'Only a header', settings: { columns: ['sku', 'price'] }, text: 'sku,price\n', records: [] },
    { title: 'No text', settings: {}, text: '', records: [] },
    { title: 'A row that is too long', settings: {}, text: 'a,b\n1,2,3\n', error: 'DATA_INVALID' },
    { title: 'A quote that is never closed', settings: {}, text: 'a\n"1\n', error: 'DATA_INVALID' },
    { title: 'A column twice', settings: {}, text: 'a,a\n1,2\n', error: 'DATA_INVALID' },
  ],
  open: (settings) => ({ mediaType: 'text/csv', decode: (bytes) => decode(bytes, settings), encode: (records) => chunked(rows(records, settings)) }),
});

interface Settings {
  readonly header: boolean;
  readonly delimiter: string;
  readonly quote: string;
  readonly columns?: readonly string[];
  readonly lineEnd: string;
}

async function* decode(bytes: AsyncIterable<Uint8Array>, { header, delimiter, quote }: Settings): AsyncGenerator<unknown> {
  // Columns are named here and not by the parser, which would lose a column called `__proto__`.
  const parser = parse({ delimiter, quote, escape: quote, bom: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'], info: true });
  const source = Readable.from(bytes, { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  let names: readonly string[] | undefined;
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{ record: string[]; info: Info }>) {
      if (!header) yield record;
      else if (names) yield Object.fromEntries(names.map((name, index) => [name, record[index]]));
      else names = checkNames(record, info.lines);
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = (cause as CsvError & { lines?: number }).lines;
    throw new FlowError('DATA_INVALID', `Line ${line ?? '?'} of the CSV document cannot be read: ${cause.message}.`, { cause, details: { line } });
  } finally {
    source.destroy();
  }
}

function checkNames(names: readonly string[], line: number): readonly string[] {
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new FlowError('DATA_INVALID', `The header of the CSV document has the column ${JSON.stringify(double)} twice: rename one of them.`, { details: { line } });
  return names;
}

async function* rows(records: AsyncIterable<unknown> | Iterable<unknown>, settings: Settings): AsyncGenerator<string> {
  let columns = settings.columns;
  let count = 0;
  const write = (values: readonly unknown[]) => values.map((value) => cellOf(value, settings, values.length === 1)).join(settings.delimiter) + (settings.lineEnd === 'crlf' ? '\r\n' : '\n');
  if (columns && settings.header) yield write(columns);
  for await (const record of records) {
    count++;
    if (Array.isArray(record)) {
      yield write(record);
      continue;
    }
    if (typeof record !== 'object' || record === null) throw new FlowError('DATA_INVALID', `Record ${count} is neither an object nor a list, so it cannot be a row of a CSV document.`);
    if (!columns) {
      columns = Object.keys(record);
      if (settings.header) yield write(columns);
    }
    yield write(valuesOf(record as Readonly<Record<string, unknown>>, columns, count));
  }
}

function valuesOf(record: Readonly<Record<string, unknown>>, columns: readonly string[], count: number): unknown[] {
  const known = new Set(columns);
  const unknown = Object.keys(record).find((name) => !known.has(name));
  if (unknown !== undefined) throw new FlowError('DATA_INVALID', `Record ${count} has the field ${JSON.stringify(unknown)}, for which the CSV document has no column: name all columns in the setting "columns", or remove the field.`);
  return columns.map((name) => (Object.hasOwn(record, name) ? record[name] : undefined));
}

function cellOf(value: unknown, { delimiter, quote }: Settings, isAlone: boolean): string {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A row of one empty value would be an empty line, which is skipped when read; a mark at the start would be taken for a byte order mark.
  const needsQuotes = (isAlone && text === '') || text.includes(delimiter) || text.includes(quote) || /[\r\n]|^\s|\s$|^\ufeff/.test(text);
  return needsQuotes ? quote + text.replaceAll(quote, () => quote + quote) + quote : text;
}

/** Joins small texts to chunks of some 64 KB. */
async function* chunked(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let buffer = '';
  for await (const text of texts) {
    buffer += text;
    if (buffer.length < 65_536) continue;
    yield encoder.encode(buffer);
    buffer = '';
  }
  if (buffer !== '') yield encoder.encode(buffer);
}
