import { cannotTake, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'cast-to-boolean',
  title: 'Cast to boolean',
  summary: 'Turns `yes`, `1`, `true` and the like into a boolean.',
  description: 'Upper and lower case and spaces around do not matter. Null and empty text give null, and a missing value stays missing. Whatever stands in neither list is an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['boolean', 'null'],
  settings: {
    type: 'object',
    properties: {
      true: { type: 'array', items: { type: 'string' }, default: ['true', 'yes', 'y', 'on', '1'], title: 'True texts', description: 'Texts that mean true, in upper or lower case.' },
      false: { type: 'array', items: { type: 'string' }, default: ['false', 'no', 'n', 'off', '0'], title: 'False texts', description: 'Texts that mean false, in upper or lower case.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the stock of a supplier', settings: { true: ['In stock', 'Low stock'], false: ['Out of stock', 'Discontinued'] }, input: ' LOW STOCK ', output: true },
    { title: 'A tick box of a form', settings: {}, input: 'on', output: true },
    { title: 'A number', settings: {}, input: 0, output: false },
    { title: 'Own words', settings: { true: ['actif'], false: ['inactif'] }, input: 'Actif', output: true },
    { title: 'Own words in capitals, with spaces', settings: { true: ['ΝΑΙ', ' Ja '], false: ['ΟΧΙ', 'Nein'] }, input: 'ja', output: true },
    { title: 'One word for both', settings: { true: ['x'], false: ['X'] }, input: 'x', error: 'CONFIG_INVALID' },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in neither list', settings: {}, input: 'maybe', error: 'DATA_INVALID' },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: (settings) => {
    const meanings = new Map(settings.false.map((text) => [plain(text), false]));
    for (const [index, text] of settings.true.entries()) {
      if (meanings.get(plain(text)) === false) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(text)} cannot mean both true and false.`, { place: { pointer: `/true/${index}` }, remedy: 'Take it out of one of the lists.' });
      meanings.set(plain(text), true);
    }
    return (value) => {
      if (value === null || value === undefined || typeof value === 'boolean') return value;
      const text = typeof value === 'string' || typeof value === 'number' ? plain(String(value)) : undefined;
      if (text === '') return null;
      const meaning = text === undefined ? undefined : meanings.get(text);
      if (meaning === undefined) throw cannotTake(value, 'cast-to-boolean', `one of ${[...meanings.keys()].join(', ')}`);
      return meaning;
    };
  },
});

const plain = (text: string): string => text.trim().toLowerCase();
