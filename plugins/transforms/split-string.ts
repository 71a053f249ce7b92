import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'split-string',
  title: 'Split text',
  summary: 'Cuts a text at a delimiter and gives one part, or all as a list.',
  description: 'A part that does not exist gives null. Empty text has one part, which is empty. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'array', 'null'],
  settings: {
    type: 'object',
    properties: {
      delimiter: { type: 'string', minLength: 1, default: ',', title: 'Delimiter', description: 'The text between two parts.' },
      index: { type: 'integer', title: 'Part', description: 'Number of the part, 0 for the first, -1 for the last. Without it the list of all parts is given.' },
      trim: { type: 'boolean', default: true, title: 'Trim parts', description: 'Remove spaces around each part.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the number of a house', settings: { delimiter: ' ', index: -1 }, input: 'Königstraße 12a', output: '12a' },
    { title: 'Tags of a product', settings: {}, input: 'new, sale', output: ['new', 'sale'] },
    { title: 'The size out of a SKU', settings: { delimiter: '-', index: -1 }, input: 'SHIRT-RED-XL', output: 'XL' },
    { title: 'A part that does not exist', settings: { index: 5 }, input: 'a,b', output: null },
    { title: 'Empty text', settings: {}, input: '', output: [''] },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A list', settings: {}, input: ['a'], error: 'DATA_INVALID' },
  ],
  compile: ({ delimiter, index, trim }) => (value) => {
    if (value === null || value === undefined) return value;
    const given = asText(value, 'split-string').split(delimiter);
    const parts = trim ? given.map((part) => part.trim()) : given;
    return index === undefined ? parts : (parts.at(index) ?? null);
  },
});
