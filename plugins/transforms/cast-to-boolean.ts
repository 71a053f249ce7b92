import { cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'cast-to-boolean',
  title: 'Cast to boolean',
  summary: 'Turns `yes`, `1`, `true` and the like into a boolean.',
  description: 'Upper and lower case and spaces around do not matter. Null, a missing value and empty text give null. Whatever stands in neither list is an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['boolean', 'null'],
  settings: {
    type: 'object',
    properties: {
      true: { type: 'array', items: { type: 'string' }, default: ['true', 'yes', 'y', 'on', '1'], title: 'True texts', description: 'Texts, in lower case, that mean true.' },
      false: { type: 'array', items: { type: 'string' }, default: ['false', 'no', 'n', 'off', '0'], title: 'False texts', description: 'Texts, in lower case, that mean false.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A tick box of a form', settings: {}, input: 'on', output: true },
    { title: 'A number', settings: {}, input: 0, output: false },
    { title: 'Own words', settings: { true: ['actif'], false: ['inactif'] }, input: 'Actif', output: true },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A word in neither list', settings: {}, input: 'maybe', error: 'DATA_INVALID' },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: (settings) => {
    const meanings = new Map([...settings.false.map((text) => [text, false] as const), ...settings.true.map((text) => [text, true] as const)]);
    return (value) => {
      if (value === null || value === undefined || typeof value === 'boolean') return value;
      const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : undefined;
      if (text === '') return null;
      const meaning = text === undefined ? undefined : meanings.get(text);
      if (meaning === undefined) throw cannotTake(value, 'cast-to-boolean', `one of ${[...meanings.keys()].join(', ')}`);
      return meaning;
    };
  },
});
