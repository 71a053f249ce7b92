import { asList, asNumber, defineTransform } from '../sdk/index.ts';

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
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item that holds the number; without it the items are the numbers.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'A price of the variants', settings: { path: 'price' }, input: [{ price: '9.50' }, { price: 12 }, {}], output: 12 },
    { title: 'Negative numbers', settings: {}, input: [-1, -5, null], output: -1 },
    { title: 'An empty list', settings: {}, input: [], output: null },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in the list', settings: {}, input: [1, 'two'], error: 'DATA_INVALID' },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      const numbers = asList(value, 'maximum').map((item) => (field ? field.get(item) : item)).filter((item) => item !== null && item !== undefined).map((item) => asNumber(item, 'maximum'));
      return numbers.length === 0 ? null : numbers.reduce((left, right) => (left > right ? left : right));
    };
  },
});
