import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'substring',
  title: 'Substring',
  summary: 'Gives a part of a text by position.',
  description: 'What lies outside of the text is left out, so the result may be shorter or empty. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      start: { type: 'integer', default: 0, title: 'Start', description: 'Position of the first character, from 0; a negative one counts from the end.' },
      length: { type: 'integer', minimum: 0, title: 'Length', description: 'Number of characters; without it, all up to the end.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'The outward part of a postcode', settings: { length: 3 }, input: 'LS1 4AP', output: 'LS1' },
    { title: 'The last four digits of a card', settings: { start: -4 }, input: 4111111111111111, output: '1111' },
    { title: 'Beyond the end', settings: { start: 5 }, input: 'abc', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ start, length }) => (value) => {
    if (value === null || value === undefined) return value;
    const text = asText(value, 'substring');
    if (!hasPairs.test(text)) {
      const from = start < 0 ? Math.max(0, text.length + start) : start;
      return text.slice(from, length === undefined ? undefined : from + length);
    }
    const characters = Array.from(text);
    const from = start < 0 ? Math.max(0, characters.length + start) : start;
    return characters.slice(from, length === undefined ? undefined : from + length).join('');
  },
});

/** Characters of two units, such as emoji, which are not to be cut apart. */
const hasPairs = /[\ud800-\udfff]/;
