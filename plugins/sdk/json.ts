/**
 * Parses JSON and alters no number: one that JavaScript cannot hold stays as its text, digit by digit. These are whole numbers beyond 2^53 − 1 with
 * 16 digits that count and more, such as the ids of some shops (each of them, so that the ids of one system are of one type), other numbers of as many digits of
 * which some would be lost, and those that are too large or too small. What was read is printed by `JSON.stringify` as what is read as the same again, whatever way
 * a number was written. `kept` is told of the first number that stays a text. Throws a `SyntaxError`, as `JSON.parse` does.
 */
export function parseJson(text: string, kept?: (number: string) => void): unknown {
  if (!isNumber.test(text) && !isSuspect(text)) return JSON.parse(text);
  let isTold = false;
  return JSON.parse(text, ((_key: string, value: unknown, { source }: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || source === undefined || isHeld(value, source)) return value;
    if (!isTold) kept?.(source);
    isTold = true;
    return source;
  }) as Parameters<typeof JSON.parse>[1]);
}

/** Whether a number stands in it that is not held. A text that only looks like one costs time and nothing else. */
function isSuspect(text: string): boolean {
  for (const [, number] of text.matchAll(longNumbers)) if (!isHeld(Number(number), number!)) return true;
  return false;
}

/** Numbers that are whole and of 16 digits, have 16 that count, 16 characters and an exponent, or an exponent of three. */
const longNumbers = /[:,[]\s*(-?(?=\d{16}|0\.0*[1-9]\d{15}|[1-9][\d.]{16}|\d[\d.]{15,}[eE]\+?\d|\d[\d.]*[eE][+-]?\d{3})[\d.]+(?:[eE][+-]?\d+)?)/g;
const isNumber = /^\s*-?\d/;

/**
 * Whether `value` is all that the text `source` says. Of a whole number beyond 2^53 − 1 it is where 15 digits count at most, as in 1e18 and 1000000000000000000: all of
 * those are printed as they were; of one with 16 some would be held and others not. Of a fraction, whether it is written so; of one with 17 digits and more, which
 * other programs print of the very same number, whether it is so with as many.
 */
export function isHeld(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  const isWhole = /^-?\d+(?:\.0*)?$/.test(source);
  if (isWhole && Number.isSafeInteger(value)) return true;
  // From 1e21 on numbers are printed with an exponent, and cannot be taken for ids.
  if (isWhole || (Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21)) return digitsOf(source).length <= 15;
  if (String(value) === source) return true;
  const digits = digitsOf(source);
  return value === 0 ? digits === '' : digits.length <= 100 && digitsOf(digits.length < 17 ? String(value) : value.toPrecision(digits.length)) === digits;
}

/** Whether a number reads as another than is written there. One that a program has printed, rounded as it was, reads as itself. */
export const losesDigits = (value: number, source: string): boolean => !isHeld(value, source) && digitsOf(String(value)) !== digitsOf(source);

/** JSON whose fields are in the order of their names: that of values that are the same is the same. */
export const sortedJson = (value: unknown): string => JSON.stringify(value, typeof value === 'object' ? inOrder : undefined) ?? 'undefined';

const inOrder = (_name: string, field: unknown): unknown => (typeof field === 'object' && field !== null && !Array.isArray(field) ? Object.fromEntries(Object.entries(field).sort(([left], [right]) => (left < right ? -1 : 1))) : field);

/** The digits that count: without sign, point, exponent and the zeros around them. */
const digitsOf = (number: string): string => number.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
