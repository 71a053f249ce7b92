import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'null-value',
  title: 'Null',
  summary: 'Gives null for every record.',
  description: 'Needs no source. Where there is one, its value is ignored. Used to clear a field of the target.',
  generates: true,
  gives: ['null'],
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'In practice: a note of a customer that must not leave the house', settings: {}, input: 'Bitte bei Familie Müller (2. OG) abgeben, Tel. 0170 1234567', output: null },
    { title: 'Clears the discount of an order', settings: {}, input: 'SUMMER10', output: null },
    { title: 'No source', settings: {}, output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'An empty text', settings: {}, input: '', output: null },
    { title: 'A list', settings: {}, input: [1], output: null },
  ],
  compile: () => () => null,
});
