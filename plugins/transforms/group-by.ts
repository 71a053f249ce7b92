import { asList, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'group-by',
  title: 'Group',
  summary: 'Puts the items of a list into groups by a field.',
  description: 'Groups come in the order of their first items. Items without the field make a group whose key is null. Null and a missing value stay as they are; anything that is not a list is an error.',
  takes: ['array', 'null'],
  gives: ['array', 'object', 'null'],
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item by which they are grouped.', 'x-path': 'record' },
      as: { type: 'string', enum: ['list', 'object'], default: 'list', title: 'As', description: 'What comes out.', enumDescriptions: ['A list of {key, items}.', 'An object with a list of items for each key, as text.'] },
    },
    required: ['path'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Lines by warehouse', settings: { path: 'from' }, input: [{ sku: 'A', from: 'N' }, { sku: 'B', from: 'S' }, { sku: 'C', from: 'N' }], output: [{ key: 'N', items: [{ sku: 'A', from: 'N' }, { sku: 'C', from: 'N' }] }, { key: 'S', items: [{ sku: 'B', from: 'S' }] }] },
    { title: 'As an object', settings: { path: 'n', as: 'object' }, input: [{ n: 1 }, { n: 1 }], output: { 1: [{ n: 1 }, { n: 1 }] } },
    { title: 'Without the field', settings: { path: 'n' }, input: [{}], output: [{ key: null, items: [{}] }] },
    { title: 'An empty list', settings: { path: 'n' }, input: [], output: [] },
    { title: 'Null stays null', settings: { path: 'n' }, input: null, output: null },
    { title: 'An object', settings: { path: 'n' }, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ path, as }, context) => {
    const field = context.path(path);
    return (value) => {
      if (value === null || value === undefined) return value;
      const groups = new Map<string, { key: unknown; items: unknown[] }>();
      for (const item of asList(value, 'group-by')) {
        const key = field.get(item) ?? null;
        const name = JSON.stringify(key);
        const group = groups.get(name) ?? { key, items: [] };
        groups.set(name, group);
        group.items.push(item);
      }
      return as === 'list' ? [...groups.values()] : Object.fromEntries([...groups.values()].map(({ key, items }) => [typeof key === 'string' ? key : JSON.stringify(key), items]));
    };
  },
});
