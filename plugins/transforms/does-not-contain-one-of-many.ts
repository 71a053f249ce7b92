import { inOwnName } from '../formats/in-own-name.ts';
import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'does-not-contain-one-of-many',
  title: 'Contains none of many',
  summary: 'Says whether a text or a list contains none of several values.',
  description: 'The opposite of `contains-one-of-many`: null and a missing value contain nothing, so they give true; an object is an error.',
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
    { title: 'In practice: orders that nobody made up', settings: { values: ['@example.com', '+test@', 'mustermann'], ignoreCase: true }, input: 'zoe.mueller@firma.de', output: true },
    { title: 'A test order', settings: { values: ['test', 'dummy'] }, input: 'test-1001', output: false },
    { title: 'A list', settings: { values: ['b2b'] }, input: ['new'], output: true },
    { title: 'Null contains nothing', settings: { values: ['a'] }, input: null, output: true },
    { title: 'An object', settings: { values: ['a'] }, input: {}, error: 'DATA_INVALID' },
  ],
  compile: async (settings, context) => {
    const contains = await inOwnName('does-not-contain-one-of-many', { type: 'contains-one-of-many', settings }, context);
    return (value, values) => !contains(value, values);
  },
});
