import { asList, asNumber, defineTransform, withoutNoise } from '../sdk/index.ts';

export default defineTransform({
  type: 'average',
  title: 'Average',
  summary: 'Gives the mean of the numbers of a list.',
  description: 'Null and missing items are left out; a list without numbers gives null. The result has at most 15 significant digits. Null and a missing value stay as they are; anything that is not a list, and items that are no numbers, are an error.',
  takes: ['array', 'null'],
  gives: ['number', 'null'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item that holds the number; without it the items are the numbers.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'Stars of the reviews', settings: { path: 'stars' }, input: [{ stars: 5 }, { stars: '4' }, {}], output: 4.5 },
    { title: 'No binary noise', settings: {}, input: [0.1, 0.2, 0.3], output: 0.2 },
    { title: 'An empty list', settings: {}, input: [], output: null },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in the list', settings: {}, input: [1, 'two'], error: 'DATA_INVALID' },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      const numbers = asList(value, 'average').map((item) => (field ? field.get(item) : item)).filter((item) => item !== null && item !== undefined).map((item) => asNumber(item, 'average'));
      return numbers.length === 0 ? null : withoutNoise(numbers.reduce((left, right) => left + right, 0) / numbers.length);
    };
  },
});
