import type { Path } from './context.ts';
import { FlowError } from './errors.ts';
import { calculate } from './decimal.ts';
import { isHeld, whyNotHeld, withoutExponent } from './json.ts';

// What nearly every transform does with the value it is given. Null and undefined are for the caller to decide on before.

/** Text of a string, number or boolean. Fails with `DATA_INVALID` for lists, objects, null and undefined. */
export function asText(value: unknown, transform: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return plainText(value);
  throw cannotTake(value, transform, 'a text, a number or a boolean');
}

/** A number as people write it: with all its digits and no exponent. */
export function plainText(number: number): string {
  const size = Math.abs(number);
  return size < 1e21 && (size >= 1e-6 || size === 0) ? String(number) : withoutExponent(String(number));
}

/** The text of a value that is no list or object where it goes into an address, a header or a form: a number with all its digits. */
export const scalarText = (value: unknown): string => (typeof value === 'number' ? plainText(value) : String(value));

/** A number, or a text that is one in plain notation (`-12.5`, `1e3`). Fails with `DATA_INVALID` for anything else, and for a text of which digits would be lost. */
export function asNumber(value: unknown, transform: string): number {
  const number = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || (typeof value === 'number' && !Number.isFinite(value))) throw cannotTake(value, transform, 'a number');
  return typeof value === 'string' ? allDigits(value, number, transform) : number;
}

/** The number that was read from a text. Fails with `DATA_INVALID` where it has not all digits of the text. */
export function allDigits(text: string, number: number, transform: string): number {
  const source = text.trim().replace(/^\+/, '');
  if (isHeld(number, source)) return number;
  throw new FlowError('DATA_INVALID', `The transform "${transform}" cannot take ${JSON.stringify(text)} as a number: it ${whyNotHeld(number, source)}. Leave it a text.`, { details: { transform } });
}

/** The result of a calculation (`calculate`). Fails with `DATA_INVALID` where digits would be lost: where it says so, and beyond 2^53 − 1. */
export function checkedResult(number: number | undefined, transform: string): number {
  if (number !== undefined && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new FlowError('DATA_INVALID', `The result of the transform "${transform}" is too large for a number: digits would be lost.`, { details: { transform } });
}

/** The sum of numbers, in whose partial sums no digits are lost either. */
export function checkedSum(numbers: readonly number[], transform: string): number {
  let sum = 0;
  for (const number of numbers) sum = checkedResult(calculate('add', sum, number), transform);
  return sum;
}

/** Moves the decimal point in the text of the number, so that 19.99 gives 1999 and not 1998.9999999999998. */
export function movePoint(number: number, places: number): number {
  const [digits, exponent = '0'] = String(number).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The characters of a text as people see them: an emoji or a letter with its accents is one. */
export const charactersOf = (text: string): string[] => (isPlainText(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment));

/** Whether each of its letters is a character. */
export const isPlainText = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** A list. Fails with `DATA_INVALID` for anything else. */
export function asList(value: unknown, transform: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw cannotTake(value, transform, 'a list');
}

/** The numbers of a list, or of a field of its items (of all values of a path that names several), without those that are null or missing. Fails with `DATA_INVALID` as `asList` and `asNumber` do. */
export function numbersOf(value: unknown, field: Path | undefined, transform: string): readonly number[] {
  const items = field ? asList(value, transform).flatMap(field.all) : asList(value, transform);
  return items.every(Number.isFinite) ? (items as readonly number[]) : items.filter((item) => item !== null && item !== undefined).map((item) => asNumber(item, transform));
}

/** The value of a field; of a path that may name several places the list of what it finds, `undefined` where that is nothing. */
export function valueAt({ singular, get, all }: Path, item: unknown): unknown {
  if (singular) return get(item);
  const found = all(item);
  return found.length === 0 ? undefined : found;
}

/** The error for a value that a transform cannot work on. */
export const cannotTake = (value: unknown, transform: string, wanted: string): FlowError =>
  new FlowError('DATA_INVALID', `The transform "${transform}" needs ${wanted}, but the value is ${describeValue(value)}.`, { details: { transform, type: typeOf(value) } });

/** A value for a message: JSON, cut after 100 characters. */
export function describeValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > 100 ? `${text.slice(0, 99)}…` : text;
  return value === null || value === undefined ? shown : `${shown} (${typeOf(value)})`;
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
