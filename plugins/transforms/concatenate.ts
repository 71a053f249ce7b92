import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'concatenate',
  title: 'Concatenate',
  summary: 'Joins the values of several sources to one text.',
  description: 'Null, missing and (unless `skipEmpty` is off) empty parts are left out together with their separator. A single value is the only part. Null or a missing value alone stays as it is, and where all parts are null or missing, null is given. A part that is a list or an object is an error.',
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      separator: { type: 'string', default: ' ', title: 'Separator', description: 'The text between two parts.' },
      skipEmpty: { type: 'boolean', default: true, title: 'Skip empty parts', description: 'Leave out empty texts too, not only null.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: an address in one line', settings: { separator: ', ' }, input: ['Zoë Müller', null, 'Königstraße 12 a', '', '70173 Stuttgart', 'DE'], output: 'Zoë Müller, Königstraße 12 a, 70173 Stuttgart, DE' },
    { title: 'A full name without a middle name', settings: {}, input: ['Ada', null, 'Lovelace'], output: 'Ada Lovelace' },
    { title: 'An address line', settings: { separator: ', ' }, input: ['12 High St', '', 'Leeds', 'LS1'], output: '12 High St, Leeds, LS1' },
    { title: 'Empty parts are kept on demand', settings: { separator: ';', skipEmpty: false }, input: ['a', '', 'c'], output: 'a;;c' },
    { title: 'Parts that are all null', settings: {}, input: [null, null], output: null },
    { title: 'Empty parts alone', settings: {}, input: [null, ''], output: '' },
    { title: 'No parts', settings: {}, input: [], output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A list among the parts', settings: {}, input: ['a', ['b']], error: 'DATA_INVALID' },
  ],
  compile: ({ separator, skipEmpty }) => (value) => {
    if (value === null || value === undefined) return value;
    let whole: string | undefined;
    for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const text = part === null || part === undefined ? undefined : asText(part, 'concatenate');
      if (text === undefined || (skipEmpty && text === '')) continue;
      whole = whole === undefined ? text : whole + separator + text;
    }
    const isNothing = Array.isArray(value) && value.length > 0 && value.every((part) => part === null || part === undefined);
    return whole ?? (isNothing ? null : '');
  },
});
