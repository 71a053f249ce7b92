import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'json-encode',
  title: 'Encode as JSON',
  summary: 'Writes any value as JSON text.',
  description: 'Text gets quotes; null gives the text `null`. A missing value stays missing.',
  gives: ['string'],
  settings: {
    type: 'object',
    properties: { indent: { type: 'integer', minimum: 0, maximum: 10, default: 0, title: 'Indent', description: 'Spaces per level; 0 writes one line.' } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: what a customer had engraved, for a notes field', settings: {}, input: { text: 'Für „Zoë“ & Ben 👩‍👧', font: 'Script', price: '4.90' }, output: '{"text":"Für „Zoë“ & Ben 👩‍👧","font":"Script","price":"4.90"}' },
    { title: 'Options of an order line for a notes field', settings: {}, input: { colour: 'red', sizes: [1, 2] }, output: '{"colour":"red","sizes":[1,2]}' },
    { title: 'Indented', settings: { indent: 2 }, input: { a: 1 }, output: '{\n  "a": 1\n}' },
    { title: 'Empty text', settings: {}, input: '', output: '""' },
    { title: 'Null', settings: {}, input: null, output: 'null' },
    { title: 'A missing value', settings: {}, input: undefined, output: undefined },
  ],
  compile: ({ indent }) => (value) => JSON.stringify(value, undefined, indent),
});
