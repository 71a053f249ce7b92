import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'custom-number',
  title: 'Fixed number',
  summary: 'Gives the same number for every record.',
  description: 'Needs no source. Where there is one, its value is ignored, whatever it is.',
  generates: true,
  gives: ['number'],
  settings: {
    type: 'object',
    properties: { value: { type: 'number', title: 'Value', description: 'The value to give.' } },
    required: ['value'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the tax rate of books in Germany', settings: { value: 0.07 }, input: '978-3-16-148410-0', output: 0.07 },
    { title: 'A tax rate', settings: { value: 0.2 }, output: 0.2 },
    { title: 'Zero', settings: { value: 0 }, output: 0 },
    { title: 'Null as source', settings: { value: 0.2 }, input: null, output: 0.2 },
    { title: 'An empty list as source', settings: { value: 1 }, input: [], output: 1 },
    { title: 'A text as source', settings: { value: 1 }, input: 'x', output: 1 },
  ],
  compile: ({ value }) => () => value,
});
