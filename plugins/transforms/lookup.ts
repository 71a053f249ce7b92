import { asText, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'lookup',
  aliases: ['cross-reference-lookup'],
  title: 'Cross-reference lookup',
  summary: 'Replaces a value by its counterpart in a lookup file.',
  description:
    'Lookups are CSV files in `lookups/` with a header row, by default `left_value,right_value`. Values are compared as text. A value that is not in the file gives what `otherwise` says; null, a missing value and empty text give null, or the default where `otherwise` is `default`. Lists and objects are an error.',
  takes: ['string', 'number', 'boolean', 'null'],
  settings: {
    type: 'object',
    properties: {
      lookup: { type: 'string', minLength: 1, title: 'Lookup', description: 'Name of the lookup.', 'x-ui': { ref: 'lookup' } },
      direction: {
        type: 'string', enum: ['left-to-right', 'right-to-left'], default: 'left-to-right', title: 'Direction', description: 'Which column is searched and which one is given.',
        enumDescriptions: ['Searches the left column, gives the right one.', 'Searches the right column, gives the left one.'],
      },
      left: { type: 'string', minLength: 1, title: 'Left column', description: 'Name of the left column; default the first one (`left_value` from right to left).' },
      right: { type: 'string', minLength: 1, title: 'Right column', description: 'Name of the right column; default the second one (`right_value` from right to left).' },
      otherwise: {
        type: 'string', enum: ['null', 'keep', 'default', 'error'], default: 'null', title: 'Otherwise', description: 'What a value gives that is not in the lookup.',
        enumDescriptions: ['Null.', 'The value itself.', 'The default below.', 'An error.'],
      },
      default: { type: 'string', title: 'Default', description: 'The value to give where `otherwise` is `default`.', 'x-ui': { visibleWhen: { field: 'otherwise', equals: 'default' } } },
    },
    required: ['lookup'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Country codes of two systems', settings: { lookup: 'countries' }, input: 'GB', lookups: { countries: [['left_value', 'right_value'], ['GB', 'GBR'], ['DE', 'DEU']] }, output: 'GBR' },
    { title: 'The other way', settings: { lookup: 'countries', direction: 'right-to-left' }, input: 'DEU', lookups: { countries: [['left_value', 'right_value'], ['DE', 'DEU']] }, output: 'DE' },
    { title: 'Named columns', settings: { lookup: 'units', left: 'unit', right: 'factor' }, input: 'kg', lookups: { units: [['unit', 'title', 'factor'], ['kg', 'Kilogram', '1000']] }, output: '1000' },
    { title: 'Not in the file', settings: { lookup: 'countries' }, input: 'XX', lookups: { countries: [['left_value', 'right_value']] }, output: null },
    { title: 'A default', settings: { lookup: 'countries', otherwise: 'default', default: 'ZZZ' }, input: '', lookups: { countries: [['left_value', 'right_value']] }, output: 'ZZZ' },
    { title: 'Null gives null', settings: { lookup: 'countries', otherwise: 'error' }, input: null, lookups: { countries: [['left_value', 'right_value']] }, output: null },
    { title: 'Strict', settings: { lookup: 'countries', otherwise: 'error' }, input: 'XX', lookups: { countries: [['left_value', 'right_value']] }, error: 'DATA_INVALID' },
    { title: 'A list', settings: { lookup: 'countries' }, input: ['GB'], lookups: { countries: [['left_value', 'right_value']] }, error: 'DATA_INVALID' },
    { title: 'A lookup that does not exist', settings: { lookup: 'cuontries' }, input: 'GB', error: 'CONFIG_UNKNOWN_LOOKUP' },
  ],
  compile: async (settings, context) => {
    const lookup = await context.lookup(settings.lookup);
    const columns = columnsOf(settings);
    const fallback = settings.otherwise === 'default' ? (settings.default ?? null) : null;
    return (value) => {
      if (value === null || value === undefined || value === '') return fallback;
      const found = lookup.get(asText(value, 'lookup'), columns);
      if (found !== undefined) return found;
      if (settings.otherwise === 'error') throw new FlowError('DATA_INVALID', `The lookup "${lookup.name}" has no row for ${JSON.stringify(value)}: add one, or choose a default.`, { details: { transform: 'lookup', lookup: lookup.name } });
      return settings.otherwise === 'keep' ? value : fallback;
    };
  },
});

function columnsOf({ direction, left, right }: { direction: string; left?: string; right?: string }): { from?: string; to?: string } {
  // Without names, the lookup itself knows its first two columns; only the way back has to name them.
  if (direction === 'right-to-left') return { from: right ?? 'right_value', to: left ?? 'left_value' };
  return { ...(left !== undefined && { from: left }), ...(right !== undefined && { to: right }) };
}
