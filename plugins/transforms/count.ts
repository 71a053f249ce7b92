import { cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'count',
  title: 'Count',
  summary: 'Counts the items of a list.',
  description: 'Null and a missing value have 0 items. An object has as many as it has fields. Text, numbers and booleans are an error.',
  takes: ['array', 'object', 'null'],
  gives: ['number'],
  settings: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, title: 'Path', description: 'Counts what this path finds in the value, instead of its items.', 'x-path': 'record' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: articles of an order with several parcels', settings: { path: '$[*].lines[*].sku' }, input: [{ tracking: '1Z999AA10123456784', lines: [{ sku: 'MUG-BLUE' }, { sku: 'TEE-M' }] }, { tracking: null, lines: [{ sku: 'POSTER-A2' }, {}] }], output: 3 },
    { title: 'Lines of an order', settings: {}, input: [{ sku: 'A-1' }, { sku: 'B-2' }], output: 2 },
    { title: 'Serial numbers of all lines', settings: { path: '$[*].serials[*]' }, input: [{ serials: ['1', '2'] }, { serials: ['3'] }], output: 3 },
    { title: 'An empty list', settings: {}, input: [], output: 0 },
    { title: 'Null has no items', settings: {}, input: null, output: 0 },
    { title: 'Text', settings: {}, input: 'abc', error: 'DATA_INVALID' },
  ],
  compile: ({ path }, context) => {
    const query = path === undefined ? undefined : context.path(path);
    return (value) => {
      if (value === null || value === undefined) return 0;
      if (query) return query.all(value).length;
      if (typeof value !== 'object') throw cannotTake(value, 'count', 'a list or an object');
      return Array.isArray(value) ? value.length : Object.keys(value).length;
    };
  },
});
