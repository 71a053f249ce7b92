import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'contains-one-of-many',
  title: 'Contains one of many',
  summary: 'Says whether a text or a list contains one of several values.',
  description: 'A text contains a value that is a part of it; a list one that is an item of it. Null and a missing value contain nothing; an object is an error.',
  takes: ['string', 'number', 'boolean', 'array', 'null'],
  gives: ['boolean'],
  settings: {
    type: 'object',
    properties: {
      values: { type: 'array', items: { type: 'string' }, minItems: 1, title: 'Values', description: 'What is looked for.' },
      ignoreCase: { type: 'boolean', default: false, title: 'Ignore case', description: 'Large and small letters are the same.' },
    },
    required: ['values'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: addresses that parcel services do not go to', settings: { values: ['packstation', 'postfiliale', 'p.o. box'], ignoreCase: true }, input: 'PACKSTATION 145, 10115 Berlin', output: true },
    { title: 'A fragile parcel', settings: { values: ['glass', 'mirror'], ignoreCase: true }, input: 'Mirror, 60 cm', output: true },
    { title: 'Tags of an order', settings: { values: ['wholesale', 'b2b'] }, input: ['new', 'b2b'], output: true },
    { title: 'An item counts as a whole', settings: { values: ['b2'] }, input: ['b2b'], output: false },
    { title: 'Null contains nothing', settings: { values: ['a'] }, input: null, output: false },
    { title: 'Sources of which one is missing', settings: { values: ['gift', 'null'], ignoreCase: true }, input: [null, 'GIFT'], output: true },
    { title: 'Sources that are all missing', settings: { values: ['null'], ignoreCase: true }, input: [null], output: false },
    { title: 'A number', settings: { values: ['42'] }, input: 1428, output: true },
    { title: 'An object', settings: { values: ['a'] }, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ values, ignoreCase }, { as: name = 'contains-one-of-many' }) => {
    const write = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    const wanted = values.map(write);
    return (value) => {
      if (value === null || value === undefined) return false;
      if (Array.isArray(value)) return value.some((item) => item !== null && item !== undefined && wanted.includes(write(typeof item === 'string' ? item : JSON.stringify(item))));
      const text = write(asText(value, name));
      return wanted.some((one) => text.includes(one));
    };
  },
});
