import { defineConverter } from '../sdk/index.ts';
import { readTable } from '../formats/csv-read.ts';
import { tableSettings } from '../formats/csv-settings.ts';
import { writeTable } from '../formats/csv-write.ts';

export default defineConverter({
  type: 'tsv',
  title: 'TSV',
  summary: 'Reads and writes values with tabs between them.',
  description: 'As CSV, with another delimiter. Set no quote for documents whose quotes mean nothing.',
  mediaTypes: ['text/tab-separated-values'],
  fileExtensions: ['tsv', 'tab'],
  settings: tableSettings('\t'),
  examples: [
    { title: 'A listing', settings: {}, text: 'asin\tprice\nB01\t1,5\n', records: [{ asin: 'B01', price: '1,5' }] },
    { title: 'Quotes that mean nothing', settings: { quote: '' }, text: 'name\tsize\nTube\t5"\n', records: [{ name: 'Tube', size: '5"' }] },
    { title: 'A row that is too short', settings: {}, text: 'a\tb\n1\n', error: 'DATA_INVALID' },
  ],
  open: (settings) => ({ mediaType: 'text/tab-separated-values', decode: (bytes, options) => readTable(bytes, settings, { ...options, format: 'TSV' }), encoding: settings.encoding, encode: (records) => writeTable(records, settings, 'TSV') }),
});
