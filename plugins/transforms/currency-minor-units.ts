import { asNumber, cannotTake, defineTransform, FlowError, isHeld, movePoint } from '../sdk/index.ts';

export default defineTransform({
  type: 'currency-minor-units',
  title: 'Currency minor units',
  summary: 'Turns an amount into pence, cents and the like, or back.',
  description: 'Knows how many decimals a currency has by ISO 4217: 2 for GBP, 0 for JPY, 3 for KWD. Without a fixed currency the value is a pair of amount and currency code. Minor units are rounded to whole ones, halves away from zero. Null, and a pair without an amount, give null, and a missing value stays missing; other values, and unknown currencies, are an error.',
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
    { title: 'In practice: a refund in dinars of Kuwait, for a payment provider', settings: {}, input: ['-12.345', 'KWD'], output: -12_345 },
    { title: 'A price for a payment provider', settings: { currency: 'GBP' }, input: '19.99', output: 1999 },
    { title: 'The currency from the order', settings: {}, input: [500, 'JPY'], output: 500 },
    { title: 'Back, with three decimals', settings: { direction: 'from-minor', currency: 'KWD' }, input: 1234, output: 1.234 },
    { title: 'A fraction of a penny is rounded', settings: { currency: 'GBP' }, input: 1.005, output: 101 },
    { title: 'Two decimals that people do not write', settings: { currency: 'HUF' }, input: 19.99, output: 1999 },
    { title: 'Three decimals', settings: {}, input: ['19.99', 'IQD'], output: 19_990 },
    { title: 'Four decimals', settings: {}, input: [1.2345, 'CLF'], output: 12_345 },
    { title: 'A currency that does not exist', settings: {}, input: [5, 'XYZ'], error: 'DATA_INVALID' },
    { title: 'A code in small letters', settings: {}, input: [5, 'gbp'], error: 'DATA_INVALID' },
    { title: 'Null stays null', settings: { currency: 'GBP' }, input: null, output: null },
    { title: 'Empty text', settings: { currency: 'GBP' }, input: '', error: 'DATA_INVALID' },
    { title: 'A text that is too long for a number', settings: { currency: 'GBP' }, input: '90071992547409.93456', error: 'DATA_INVALID' },
    { title: 'An amount whose pence are too many for a number', settings: { currency: 'GBP' }, input: '90071992547409.93', error: 'DATA_INVALID' },
    { title: 'Pence of which no number has all digits', settings: { direction: 'from-minor', currency: 'GBP' }, input: 9_007_199_254_740_991, error: 'DATA_INVALID' },
    { title: 'No currency', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: (settings) => (value) => {
    if (value === undefined) return undefined;
    const [amount, code = settings.currency] = Array.isArray(value) ? value : [value];
    if (amount === null || amount === undefined) return null;
    const number = asNumber(amount, 'currency-minor-units');
    if (typeof code !== 'string') throw cannotTake(value, 'currency-minor-units', 'a pair of amount and currency code');
    const places = decimalsOf(code);
    if (settings.direction === 'from-minor') return allHeld(movePoint(number, -places), number, amount);
    const minor = Math.sign(number) * Math.round(movePoint(Math.abs(number), places)) || 0;
    if (!Number.isSafeInteger(minor)) throw tooLarge(amount);
    return minor;
  },
});

/** An amount that has all digits of its minor units. */
function allHeld(moved: number, minor: number, amount: unknown): number {
  const [digits = '', exponent = '0'] = String(minor).split('e');
  if (isHeld(moved, `${digits}e${exponent}`)) return moved;
  throw tooLarge(amount);
}

const tooLarge = (amount: unknown): FlowError =>
  new FlowError('DATA_INVALID', `The transform "currency-minor-units" would lose digits: ${String(amount)} is too large an amount.`, { details: { transform: 'currency-minor-units' } });

// ISO 4217, and not what `Intl` knows: that tells with how many decimals people write an amount, which for the forint or the rupiah is none.
const codes: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP
    DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    ANG CUC HRK SLL ZWL`, // The last ones are no more, but stand in old orders.
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const decimals = new Map(Object.entries(codes).flatMap(([places, list]) => list.split(/\s+/).map((code) => [code, Number(places)] as const)));

function decimalsOf(currency: string): number {
  const places = decimals.get(currency);
  if (places !== undefined) return places;
  throw new FlowError('DATA_INVALID', `The transform "currency-minor-units" does not know the currency ${JSON.stringify(currency)}: give a code of ISO 4217 such as GBP.`, { details: { transform: 'currency-minor-units' } });
}
