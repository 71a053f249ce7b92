/**
 * Parses JSON and alters no number: one that JavaScript cannot hold stays as its text, digit by digit. These are whole numbers beyond 2^53 − 1, such as the ids
 * of some shops (each of them, so that the ids of one system are of one type), numbers of more than 17 digits of which some would be lost, and those that are
 * too large or too small. `kept` is told of the first one. Throws a `SyntaxError`, as `JSON.parse` does.
 */
export function parseJson(text: string, kept?: (number: string) => void): unknown {
  if (!suspects.test(text) && !isNumber.test(text)) return JSON.parse(text);
  let isTold = false;
  return JSON.parse(text, ((_key: string, value: unknown, { source }: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || source === undefined || isHeld(value, source)) return value;
    if (!isTold) kept?.(source);
    isTold = true;
    return source;
  }) as Parameters<typeof JSON.parse>[1]);
}

/** Where a number stands that is whole and of 16 digits, has 18 that count, or an exponent of three. A text that only looks like it costs time and nothing else. */
const suspects = /[:,[]\s*-?(?:\d{16}|0\.0*[1-9]\d{17}|[1-9][\d.]{18}|\d[\d.]*[eE][+-]?\d{3})/;
const isNumber = /^\s*-?\d/;

function isHeld(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  const digits = digitsOf(source);
  // As many digits as there are: what another program printed of the very same number.
  return value === 0 ? digits === '' : digits.length <= 17 || (digits.length <= 100 && digitsOf(value.toPrecision(digits.length)) === digits);
}

/** The digits that count: without sign, point, exponent and the zeros around them. */
const digitsOf = (number: string): string => number.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
