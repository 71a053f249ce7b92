import { defineConverter } from '../sdk/index.ts';
import { tableSettings } from '../formats/csv-settings.ts';
import { openTable } from '../formats/csv-table.ts';

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
  open: (settings) => openTable(settings, { mediaType: 'text/tab-separated-values', format: 'TSV' }),
});
