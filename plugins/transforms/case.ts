import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'case',
  title: 'Upper and lower case',
  summary: 'Writes a text in upper, lower, title or sentence case.',
  description: 'Title case makes the first letter of each word large, sentence case that of the text; all others become small. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      to: {
        type: 'string', enum: ['upper', 'lower', 'title', 'sentence'], title: 'Case', description: 'How the text is written.',
        enumDescriptions: ['ALL LARGE', 'all small', 'Every Word Large', 'Only the first word large'],
      },
    },
    required: ['to'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a name that was typed in capitals', settings: { to: 'title' }, input: 'ZOË MÜLLER-LÜDENSCHEIDT', output: 'Zoë Müller-Lüdenscheidt' },
    { title: 'A country code', settings: { to: 'upper' }, input: 'gb', output: 'GB' },
    { title: 'An e-mail address', settings: { to: 'lower' }, input: 'Ada@Example.com', output: 'ada@example.com' },
    { title: 'A name typed in capitals', settings: { to: 'title' }, input: "JEAN-LUC O'NEILL élan", output: "Jean-Luc O'neill Élan" },
    { title: 'A ligature and a letter of two, as Unicode writes them', settings: { to: 'title' }, input: 'ﬁsh ǆep ﬄat ŉ', output: 'Fish ǅep Fflat ʼN' },
    { title: 'A ligature at the beginning', settings: { to: 'sentence' }, input: 'ﬁne Ware', output: 'Fine ware' },
    { title: 'A product title', settings: { to: 'sentence' }, input: ' RED SHIRT', output: ' Red shirt' },
    { title: 'Empty text', settings: { to: 'title' }, input: '', output: '' },
    { title: 'Null stays null', settings: { to: 'upper' }, input: null, output: null },
    { title: 'A list', settings: { to: 'upper' }, input: ['a'], error: 'DATA_INVALID' },
  ],
  compile: ({ to }) => (value) => (value === null || value === undefined ? value : write[to](asText(value, 'case'))),
});

const write = {
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
  title: (text: string) => text.toLowerCase().replace(/(^|[^\p{L}\p{M}\p{N}'’])(\p{L})/gu, (_, before: string, letter: string) => before + large(letter)),
  sentence: (text: string) => text.toLowerCase().replace(/\p{L}/u, (letter) => large(letter)),
};

/** Letters that Unicode writes otherwise at the beginning of a word than in a word of large ones, such as `ǅ`. */
const ofWords = new Map([...'ǅǈǋǲᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ'].map((letter) => [letter.toLowerCase(), letter]));

/** At the beginning of a word only the first of the letters that a ligature stands for is large. */
function large(letter: string): string {
  const [first = '', ...rest] = letter.toUpperCase();
  return ofWords.get(letter) ?? (first === first.toLowerCase() ? letter.toUpperCase() : first + rest.join('').toLowerCase());
}
