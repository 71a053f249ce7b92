import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'suffix',
  title: 'Suffix',
  summary: 'Puts a text after the value.',
  description: 'Numbers and booleans are written as text. Null and a missing value stay as they are. Lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: { suffix: { type: 'string', title: 'Suffix', description: 'The text to put after the value.', 'x-expression': true } },
    required: ['suffix'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the unit of a price, as German law wants it', settings: { suffix: ' € / 100 ml' }, input: '4,99', output: '4,99 € / 100 ml' },
    { title: 'A weight with its unit', settings: { suffix: ' kg' }, input: 2.5, output: '2.5 kg' },
    { title: 'Empty text', settings: { suffix: ' kg' }, input: '', output: ' kg' },
    { title: 'Null stays null', settings: { suffix: ' kg' }, input: null, output: null },
    { title: 'An object', settings: { suffix: ' kg' }, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ suffix }) => (value) => (value === null || value === undefined ? value : asText(value, 'suffix') + suffix),
});
