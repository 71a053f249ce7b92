import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'first-word',
  title: 'First word',
  summary: 'Gives the first word of a text.',
  description: 'Words are separated by white space. Text without words gives empty text. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'In practice: the code of a delivery service', settings: {}, input: 'DHL Paket International (Zone 2)', output: 'DHL' },
    { title: 'The first name of a customer', settings: {}, input: ' Ada King  Lovelace ', output: 'Ada' },
    { title: 'A single word', settings: {}, input: 'Prince', output: 'Prince' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A list', settings: {}, input: ['a b'], error: 'DATA_INVALID' },
  ],
  compile: () => (value) => (value === null || value === undefined ? value : asText(value, 'first-word').trim().split(/\s+/).at(0)),
});
