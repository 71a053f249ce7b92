import { isHeld } from './json.ts';

const plain = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i;

/** A number, or a text that is one in plain notation. */
export const isNumeric = (value: unknown): value is number | string => (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && plain.test(value));

/** A number as it comes in payloads: one that JavaScript cannot hold is a text of its digits. */
export const isCount = (value: unknown): value is number | string => typeof value === 'number' || isKeptNumber(value);

/** A text that is a number in JSON, of more digits than a number holds. */
export const isKeptNumber = (value: unknown): value is string => typeof value === 'string' && value.length >= 16 && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) && !isHeld(Number(value), value);

/** Below 0, 0 or above, to the last digit: numbers that are too long for a number, such as ids, come as text. */
export function compareNumbers(left: number | string, right: number | string): number {
  if (isShort(left) && isShort(right)) return Number(left) - Number(right);
  const [a, b] = [partsOf(left), partsOf(right)];
  const places = Math.max(a.places, b.places);
  const [x, y] = [a.digits * 10n ** BigInt(places - a.places), b.digits * 10n ** BigInt(places - b.places)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** So short that nothing is lost when it becomes a number. */
const isShort = (value: number | string): boolean => typeof value === 'number' || (value.length <= 15 && !/e/i.test(value));

function partsOf(value: number | string): { readonly digits: bigint; readonly places: number } {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(String(value).trim()) ?? [];
  const places = fraction.length - Number(exponent);
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}
