import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'custom-string',
  title: 'Fixed text',
  summary: 'Gives the same text for every record.',
  description: 'Needs no source. Where there is one, its value is ignored, whatever it is.',
  generates: true,
  gives: ['string'],
  settings: {
    type: 'object',
    properties: { value: { type: 'string', title: 'Value', description: 'The value to give.', 'x-expression': true } },
    required: ['value'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the warehouse of all orders of a shop', settings: { value: 'LAGER-BER-01' }, input: '#1042', output: 'LAGER-BER-01' },
    { title: 'The channel of an order', settings: { value: 'web' }, output: 'web' },
    { title: 'Empty text', settings: { value: '' }, output: '' },
    { title: 'Null as source', settings: { value: 'web' }, input: null, output: 'web' },
    { title: 'An empty list as source', settings: { value: 'web' }, input: [], output: 'web' },
    { title: 'A number as source', settings: { value: 'web' }, input: 7, output: 'web' },
  ],
  compile: ({ value }) => () => value,
});
