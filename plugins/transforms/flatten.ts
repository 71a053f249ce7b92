import { cannotTake, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'flatten',
  title: 'Flatten',
  summary: 'Makes one list of lists within lists, or one level of an object.',
  description: 'Fields of inner objects get the names of those around them, joined; lists in an object stay as they are. Two fields that would get the same name are an error. Null and a missing value stay as they are; anything else is an error.',
  takes: ['array', 'object', 'null'],
  gives: ['array', 'object', 'null'],
  settings: {
    type: 'object',
    properties: {
      depth: { type: 'integer', minimum: 1, maximum: 100, default: 100, title: 'Depth', description: 'Levels that are taken away at most.' },
      separator: { type: 'string', default: '.', title: 'Separator', description: 'Text between the names of an object.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a customer of a shop as a row', settings: { separator: '.' }, input: { id: 6712345678901, default_address: { address1: 'Königstraße 12', zip: '70173', country: { code: 'DE' } }, tags: ['B2B'] }, output: { id: 6712345678901, 'default_address.address1': 'Königstraße 12', 'default_address.zip': '70173', 'default_address.country.code': 'DE', tags: ['B2B'] } },
    { title: 'Lines of all parcels', settings: {}, input: [[{ sku: 'A' }], [[{ sku: 'B' }], []]], output: [{ sku: 'A' }, { sku: 'B' }] },
    { title: 'One level', settings: { depth: 1 }, input: [1, [2, [3]]], output: [1, 2, [3]] },
    { title: 'A row for a spreadsheet', settings: { separator: '_' }, input: { id: 1, address: { city: 'London', geo: { lat: 51.5 } }, tags: ['a'] }, output: { id: 1, address_city: 'London', address_geo_lat: 51.5, tags: ['a'] } },
    { title: 'Two fields of one name', settings: {}, input: { a: { b: 1 }, 'a.b': 2 }, error: 'DATA_INVALID' },
    { title: 'An empty object in it', settings: {}, input: { a: {} }, output: { a: {} } },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A text', settings: {}, input: 'a', error: 'DATA_INVALID' },
    { title: 'Empty list', settings: {}, input: [], output: [] },
  ],
  compile: ({ depth, separator }) => (value) => {
    if (value === null || value === undefined) return value;
    if (typeof value !== 'object') throw cannotTake(value, 'flatten', 'a list or an object');
    if (Array.isArray(value)) return value.flat(depth);
    const fields = fieldsOf(value, '', separator, depth);
    const flat = Object.fromEntries(fields);
    if (Object.keys(flat).length < fields.length) {
      const twice = fields.find(([name], index) => fields.findIndex(([other]) => other === name) !== index)!;
      throw new FlowError('DATA_INVALID', `flatten would make two fields ${JSON.stringify(twice[0])} of this object, and one would be lost.`, { remedy: 'Choose another separator, or rename one of them before.' });
    }
    return flat;
  },
});

function fieldsOf(value: object, before: string, separator: string, depth: number): [string, unknown][] {
  return Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
    const full = before + name;
    const isInner = depth > 0 && typeof field === 'object' && field !== null && !Array.isArray(field) && Object.keys(field).length > 0;
    return isInner ? fieldsOf(field, full + separator, separator, depth - 1) : [[full, field] as [string, unknown]];
  });
}
