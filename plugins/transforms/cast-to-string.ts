import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'cast-to-string',
  title: 'Cast to text',
  summary: 'Turns a number, boolean, list or object into text.',
  description: 'Numbers and booleans are written plainly (a number with all its digits and no exponent), lists and objects as JSON. Null stays null, a missing value stays missing.',
  gives: ['string', 'null'],
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'In practice: the barcode of a book', settings: {}, input: 9_783_161_484_100, output: '9783161484100' },
    { title: 'An order number', settings: {}, input: 1042, output: '1042' },
    { title: 'A number that JavaScript writes with an exponent', settings: {}, input: 0.000_000_15, output: '0.00000015' },
    { title: 'A large one', settings: {}, input: -1.5e21, output: '-1500000000000000000000' },
    { title: 'A boolean', settings: {}, input: false, output: 'false' },
    { title: 'An object becomes JSON', settings: {}, input: { sku: 'A-1' }, output: '{"sku":"A-1"}' },
    { title: 'Text stays as it is', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A list becomes JSON', settings: {}, input: [1, 'a'], output: '[1,"a"]' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
  ],
  compile: () => (value) => {
    if (value === null || value === undefined) return value;
    return typeof value === 'object' ? JSON.stringify(value) : asText(value, 'cast-to-string');
  },
});
