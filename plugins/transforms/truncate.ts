import { asText, charactersOf, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'truncate',
  title: 'Truncate',
  summary: 'Cuts a text that is too long.',
  description: 'Characters are counted as people see them, so an emoji is never cut in two. The ending is part of the length. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      length: { type: 'integer', minimum: 1, title: 'Length', description: 'Characters that the text has at most.' },
      ending: { type: 'string', default: '', title: 'Ending', description: 'Text at the end of a text that was cut, such as `…`.' },
      wholeWords: { type: 'boolean', default: false, title: 'Whole words', description: 'Cut between two words where that is possible.' },
    },
    required: ['length'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the name of a company on a label of 35 characters', settings: { length: 35, wholeWords: true }, input: 'Süddeutsche Donaudampfschifffahrt GmbH & Co. KG', output: 'Süddeutsche Donaudampfschifffahrt' },
    { title: 'An address line of an ERP with 10 characters', settings: { length: 10 }, input: '12 High Street', output: '12 High St' },
    { title: 'A teaser', settings: { length: 12, ending: '…', wholeWords: true }, input: 'A very soft red shirt', output: 'A very soft…' },
    { title: 'An emoji stays whole', settings: { length: 2 }, input: 'a👩‍👧b', output: 'a👩‍👧' },
    { title: 'Short enough', settings: { length: 10, ending: '…' }, input: 'short', output: 'short' },
    { title: 'Empty text', settings: { length: 3 }, input: '', output: '' },
    { title: 'Null stays null', settings: { length: 3 }, input: null, output: null },
    { title: 'A list', settings: { length: 3 }, input: [1, 2, 3, 4], error: 'DATA_INVALID' },
  ],
  compile: ({ length, ending, wholeWords }) => {
    const room = Math.max(0, length - charactersOf(ending).length);
    return (value) => {
      if (value === null || value === undefined) return value;
      const text = asText(value, 'truncate');
      if (text.length <= length) return text;
      const characters = charactersOf(text);
      if (characters.length <= length) return text;
      const cut = characters.slice(0, room).join('');
      const isBetweenWords = /\s/.test(characters[room] ?? ' ');
      return (wholeWords && !isBetweenWords && /\s/.test(cut) ? cut.slice(0, cut.search(/\s\S*$/)) : cut) + charactersOf(ending).slice(0, length).join('');
    };
  },
});
