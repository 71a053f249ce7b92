import { asList, asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'array-join',
  title: 'Join list',
  summary: 'Makes one text of a list.',
  description: 'Null and missing items are left out. An empty list gives empty text. Null and a missing value stay as they are; anything that is not a list, and items that are lists or objects, are an error.',
  takes: ['array', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: { separator: { type: 'string', default: ',', title: 'Separator', description: 'The text between two items.' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: tags of a product for a feed', settings: { separator: '|' }, input: ['Geschenk', 'Für Kinder', 'bis 36 °C'], output: 'Geschenk|Für Kinder|bis 36 °C' },
    { title: 'The SKUs of an order', settings: { separator: ', ' }, input: ['A-1', 'B-2'], output: 'A-1, B-2' },
    { title: 'Numbers and null', settings: {}, input: [1, null, 2], output: '1,2' },
    { title: 'An empty list', settings: {}, input: [], output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'Text', settings: {}, input: 'A-1', error: 'DATA_INVALID' },
  ],
  compile: ({ separator }) => (value) =>
    value === null || value === undefined ? value : asList(value, 'array-join').filter((item) => item !== null && item !== undefined).map((item) => asText(item, 'array-join')).join(separator),
});
