import { RE2JS } from 're2js';
import { asText, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'replace',
  title: 'Replace',
  summary: 'Replaces a text, or what a regular expression matches.',
  description: 'Regular expressions have the RE2 syntax, which has no look-around and no back references and therefore never hangs. In the replacement `$1` stands for the first group, `$&` for the whole match and `$$` for a dollar; without `regex` it is taken literally. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      find: { type: 'string', minLength: 1, title: 'Find', description: 'The text or regular expression to look for.' },
      with: { type: 'string', default: '', title: 'Replace with', description: 'The text to put in its place; empty removes it.' },
      regex: { type: 'boolean', default: false, title: 'Regular expression', description: 'Read `find` as a regular expression.' },
      ignoreCase: { type: 'boolean', default: false, title: 'Ignore case', description: 'Upper and lower case letters are the same.' },
      firstOnly: { type: 'boolean', default: false, title: 'First only', description: 'Replace only the first place instead of all.' },
    },
    required: ['find'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: an IBAN without its spaces', settings: { find: '[\\s\\x{a0}]+', regex: true }, input: 'DE89 3704 0044\u00a00532 0130 00', output: 'DE89370400440532013000' },
    { title: 'A phone number without its spaces', settings: { find: ' ' }, input: '+44 20 7946 0000', output: '+442079460000' },
    { title: 'A date turned round', settings: { find: '(\\d+)/(\\d+)/(\\d+)', with: '$3-$2-$1', regex: true }, input: '31/12/2024', output: '2024-12-31' },
    { title: 'Text is taken literally', settings: { find: '$', with: 'US$' }, input: '$5', output: 'US$5' },
    { title: 'The first place, whatever its case', settings: { find: 'A', with: '-', ignoreCase: true, firstOnly: true }, input: 'banana', output: 'b-nana' },
    { title: 'A pattern that makes other engines hang', settings: { find: '(a+)+$', with: 'b', regex: true }, input: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', output: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' },
    { title: 'Empty text', settings: { find: ' ' }, input: '', output: '' },
    { title: 'Null stays null', settings: { find: ' ' }, input: null, output: null },
    { title: 'A list', settings: { find: ' ' }, input: [], error: 'DATA_INVALID' },
    { title: 'A wrong pattern', settings: { find: '(', regex: true }, input: 'x', error: 'CONFIG_INVALID' },
  ],
  compile: (settings) => {
    const pattern = compilePattern(settings.regex ? settings.find : RE2JS.quote(settings.find), settings.ignoreCase);
    const replacement = settings.regex ? settings.with : settings.with.replaceAll('$', '$$$$');
    return (value) => {
      if (value === null || value === undefined) return value;
      const matcher = pattern.matcher(asText(value, 'replace'));
      return settings.firstOnly ? matcher.replaceFirst(replacement) : matcher.replaceAll(replacement);
    };
  },
});

function compilePattern(pattern: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The regular expression ${JSON.stringify(pattern)} of the transform "replace" cannot be read: ${(cause as Error).message}.`, { cause, place: { pointer: '/find' } });
  }
}
