import { asText, defineTransform, FlowError, languageOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'language-code',
  title: 'Language code',
  summary: 'Turns a code of a language into another (ISO 639, BCP 47).',
  description: 'Takes codes of two and three letters, with a country or without, joined by `-` or `_`. Null and empty text give null, and a missing value stays missing; what is no code is an error, unless `otherwise` says so.',
  takes: ['string', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      to: { type: 'string', enum: ['alpha-2', 'alpha-3', 'tag', 'underscore', 'name'], default: 'alpha-2', title: 'To', description: 'What is given.', enumDescriptions: ['de (three letters where there are no two)', 'deu', 'de-AT', 'de_AT', 'German'] },
      language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Of names, such as `de`.' },
      otherwise: { type: 'string', enum: ['error', 'null', 'keep'], default: 'error', title: 'Otherwise', description: 'What a value gives that is no code.', enumDescriptions: ['An error.', 'Null.', 'The value itself.'] },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the language of a browser, for e-mails', settings: {}, input: 'de-AT', output: 'de' },
    { title: 'From three letters', settings: {}, input: 'deu', output: 'de' },
    { title: 'To three letters', settings: { to: 'alpha-3' }, input: 'de-AT', output: 'deu' },
    { title: 'Not the code of bibliographers', settings: { to: 'alpha-3' }, input: 'fr', output: 'fra' },
    { title: 'As Java writes it', settings: { to: 'tag' }, input: 'pt_br', output: 'pt-BR' },
    { title: 'A name', settings: { to: 'name', language: 'fr' }, input: 'de', output: 'allemand' },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'No code', settings: {}, input: 'German!', error: 'DATA_INVALID' },
    { title: 'A language that does not exist', settings: { language: 'xx' }, input: 'de', error: 'CONFIG_INVALID' },
    { title: 'A list', settings: {}, input: ['de'], error: 'DATA_INVALID' },
  ],
  compile: ({ to, language, otherwise }) => {
    const names = namesIn(language);
    return (value) => {
      if (value === null || value === undefined) return value;
      const text = asText(value, 'language-code').trim();
      if (text === '') return null;
      const locale = localeOf(text);
      if (locale && names.of(locale.language) !== locale.language) return write(locale, to, names);
      if (otherwise === 'error') throw new FlowError('DATA_INVALID', `The transform "language-code" knows no language ${JSON.stringify(text)}.`, { details: { transform: 'language-code' } });
      return otherwise === 'keep' ? value : null;
    };
  },
});

function write(locale: Intl.Locale, to: string, names: Intl.DisplayNames): string {
  if (to === 'alpha-2') return locale.language;
  if (to === 'alpha-3') return threeLetters(locale.language);
  if (to === 'name') return names.of(locale.language) ?? locale.language;
  return to === 'tag' ? locale.baseName : locale.baseName.replaceAll('-', '_');
}

function localeOf(text: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0] ?? '');
  } catch {
    return undefined;
  }
}

let byTwo: Map<string, string> | undefined;

/** Canonical tags have two letters wherever there are two, so that the three that lead to them are found by asking. */
function threeLetters(code: string): string {
  if (code.length === 3) return code;
  if (!byTwo) {
    byTwo = new Map();
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    for (const first of letters) for (const second of letters) for (const third of letters) {
      const three = first + second + third;
      const two = Intl.getCanonicalLocales(three)[0]!;
      // Beside the usual code there are old ones and those of bibliographers. It begins with the two letters where one does, and is the first in the alphabet.
      if (two.length === 2 && (!byTwo.has(two) || (three.startsWith(two) && !byTwo.get(two)!.startsWith(two)))) byTwo.set(two, three);
    }
  }
  return byTwo.get(code) ?? code;
}

const namesIn = (language: string): Intl.DisplayNames => new Intl.DisplayNames(languageOf(language), { type: 'language' });
