/**
 * Parses JSON and alters no number: one that JavaScript cannot hold stays as its text, digit by digit. These are whole numbers beyond 2^53 − 1, such as the ids
 * of some shops (each of them that JavaScript would print digit by digit, so that the ids of one system are of one type), numbers of 16 digits and more of which
 * some would be lost, and those that are too large or too small. Their exponents are written out (`plainDigits`), since databases and files want digits. What was
 * read is printed by `JSON.stringify` as what is read as the same again, whatever way a number was written. `kept` is told of the first number that stays a text. Throws a `SyntaxError`, as `JSON.parse` does.
 */
export function parseJson(text: string, kept?: (number: string) => void): unknown {
  if (!isNumber.test(text) && !isSuspect(text)) return JSON.parse(text);
  let isTold = false;
  return JSON.parse(text, ((_key: string, value: unknown, { source }: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || source === undefined || isHeld(value, source)) return value;
    const digits = plainDigits(source);
    if (!isTold) kept?.(digits);
    isTold = true;
    return digits;
  }) as Parameters<typeof JSON.parse>[1]);
}

/** Whether a number stands in it that is not held. A text that only looks like one costs time and nothing else. */
function isSuspect(text: string): boolean {
  for (const [, number] of text.matchAll(longNumbers)) if (!isHeld(Number(number), number!)) return true;
  return false;
}

/** Numbers that are whole and of 16 digits, have 16 that count or 16 characters, and those with an exponent. */
const longNumbers = /[:,[]\s*(-?(?=\d{16}|0\.0*[1-9]\d{15}|[1-9][\d.]{16}|\d[\d.]*[eE])[\d.]+(?:[eE][+-]?\d+)?)/g;
const isNumber = /^\s*-?\d/;

/**
 * Whether `value` is all that the text `source` says. Of a whole number it is up to 2^53 − 1, whatever way it is written; from 1e21 on, where numbers are printed with an exponent
 * and cannot be taken for ids, it is for one that is written so. Of a fraction, whether it is written so; of one with 17 digits and more, which other programs
 * print of the very same number, whether it is so with as many.
 */
export function isHeld(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  const isWhole = /^-?\d+(?:\.0*)?$/.test(source);
  if (isWhole || (Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21)) return Number.isSafeInteger(value);
  if (String(value) === source) return true;
  const digits = digitsOf(source);
  return value === 0 ? digits === '' : digits.length <= 100 && digitsOf(digits.length < 17 ? String(value) : value.toPrecision(digits.length)) === digits;
}

/** Why a number is not held (`isHeld`), behind "it ". */
export function whyNotHeld(value: number, source: string): string {
  if (!Number.isFinite(value)) return 'is too large for a number';
  if (value === 0) return 'is too small for a number';
  const isWhole = /^-?\d+$/.test(withoutExponent(source));
  return isWhole && Math.abs(value) > Number.MAX_SAFE_INTEGER ? `is beyond ${Number.MAX_SAFE_INTEGER}, up to which whole numbers are held` : 'has more digits than a number holds';
}

/** A number as its digits, without an exponent, where JavaScript prints numbers of its size without; else as it is, so that none becomes long. */
export function plainDigits(number: string): string {
  const size = Math.abs(Number(number));
  return /e/i.test(number) && size >= 1e-6 && size < 1e21 ? withoutExponent(number) : number;
}

/** A number in full, without zeros that do not count. What is no number stays as it is. */
export function withoutExponent(number: string): string {
  const [, sign, whole = '', part = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  if (sign === undefined) return number;
  const point = whole.length + Number(exponent);
  const all = `${'0'.repeat(Math.max(0, -point))}${whole}${part}`.padEnd(point, '0');
  const at = Math.max(0, point);
  const [before, behind] = [all.slice(0, at).replace(/^0+(?=\d)/, '') || '0', withoutLastZeros(all.slice(at))];
  const digits = behind === '' ? before : `${before}.${behind}`;
  return digits === '0' ? digits : `${sign}${digits}`;
}

/** JSON whose fields are in the order of their names: that of values that are the same is the same. */
export const sortedJson = (value: unknown): string => JSON.stringify(value, typeof value === 'object' ? inOrder : undefined) ?? 'undefined';

const inOrder = (_name: string, field: unknown): unknown => (typeof field === 'object' && field !== null && !Array.isArray(field) ? Object.fromEntries(Object.entries(field).sort(([left], [right]) => (left < right ? -1 : 1))) : field);

/** The digits that count: without sign, point, exponent and the zeros around them. */
const digitsOf = (number: string): string => withoutLastZeros(number.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, ''));

/** In one go: a regular expression begins anew at each zero of a long number. */
export function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
