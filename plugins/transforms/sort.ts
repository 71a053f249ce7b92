import { asList, compareNumbers, defineTransform, isCount, languageOf, valueAt } from '../sdk/index.ts';

export default defineTransform({
  type: 'sort',
  title: 'Sort',
  summary: 'Puts the items of a list in order.',
  description: 'Numbers, also those that are texts as they have too many digits, come in the order of their size and before texts, texts in that of a language, where digits count as numbers (`A2` before `A10`). Items without the field, and null, come last. Items that are alike keep their order. Null and a missing value stay as they are; anything that is not a list is an error.',
  takes: ['array', 'null'],
  gives: ['array', 'null'],
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, title: 'Field', description: 'Field of each item by which they are sorted; without it the items themselves. Of a path that names several places the first values are compared, where they are the same the second ones, and so on.', 'x-path': 'record' },
      order: { type: 'string', enum: ['ascending', 'descending'], default: 'ascending', title: 'Order', description: 'Which way.' },
      language: { type: 'string', minLength: 2, default: 'en', title: 'Language', description: 'Whose alphabet counts, such as `sv`.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: customers in the order of German dictionaries', settings: { path: 'name', language: 'de' }, input: [{ name: 'Zoë' }, { name: 'Özdemir' }, { name: 'Otto' }, { name: 'Müller' }, { name: 'Mueller' }], output: [{ name: 'Mueller' }, { name: 'Müller' }, { name: 'Otto' }, { name: 'Özdemir' }, { name: 'Zoë' }] },
    { title: 'Lines by position', settings: { path: 'line' }, input: [{ line: 10 }, { line: 9 }, {}], output: [{ line: 9 }, { line: 10 }, {}] },
    { title: 'By all of several values', settings: { path: 'tags[*]' }, input: [{ tags: ['b'] }, {}, { tags: ['a', 'c'] }, { tags: ['a', 'b'] }, { tags: ['a'] }], output: [{ tags: ['a'] }, { tags: ['a', 'b'] }, { tags: ['a', 'c'] }, { tags: ['b'] }, {}] },
    { title: 'Sizes', settings: {}, input: ['A10', 'a2', 'A1'], output: ['A1', 'a2', 'A10'] },
    { title: 'Numbers of more digits than a number holds', settings: {}, input: ['1000000000000000000', '200000000000000000', 3, 'A'], output: [3, '200000000000000000', '1000000000000000000', 'A'] },
    { title: 'Descending, null last', settings: { order: 'descending' }, input: [1, null, 3, '2'], output: ['2', 3, 1, null] },
    { title: 'Swedish', settings: { language: 'sv' }, input: ['Öland', 'Zetterberg', 'Ångström'], output: ['Zetterberg', 'Ångström', 'Öland'] },
    { title: 'An empty list', settings: {}, input: [], output: [] },
    { title: 'Null stays null', settings: {}, input: null, output: null },
    { title: 'An object', settings: {}, input: {}, error: 'DATA_INVALID' },
    { title: 'A language that does not exist', settings: { language: 'not a language' }, input: [], error: 'CONFIG_INVALID' },
  ],
  compile: ({ path, order, language }, context) => {
    const field = path === undefined ? undefined : context.path(path);
    const isMany = field?.singular === false;
    const compareTexts = collatorOf(language).compare;
    const sign = order === 'ascending' ? 1 : -1;
    const compare = (left: unknown, right: unknown): number => {
      if (isMany && Array.isArray(left) && Array.isArray(right)) return left.reduce((order: number, one, at) => (order !== 0 ? order : at < right.length ? compareOne(one, right[at]) : sign), 0) || sign * (left.length - right.length);
      return compareOne(left, right);
    };
    const compareOne = (left: unknown, right: unknown): number => {
      if (isNothing(left) || isNothing(right)) return Number(isNothing(left)) - Number(isNothing(right));
      if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
      if (isCount(left) && isCount(right)) return sign * compareNumbers(left, right);
      if (isCount(left) || isCount(right)) return sign * (isCount(left) ? -1 : 1);
      return sign * compareTexts(textOf(left), textOf(right));
    };
    return (value) => {
      if (value === null || value === undefined) return value;
      const keyed = asList(value, 'sort').map((item) => ({ item, key: field ? valueAt(field, item) : item }));
      return keyed.toSorted((left, right) => compare(left.key, right.key)).map(({ item }) => item);
    };
  },
});

const isNothing = (value: unknown): boolean => value === null || value === undefined;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const collatorOf = (language: string): Intl.Collator => new Intl.Collator(languageOf(language), { numeric: true });
