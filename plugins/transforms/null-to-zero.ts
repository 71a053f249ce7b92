import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'null-to-zero',
  title: 'Null to zero',
  summary: 'Gives 0 where the value is null or missing.',
  description: 'Every other value stays as it is, also empty text and false.',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'In practice: the discount of a line of an order', settings: {}, input: '4.99', output: '4.99' },
    { title: 'Stock that was never counted', settings: {}, input: null, output: 0 },
    { title: 'A missing value', settings: {}, input: undefined, output: 0 },
    { title: 'Empty text stays', settings: {}, input: '', output: '' },
    { title: 'A number stays', settings: {}, input: 7, output: 7 },
  ],
  compile: () => (value) => value ?? 0,
});
