import { checkedSum, defineTransform, numbersOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'sum',
  title: 'Sum',
  summary: 'Adds the numbers of a list.',
  description: 'Null and missing items are left out; an empty list gives 0. A result with more digits than a number holds is rounded to 15 of them; from 10,000,000,000,000 on it is an error, as is a sum beyond 9,007,199,254,740,991. Null and a missing value stay as they are; anything that is not a list, and items that are no numbers, are an error.',
  takes: ['array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item that holds the number, of a path that names several places all of them; without it the items are the numbers.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the lines of an invoice with a discount', settings: { path: 'total' }, input: [{ sku: 'MUG-BLUE', total: '38.70' }, { sku: 'TEE-M', total: 24.9 }, { sku: 'SHIPPING', total: '4.90' }, { sku: 'SUMMER10', total: '-6.36' }, { sku: 'NOTE', total: null }], output: 62.14 },
    { title: 'The total of an order', settings: { path: 'price' }, input: [{ price: 0.1 }, { price: 0.2 }], output: 0.3 },
    { title: 'Numbers as text, and null', settings: {}, input: [1, '2.5', null], output: 3.5 },
    { title: 'All values of a list in each item', settings: { path: 'taxes[*].v' }, input: [{ taxes: [{ v: 1 }, { v: 2 }] }, { taxes: [{ v: 3 }] }, {}], output: 6 },
    { title: 'An empty list', settings: {}, input: [], output: 0 },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in the list', settings: {}, input: [1, 'two'], error: 'DATA_INVALID' },
    { title: 'A text that is too long for a number', settings: {}, input: [1, '9007199254740993'], error: 'DATA_INVALID' },
    { title: 'A total whose digits no number holds', settings: {}, input: [9_007_199_254_740_991, 2], error: 'DATA_INVALID' },
    { title: 'One whose digits are lost on the way', settings: {}, input: [9_007_199_254_740_991, 2, -5], error: 'DATA_INVALID' },
    { title: 'A small rest of large amounts', settings: {}, input: [1_234_567_890.12, -1_234_567_890.11], output: 0.01 },
    { title: 'Cents that no number of this size holds', settings: {}, input: [99_999_999_999_999.98, 0.01], error: 'DATA_INVALID' },
    { title: 'A total that is too large', settings: {}, input: [1e308, 1e308], error: 'DATA_INVALID' },
    { title: 'A large balance', settings: {}, input: [12_345_678_901_234.56, 0.01], output: 12_345_678_901_234.57 },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      return checkedSum(numbersOf(value, field, 'sum'), 'sum');
    };
  },
});
