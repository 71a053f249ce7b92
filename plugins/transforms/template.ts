import { defineTransform, FlowError, plainText } from '../sdk/index.ts';

export default defineTransform({
  type: 'template',
  title: 'Template',
  summary: 'Writes a text with the values of the sources in it.',
  description: '`{name}` is the field of that name of the value, which may be a path; `{}` the value itself; with several sources `{0}` is the first. `{{` and `}}` are braces. Null and missing values give nothing, lists and objects JSON, a path that names several places its values with commas between them; where all are null or missing the result is null, and a missing value stays missing.',
  gives: ['string', 'null'],
  settings: {
    type: 'object',
    properties: { text: { type: 'string', title: 'Text', description: 'Text with the places.' } },
    required: ['text'],
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a line for a label', settings: { text: '{name}\n{street} {house}\n{zip} {city} ({country.code})' }, input: { name: 'Zoë Müller', street: 'Königstraße', house: '12 a', zip: '70173', city: 'Stuttgart', country: { code: 'DE' } }, output: 'Zoë Müller\nKönigstraße 12 a\n70173 Stuttgart (DE)' },
    { title: 'A line of an address', settings: { text: '{zip} {city}' }, input: { zip: '1010', city: 'Wien' }, output: '1010 Wien' },
    { title: 'Several sources', settings: { text: '{0}, {1}' }, input: ['Lovelace', 'Ada'], output: 'Lovelace, Ada' },
    { title: 'The value itself', settings: { text: 'Order #{}' }, input: 1001, output: 'Order #1001' },
    { title: 'A path', settings: { text: '{lines[0].sku}: {lines[*].qty}' }, input: { lines: [{ sku: 'A', qty: 1 }] }, output: 'A: 1' },
    { title: 'Several values', settings: { text: 'For {lines[*].for} ({lines[*].sku})' }, input: { lines: [{ sku: 'A', for: { name: 'Ada' } }, { sku: 'B' }, { sku: null, for: [1] }] }, output: 'For {"name":"Ada"}, [1] (A, B)' },
    { title: 'A path that names nothing', settings: { text: '{lines[*].sku}' }, input: { lines: [{}, { sku: null }] }, output: null },
    { title: 'A part is missing', settings: { text: '{first} {last}' }, input: { last: 'Ada' }, output: ' Ada' },
    { title: 'A small number', settings: { text: '{} kg' }, input: 1e-7, output: '0.0000001 kg' },
    { title: 'Braces', settings: { text: '{{{}}}' }, input: 'x', output: '{x}' },
    { title: 'A value with braces stays as it is', settings: { text: '{}' }, input: '{0}', output: '{0}' },
    { title: 'All are missing', settings: { text: '{a}-{b}' }, input: {}, output: null },
    { title: 'Null', settings: { text: 'Order {}' }, input: null, output: null },
    { title: 'A brace that is not closed', settings: { text: 'Order {' }, input: 1, error: 'CONFIG_INVALID' },
  ],
  compile: ({ text }, context) => {
    const parts = Array.from(text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g), ([whole, place]) => {
      if (place !== undefined) return { read: readerOf(place.trim(), context.path) };
      if (whole === '{' || whole === '}') throw new FlowError('CONFIG_INVALID', `The template ${JSON.stringify(text)} has a brace that is not closed: write {{ or }} for a brace.`, { place: { pointer: '/text' } });
      return { text: whole === '{{' || whole === '}}' ? whole[0]! : whole };
    });
    const hasPlaces = parts.some((part) => 'read' in part);
    return (value) => {
      let isEmpty = hasPlaces;
      const written = parts.map((part) => {
        if ('text' in part) return part.text;
        const found = part.read?.(value);
        if (found === null || found === undefined) return '';
        isEmpty = false;
        return textOf(found);
      });
      if (isEmpty) return value === undefined ? undefined : null;
      return written.join('');
    };
  },
});

function readerOf(place: string, path: (query: string) => { readonly singular: boolean; get(document: unknown): unknown; all(document: unknown): unknown[] }): (value: unknown) => unknown {
  if (place === '') return (value) => value;
  const query = path(/^\d+$/.test(place) ? `[${place}]` : place);
  if (query.singular) return query.get;
  return (value) => {
    const found = query.all(value).filter((one) => one !== null && one !== undefined);
    return found.length === 0 ? undefined : found.map(textOf).join(', ');
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? plainText(value) : JSON.stringify(value));
