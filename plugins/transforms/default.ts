import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'default',
  title: 'Default',
  summary: 'Gives a default where there is no value.',
  description: 'Null and a missing value are none, and empty text where `skipEmpty` is on; 0, false and an empty list are values. A list stays as it is: for the first of several sources that has a value there is `coalesce`.',
  settings: {
    type: 'object',
    properties: {
      default: { title: 'Default', description: 'The value to give where there is none; null without it.' },
      skipEmpty: { type: 'boolean', default: false, title: 'Skip empty text', description: 'Empty text is no value either.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the company of a private customer', settings: { default: 'Privat', skipEmpty: true }, input: '', output: 'Privat' },
    { title: 'A country that is missing', settings: { default: 'GB' }, input: null, output: 'GB' },
    { title: 'A list stays', settings: { default: [] }, input: ['a', 'b'], output: ['a', 'b'] },
    { title: 'A list for null', settings: { default: [] }, input: null, output: [] },
    { title: 'An empty list', settings: { default: ['x'] }, input: [], output: [] },
    { title: 'Zero is a value', settings: { default: 1 }, input: 0, output: 0 },
    { title: 'Empty text', settings: { default: 'none', skipEmpty: true }, input: '', output: 'none' },
    { title: 'No default', settings: {}, input: null, output: null },
  ],
  compile: (settings) => (value) => (value === null || value === undefined || (settings.skipEmpty && value === '') ? (settings.default ?? null) : value),
});
