import { asText, defineTransform, FlowError, languageOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'currency-code',
  title: 'Currency code',
  summary: 'Turns a code, a sign or a name of a currency into another (ISO 4217).',
  description: 'Takes codes, names in English and in the language set, and signs that belong to one currency in that language (`$` in `en` is the US dollar), in any case. Null and empty text give null, and a missing value stays missing; what is no currency is an error, unless `otherwise` says so.',
  takes: ['string', 'null'],
  gives: ['string', 'number', 'null'],
  settings: {
    type: 'object',
    properties: {
      to: { type: 'string', enum: ['code', 'name', 'sign', 'places'], default: 'code', title: 'To', description: 'What is given.', enumDescriptions: ['EUR', 'Euro', '€', 'The number of places: 2'] },
      language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Of names and signs, such as `de`.' },
      otherwise: { type: 'string', enum: ['error', 'null', 'keep'], default: 'error', title: 'Otherwise', description: 'What a value gives that is no currency.', enumDescriptions: ['An error.', 'Null.', 'The value itself.'] },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the sign of a price list', settings: {}, input: '£', output: 'GBP' },
    { title: 'From a sign', settings: {}, input: '€', output: 'EUR' },
    { title: 'From a name', settings: {}, input: 'Swiss franc', output: 'CHF' },
    { title: 'A name in German', settings: { to: 'name', language: 'de' }, input: 'gbp', output: 'Britisches Pfund' },
    { title: 'The places of yen', settings: { to: 'places' }, input: 'JPY', output: 0 },
    { title: 'The sign', settings: { to: 'sign' }, input: 'GBP', output: '£' },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'Nothing to pay with', settings: {}, input: 'XQQ', error: 'DATA_INVALID' },
    { title: 'The same, as null', settings: { otherwise: 'null' }, input: 'XQQ', output: null },
    { title: 'A language without names of its own', settings: { to: 'name', language: 'ht' }, input: 'gbp', output: 'British Pound' },
    { title: 'A language that does not exist', settings: { language: 'xx' }, input: 'EUR', error: 'CONFIG_INVALID' },
    { title: 'A list', settings: {}, input: ['EUR'], error: 'DATA_INVALID' },
  ],
  compile: ({ to, language, otherwise }) => {
    const languages = languageOf(language);
    const known = currenciesIn(languages);
    return (value) => {
      if (value === null || value === undefined) return value;
      const text = asText(value, 'currency-code').trim();
      if (text === '') return null;
      const code = known.get(text.toLocaleLowerCase());
      if (code !== undefined) return write(code, to, languages);
      if (otherwise === 'error') throw new FlowError('DATA_INVALID', `The transform "currency-code" knows no currency ${JSON.stringify(text)}.`, { details: { transform: 'currency-code' } });
      return otherwise === 'keep' ? value : null;
    };
  },
});

type Languages = ReturnType<typeof languageOf>;

const formatOf = (code: string, languages: Languages): Intl.NumberFormat => new Intl.NumberFormat(languages, { style: 'currency', currency: code, currencyDisplay: 'narrowSymbol' });
const signOf = (code: string, languages: Languages, currencyDisplay: 'symbol' | 'narrowSymbol'): string => new Intl.NumberFormat(languages, { style: 'currency', currency: code, currencyDisplay }).formatToParts(1).find(({ type }) => type === 'currency')?.value ?? code;

function write(code: string, to: string, languages: Languages): string | number {
  if (to === 'name') return new Intl.DisplayNames(languages, { type: 'currency' }).of(code) ?? code;
  if (to === 'sign') return signOf(code, languages, 'narrowSymbol');
  return to === 'places' ? formatOf(code, languages).resolvedOptions().maximumFractionDigits! : code;
}

function currenciesIn(languages: Languages): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const names of ['en', languages].map((one) => new Intl.DisplayNames(one, { type: 'currency' }))) {
    for (const code of Intl.supportedValuesOf('currency')) {
      known.set((names.of(code) ?? code).toLocaleLowerCase(), code);
      const sign = signOf(code, languages, 'symbol').toLocaleLowerCase();
      if (!known.has(sign)) known.set(sign, code);
    }
  }
  for (const code of Intl.supportedValuesOf('currency')) known.set(code.toLowerCase(), code);
  return known;
}
