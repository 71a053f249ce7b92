/**
 * JSON in which a number that JavaScript cannot hold stays as its digits, as it does everywhere in Patchbay: whole numbers beyond 2^53 − 1, those of which digits
 * would be lost, and those that are too large or too small.
 */
export const exactJson = (text) => (/\d[\d.]{15}|\d[eE][+-]?\d/.test(text) ? JSON.parse(text, kept) : JSON.parse(text));

const kept = (_name, value, { source }) => (typeof value === 'number' && source !== undefined && !isHeld(value, source) ? plainDigits(source) : value);

function isHeld(value, source) {
  if (!Number.isFinite(value)) return false;
  const isWhole = /^-?\d+(?:\.0*)?$/.test(source);
  if (isWhole || (Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21)) return Number.isSafeInteger(value);
  if (String(value) === source) return true;
  const digits = digitsOf(source);
  return value === 0 ? digits === '' : digits.length <= 100 && digitsOf(digits.length < 17 ? String(value) : value.toPrecision(digits.length)) === digits;
}

/** Without an exponent, where JavaScript prints numbers of its size without one. */
function plainDigits(number) {
  const size = Math.abs(Number(number));
  if (!/e/i.test(number) || size < 1e-6 || size >= 1e21) return number;
  const [, sign, whole, part = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d+)$/i.exec(number);
  const point = whole.length + Number(exponent);
  const all = `${'0'.repeat(Math.max(0, -point))}${whole}${part}`.padEnd(point, '0');
  const at = Math.max(0, point);
  const [before, behind] = [all.slice(0, at).replace(/^0+(?=\d)/, '') || '0', all.slice(at).replace(/0+$/, '')];
  return `${sign}${before}${behind && `.${behind}`}`;
}

/** Those that count: without sign, point, exponent and the zeros around them. */
const digitsOf = (number) => number.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
