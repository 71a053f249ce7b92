import { FlowError, parseJson, withoutLastZeros } from '../../sdk/index.ts';

// How values of databases become JSON values, and back.

/** A whole or decimal number by its text: a number where JavaScript holds exactly that one, else the text. */
export function numberOf(text: string): number | string {
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
  const value = parseJson(text.replace(/^(-?)0+(?=\d)/, '$1'));
  return typeof value === 'number' ? value : text;
}

/** `2024-01-31 12:00:00.5+02` as `2024-01-31T12:00:00.5+02:00`, with `Z` for no offset; what looks otherwise (`infinity`, years of five digits) stays. */
export function timeOf(text: string, zone = ''): string {
  const [, date, time, fraction = '', offset = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (date === undefined) return text;
  const shift = offset === '' ? zone : /^[+-]00(:?00)?$/.test(offset) ? 'Z' : offset.length === 3 ? `${offset}:00` : offset;
  const part = withoutLastZeros(fraction).replace(/\.$/, '');
  return `${date}T${time}${part}${shift}`;
}

/** A time with or without a zone, as ISO writes it, in UTC and as databases write it: `2024-01-31 10:00:00.5`. What is no such time stays. */
export function utcOf(text: string): string {
  const [, date, time, fraction = '', zone] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(text) ?? [];
  if (date === undefined) return text;
  const seconds = time!.length === 5 ? `${time}:00` : time!;
  if (zone === undefined || /^z$/i.test(zone)) return `${date} ${seconds}${fraction}`;
  const offset = zone.length === 3 ? `${zone}:00` : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const at = new Date(`${date}T${seconds}${offset}`);
  return Number.isNaN(at.getTime()) ? text : `${at.toISOString().slice(0, 19).replace('T', ' ')}${fraction}`;
}

/** JSON of a database; numbers that JavaScript cannot hold become texts. */
export function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** The bytes of a text in base64. Fails with `DATA_INVALID`. */
export function bytesOf(value: unknown): Buffer {
  if (typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0) return Buffer.from(value, 'base64');
  throw new FlowError('DATA_INVALID', 'The value for a column of bytes must be a text in base64.');
}

export const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Objects and lists as JSON, all else as it is. */
export const plain = (value: unknown): unknown => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
