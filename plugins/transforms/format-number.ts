import { asNumber, defineTransform, FlowError, languageOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'format-number',
  aliases: ['format-currency'],
  title: 'Write number',
  summary: 'Writes a number as people of a country do, also as money or percent.',
  description: 'Text that is a number is taken too. Null and a missing value stay as they are; anything else is an error. The places of money are those of the currency where none are set.',
  takes: ['number', 'string', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Language and country whose notation counts, such as `de` or `en-IN`.' },
      style: { type: 'string', enum: ['decimal', 'currency', 'percent'], default: 'decimal', title: 'Style', description: 'What the number is.', enumDescriptions: ['A number.', 'Money.', 'A part of one: 0.5 is 50 %.'] },
      currency: { type: 'string', pattern: '^[A-Z]{3}$', title: 'Currency', description: 'Code of ISO 4217, for money.', 'x-ui': { visibleWhen: { field: 'style', equals: 'currency' } } },
      places: { type: 'integer', minimum: 0, maximum: 15, title: 'Places', description: 'Digits after the decimal mark; without it as many as there are, three at most, and those of the currency for money.' },
      grouping: { type: 'boolean', default: true, title: 'Grouping', description: 'Whether there are separators between groups of digits.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the total of a German invoice, as the shop sends it', settings: { language: 'de', style: 'currency', currency: 'EUR' }, input: '1234567.50', output: '1.234.567,50\u00a0€' },
    { title: 'A quantity', settings: {}, input: 1234567.891, output: '1,234,567.891' },
    { title: 'A German price', settings: { language: 'de', style: 'currency', currency: 'EUR' }, input: '1234.5', output: '1.234,50\u00a0€' },
    { title: 'Yen have no places', settings: { style: 'currency', currency: 'JPY' }, input: 1234.5, output: '¥1,235' },
    { title: 'For a fixed column', settings: { places: 2, grouping: false }, input: 5, output: '5.00' },
    { title: 'A discount', settings: { style: 'percent' }, input: 0.15, output: '15%' },
    { title: 'A discount with a fraction', settings: { style: 'percent' }, input: 0.155, output: '15.5%' },
    { title: 'A German share', settings: { language: 'de', style: 'percent' }, input: '0.0749', output: '7,49\u00a0%' },
    { title: 'India', settings: { language: 'en-IN' }, input: 1234567, output: '12,34,567' },
    { title: 'What is rounded to nothing has no sign', settings: { places: 2 }, input: -0.001, output: '0.00' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A text that is too long for a number keeps its digits', settings: {}, input: '9007199254740993.5', output: '9,007,199,254,740,993.5' },
    { title: 'A word', settings: {}, input: 'ten', error: 'DATA_INVALID' },
    { title: 'Money without a currency', settings: { style: 'currency' }, input: 1, error: 'CONFIG_INVALID' },
    { title: 'A language of whose notation nothing is known is written as English', settings: { language: 'la' }, input: 1234.5, output: '1,234.5' },
    { title: 'A language that nobody knows', settings: { language: 'xx-DE' }, input: 1, error: 'CONFIG_INVALID' },
    { title: 'A language that does not exist', settings: { language: 'not a language' }, input: 1, error: 'CONFIG_INVALID' },
    { title: 'Empty text', settings: {}, input: '', error: 'DATA_INVALID' },
  ],
  compile: ({ language, style, currency, places, grouping }) => {
    if (style === 'currency' && currency === undefined) throw new FlowError('CONFIG_INVALID', 'Money needs a "currency", such as EUR.', { place: { pointer: '/currency' } });
    const format = formatOf(language, { style, useGrouping: grouping, ...(style === 'currency' && { currency: currency! }), ...fractionOf(style, places) });
    return (value) => (value === null || value === undefined ? value : format.format(typeof value === 'string' && isNumber.test(value) ? (value.trim() as `${number}`) : asNumber(value, 'format-number')));
  },
});

/** Written as it is, so that a long one keeps its digits. */
const isNumber = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/;

/** Of its own accord `Intl` leaves percents without places, and money with those of its currency. */
function fractionOf(style: string, places: number | undefined): Intl.NumberFormatOptions {
  if (places !== undefined) return { minimumFractionDigits: places, maximumFractionDigits: places };
  return style === 'currency' ? {} : { minimumFractionDigits: 0, maximumFractionDigits: 3 };
}

const formatOf = (language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(languageOf(language), { signDisplay: 'negative', ...options });
