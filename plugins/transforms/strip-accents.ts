import { asText, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'strip-accents',
  title: 'Remove accents',
  summary: 'Writes letters without their accents.',
  description: '`é` becomes `e`, `ß` `ss`, `Ø` `O`; signs of other scripts stay as they are. Null and a missing value stay as they are; lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: { umlauts: { type: 'string', enum: ['plain', 'german'], default: 'plain', title: 'Umlauts', description: 'What becomes of ä, ö and ü.', enumDescriptions: ['a, o, u', 'ae, oe, ue'] } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the holder of a card', settings: { umlauts: 'german' }, input: 'Zoë Müller-Lüdenscheidt, Straße', output: 'Zoe Mueller-Luedenscheidt, Strasse' },
    { title: 'A name for a label printer', settings: {}, input: 'Łukasz Åström-Núñez, Straße', output: 'Lukasz Astrom-Nunez, Strasse' },
    { title: 'German umlauts', settings: { umlauts: 'german' }, input: 'Jürgen Öztürk', output: 'Juergen Oeztuerk' },
    { title: 'Other scripts stay', settings: {}, input: '東京 Київ', output: '東京 Київ' },
    { title: 'Empty text', settings: {}, input: '', output: '' },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
  ],
  compile: ({ umlauts }) => (value) => {
    if (value === null || value === undefined) return value;
    const text = asText(value, 'strip-accents').normalize('NFC');
    return (umlauts === 'german' ? text.replaceAll(/[äöüÄÖÜ]/g, (letter) => german[letter]!) : text).replaceAll(/\p{Script=Latin}\p{M}*/gu, plain);
  },
});

const plain = (letter: string): string => letters[letter] ?? letter.normalize('NFD').replaceAll(/\p{M}/gu, '');

const german: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' };

/** Letters that have no decomposition into a letter and an accent. */
const letters: Readonly<Record<string, string>> = { ß: 'ss', ẞ: 'SS', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i' };
