import { cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'cast-boolean-to-string',
  title: 'Boolean to text',
  summary: 'Writes a boolean as a text of choice.',
  description: 'Null and a missing value stay as they are; anything else that is no boolean is an error: use `cast-to-boolean` before.',
  takes: ['boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      true: { type: 'string', default: 'true', title: 'True', description: 'Text for true.' },
      false: { type: 'string', default: 'false', title: 'False', description: 'Text for false.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: whether a customer wants the newsletter, for a CSV import', settings: { true: 'Ja', false: 'Nein' }, input: true, output: 'Ja' },
    { title: 'A flag of an ERP', settings: { true: 'Y', false: 'N' }, input: true, output: 'Y' },
    { title: 'As it is', settings: {}, input: false, output: 'false' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A text', settings: {}, input: 'true', error: 'DATA_INVALID' },
    { title: 'Empty text', settings: {}, input: '', error: 'DATA_INVALID' },
  ],
  compile: (settings) => (value) => {
    if (value === null || value === undefined) return value;
    if (typeof value !== 'boolean') throw cannotTake(value, 'cast-boolean-to-string', 'a boolean');
    return value ? settings.true : settings.false;
  },
});
