import { defineTransform, numbersOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'maximum',
  aliases: ['max'],
  title: 'Maximum',
  summary: 'Gives the largest number of a list.',
  description: 'Null and missing items are left out; a list without numbers gives null. Null and a missing value stay as they are; anything that is not a list, and items that are no numbers, are an error.',
  takes: ['array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item that holds the number, of a path that names several places all of them; without it the items are the numbers.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the highest tax rate of an order', settings: { path: 'tax_lines[*].rate' }, input: [{ sku: 'BOOK-1', tax_lines: [{ rate: '0.07' }] }, { sku: 'MUG-BLUE', tax_lines: [{ rate: '0.19' }] }, { sku: 'GIFT-CARD', tax_lines: [] }], output: 0.19 },
    { title: 'A price of the variants', settings: { path: 'price' }, input: [{ price: '9.50' }, { price: 12 }, {}], output: 12 },
    { title: 'Negative numbers', settings: {}, input: [-1, -5, null], output: -1 },
    { title: 'All values of a list in each item', settings: { path: 'taxes[*].v' }, input: [{ taxes: [{ v: 1 }, { v: 4 }] }, { taxes: [{ v: 3 }] }, {}], output: 4 },
    { title: 'An empty list', settings: {}, input: [], output: null },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in the list', settings: {}, input: [1, 'two'], error: 'DATA_INVALID' },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      const numbers = numbersOf(value, field, 'maximum');
      return numbers.length === 0 ? null : numbers.reduce((left, right) => (left > right ? left : right));
    };
  },
});
