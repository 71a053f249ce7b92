import { createHash } from 'node:crypto';
import { wellFormed } from '../formats/text.ts';
import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'hash',
  title: 'Hash',
  summary: 'Makes a fingerprint of a value.',
  description: 'Text counts as UTF-8, so one with half of a character is an error; lists and objects are written as JSON first, with the fields in their order. MD5 and SHA-1 are there for systems that want them, and protect nothing. Null and a missing value stay as they are.',
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      algorithm: { type: 'string', enum: ['sha256', 'sha512', 'sha1', 'md5'], default: 'sha256', title: 'Algorithm', description: 'How it is made.' },
      encoding: { type: 'string', enum: ['hex', 'base64', 'base64url'], default: 'hex', title: 'Encoding', description: 'How it is written.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: an e-mail address for an advertiser, who must not know it', settings: {}, input: 'zoe.mueller@firma.de', output: 'e74d38e52f61788fc78851d638b8629bd49caa3f929f29ec667ca55398c00864' },
    { title: 'A text', settings: {}, input: 'abc', output: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    { title: 'An e-mail address for a picture service', settings: { algorithm: 'md5' }, input: 'ada@example.org', output: '5bfcf2d8e394674550332640d72db509' },
    { title: 'In Base64', settings: { algorithm: 'sha1', encoding: 'base64' }, input: 'abc', output: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=' },
    { title: 'A record, to see whether it has changed', settings: { algorithm: 'md5' }, input: { sku: 'A1', price: 5 }, output: 'ed559be429dcaf6f28e0597939a3b417' },
    { title: 'Empty text', settings: { algorithm: 'md5' }, input: '', output: 'd41d8cd98f00b204e9800998ecf8427e' },
    { title: 'Half an emoji', settings: {}, input: 'a\ud83d', error: 'DATA_INVALID' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
  ],
  compile: ({ algorithm, encoding }) => (value) => (value === null || value === undefined ? value : createHash(algorithm).update(typeof value === 'object' ? JSON.stringify(value) : wellFormed(asText(value, 'hash')), 'utf8').digest(encoding)),
});
