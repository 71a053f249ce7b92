import { asText, cannotTake, defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'map-values',
  title: 'Map values',
  summary: 'Replaces values by others from a short list.',
  description: 'Values are compared as text, so 1 and `"1"` are the same. Null, a missing value and values that are not in the list give what `otherwise` says; a lookup file suits longer lists. Lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  settings: {
    type: 'object',
    properties: {
      values: { type: 'object', additionalProperties: {}, title: 'Values', description: 'The value that comes → the value to give.', 'x-ui': { widget: 'map' } },
      otherwise: {
        type: 'string', enum: ['keep', 'null', 'default', 'error'], default: 'keep', title: 'Otherwise', description: 'What a value gives that is not in the list.',
        enumDescriptions: ['The value itself.', 'Null.', 'The default below.', 'An error.'],
      },
      default: { title: 'Default', description: 'The value to give where `otherwise` is `default`.', 'x-ui': { visibleWhen: { field: 'otherwise', equals: 'default' } } },
      ignoreCase: { type: 'boolean', default: false, title: 'Ignore case', description: 'Upper and lower case letters are the same.' },
    },
    required: ['values'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the state of an order, for its customer', settings: { values: { unfulfilled: 'In Bearbeitung', partial: 'Teilweise versandt', fulfilled: 'Versandt' }, otherwise: 'default', default: 'Neu' }, input: 'partial', output: 'Teilweise versandt' },
    { title: 'Order states of a shop and an ERP', settings: { values: { paid: 'RELEASED', pending: 'HOLD' } }, input: 'paid', output: 'RELEASED' },
    { title: 'Numbers are compared as text', settings: { values: { '1': true, '0': false } }, input: 1, output: true },
    { title: 'Not in the list', settings: { values: { a: 'b' } }, input: 'x', output: 'x' },
    { title: 'A default', settings: { values: { a: 'b' }, otherwise: 'default', default: 'z' }, input: null, output: 'z' },
    { title: 'Any case', settings: { values: { GB: 'UK' }, ignoreCase: true }, input: 'gb', output: 'UK' },
    { title: 'Null is kept', settings: { values: { a: 'b' } }, input: null, output: null },
    { title: 'Names of JavaScript are not in the list', settings: { values: {}, otherwise: 'null' }, input: 'constructor', output: null },
    { title: 'Strict', settings: { values: { a: 'b' }, otherwise: 'error' }, input: 'x', error: 'DATA_INVALID' },
    { title: 'An object', settings: { values: { a: 'b' } }, input: {}, error: 'DATA_INVALID' },
  ],
  compile: (settings) => {
    const normal = (text: string) => (settings.ignoreCase ? text.toLowerCase() : text);
    const values = new Map(Object.entries(settings.values).map(([from, to]) => [normal(from), to]));
    return (value) => {
      const key = value === null || value === undefined ? undefined : normal(asText(value, 'map-values'));
      if (key !== undefined && values.has(key)) return values.get(key);
      if (settings.otherwise === 'error') throw cannotTake(value, 'map-values', `one of ${[...values.keys()].join(', ')}`);
      return settings.otherwise === 'keep' ? value : settings.otherwise === 'null' ? null : (settings.default ?? null);
    };
  },
});
