import { defineConverter, FlowError, isHeld, plainDigits, withoutLastZeros } from '../sdk/index.ts';
import { bytesOf, encodingSetting, lineEndSetting, linesOf, textsOf } from '../formats/text.ts';

export default defineConverter({
  type: 'fixed-width',
  title: 'Fixed width',
  summary: 'Reads and writes lines whose values stand at fixed places, as of mainframes, banks and older ERP systems.',
  description: 'A place is counted in characters. Lines may be shorter than the columns, whose values are then empty; what stands in a longer line behind the last column must be blank. Empty lines are skipped. What does not fit into its column is an error when writing, and so is a record without any value, since blank lines are skipped when reading. At the filled side of a text, characters that fill it are lost when it is read again.',
  mediaTypes: ['text/x-fixed-width'],
  fileExtensions: ['fwf'],
  settings: {
    type: 'object',
    properties: {
      columns: {
        type: 'array', minItems: 1, title: 'Columns', description: 'The values of a line.',
        items: {
          type: 'object', required: ['name', 'length'],
          properties: {
            name: { type: 'string', minLength: 1, title: 'Name', description: 'Field of the record.' },
            start: { type: 'integer', minimum: 1, title: 'Start', description: 'Place of its first character, from 1 on; without it the column follows the one before.' },
            length: { type: 'integer', minimum: 1, maximum: 100_000, title: 'Length', description: 'Characters.' },
            align: { type: 'string', enum: ['left', 'right'], default: 'left', title: 'Align', description: 'Where the value stands in its column; the other side is filled, and trimmed when reading.', enumDescriptions: ['At the left.', 'At the right, as numbers do.'] },
            pad: { type: 'string', minLength: 1, maxLength: 1, default: ' ', title: 'Pad', description: 'What fills the column, such as `0`.' },
            type: { type: 'string', enum: ['text', 'number'], default: 'text', title: 'Type', description: 'What the value is read as.', enumDescriptions: ['Text, as it stands there.', 'A number, with a sign before or behind it; blank is null. One that JavaScript cannot hold is a text, digit by digit, and is written as it is.'] },
            decimals: { type: 'integer', minimum: 0, maximum: 12, title: 'Decimals', description: 'Digits at the end that stand behind a point which is not written: with 2, `0001250` is 12.5. Needs the type `number`.' },
          },
          additionalProperties: false,
        },
      },
      skip: { type: 'integer', minimum: 0, maximum: 10_000, default: 0, title: 'Skip lines', description: 'Lines at the beginning that are no records.' },
      lineEnd: lineEndSetting,
      encoding: encodingSetting,
    },
    required: ['columns'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Stock of an ERP system', settings: { columns: [{ name: 'sku', length: 6 }, { name: 'stock', length: 5, align: 'right', pad: '0', type: 'number' }, { name: 'price', length: 7, align: 'right', pad: '0', type: 'number', decimals: 2 }] }, text: 'A-1   000120001250\nB-2   -00050000999\n', records: [{ sku: 'A-1', stock: 12, price: 12.5 }, { sku: 'B-2', stock: -5, price: 9.99 }] },
    { title: 'Places with gaps', settings: { columns: [{ name: 'b', start: 5, length: 2 }, { name: 'a', start: 1, length: 3 }] }, text: 'x   yz\n\n w\n', records: [{ b: 'yz', a: 'x' }, { b: '', a: ' w' }], printed: 'x   yz\n w    \n' },
    { title: 'A line that is too long', settings: { columns: [{ name: 'a', length: 2 }] }, text: 'abc\n', error: 'DATA_INVALID' },
    { title: 'No number', settings: { columns: [{ name: 'n', length: 3, type: 'number' }] }, text: '1x \n', error: 'DATA_INVALID' },
    { title: 'Amounts of a bank, whose digits no number holds', settings: { columns: [{ name: 'amount', length: 20, align: 'right', pad: '0', type: 'number', decimals: 2 }] }, text: '00123456789012345678\n-0090071992547409931\n00000000000000001999\n', records: [{ amount: '1234567890123456.78' }, { amount: '-900719925474099.31' }, { amount: 19.99 }] },
    { title: 'Filled with asterisks', settings: { columns: [{ name: 'sum', length: 8, align: 'right', pad: '*', type: 'number' }] }, text: '**-12.50\n', records: [{ sum: -12.5 }], printed: '***-12.5\n' },
    { title: 'Blank is null', settings: { columns: [{ name: 'n', length: 3, align: 'right', type: 'number' }] }, text: '  1\n   \n 2-\n', records: [{ n: 1 }, { n: -2 }], printed: '  1\n -2\n' },
  ],
  open: (settings) => {
    const columns = placed(settings.columns as readonly Given[]);
    return { mediaType: 'text/x-fixed-width', encoding: settings.encoding, decode: (bytes, options) => decode(bytes, columns, { ...settings, ...options }), encode: (records) => bytesOf(lines(records, columns, settings.lineEnd), settings) };
  },
});

interface Given {
  readonly name: string;
  readonly start?: number;
  readonly length: number;
  readonly align?: string;
  readonly pad?: string;
  readonly type?: string;
  readonly decimals?: number;
}

interface Column {
  readonly name: string;
  /** From 0 on. */
  readonly from: number;
  readonly to: number;
  readonly isRight: boolean;
  readonly pad: string;
  readonly isNumber: boolean;
  readonly decimals: number;
}

/** Fails with `CONFIG_INVALID` where two columns have one name. */
function placed(given: readonly Given[]): readonly Column[] {
  let next = 0;
  const again = given.findIndex(({ name }, index) => given.findIndex((other) => other.name === name) < index);
  if (again >= 0) throw new FlowError('CONFIG_INVALID', `Two columns have the name ${JSON.stringify(given[again]!.name)}.`, { place: { pointer: `/columns/${again}/name` }, remedy: 'Rename one of them.' });
  return given.map(({ name, start, length, align = 'left', pad = ' ', type = 'text', decimals = 0 }) => {
    const from = start === undefined ? next : start - 1;
    next = from + length;
    return { name, from, to: next, isRight: align === 'right', pad, isNumber: type === 'number', decimals };
  });
}

async function* decode(bytes: AsyncIterable<Uint8Array>, columns: readonly Column[], { skip, encoding, isUtf8 = false }: { readonly skip: number; readonly encoding: string; readonly isUtf8?: boolean }): AsyncGenerator<unknown> {
  const width = Math.max(...columns.map(({ to }) => to));
  let count = 0;
  for await (const line of linesOf(textsOf(bytes, { encoding, isUtf8, format: 'fixed-width' }))) {
    if (++count <= skip || line.trim() === '') continue;
    // Characters outside the first plane are two units of a text.
    const letters = /[\ud800-\udfff]/.test(line) ? [...line] : line;
    if (letters.length > width && textAt(letters, width, letters.length).trim() !== '') throw invalid(count, width + 1, `it goes on behind its last column, which ends at ${width}`);
    yield Object.fromEntries(columns.map((column) => [column.name, read(textAt(letters, column.from, column.to), column, count)]));
  }
}

const textAt = (letters: string | readonly string[], from: number, to: number): string => (typeof letters === 'string' ? letters.slice(from, to) : letters.slice(from, to).join(''));

function read(text: string, { name, from, isRight, pad, isNumber, decimals }: Column, line: number): unknown {
  if (!isNumber) return isRight ? trimStart(text, pad) : trimEnd(text, pad);
  const plain = (pad === ' ' || pad === '0' ? text : trimStart(trimEnd(text, pad), pad)).trim();
  if (plain === '') return null;
  const [, before = '', digits = '', after = ''] = /^([+-]?)(\d*\.?\d+|\d+\.)([+-]?)$/.exec(plain) ?? [];
  if (digits === '' || (before !== '' && after !== '') || (decimals > 0 && digits.includes('.'))) throw invalid(line, from + 1, `${JSON.stringify(plain)} in the column ${JSON.stringify(name)} is no number`);
  const padded = digits.padStart(decimals + 1, '0');
  const source = plainNumber(`${before}${after}`, decimals === 0 ? digits : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`);
  return isHeld(Number(source), source) ? Number(source) : source;
}

/** Without zeros that do not count. */
function plainNumber(sign: string, digits: string): string {
  const [whole = '', fraction = ''] = digits.split('.');
  const text = [whole.replace(/^0+/, '') || '0', withoutLastZeros(fraction)].filter((part) => part !== '').join('.');
  return sign === '-' && text !== '0' ? `-${text}` : text;
}

function trimStart(text: string, pad: string): string {
  let at = 0;
  while (text.startsWith(pad, at) && at < text.length) at++;
  return text.slice(at);
}

function trimEnd(text: string, pad: string): string {
  let at = text.length;
  while (at > 0 && text[at - 1] === pad) at--;
  return text.slice(0, at);
}

const invalid = (line: number, column: number, reason: string): FlowError => new FlowError('DATA_INVALID', `Line ${line} of the fixed-width document cannot be read: ${reason}.`, { details: { line, column } });

/** Fails with `CONFIG_INVALID` for columns that can be read, but not written so that they are read again. */
function checkWritable(columns: readonly Column[]): void {
  for (const [index, { name, from, to, isRight, pad, isNumber }] of columns.entries()) {
    const other = columns.find((one, at) => at < index && one.from < to && from < one.to);
    if (other) throw new FlowError('CONFIG_INVALID', `The columns ${JSON.stringify(other.name)} and ${JSON.stringify(name)} overlap, so they cannot be written.`, { place: { pointer: `/columns/${index}/start` } });
    if (isNumber && (/[1-9.+-]/.test(pad) || (pad === '0' && !isRight))) throw new FlowError('CONFIG_INVALID', `Numbers of the column ${JSON.stringify(name)} that are filled with ${JSON.stringify(pad)} would be read as other numbers.`, { place: { pointer: `/columns/${index}/pad` }, remedy: 'Fill numbers with spaces, or with zeros at the left: `"align": "right"`.' });
  }
}

async function* lines(records: AsyncIterable<unknown> | Iterable<unknown>, columns: readonly Column[], lineEnd: string): AsyncGenerator<string> {
  checkWritable(columns);
  const end = lineEnd === 'crlf' ? '\r\n' : '\n';
  const names = new Set(columns.map(({ name }) => name));
  const ordered = columns.toSorted((a, b) => a.from - b.from);
  let count = 0;
  for await (const record of records) {
    count++;
    if (typeof record !== 'object' || record === null || Array.isArray(record)) throw unwritable(count, 'it is no object');
    const unknown = Object.keys(record).find((name) => !names.has(name));
    if (unknown !== undefined) throw unwritable(count, `there is no column for the field ${JSON.stringify(unknown)}`);
    let line = '';
    let at = 0;
    for (const column of ordered) {
      line += ' '.repeat(Math.max(0, column.from - at)) + written(Object.hasOwn(record, column.name) ? (record as Readonly<Record<string, unknown>>)[column.name] : null, column, count);
      at = column.to;
    }
    if (line.trim() === '') throw unwritable(count, 'all its values are blank, and a blank line is no record');
    if (count === 1 && line.startsWith('\ufeff')) throw unwritable(count, 'it begins with U+FEFF, which would be a byte order mark');
    yield line + end;
  }
}

function written(value: unknown, column: Column, count: number): string {
  const { name, from, to, isRight, pad, isNumber } = column;
  const isNull = value === null || value === undefined;
  const text = isNull ? '' : isNumber ? numberText(value, column, count) : typeof value === 'object' ? JSON.stringify(value) : String(value as string);
  const length = [...text].length;
  if (length > to - from) throw unwritable(count, `the value ${JSON.stringify(text.slice(0, 60))} of ${JSON.stringify(name)} has ${length} characters, and its column ${to - from}`);
  if (/[\r\n]/.test(text)) throw unwritable(count, `the value of ${JSON.stringify(name)} has a line end`);
  const filling = (isNull ? ' ' : pad).repeat(to - from - length);
  // The sign stands before the zeros.
  if (isNumber && isRight && pad === '0' && text.startsWith('-')) return `-${filling}${text.slice(1)}`;
  return isRight ? filling + text : text + filling;
}

/** Digit by digit, since a text may have more of them than a number holds. */
function numberText(value: unknown, { name, decimals }: Column, count: number): string {
  const given = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const text = plainDigits(given.replace(/^\+/, ''));
  if (/^-?\d[\d.]*e/i.test(text)) throw unwritable(count, `the number ${text} of ${JSON.stringify(name)} is too large or too small`);
  const [, sign = '', digits = ''] = /^([+-]?)(\d+\.?\d*|\.\d+)$/.exec(text) ?? [];
  const plain = plainNumber(sign, digits);
  const [whole = '', fraction = ''] = plain.split('.');
  if (digits === '' || (decimals > 0 && fraction.length > decimals)) throw unwritable(count, `${JSON.stringify(value)} is no number${decimals > 0 ? ` with at most ${decimals} decimals` : ''}, which ${JSON.stringify(name)} is`);
  return decimals > 0 ? `${whole}${fraction.padEnd(decimals, '0')}`.replace(/^(-?)0+(?=\d)/, '$1') : plain;
}

const unwritable = (count: number, reason: string): FlowError => new FlowError('DATA_INVALID', `Record ${count} cannot be written with fixed width: ${reason}.`, { details: { record: count } });
