/** JSON in which a number that JavaScript cannot hold stays as its text, digit by digit, as it does everywhere in Patchbay. */
export const exactJson = (text) => (/\d[\d.]{15}|[eE][+-]?\d{3}/.test(text) ? JSON.parse(text, kept) : JSON.parse(text));

const kept = (_name, value, { source }) => (typeof value === 'number' && source !== undefined && !isHeld(value, source) ? source : value);

function isHeld(value, source) {
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+(?:\.0*)?$/.test(source)) return Number.isSafeInteger(value);
  const digits = digitsOf(source);
  return value === 0 ? digits === '' : digits.length <= 100 && digitsOf(digits.length < 17 ? String(value) : value.toPrecision(digits.length)) === digits;
}

/** Those that count: without sign, point, exponent and the zeros around them. */
const digitsOf = (number) => number.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
