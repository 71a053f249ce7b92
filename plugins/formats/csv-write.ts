import { FlowError, plainText } from '../sdk/index.ts';
import { inferred, type Dialect } from './csv-settings.ts';
import { bytesOf } from './text.ts';

type Records = AsyncIterable<unknown> | Iterable<unknown>;

/** Fails with `DATA_INVALID` for what the table cannot hold, naming the record. */
export const writeTable = (records: Records, dialect: Dialect, format: string): AsyncGenerator<Uint8Array> => bytesOf(rows(records, dialect, format), dialect);

async function* rows(records: Records, dialect: Dialect, format: string): AsyncGenerator<string> {
  const { delimiter, header } = dialect;
  const end = dialect.lineEnd === 'crlf' ? '\r\n' : '\n';
  const cell = cellOf(dialect);
  const write = (values: readonly unknown[], count: number) => values.map((value, index) => cell(value, { isFirst: index === 0, isAlone: values.length === 1, count })).join(delimiter) + end;
  const checkRow = rowCheck(dialect, format);
  let { columns } = dialect;
  let count = 0;
  if (columns && header) yield write(columns, 0);
  for await (const record of records) {
    count++;
    if (Array.isArray(record)) {
      checkRow(record, columns, count);
      yield write(record, count);
      // The names of the columns, where nobody else gives them.
      if (header) columns ??= record.map(String);
      continue;
    }
    if (typeof record !== 'object' || record === null) throw unwritable(count, `is neither an object nor a list, so it cannot be a row of a ${format} document`);
    if (!columns) {
      columns = Object.keys(record);
      if (columns.length === 0) throw unwritable(count, `has no fields, so there are no columns for a ${format} document: name them in the setting "columns"`);
      if (header) yield write(columns, 0);
    }
    const values = valuesOf(record as Readonly<Record<string, unknown>>, columns, { count, format });
    checkRow(values, columns, count);
    yield write(values, count);
  }
}

/** What reading would refuse of a list, whose first one is the header where there is to be one and no columns are named. */
function rowCheck({ header, ragged, duplicates }: Dialect, format: string): (row: readonly unknown[], columns: readonly string[] | undefined, count: number) => void {
  let width: number | undefined;
  return (row, columns, count) => {
    if (row.length === 0) throw unwritable(count, `is an empty list, and an empty line is no row of a ${format} document`);
    if (width === undefined && header && !columns && duplicates === 'error') {
      const again = row.find((name, index) => row.indexOf(name) < index);
      if (again !== undefined) throw unwritable(count, `is the header of the ${format} document and has ${JSON.stringify(again)} twice: set "header" to false, or "duplicates" to "number"`);
    }
    width ??= columns?.length ?? row.length;
    if (row.length > width || (row.length < width && ragged === 'error')) throw unwritable(count, `has ${row.length} values, and the ${format} document has ${width} columns: see the setting "ragged"`);
  };
}

const unwritable = (count: number, reason: string): FlowError => new FlowError('DATA_INVALID', `Record ${count} ${reason}.`, { details: { record: count } });

function valuesOf(record: Readonly<Record<string, unknown>>, columns: readonly string[], { count, format }: { readonly count: number; readonly format: string }): unknown[] {
  const known = new Set(columns);
  const unknown = Object.keys(record).find((name) => !known.has(name));
  if (unknown !== undefined) throw unwritable(count, `has the field ${JSON.stringify(unknown)}, for which the ${format} document has no column: name all columns in the setting "columns", or remove the field`);
  return columns.map((name) => (Object.hasOwn(record, name) ? record[name] : undefined));
}

interface Place {
  readonly isFirst: boolean;
  readonly isAlone: boolean;
  /** Number of the record; 0 in the header. */
  readonly count: number;
}

function cellOf({ delimiter, quote, escape = quote, quoting, comment, types, nullText, formulas }: Dialect): (value: unknown, place: Place) => string {
  const isPlain = (text: string, { isFirst, isAlone }: Place): boolean =>
    // A row of one empty value would be an empty line, which is skipped when read; a mark at the start would be taken for a byte order mark.
    !((isAlone && text === '') || text.includes(delimiter) || (quote !== '' && text.includes(quote)) || (isFirst && comment !== undefined && text.startsWith(comment)) || /[\r\n]|^\s|\s$|^\ufeff/.test(text));
  const quoted = (text: string): string => {
    const inner = escape === quote ? text : text.replaceAll(escape, () => escape + escape);
    return quote + inner.replaceAll(quote, () => escape + quote) + quote;
  };
  return (value, place) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw unwritable(place.count, `has the value ${value}, which is no number that anybody reads`);
    const isNull = value === null || value === undefined;
    const plain = isNull ? (nullText ?? '') : typeof value === 'object' ? JSON.stringify(value) : typeof value === 'number' && types !== 'infer' ? plainText(value) : String(value as string);
    const text = formulas === 'escape' && typeof value === 'string' && isFormula(plain) ? `'${plain}` : plain;
    const isTyped = (isNull && nullText !== undefined) || (types === 'infer' && (typeof value === 'number' || typeof value === 'boolean'));
    const isTaken = !isTyped && (text === nullText || (types === 'infer' && inferred(text) !== text));
    if (isPlain(text, place) && (isTyped || (!isTaken && (quoting === 'needed' || quote === '')))) return text;
    if (quote !== '') return quoted(text);
    throw unwritable(place.count, `has the value ${JSON.stringify(text.slice(0, 60))}, which cannot be written without quotes`);
  };
}

const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text);
