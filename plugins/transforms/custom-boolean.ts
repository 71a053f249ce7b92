import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'custom-boolean',
  title: 'Fixed boolean',
  summary: 'Gives true or false for every record.',
  description: 'Needs no source. Where there is one, its value is ignored, whatever it is.',
  generates: true,
  gives: ['boolean'],
  settings: {
    type: 'object',
    properties: { value: { type: 'boolean', title: 'Value', description: 'The value to give.' } },
    required: ['value'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: orders of a marketplace are paid', settings: { value: true }, input: { id: '304-1234567-8901234', status: 'Unshipped' }, output: true },
    { title: 'Every customer is active', settings: { value: true }, output: true },
    { title: 'False', settings: { value: false }, output: false },
    { title: 'Null as source', settings: { value: true }, input: null, output: true },
    { title: 'An empty list as source', settings: { value: true }, input: [], output: true },
    { title: 'A text as source', settings: { value: false }, input: 'x', output: false },
  ],
  compile: ({ value }) => () => value,
});
