import { cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'omit',
  title: 'Leave fields out',
  summary: 'Removes some fields of an object, or of each object of a list.',
  description: 'Null and a missing value stay as they are; anything that is no object is an error.',
  takes: ['object', 'array', 'null'],
  gives: ['object', 'array', 'null'],
  settings: {
    type: 'object',
    properties: {
      fields: { type: 'array', items: { type: 'string' }, default: [], title: 'Fields', description: 'Names of the fields that go.' },
      empty: { type: 'boolean', default: false, title: 'Empty fields', description: 'Fields that are null, an empty text, an empty list or an empty object go as well.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: an order without what protects its customer', settings: { fields: ['email', 'phone', 'browser_ip'] }, input: { id: '#1042', email: 'zoe.mueller@firma.de', phone: '+49 170 1234567', browser_ip: '203.0.113.7', total: '19.99' }, output: { id: '#1042', total: '19.99' } },
    { title: 'A customer without contact', settings: { fields: ['email', 'phone'] }, input: { id: 1, email: 'a@example.org' }, output: { id: 1 } },
    { title: 'What is empty', settings: { empty: true }, input: { id: 0, note: '', tags: [], address: {}, at: null, paid: false }, output: { id: 0, paid: false } },
    { title: 'Of each line', settings: { fields: ['qty'] }, input: [{ sku: 'A', qty: 1 }], output: [{ sku: 'A' }] },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
    { title: 'Empty object', settings: { fields: ['email', 'phone'] }, input: {}, output: {} },
  ],
  compile: ({ fields, empty }) => {
    const gone = new Set(fields);
    const omit = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw cannotTake(value, 'omit', 'an object');
      return Object.fromEntries(Object.entries(value).filter(([name, field]) => !gone.has(name) && !(empty && isEmpty(field))));
    };
    return (value) => (value === null || value === undefined ? value : Array.isArray(value) ? value.map(omit) : omit(value));
  },
});

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
