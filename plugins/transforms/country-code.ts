import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import { asText, defineTransform, FlowError, languageOf } from '../sdk/index.ts';

export default defineTransform({
  type: 'country-code',
  title: 'Country code',
  summary: 'Turns a code or a name of a country into another (ISO 3166-1).',
  description: 'Takes the codes of two and three letters, the numbers, and names in English and in the language set, in any case, with and without accents. In English several names of a country are known (UK, Turkey, Ivory Coast, USA), and England, Scotland, Wales and Northern Ireland are the United Kingdom. Null and empty text give null, and a missing value stays missing; what is no country is an error, unless `otherwise` says so.',
  takes: ['string', 'number', 'null'],
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: {
      to: { type: 'string', enum: ['alpha-2', 'alpha-3', 'numeric', 'name'], default: 'alpha-2', title: 'To', description: 'What is given.', enumDescriptions: ['GB', 'GBR', '826', 'United Kingdom'] },
      language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Of names, such as `de`.' },
      otherwise: { type: 'string', enum: ['error', 'null', 'keep'], default: 'error', title: 'Otherwise', description: 'What a value gives that is no country.', enumDescriptions: ['An error.', 'Null.', 'The value itself.'] },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a country as customers write it', settings: { to: 'alpha-3', language: 'de' }, input: ' Österreich ', output: 'AUT' },
    { title: 'For customs', settings: { to: 'alpha-3' }, input: 'GB', output: 'GBR' },
    { title: 'From three letters', settings: {}, input: 'deu', output: 'DE' },
    { title: 'From a number', settings: {}, input: 826, output: 'GB' },
    { title: 'A name', settings: {}, input: 'south korea', output: 'KR' },
    { title: 'A name for a label', settings: { to: 'name', language: 'de' }, input: 'AT', output: 'Österreich' },
    { title: 'A German name', settings: { language: 'de' }, input: 'Vereinigtes Königreich', output: 'GB' },
    { title: 'Another name', settings: {}, input: 'UK', output: 'GB' },
    { title: 'A part of the United Kingdom', settings: {}, input: 'England', output: 'GB' },
    { title: 'A name of before', settings: {}, input: 'Turkey', output: 'TR' },
    { title: 'Without accents', settings: {}, input: "COTE D'IVOIRE", output: 'CI' },
    { title: 'A name in a language in which marks are letters', settings: { language: 'ta' }, input: 'கினியா', output: 'GN' },
    { title: 'A name that is a code without its accent', settings: { language: 'vi' }, input: 'Bỉ', output: 'BE' },
    { title: 'A name of two countries', settings: {}, input: 'Congo', error: 'DATA_INVALID' },
    { title: 'Leading zeros', settings: { to: 'numeric' }, input: 'AT', output: '040' },
    { title: 'Empty text', settings: {}, input: ' ', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'Empty', settings: {}, input: '', output: null },
    { title: 'Nowhere', settings: {}, input: 'XX', error: 'DATA_INVALID' },
    { title: 'Nowhere, kept', settings: { otherwise: 'keep' }, input: 'XX', output: 'XX' },
    { title: 'A language without names of its own', settings: { to: 'name', language: 'la' }, input: 'AT', output: 'Austria' },
    { title: 'A language that does not exist', settings: { language: 'xx' }, input: 'GB', error: 'CONFIG_INVALID' },
    { title: 'A list', settings: {}, input: ['GB'], error: 'DATA_INVALID' },
  ],
  compile: ({ to, language, otherwise }) => {
    const find = finder(language);
    const write = writers[to]!;
    const names = namesIn(language);
    return (value) => {
      if (value === null || value === undefined) return value;
      const text = asText(value, 'country-code').trim();
      if (text === '') return null;
      const found = find(text);
      if (found) return write(found, names);
      if (otherwise === 'error') throw new FlowError('DATA_INVALID', `The transform "country-code" knows no country ${JSON.stringify(text)}.`, { details: { transform: 'country-code' } });
      return otherwise === 'keep' ? value : null;
    };
  },
});

type Country = readonly [alpha2: string, alpha3: string, numeric: string, ...rest: unknown[]];
const countries = codes as unknown as readonly Country[];

const writers: Readonly<Record<string, (country: Country, names: Intl.DisplayNames) => string>> = {
  'alpha-2': ([alpha2]) => alpha2, 'alpha-3': ([, alpha3]) => alpha3, numeric: ([, , numeric]) => numeric, name: ([alpha2], names) => names.of(alpha2) ?? alpha2,
};

function finder(language: string): (text: string) => Country | undefined {
  const known = new Map<string, Country>();
  const plainNames = new Map<string, Country>();
  for (const names of [namesIn('en'), namesIn(language)]) {
    for (const country of countries) {
      const [alpha2, alpha3, numeric] = country;
      const name = names.of(alpha2) ?? alpha2;
      for (const key of [alpha2, alpha3, numeric, name]) known.set(key.toLowerCase(), country);
      plainNames.set(plain(name), country);
    }
  }
  for (const [name, code, other] of otherNames) if (other === undefined && !plainNames.has(name)) plainNames.set(name, known.get(code!.toLowerCase())!);
  // As it is first: without its accents the Vietnamese name of Belgium, Bỉ, is the code of Burundi.
  return (text) => known.get(text.toLowerCase()) ?? plainNames.get(plain(text)) ?? (/^\d{1,3}$/.test(text) ? known.get(text.padStart(3, '0')) : undefined);
}

/** However it is typed. In Hindi, Tamil and others marks are letters, without which two names may be one. */
const plain = (name: string): string => name.normalize('NFD').replaceAll(/(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu, '').replaceAll('’', "'").toLowerCase();

const inEnglish = [...Object.entries(english.countries), ['GB', ['England', 'Scotland', 'Wales', 'Northern Ireland']] as const].flatMap(([code, names]) => [names].flat().map((name) => ({ name: plain(name), code })));

/** English names with the codes of all countries that are called so. */
const otherNames = [...Map.groupBy(inEnglish, ({ name }) => name)].map(([name, all]) => [name, ...new Set(all.map(({ code }) => code))] as const);

const namesIn = (language: string): Intl.DisplayNames => new Intl.DisplayNames(languageOf(language), { type: 'region' });
