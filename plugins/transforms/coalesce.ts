import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'coalesce',
  title: 'First value',
  summary: 'Gives the first of several sources that has a value, or a default.',
  description: 'Null and missing values are passed over, and empty text where `skipEmpty` is on; 0 and false are values. A single value is the only candidate; the items of a list are the candidates, so that a list that is to stay takes `default` instead. Where nothing is left and there is no default, null is given; where all sources are missing, nothing.',
  settings: {
    type: 'object',
    properties: {
      skipEmpty: { type: 'boolean', default: false, title: 'Skip empty text', description: 'Pass over empty texts too, not only null.' },
      default: { title: 'Default', description: 'The value to give where no source has one.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the name for a label', settings: { skipEmpty: true, default: 'Bewohner' }, input: ['', null, 'Café Zoë', 'Zoë Müller'], output: 'Café Zoë' },
    { title: 'The mobile number, else the telephone', settings: {}, input: [null, '020 7946 0000'], output: '020 7946 0000' },
    { title: 'Zero is a value', settings: {}, input: [0, 5], output: 0 },
    { title: 'Empty text passed over', settings: { skipEmpty: true, default: 'none' }, input: ['', null], output: 'none' },
    { title: 'No sources', settings: {}, input: [], output: null },
    { title: 'Null with a default', settings: { default: 'GB' }, input: null, output: 'GB' },
    { title: 'A value that is no list', settings: { default: 'GB' }, input: { code: 'FR' }, output: { code: 'FR' } },
  ],
  compile: (settings) => (value) => {
    const candidates = Array.isArray(value) ? value : [value];
    return candidates.find((candidate) => candidate !== null && candidate !== undefined && !(settings.skipEmpty && candidate === '')) ?? settings.default ?? (value === undefined ? undefined : null);
  },
});
