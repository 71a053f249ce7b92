import { FlowError } from '../sdk/index.ts';
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
  let { columns } = dialect;
  let count = 0;
  if (columns && header) yield write(columns, 0);
  for await (const record of records) {
    count++;
    if (Array.isArray(record)) {
      yield write(record, count);
      continue;
    }
    if (typeof record !== 'object' || record === null) throw new FlowError('DATA_INVALID', `Record ${count} is neither an object nor a list, so it cannot be a row of a ${format} document.`, { details: { record: count } });
    if (!columns) {
      columns = Object.keys(record);
      if (header) yield write(columns, 0);
    }
    yield write(valuesOf(record as Readonly<Record<string, unknown>>, columns, { count, format }), count);
  }
}

function valuesOf(record: Readonly<Record<string, unknown>>, columns: readonly string[], { count, format }: { readonly count: number; readonly format: string }): unknown[] {
  const known = new Set(columns);
  const unknown = Object.keys(record).find((name) => !known.has(name));
  if (unknown !== undefined) throw new FlowError('DATA_INVALID', `Record ${count} has the field ${JSON.stringify(unknown)}, for which the ${format} document has no column: name all columns in the setting "columns", or remove the field.`, { details: { record: count } });
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
    const isNull = value === null || value === undefined;
    const plain = isNull ? (nullText ?? '') : typeof value === 'object' ? JSON.stringify(value) : String(value as string);
    const text = formulas === 'escape' && typeof value === 'string' && isFormula(plain) ? `'${plain}` : plain;
    const isTyped = (isNull && nullText !== undefined) || (types === 'infer' && (typeof value === 'number' || typeof value === 'boolean'));
    const isTaken = !isTyped && (text === nullText || (types === 'infer' && inferred(text) !== text));
    if (isPlain(text, place) && (isTyped || (!isTaken && (quoting === 'needed' || quote === '')))) return text;
    if (quote !== '') return quoted(text);
    throw new FlowError('DATA_INVALID', `Record ${place.count} has the value ${JSON.stringify(text.slice(0, 60))}, which cannot be written without quotes.`, { details: { record: place.count } });
  };
}

const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text);
