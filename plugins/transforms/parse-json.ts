import { asText, cannotTake, defineTransform, parseJson } from '../sdk/index.ts';

export default defineTransform({
  type: 'parse-json',
  title: 'Read JSON',
  summary: 'Reads a text that is JSON.',
  description: 'Numbers that JavaScript cannot hold stay texts; -0 is 0 wherever it is written. A byte order mark in front is left out. Null and empty text give null, and a missing value stays missing; lists and objects stay as they are, since they are read already. Text that is no JSON is an error, unless `otherwise` says so.',
  takes: ['string', 'object', 'array', 'number', 'boolean', 'null'],
  settings: {
    type: 'object',
    properties: { otherwise: { type: 'string', enum: ['error', 'null', 'keep'], default: 'error', title: 'Otherwise', description: 'What a text gives that is no JSON.', enumDescriptions: ['An error.', 'Null.', 'The text itself.'] } },
    additionalProperties: false,
  },
  examples: [
    { title: 'Minus zero is written as 0', settings: {}, input: '-0', output: -0 },
    { title: 'In practice: properties of an order line that an app of the shop writes', settings: {}, input: '[{"name":"Gravur","value":"Für „Zoë“"},{"name":"variant_id","value":40912345678901234567}]', output: [{ name: 'Gravur', value: 'Für „Zoë“' }, { name: 'variant_id', value: '40912345678901234567' }] },
    { title: 'A field of a shop that holds JSON', settings: {}, input: '{"gift":true,"note":"Für dich"}', output: { gift: true, note: 'Für dich' } },
    { title: 'A long id', settings: {}, input: '{"id":12345678901234567890}', output: { id: '12345678901234567890' } },
    { title: 'What is read already', settings: {}, input: { a: 1 }, output: { a: 1 } },
    { title: 'A byte order mark in front', settings: {}, input: '\uFEFF{"a":1}', output: { a: 1 } },
    { title: 'Empty text', settings: {}, input: ' ', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'Empty', settings: {}, input: '', output: null },
    { title: 'A text that is none', settings: {}, input: '{gift: true}', error: 'DATA_INVALID' },
    { title: 'A text that is none and stays', settings: { otherwise: 'keep' }, input: 'plain', output: 'plain' },
  ],
  compile: ({ otherwise }) => (value) => {
    if (value === null || value === undefined) return value;
    if (typeof value === 'object') return value;
    const text = asText(value, 'parse-json');
    if (text.trim() === '') return null;
    try {
      return parseJson(text.replace(/^\uFEFF/, ''));
    } catch {
      if (otherwise === 'error') throw cannotTake(value, 'parse-json', 'a text that is JSON');
      return otherwise === 'keep' ? value : null;
    }
  },
});
