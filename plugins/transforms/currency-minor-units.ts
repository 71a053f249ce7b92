import { asNumber, cannotTake, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'currency-minor-units',
  title: 'Currency minor units',
  summary: 'Turns an amount into pence, cents and the like, or back.',
  description: 'Knows how many decimals a currency has: 2 for GBP, 0 for JPY, 3 for KWD. Without a fixed currency the value is a pair of amount and currency code. Minor units are rounded to whole ones, halves away from zero. Null and a missing value or amount give null; other values, and unknown currencies, are an error.',
  takes: ['number', 'string', 'array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: {
      direction: { type: 'string', enum: ['to-minor', 'from-minor'], default: 'to-minor', title: 'Direction', description: 'Which way to turn the amount.', enumDescriptions: ['19.99 → 1999', '1999 → 19.99'] },
      currency: { type: 'string', pattern: '^[A-Z]{3}$', title: 'Currency', description: 'ISO 4217 code; without it the second source gives the code.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A price for a payment provider', settings: { currency: 'GBP' }, input: '19.99', output: 1999 },
    { title: 'The currency from the order', settings: {}, input: [500, 'JPY'], output: 500 },
    { title: 'Back, with three decimals', settings: { direction: 'from-minor', currency: 'KWD' }, input: 1234, output: 1.234 },
    { title: 'A fraction of a penny is rounded', settings: { currency: 'GBP' }, input: 1.005, output: 101 },
    { title: 'Null stays null', settings: { currency: 'GBP' }, input: null, output: null },
    { title: 'Empty text', settings: { currency: 'GBP' }, input: '', error: 'DATA_INVALID' },
    { title: 'No currency', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: (settings) => (value) => {
    const [amount, code = settings.currency] = Array.isArray(value) ? value : [value];
    if (amount === null || amount === undefined) return null;
    const number = asNumber(amount, 'currency-minor-units');
    if (typeof code !== 'string') throw cannotTake(value, 'currency-minor-units', 'a pair of amount and currency code');
    const places = decimalsOf(code);
    if (settings.direction === 'from-minor') return shift(number, -places);
    return Math.sign(number) * Math.round(shift(Math.abs(number), places)) || 0;
  },
});

function decimalsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The transform "currency-minor-units" does not know the currency ${JSON.stringify(currency)}: give a code of three letters such as GBP.`, { cause, details: { transform: 'currency-minor-units' } });
  }
}

/** Moves the decimal point in the text of the number, so that 19.99 gives 1999 and not 1998.9999999999998. */
function shift(number: number, places: number): number {
  const [digits, exponent = '0'] = String(number).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
