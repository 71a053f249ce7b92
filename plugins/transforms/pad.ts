import { asText, charactersOf, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'pad',
  title: 'Pad',
  summary: 'Fills a text up to a length.',
  description: 'Characters are counted as people see them, so an emoji is one. A text that is long enough stays as it is. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      length: { type: 'integer', minimum: 1, maximum: 10000, title: 'Length', description: 'Characters that the text has at least.' },
      with: { type: 'string', minLength: 1, default: ' ', title: 'Fill with', description: 'The text that is repeated to fill the space.' },
      side: { type: 'string', enum: ['start', 'end'], default: 'start', title: 'Side', description: 'Where to fill.', enumDescriptions: ['Before the text.', 'After the text.'] },
    },
    required: ['length'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the number of a debtor, with eight digits', settings: { length: 8, with: '0' }, input: '70012', output: '00070012' },
    { title: 'Order numbers of six digits', settings: { length: 6, with: '0' }, input: 1042, output: '001042' },
    { title: 'A column of a fixed-width file', settings: { length: 5, side: 'end' }, input: 'abc', output: 'abc  ' },
    { title: 'An emoji is one character', settings: { length: 4, with: '👩‍👧-' }, input: 'é', output: '👩‍👧-👩‍👧é' },
    { title: 'Long enough', settings: { length: 2 }, input: 'abc', output: 'abc' },
    { title: 'Empty text', settings: { length: 2, with: 'x' }, input: '', output: 'xx' },
    { title: 'Null stays null', settings: { length: 2 }, input: null, output: null },
    { title: 'An object', settings: { length: 2 }, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ length, with: fill, side }) => {
    const filling = charactersOf(fill);
    return (value) => {
      if (value === null || value === undefined) return value;
      const text = asText(value, 'pad');
      const room = Math.max(0, length - charactersOf(text).length);
      const added = Array.from({ length: room }, (_, at) => filling[at % filling.length]).join('');
      return side === 'start' ? added + text : text + added;
    };
  },
});
