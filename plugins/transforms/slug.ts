import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'slug',
  title: 'Slug',
  summary: 'Makes a text fit for an address: small letters, digits and hyphens.',
  description: 'Accents are removed (`é` → `e`, `ß` → `ss`), everything else becomes one separator. Text without letters or digits gives empty text. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      separator: { type: 'string', enum: ['-', '_', ''], default: '-', title: 'Separator', description: 'The character between two words.' },
      maxLength: { type: 'integer', minimum: 1, default: 200, title: 'Longest', description: 'Characters that the slug has at most.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the address of a product', settings: {}, input: 'T‑Shirt „Zoë“ – 100 % Bio‑Baumwolle (Größe XL)', output: 't-shirt-zoe-100-bio-baumwolle-grosse-xl' },
    { title: 'A product handle', settings: {}, input: ' Crème Brûlée & Straße, 2nd ', output: 'creme-brulee-strasse-2nd' },
    { title: 'A short field name', settings: { separator: '_', maxLength: 10 }, input: 'Delivery date', output: 'delivery_d' },
    { title: 'Nothing left', settings: {}, input: '!!!', output: '' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ separator, maxLength }) => (value) => {
    if (value === null || value === undefined) return value;
    const plain = asText(value, 'slug').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[ßæœøłđðþ]/g, (letter) => letters[letter] ?? letter);
    const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '');
    const slug = words.join(separator).slice(0, maxLength);
    return separator !== '' && slug.endsWith(separator) ? slug.slice(0, -1) : slug;
  },
});

/** Letters that have no decomposition into a letter and an accent. */
const letters: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th' };
