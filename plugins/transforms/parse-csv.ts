import { parseTable } from '../formats/csv-read.ts';
import { plainDialect } from '../formats/csv-settings.ts';
import { cannotTake, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'parse-csv',
  title: 'Read CSV',
  summary: 'Reads a text that is CSV into a list.',
  description: 'For a whole document use the step `convert`, which streams. Values stay texts. Null, a missing value and empty text give an empty list; a text that is no CSV, and other types, are an error.',
  takes: ['string', 'null'],
  gives: ['array'],
  settings: {
    type: 'object',
    properties: {
      delimiter: { type: 'string', minLength: 1, default: ',', title: 'Delimiter', description: 'Text between two values; `\\t` is a tab.' },
      header: { type: 'boolean', default: true, title: 'Header', description: 'The first line has the names of the fields; otherwise each line is a list.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the stock of a supplier in an e-mail', settings: { delimiter: ';' }, input: 'Artikel;Bezeichnung;Bestand\r\n0042;"Becher ""Zoë""; blau";1.250\r\n0043;T-Shirt;0\r\n', output: [{ Artikel: '0042', Bezeichnung: 'Becher "Zoë"; blau', Bestand: '1.250' }, { Artikel: '0043', Bezeichnung: 'T-Shirt', Bestand: '0' }] },
    { title: 'Lines of an order in a field', settings: {}, input: 'sku,qty\nA1,2\n"B,2",1\n', output: [{ sku: 'A1', qty: '2' }, { sku: 'B,2', qty: '1' }] },
    { title: 'Without a header', settings: { header: false, delimiter: ';' }, input: 'A1;2\nB2;1', output: [['A1', '2'], ['B2', '1']] },
    { title: 'A line break in a value', settings: {}, input: 'note\n"two\nlines"', output: [{ note: 'two\nlines' }] },
    { title: 'Empty text', settings: {}, input: '', output: [] },
    { title: 'Null', settings: {}, input: null, output: [] },
    { title: 'A number', settings: {}, input: 5, error: 'DATA_INVALID' },
    { title: 'A boolean', settings: {}, input: true, error: 'DATA_INVALID' },
    { title: 'A quote that is not closed', settings: {}, input: 'a\n"b', error: 'DATA_INVALID' },
    { title: 'A column twice', settings: {}, input: 'a,a\n1,2', error: 'DATA_INVALID' },
    { title: 'A line with too many values', settings: {}, input: 'a\n1,2', error: 'DATA_INVALID' },
  ],
  compile: ({ delimiter, header }) => (value) => {
    if (value === null || value === undefined || value === '') return [];
    if (typeof value !== 'string') throw cannotTake(value, 'parse-csv', 'a text');
    try {
      return parseTable(value, { ...plainDialect, delimiter: delimiter.replaceAll('\\t', '\t'), header }, 'CSV', ['delimiter', 'header']);
    } catch (cause) {
      throw FlowError.is(cause, 'DATA_INVALID') ? new FlowError('DATA_INVALID', `The transform "parse-csv" cannot read the text: ${cause.message}`, { cause, details: { ...cause.details, transform: 'parse-csv' } }) : cause;
    }
  },
});
