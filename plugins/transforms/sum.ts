import { asList, asNumber, defineTransform, withoutNoise } from '../sdk/index.ts';

export default defineTransform({
  type: 'sum',
  title: 'Sum',
  summary: 'Adds the numbers of a list.',
  description: 'Null and missing items are left out; an empty list gives 0. The result has at most 15 significant digits. Null and a missing value stay as they are; anything that is not a list, and items that are no numbers, are an error.',
  takes: ['array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item that holds the number; without it the items are the numbers.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'The total of an order', settings: { path: 'price' }, input: [{ price: 0.1 }, { price: 0.2 }], output: 0.3 },
    { title: 'Numbers as text, and null', settings: {}, input: [1, '2.5', null], output: 3.5 },
    { title: 'An empty list', settings: {}, input: [], output: 0 },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in the list', settings: {}, input: [1, 'two'], error: 'DATA_INVALID' },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      let total = 0;
      for (const item of asList(value, 'sum')) {
        const own = field ? field.get(item) : item;
        if (own !== null && own !== undefined) total += asNumber(own, 'sum');
      }
      return withoutNoise(total);
    };
  },
});
