import { allDigits, asText, cannotTake, defineTransform, languageOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'parse-number',
  title: 'Read number',
  summary: 'Reads a number as people of a country write it.',
  description: 'Groups of three digits, or of two where the language has them so, may be set apart by the sign of the language, by spaces or by apostrophes; any other sign among the digits is an error. Signs of currencies, letters of a unit on one side of it, percent signs and spaces around are left out; brackets around it make it negative, as in accounting. Null and empty text give null, and a missing value stays missing; what is no number is an error, and so is one of which digits would be lost.',
  takes: ['string', 'number', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Language and country whose notation counts, such as `de` or `fr-CH`.' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the balance of an Austrian account', settings: { language: 'de-AT' }, input: '€ -1.234.567,89', output: -1_234_567.89 },
    { title: 'A price', settings: {}, input: '£1,234.50', output: 1234.5 },
    { title: 'A German price', settings: { language: 'de' }, input: '1.234,50 €', output: 1234.5 },
    { title: 'A French one, with narrow spaces', settings: { language: 'fr' }, input: '1\u202f234,5', output: 1234.5 },
    { title: 'Swiss', settings: { language: 'de-CH' }, input: "CHF 1'234.50", output: 1234.5 },
    { title: 'A loss', settings: {}, input: '(12.50)', output: -12.5 },
    { title: 'A minus of typography', settings: {}, input: '−5', output: -5 },
    { title: 'A number stays one', settings: {}, input: 5, output: 5 },
    { title: 'Digits of another script', settings: { language: 'ar-EG' }, input: '١٢٫٥', output: 12.5 },
    { title: 'Empty text', settings: {}, input: ' ', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'Empty', settings: {}, input: '', output: null },
    { title: 'A decimal comma where a point is meant', settings: {}, input: '1,5', error: 'DATA_INVALID' },
    { title: 'A word', settings: {}, input: 'ten', error: 'DATA_INVALID' },
    { title: 'An id that is too long for a number', settings: {}, input: '9007199254740993', error: 'DATA_INVALID' },
    { title: 'A formula', settings: {}, input: 'H2O', error: 'DATA_INVALID' },
    { title: 'A language that does not exist', settings: { language: 'nonsense' }, input: '1', error: 'CONFIG_INVALID' },
    { title: 'A list', settings: {}, input: [1], error: 'DATA_INVALID' },
    { title: 'India', settings: { language: 'en-IN' }, input: '₹12,34,567.50', output: 1_234_567.5 },
    { title: 'Groups of two where the language has none', settings: {}, input: '12,34,567', error: 'DATA_INVALID' },
    { title: 'A total with spaces between the groups', settings: {}, input: 'EUR 1 234 567.89', output: 1_234_567.89 },
    { title: 'A currency after a loss in brackets', settings: {}, input: '(1,234.50) USD', output: -1234.5 },
    { title: 'A minus before the currency', settings: { language: 'de' }, input: '-€1.234,50', output: -1234.5 },
    { title: 'A percentage', settings: { language: 'de' }, input: '12,5 %', output: 12.5 },
    { title: 'A time', settings: {}, input: '12:345', error: 'DATA_INVALID' },
    { title: 'A telephone number', settings: {}, input: '030/123', error: 'DATA_INVALID' },
    { title: 'Groups of another language', settings: {}, input: '1.234.567', error: 'DATA_INVALID' },
    { title: 'Groups set apart in two ways', settings: {}, input: '1,234 567', error: 'DATA_INVALID' },
    { title: 'A group of two digits', settings: {}, input: '1,23', error: 'DATA_INVALID' },
    { title: 'A minus within brackets', settings: {}, input: '(-5)', error: 'DATA_INVALID' },
    { title: 'One bracket', settings: {}, input: '(5', error: 'DATA_INVALID' },
    { title: 'A sign of a currency between digits', settings: {}, input: '12$5', error: 'DATA_INVALID' },
  ],
  compile: ({ language }) => {
    const { decimal, groups, digits } = notationOf(language);
    const parts = new RegExp(`^(?<start>${before})(?<whole>\\d${groups}|)(?:[${decimal}](?<part>\\d*))?(?<end>${behind})$`, 'u');
    return (value) => {
      if (value === null || value === undefined) return value;
      if (typeof value === 'number') return value;
      const given = asText(value, 'parse-number');
      if (given.trim() === '') return null;
      const text = [...given].map((sign) => digits.get(sign) ?? sign).join('').replaceAll('−', '-');
      const { start = '', whole = '', part = '', end = '' } = parts.exec(text)?.groups ?? {};
      const sign = signs[(start + end).replaceAll(/[^-+()]/g, '')];
      // A unit stands on one side.
      if (whole + part === '' || sign === undefined || (/\p{L}/u.test(start) && /\p{L}/u.test(end))) throw cannotTake(value, 'parse-number', `a number as ${language} writes it`);
      const plain = `${sign}${whole.replaceAll(/\D/g, '') || '0'}.${part || '0'}`;
      return allDigits(plain, Number(plain), 'parse-number');
    };
  },
});

/** What may stand around the digits: a unit, signs of currencies and percent, spaces. */
const around = (more: string): string => `[\\s\\p{Sc}%${more}]*(?:\\p{L}+\\.?[\\s\\p{Sc}%${more}]*)?`;
const before = around('(+-');
const behind = around(')');

/** By what there is of sign and brackets. */
const signs: Readonly<Record<string, string>> = { '': '', '+': '', '-': '-', '()': '-' };

interface Notation {
  readonly decimal: string;
  /** What may follow the first digit of the whole number. */
  readonly groups: string;
  readonly digits: ReadonlyMap<string, string>;
}

function notationOf(tag: string): Notation {
  const language = languageOf(tag);
  const parts = [new Intl.NumberFormat(language), new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' })].flatMap((format) => format.formatToParts(1_234_567.5));
  const decimal = parts.find(({ type }) => type === 'decimal')!.value;
  const marks = new Set([" '\u00a0\u202f\u2009’", ...parts.filter(({ type, value }) => type === 'group' && value !== decimal).map(({ value }) => value)].join(''));
  const isInTwos = parts.filter(({ type }) => type === 'integer').some(({ value }, index) => index > 0 && [...value].length === 2);
  const numbers = new Intl.NumberFormat(language, { useGrouping: false });
  return {
    decimal, digits: new Map(Array.from({ length: 10 }, (_, digit) => [numbers.format(digit), String(digit)])),
    groups: `(?:\\d*|\\d{0,2}(?<mark>[${[...marks].join('')}])\\d{3}(?:\\k<mark>\\d{3})*${isInTwos ? `|\\d?(?<two>[${[...marks].join('')}])(?:\\d{2}\\k<two>)*\\d{3}` : ''})`,
  };
}
