import { allDigits, cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'cast-to-number',
  aliases: ['cast-to-float'],
  title: 'Cast to number',
  summary: 'Turns text into a number.',
  description:
    'Groups of three digits may be separated (`1,234.50`, with a decimal comma `1.234,50`), also by spaces or apostrophes. True is 1, false is 0. Null and empty text give null, unless `empty` says otherwise; a missing value stays missing. Anything else that is not a number is an error, and so is one of which digits would be lost.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: {
      decimal: { type: 'string', enum: ['.', ','], default: '.', title: 'Decimal mark', description: 'Character between the whole number and its fraction.' },
      empty: {
        type: 'string', enum: ['null', 'zero', 'error'], default: 'null', title: 'Empty text',
        description: 'What empty text gives.', enumDescriptions: ['Null.', 'The number 0.', 'An error.'],
      },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: an amount of a German bank', settings: { decimal: ',' }, input: '-1.234.567,89', output: -1_234_567.89 },
    { title: 'A price from a CSV file', settings: {}, input: ' 1,234.50 ', output: 1234.5 },
    { title: 'A German price', settings: { decimal: ',' }, input: '1.234,50', output: 1234.5 },
    { title: 'A boolean', settings: {}, input: true, output: 1 },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Empty text as zero', settings: { empty: 'zero' }, input: ' ', output: 0 },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'Text that is no number', settings: {}, input: '12 apples', error: 'DATA_INVALID' },
    { title: 'An id that is too long for a number', settings: {}, input: '9007199254740993', error: 'DATA_INVALID' },
    { title: 'A round one that is too long', settings: {}, input: '1000000000000000000', error: 'DATA_INVALID' },
    { title: 'A number that is too large', settings: {}, input: '1e999', error: 'DATA_INVALID' },
    { title: 'A list', settings: {}, input: [1], error: 'DATA_INVALID' },
  ],
  compile: ({ decimal, empty }) => (value) => {
    if (value === null || value === undefined) return value;
    if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
    if (typeof value !== 'string') throw cannotTake(value, 'cast-to-number', 'a text, a number or a boolean');
    const text = value.trim();
    if (text === '' && empty !== 'error') return empty === 'zero' ? 0 : null;
    if (!(decimal === '.' ? withPoint : withComma).test(text)) throw cannotTake(value, 'cast-to-number', 'a text that is a number');
    const plain = decimal === '.' ? text.replace(/[,' \u00a0\u202f]/g, '') : text.replace(/[.' \u00a0\u202f]/g, '').replace(',', '.');
    return allDigits(plain, Number(plain), 'cast-to-number');
  },
});

const withPoint = /^[+-]?(?:(?:\d{1,3}(?:[,' \u00a0\u202f]\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const withComma = /^[+-]?(?:(?:\d{1,3}(?:[.' \u00a0\u202f]\d{3})+|\d+)(?:,\d*)?|,\d+)(?:e[+-]?\d+)?$/i;
