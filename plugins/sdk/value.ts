import { FlowError } from './errors.ts';

// What nearly every transform does with the value it is given. Null and undefined are for the caller to decide on before.

/** Text of a string, number or boolean. Fails with `DATA_INVALID` for lists, objects, null and undefined. */
export function asText(value: unknown, transform: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  throw cannotTake(value, transform, 'a text, a number or a boolean');
}

/** A number, or a text that is one in plain notation (`-12.5`, `1e3`). Fails with `DATA_INVALID` for anything else. */
export function asNumber(value: unknown, transform: string): number {
  const number = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw cannotTake(value, transform, 'a number');
}

/** A number without the binary noise behind its 15th digit, as sums and products have it. Whole numbers keep all their digits. */
export function withoutNoise(number: number): number {
  if (Number.isInteger(number)) return number;
  // What has six decimals at most and is not large has no noise: to print it would cost more than all the rest.
  if (number < 1e8 && number > -1e8 && Math.round(number * 1e6) / 1e6 === number) return number;
  return Number(number.toPrecision(15));
}

/** A list. Fails with `DATA_INVALID` for anything else. */
export function asList(value: unknown, transform: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw cannotTake(value, transform, 'a list');
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
