import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'null-to-string',
  title: 'Null to text',
  summary: 'Gives a text where the value is null or missing.',
  description: 'Every other value stays as it is, also empty text, 0 and false.',
  settings: {
    type: 'object',
    properties: { text: { type: 'string', default: '', title: 'Text', description: 'What to give instead of null.', 'x-expression': true } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the second line of an address, for a parcel service', settings: { text: '-' }, input: null, output: '-' },
    { title: 'An ERP that refuses null', settings: {}, input: null, output: '' },
    { title: 'Own text for a missing value', settings: { text: 'n/a' }, input: undefined, output: 'n/a' },
    { title: 'Empty text stays', settings: { text: 'n/a' }, input: '', output: '' },
    { title: 'Other types stay', settings: {}, input: 0, output: 0 },
  ],
  compile: ({ text }) => (value) => value ?? text,
});
