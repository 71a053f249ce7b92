import { asText, defineTransform, FlowError, type LookupColumns } from '../sdk/index.ts';

export default defineTransform({
  type: 'lookup',
  aliases: ['cross-reference-lookup'],
  title: 'Cross-reference lookup',
  summary: 'Replaces a value by its counterpart in a lookup file.',
  description:
    'Lookups are CSV files in `lookups/` with a header row, by default `left_value,right_value`; `NAME.lookup.json` beside one says of what types its columns are, by which of them rows are found, and more. Of rows with the same key the first counts; a file whose rows have errors is used as far as it goes, and the run says so. Values are compared as text, and as what they are in columns that have a type. A value that is not in the file gives what `otherwise` says; null, a missing value and empty text have no row and are no error: they give null (a missing value: nothing), or the default where `otherwise` is `default`, here or in the settings of the lookup. Lists and objects are an error, but for a lookup whose key has several columns: a list in their order, or an object with them.',
  takes: ['string', 'number', 'boolean', 'null', 'array', 'object'],
  settings: {
    type: 'object',
    properties: {
      lookup: { type: 'string', minLength: 1, title: 'Lookup', description: 'Name of the lookup.', 'x-ui': { ref: 'lookup' } },
      direction: {
        type: 'string', enum: ['left-to-right', 'right-to-left'], default: 'left-to-right', title: 'Direction', description: 'Which column is searched and which one is given.',
        enumDescriptions: ['Searches the left column, gives the right one.', 'Searches the right column, gives the left one.'],
      },
      left: { type: 'string', minLength: 1, title: 'Left column', description: 'Name of the left column; default the key of the lookup, which is its first column unless its settings say otherwise.' },
      right: { type: 'string', minLength: 1, title: 'Right column', description: 'Name of the right column; default the first that is no key, unless the settings of the lookup say otherwise.' },
      gives: {
        type: 'string', enum: ['value', 'row'], default: 'value', title: 'Gives', description: 'What is given of the row that is found.',
        enumDescriptions: ['The value of one column.', 'An object with all columns.'],
      },
      otherwise: {
        type: 'string', enum: ['lookup', 'null', 'keep', 'default', 'error'], default: 'lookup', title: 'Otherwise', description: 'What a value gives that is not in the lookup.',
        enumDescriptions: ['What the settings of the lookup say; null where they say nothing.', 'Null.', 'The value itself.', 'The default below.', 'An error.'],
      },
      default: { type: 'string', title: 'Default', description: 'The value to give where `otherwise` is `default`.', 'x-ui': { visibleWhen: { field: 'otherwise', equals: 'default' } } },
    },
    required: ['lookup'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the delivery of a shop, for a parcel service', settings: { lookup: 'delivery', left: 'shop', right: 'service', otherwise: 'default', default: 'V01PAK' }, input: 'DHL Paket (2–3 Werktage)', lookups: { delivery: [['shop', 'service', 'note'], ['DHL Paket (2–3 Werktage)', 'V01PAK', ''], ['Express, vor 12:00', 'V54EPAK', 'bis 31,5 kg']] }, output: 'V01PAK' },
    { title: 'Country codes of two systems', settings: { lookup: 'countries' }, input: 'GB', lookups: { countries: [['left_value', 'right_value'], ['GB', 'GBR'], ['DE', 'DEU']] }, output: 'GBR' },
    { title: 'The other way', settings: { lookup: 'countries', direction: 'right-to-left' }, input: 'DEU', lookups: { countries: [['left_value', 'right_value'], ['DE', 'DEU']] }, output: 'DE' },
    { title: 'Named columns', settings: { lookup: 'units', left: 'unit', right: 'factor' }, input: 'kg', lookups: { units: [['unit', 'title', 'factor'], ['kg', 'Kilogram', '1000']] }, output: '1000' },
    { title: 'Not in the file', settings: { lookup: 'countries' }, input: 'XX', lookups: { countries: [['left_value', 'right_value']] }, output: null },
    { title: 'A default', settings: { lookup: 'countries', otherwise: 'default', default: 'ZZZ' }, input: '', lookups: { countries: [['left_value', 'right_value']] }, output: 'ZZZ' },
    { title: 'Null gives null', settings: { lookup: 'countries', otherwise: 'error' }, input: null, lookups: { countries: [['left_value', 'right_value']] }, output: null },
    { title: 'Strict', settings: { lookup: 'countries', otherwise: 'error' }, input: 'XX', lookups: { countries: [['left_value', 'right_value']] }, error: 'DATA_INVALID' },
    { title: 'A list', settings: { lookup: 'countries' }, input: ['GB'], lookups: { countries: [['left_value', 'right_value']] }, error: 'DATA_INVALID' },
    { title: 'The whole row', settings: { lookup: 'units', gives: 'row' }, input: 'kg', lookups: { units: [['unit', 'title'], ['kg', 'Kilogram']] }, output: { unit: 'kg', title: 'Kilogram' } },
    { title: 'A lookup that does not exist', settings: { lookup: 'cuontries' }, input: 'GB', error: 'CONFIG_UNKNOWN_LOOKUP' },
  ],
  compile: async (settings, context) => {
    const lookup = await context.lookup(settings.lookup);
    const columns = columnsOf(settings);
    const isRow = settings.gives === 'row';
    const fallback = settings.otherwise === 'default' ? (settings.default ?? null) : null;
    return (value) => {
      const missing = () => (isRow ? lookup.missingRow(value) : lookup.missing(value, columns));
      if (value === null || value === undefined || value === '') {
        const nothing = settings.otherwise === 'lookup' ? missing() : fallback;
        return value === undefined ? (nothing ?? undefined) : nothing;
      }
      const wanted = typeof value === 'object' ? value : asText(value, 'lookup');
      const found = isRow ? lookup.row(wanted, columns) : lookup.get(wanted, columns);
      if (found !== undefined) return found;
      if (settings.otherwise === 'lookup') return missing();
      if (settings.otherwise === 'error') throw new FlowError('DATA_INVALID', `The lookup "${lookup.name}" has no row for ${JSON.stringify(value)}: add one, or choose a default.`, { details: { transform: 'lookup', lookup: lookup.name } });
      return settings.otherwise === 'keep' ? value : fallback;
    };
  },
});

function columnsOf({ direction, left, right }: { direction: string; left?: string; right?: string }): LookupColumns {
  const reverse = direction === 'right-to-left';
  const [from, to] = reverse ? [right, left] : [left, right];
  return { reverse, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
