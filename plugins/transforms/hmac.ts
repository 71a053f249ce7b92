import { createHmac } from 'node:crypto';
import { wellFormed } from '../formats/text.ts';
import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'hmac',
  title: 'Keyed hash',
  summary: 'Makes a fingerprint of a value that only who knows the key can make.',
  description: 'Text counts as UTF-8, so one with half of a character is an error; lists and objects are written as JSON first, with the fields in their order. Null and a missing value stay as they are.',
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      key: {
        type: 'object', title: 'Key', description: 'The secret key, by its name.', writeOnly: true,
        properties: { $secret: { type: 'string', minLength: 1, title: 'Name', description: 'Name of the secret.' } }, required: ['$secret'], additionalProperties: false,
      },
      algorithm: { type: 'string', enum: ['sha256', 'sha512', 'sha1', 'md5'], default: 'sha256', title: 'Algorithm', description: 'How it is made.' },
      encoding: { type: 'string', enum: ['hex', 'base64', 'base64url'], default: 'hex', title: 'Encoding', description: 'How it is written.' },
    },
    required: ['key'],
    additionalProperties: false,
  },
  // The examples of plugins have one secret: its value is `secret`. The digests were made with OpenSSL.
  examples: [
    { title: 'In practice: the address of an unsubscribe link that nobody can guess', settings: { key: { $secret: 'customers' }, algorithm: 'sha256' }, input: 'zoe.mueller@firma.de', output: '713fc7f3f45b6bb28a2045e776048f7ff1e7467e71f16b5ba98658c8c7b3422f' },
    { title: 'A customer number that nobody can guess', settings: { key: { $secret: 'customers' } }, input: 1001, output: '6ce001255b4355e392a95496724ff4e64ef315eb97eca5388dc46ee0436ab7cb' },
    { title: 'In Base64', settings: { key: { $secret: 'customers' }, encoding: 'base64' }, input: 'abc', output: 'mUba1OAOkT/Ivo5dP34RCkqegy+D+wnDRShdeGONig4=' },
    { title: 'A record', settings: { key: { $secret: 'customers' }, algorithm: 'sha1' }, input: { a: 1 }, output: 'f8446672f033e4b2beafc5ca3a71eafcd2cafb6e' },
    { title: 'Empty text', settings: { key: { $secret: 'customers' }, algorithm: 'md5' }, input: '', output: '5c8db03f04cec0f43bcb060023914190' },
    { title: 'Half an emoji', settings: { key: { $secret: 'customers' } }, input: 'a\ud83d', error: 'DATA_INVALID' },
    { title: 'Null stays null', settings: { key: { $secret: 'customers' } }, input: null, output: null },
  ],
  compile: async ({ key, algorithm, encoding }, context) => {
    const secret = await context.secret(key.$secret);
    return (value) => (value === null || value === undefined ? value : createHmac(algorithm, secret).update(typeof value === 'object' ? JSON.stringify(value) : wellFormed(asText(value, 'hmac')), 'utf8').digest(encoding));
  },
});
