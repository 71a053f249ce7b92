import { wellFormed } from '../formats/text.ts';
import { asText, cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'base64',
  title: 'Base64',
  summary: 'Writes a text in Base64, or reads one.',
  description: 'Text counts as UTF-8, so one with half of a character is an error. Reading takes both alphabets, with and without padding and with line breaks; what is no Base64, or holds bytes that are no text, is an error. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      direction: { type: 'string', enum: ['encode', 'decode'], default: 'encode', title: 'Direction', description: 'Whether to write or to read.', enumDescriptions: ['Text to Base64.', 'Base64 to text.'] },
      alphabet: { type: 'string', enum: ['standard', 'url'], default: 'standard', title: 'Alphabet', description: 'Of what is written.', enumDescriptions: ['With + and /, padded.', 'With - and _, not padded, for addresses.'] },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: what a webhook of a message queue holds', settings: { direction: 'decode' }, input: 'eyJpZCI6IiMxMDQyIiwidG90YWwiOiIxOSw5OSDigqwifQ==', output: '{"id":"#1042","total":"19,99 €"}' },
    { title: 'User and password of a header', settings: {}, input: 'user:pässword', output: 'dXNlcjpww6Rzc3dvcmQ=' },
    { title: 'For an address', settings: { alphabet: 'url' }, input: '>>>?', output: 'Pj4-Pw' },
    { title: 'Reading, without padding', settings: { direction: 'decode' }, input: 'dXNlcjpww6Rzc3dvcmQ', output: 'user:pässword' },
    { title: 'Reading the other alphabet, over two lines', settings: { direction: 'decode' }, input: 'Pj4-\r\nPw==', output: '>>>?' },
    { title: 'An emoji there', settings: {}, input: '👩‍👧', output: '8J+RqeKAjfCfkac=' },
    { title: 'Empty text', settings: { direction: 'decode' }, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'Text that is no Base64', settings: { direction: 'decode' }, input: 'Hello!', error: 'DATA_INVALID' },
    { title: 'Bytes that are no text', settings: { direction: 'decode' }, input: '/w==', error: 'DATA_INVALID' },
    { title: 'Half an emoji', settings: {}, input: 'a\ud83d', error: 'DATA_INVALID' },
    { title: 'A list', settings: {}, input: ['a'], error: 'DATA_INVALID' },
  ],
  compile: ({ direction, alphabet }) => (value) => {
    if (value === null || value === undefined) return value;
    const text = asText(value, 'base64');
    return direction === 'encode' ? Buffer.from(wellFormed(text), 'utf8').toString(alphabet === 'url' ? 'base64url' : 'base64') : decode(text);
  },
});

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(given: string): string {
  const text = given.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(text) || text.length % 4 === 1) throw cannotTake(given, 'base64', 'a text in Base64');
  try {
    return utf8.decode(Buffer.from(text, 'base64'));
  } catch {
    throw cannotTake(given, 'base64', 'a text in Base64 whose bytes are text in UTF-8');
  }
}
