import { asList, defineTransform, sortedJson, valueAt } from '../sdk/index.ts';

export default defineTransform({
  type: 'unique',
  title: 'Unique',
  summary: 'Removes items that are in the list before.',
  description: 'The first of each stays. Numbers and texts are different; objects are the same when all their fields are, in whatever order. Null and a missing value stay as they are; anything that is not a list is an error.',
  takes: ['array', 'null'],
  gives: ['array', 'null'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Field', description: 'Field by which items are compared, of a path that names several places by all values there; without it by all that they are.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: customers that a shop exports twice', settings: { path: 'email' }, input: [{ email: 'zoe.mueller@firma.de', orders: 3 }, { email: 'ada@example.org', orders: 1 }, { email: 'zoe.mueller@firma.de', orders: 4 }], output: [{ email: 'zoe.mueller@firma.de', orders: 3 }, { email: 'ada@example.org', orders: 1 }] },
    { title: 'Tags', settings: {}, input: ['new', 'sale', 'new'], output: ['new', 'sale'] },
    { title: 'One line per product', settings: { path: 'sku' }, input: [{ sku: 'A', qty: 1 }, { sku: 'B' }, { sku: 'A', qty: 2 }], output: [{ sku: 'A', qty: 1 }, { sku: 'B' }] },
    { title: 'By all of several values', settings: { path: 'tags[*]' }, input: [{ tags: ['a', 'b'] }, { tags: ['a'] }, { tags: ['a', 'b'], n: 1 }], output: [{ tags: ['a', 'b'] }, { tags: ['a'] }] },
    { title: 'Objects in another order of fields', settings: {}, input: [{ a: 1, b: [2] }, { b: [2], a: 1 }], output: [{ a: 1, b: [2] }] },
    { title: 'A number and a text', settings: {}, input: [1, '1'], output: [1, '1'] },
    { title: 'An empty list', settings: {}, input: [], output: [] },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A text', settings: {}, input: 'aa', error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      const seen = new Set<string>();
      return asList(value, 'unique').filter((item) => {
        const key = sortedJson(field ? valueAt(field, item) : item);
        return !seen.has(key) && seen.add(key);
      });
    };
  },
});
