import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'trim',
  title: 'Trim',
  summary: 'Removes white space around a text.',
  description: 'Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      side: { type: 'string', enum: ['both', 'start', 'end'], default: 'both', title: 'Side', description: 'Where to remove it.', enumDescriptions: ['Before and after the text.', 'Before the text.', 'After the text.'] },
      inside: { type: 'boolean', default: false, title: 'Inside too', description: 'Make one space of every run of white space inside the text.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: an e-mail address that was pasted', settings: {}, input: '\u00a0zoe.mueller@firma.de \r\n', output: 'zoe.mueller@firma.de' },
    { title: 'A cell of a spreadsheet', settings: {}, input: '  SKU-1 \n', output: 'SKU-1' },
    { title: 'Only the end', settings: { side: 'end' }, input: ' a ', output: ' a' },
    { title: 'Inside too', settings: { inside: true }, input: ' Ada   King\tLovelace ', output: 'Ada King Lovelace' },
    { title: 'Only spaces', settings: {}, input: '   ', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ side, inside }) => (value) => {
    if (value === null || value === undefined) return value;
    const text = asText(value, 'trim');
    const trimmed = side === 'both' ? text.trim() : side === 'start' ? text.trimStart() : text.trimEnd();
    return inside ? trimmed.replace(/\s+/g, ' ') : trimmed;
  },
});
