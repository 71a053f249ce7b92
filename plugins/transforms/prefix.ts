import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'prefix',
  title: 'Prefix',
  summary: 'Puts a text before the value.',
  description: 'Numbers and booleans are written as text. Null and a missing value stay as they are, so that no lone prefix is sent. Lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: { prefix: { type: 'string', title: 'Prefix', description: 'The text to put before the value.', 'x-expression': true } },
    required: ['prefix'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the mark of the shop before the number of an order', settings: { prefix: 'DE-SHOPIFY-' }, input: '#1042', output: 'DE-SHOPIFY-#1042' },
    { title: 'Order numbers of the web shop', settings: { prefix: 'WEB-' }, input: 1042, output: 'WEB-1042' },
    { title: 'Empty text', settings: { prefix: 'WEB-' }, input: '', output: 'WEB-' },
    { title: 'Null stays null', settings: { prefix: 'WEB-' }, input: null, output: null },
    { title: 'A list', settings: { prefix: 'WEB-' }, input: [1], error: 'DATA_INVALID' },
  ],
  compile: ({ prefix }) => (value) => (value === null || value === undefined ? value : prefix + asText(value, 'prefix')),
});
