import { wellFormed } from '../formats/text.ts';
import { asText, cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'url-encode',
  title: 'Encode for an address',
  summary: 'Writes a text so that it can stand in an address, or reads one.',
  description: 'All but letters, digits and `-._~` is written as `%XX` (RFC 3986), with `form` a space as `+`. Null and a missing value stay as they are; lists, objects, a text that cannot be read and one with half of a character are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      direction: { type: 'string', enum: ['encode', 'decode'], default: 'encode', title: 'Direction', description: 'Whether to write or to read.', enumDescriptions: ['Text to address.', 'Address to text.'] },
      form: { type: 'boolean', default: false, title: 'As in a form', description: 'A space is `+`.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a filter of a search', settings: {}, input: 'created_at:>=2024-03-31T02:00:00+02:00 AND tag:"Größe XL"', output: 'created_at%3A%3E%3D2024-03-31T02%3A00%3A00%2B02%3A00%20AND%20tag%3A%22Gr%C3%B6%C3%9Fe%20XL%22' },
    { title: 'A search term', settings: {}, input: "Müller & Söhne (d'Or)", output: 'M%C3%BCller%20%26%20S%C3%B6hne%20%28d%27Or%29' },
    { title: 'As in a form', settings: { form: true }, input: 'a b+c', output: 'a+b%2Bc' },
    { title: 'Reading', settings: { direction: 'decode' }, input: 'a%20b+c', output: 'a b+c' },
    { title: 'Reading a form', settings: { direction: 'decode', form: true }, input: 'a+b%2Bc', output: 'a b+c' },
    { title: 'Half an emoji', settings: {}, input: 'a\ud83d', error: 'DATA_INVALID' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'A text that cannot be read', settings: { direction: 'decode' }, input: '100%', error: 'DATA_INVALID' },
    { title: 'A list', settings: {}, input: ['a'], error: 'DATA_INVALID' },
  ],
  compile: ({ direction, form }) => (value) => {
    if (value === null || value === undefined) return value;
    const text = asText(value, 'url-encode');
    if (direction === 'decode') return decode(form ? text.replaceAll('+', '%20') : text);
    const encoded = encodeURIComponent(wellFormed(text)).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
    return form ? encoded.replaceAll('%20', '+') : encoded;
  },
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw cannotTake(text, 'url-encode', 'a text whose % signs are followed by two hexadecimal digits of UTF-8');
  }
}
