import { asText, cannotTake, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'parse-number',
  title: 'Read number',
  summary: 'Reads a number as people of a country write it.',
  description: 'Signs of currencies, letters of units, percent signs and spaces around are left out; brackets around it make it negative, as in accounting. Null, a missing value and empty text give null; what is no number is an error.',
  takes: ['string', 'number', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Language and country whose notation counts, such as `de` or `fr-CH`.' } },
    additionalProperties: false,
  },
  examples: [
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
    { title: 'A decimal comma where a point is meant', settings: {}, input: '1,5', error: 'DATA_INVALID' },
    { title: 'A word', settings: {}, input: 'ten', error: 'DATA_INVALID' },
    { title: 'A list', settings: {}, input: [1], error: 'DATA_INVALID' },
  ],
  compile: ({ language }) => {
    const { decimal, digits } = notationOf(language);
    const mark = new RegExp(`^([+-]?)([^${decimal}]*)(?:[${decimal}](\\d*))?$`, 'u');
    return (value) => {
      if (value === null || value === undefined) return null;
      if (typeof value === 'number') return value;
      const given = asText(value, 'parse-number');
      const text = [...given].map((sign) => digits.get(sign) ?? sign).join('').replaceAll('−', '-').replaceAll(/[\p{Sc}%]/gu, '').replaceAll(/^[\s(]*\p{L}+\.?|\p{L}+\.?[\s)]*$/gu, (found) => found.replaceAll(/[^()]/g, '')).trim();
      if (text === '' && given.trim() === '') return null;
      const isLoss = text.startsWith('(') && text.endsWith(')');
      const [, sign, whole = '', part = ''] = mark.exec((isLoss ? text.slice(1, -1) : text).trim()) ?? [];
      if (sign === undefined || whole + part === '' || !isGrouped(whole)) throw cannotTake(value, 'parse-number', `a number as ${language} writes it`);
      const number = Number(`${sign}${whole.replaceAll(/\D/g, '') || '0'}.${part || '0'}`);
      return isLoss ? -number : number;
    };
  },
});

/** Groups after the first have two or three digits, the last three, and one sign between them. */
const isGrouped = (whole: string): boolean => /^\d*$|^\d{1,3}([^\d+-])(?:\d{2,3}\1)*\d{3}$/u.test(whole);

function notationOf(language: string): { readonly decimal: string; readonly digits: ReadonlyMap<string, string> } {
  try {
    const format = new Intl.NumberFormat(language, { useGrouping: false });
    const decimal = format.formatToParts(1.5).find(({ type }) => type === 'decimal')!.value;
    return { decimal, digits: new Map(Array.from({ length: 10 }, (_, digit) => [format.format(digit), String(digit)])) };
  } catch {
    throw new FlowError('CONFIG_INVALID', `${JSON.stringify(language)} is no language: write it like en or pt-BR.`, { place: { pointer: '/language' } });
  }
}
