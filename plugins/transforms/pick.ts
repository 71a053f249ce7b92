import { cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'pick',
  title: 'Pick fields',
  summary: 'Keeps some fields of an object, or of each object of a list.',
  description: 'Fields that are not there are left out. Null and a missing value stay as they are; anything that is no object is an error.',
  takes: ['object', 'array', 'null'],
  gives: ['object', 'array', 'null'],
  settings: {
    type: 'object',
    properties: { fields: { type: 'array', items: { type: 'string' }, minItems: 1, title: 'Fields', description: 'Names of the fields that stay, in their new order.' } },
    required: ['fields'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: what a parcel service may know of an address', settings: { fields: ['name', 'address1', 'zip', 'city', 'country_code'] }, input: { id: 8123456789, name: 'Zoë Müller', company: null, address1: 'Königstraße 12 a', zip: '70173', city: 'Stuttgart', country_code: 'DE', phone: '+49 170 1234567', latitude: 48.77 }, output: { name: 'Zoë Müller', address1: 'Königstraße 12 a', zip: '70173', city: 'Stuttgart', country_code: 'DE' } },
    { title: 'What a label needs', settings: { fields: ['city', 'zip'] }, input: { zip: 'SW1A', name: 'Ada', city: 'London' }, output: { city: 'London', zip: 'SW1A' } },
    { title: 'Of each line', settings: { fields: ['sku'] }, input: [{ sku: 'A', qty: 1 }, { qty: 2 }], output: [{ sku: 'A' }, {}] },
    { title: 'A field that every object has in JavaScript', settings: { fields: ['constructor'] }, input: {}, output: {} },
    { title: 'Null stays null', settings: { fields: ['a'] }, input: null, output: null },
    { title: 'A text', settings: { fields: ['a'] }, input: 'a', error: 'DATA_INVALID' },
    { title: 'A list with a number', settings: { fields: ['a'] }, input: [{ a: 1 }, 2], error: 'DATA_INVALID' },
  ],
  compile: ({ fields }) => {
    const pick = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw cannotTake(value, 'pick', 'an object');
      return Object.fromEntries(fields.filter((name) => Object.hasOwn(value, name)).map((name) => [name, (value as Readonly<Record<string, unknown>>)[name]]));
    };
    return (value) => (value === null || value === undefined ? value : Array.isArray(value) ? value.map(pick) : pick(value));
  },
});
