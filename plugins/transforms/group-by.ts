import { asList, defineTransform, plainText, sortedJson, valueAt } from '../sdk/index.ts';

export default defineTransform({
  type: 'group-by',
  title: 'Group',
  summary: 'Puts the items of a list into groups by a field.',
  description: 'Groups come in the order of their first items. Items without the field make a group whose key is null; objects are the same key in whatever order their fields come. Null and a missing value stay as they are; anything that is not a list is an error.',
  takes: ['array', 'null'],
  gives: ['array', 'object', 'null'],
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item by which they are grouped; where a path names several places, the key is the list of all values there.', 'x-path': 'record' },
      as: { type: 'string', enum: ['list', 'object'], default: 'list', title: 'As', description: 'What comes out.', enumDescriptions: ['A list of {key, items}.', 'An object with a list of items for each key, as text: 1 and `"1"` are the same.'] },
    },
    required: ['path'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: parcels by country', settings: { path: 'ship_to.country', as: 'object' }, input: [{ order: '#1001', ship_to: { country: 'DE' } }, { order: '#1002', ship_to: { country: 'FR' } }, { order: '#1003', ship_to: { country: 'DE' } }, { order: '#1004', ship_to: null }], output: { DE: [{ order: '#1001', ship_to: { country: 'DE' } }, { order: '#1003', ship_to: { country: 'DE' } }], FR: [{ order: '#1002', ship_to: { country: 'FR' } }], null: [{ order: '#1004', ship_to: null }] } },
    { title: 'Lines by warehouse', settings: { path: 'from' }, input: [{ sku: 'A', from: 'N' }, { sku: 'B', from: 'S' }, { sku: 'C', from: 'N' }], output: [{ key: 'N', items: [{ sku: 'A', from: 'N' }, { sku: 'C', from: 'N' }] }, { key: 'S', items: [{ sku: 'B', from: 'S' }] }] },
    { title: 'As an object', settings: { path: 'n', as: 'object' }, input: [{ n: 1 }, { n: 1 }], output: { 1: [{ n: 1 }, { n: 1 }] } },
    { title: 'As an object, keys that are the same as text', settings: { path: 'n', as: 'object' }, input: [{ n: 1 }, { n: '1' }, {}, { n: 'null' }], output: { 1: [{ n: 1 }, { n: '1' }], null: [{}, { n: 'null' }] } },
    { title: 'As an object, a long number', settings: { path: 'n', as: 'object' }, input: [{ n: 1e21 }], output: { '1000000000000000000000': [{ n: 1e21 }] } },
    { title: 'By all of several values', settings: { path: 'tags[*]' }, input: [{ tags: ['a', 'b'] }, { tags: ['a'] }, { n: 1, tags: ['a', 'b'] }], output: [{ key: ['a', 'b'], items: [{ tags: ['a', 'b'] }, { n: 1, tags: ['a', 'b'] }] }, { key: ['a'], items: [{ tags: ['a'] }] }] },
    { title: 'By objects, whose fields come in any order', settings: { path: 'to' }, input: [{ sku: 'A', to: { city: 'Bonn', zip: '53111' } }, { sku: 'B', to: { zip: '53111', city: 'Bonn' } }], output: [{ key: { city: 'Bonn', zip: '53111' }, items: [{ sku: 'A', to: { city: 'Bonn', zip: '53111' } }, { sku: 'B', to: { zip: '53111', city: 'Bonn' } }] }] },
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
        const key = valueAt(field, item) ?? null;
        const name = as === 'object' ? textOf(key) : sortedJson(key);
        const group = groups.get(name) ?? { key, items: [] };
        groups.set(name, group);
        group.items.push(item);
      }
      return as === 'list' ? [...groups.values()] : Object.fromEntries([...groups].map(([name, { items }]) => [name, items]));
    };
  },
});

const textOf = (key: unknown): string => (typeof key === 'string' ? key : typeof key === 'number' ? plainText(key) : sortedJson(key));
