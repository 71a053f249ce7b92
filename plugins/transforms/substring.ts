import { asText, charactersOf, defineTransform, isPlainText } from '../sdk/index.ts';

export default defineTransform({
  type: 'substring',
  title: 'Substring',
  summary: 'Gives a part of a text by position.',
  description: 'Characters are counted as people see them, so an emoji is never cut in two. What lies outside of the text is left out, so the result may be shorter or empty. Null and a missing value stay as they are; lists and objects are an error.',
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
    { title: 'In practice: the bank code of an IBAN', settings: { start: 4, length: 8 }, input: 'DE89370400440532013000', output: '37040044' },
    { title: 'The outward part of a postcode', settings: { length: 3 }, input: 'LS1 4AP', output: 'LS1' },
    { title: 'The last four digits of a card', settings: { start: -4 }, input: 4111111111111111, output: '1111' },
    { title: 'An emoji stays whole', settings: { start: 1, length: 1 }, input: 'a👩‍👧b', output: '👩‍👧' },
    { title: 'A letter and its accent', settings: { length: 1 }, input: 'e\u0301a', output: 'e\u0301' },
    { title: 'Beyond the end', settings: { start: 5 }, input: 'abc', output: '' },
    { title: 'Before the beginning', settings: { start: -10, length: 9 }, input: 'abc', output: 'ab' },
    { title: 'Wholly before the beginning', settings: { start: -10, length: 3 }, input: 'abc', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ start, length }) => (value) => {
    if (value === null || value === undefined) return value;
    const text = asText(value, 'substring');
    const characters = isPlainText(text) ? text : charactersOf(text);
    const from = start < 0 ? characters.length + start : start;
    const part = characters.slice(Math.max(0, from), length === undefined ? undefined : Math.max(0, from + length));
    return typeof part === 'string' ? part : part.join('');
  },
});
