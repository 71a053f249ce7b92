import { calculate, checkedResult, checkedSum, defineTransform, numbersOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'average',
  title: 'Average',
  summary: 'Gives the mean of the numbers of a list.',
  description: 'Null and missing items are left out; a list without numbers gives null. The result has 15 significant digits where a number does not hold it; a sum from 10,000,000,000,000 on with more digits than a number holds is an error, as is one beyond 9,007,199,254,740,991. Null and a missing value stay as they are; anything that is not a list, and items that are no numbers, are an error.',
  takes: ['array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item that holds the number, of a path that names several places all of them; without it the items are the numbers.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the mean price of a year of orders', settings: { path: 'total' }, input: [{ id: '#1001', total: '19.99' }, { id: '#1002', total: 249.5 }, { id: '#1003', total: null }, { id: '#1004', total: 0.01 }], output: 89.8333333333333 },
    { title: 'Stars of the reviews', settings: { path: 'stars' }, input: [{ stars: 5 }, { stars: '4' }, {}], output: 4.5 },
    { title: 'No binary noise', settings: {}, input: [0.1, 0.2, 0.3], output: 0.2 },
    { title: 'All values of a list in each item', settings: { path: 'taxes[*].v' }, input: [{ taxes: [{ v: 1 }, { v: 2 }] }, { taxes: [{ v: 3 }] }, {}], output: 2 },
    { title: 'An empty list', settings: {}, input: [], output: null },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in the list', settings: {}, input: [1, 'two'], error: 'DATA_INVALID' },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      const numbers = numbersOf(value, field, 'average');
      return numbers.length === 0 ? null : checkedResult(calculate('divide', checkedSum(numbers, 'average'), numbers.length), 'average');
    };
  },
});
