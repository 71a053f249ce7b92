import { defineConverter } from '../sdk/index.ts';
import { tableSettings } from '../formats/csv-settings.ts';
import { openTable } from '../formats/csv-table.ts';

export default defineConverter({
  type: 'csv',
  title: 'CSV',
  summary: 'Reads and writes comma-separated values (RFC 4180), in the dialects of spreadsheets and databases.',
  description: 'Values are read as text, unless the settings say otherwise. With a header row, records are objects; else lists. When writing, the columns are those set, else those of the first record; lists and objects become JSON, and a field without a column is an error.',
  mediaTypes: ['text/csv', 'application/csv'],
  fileExtensions: ['csv'],
  settings: tableSettings(','),
  examples: [
    { title: 'A price list', settings: {}, text: 'sku,price\n007,9.50\n"A ""1""","1,5"\n', records: [{ sku: '007', price: '9.50' }, { sku: 'A "1"', price: '1,5' }] },
    { title: 'A German spreadsheet', settings: { delimiter: ';', lineEnd: 'crlf' }, text: 'Größe;Text\r\nXL;"zwei\nZeilen"\r\n', records: [{ Größe: 'XL', Text: 'zwei\nZeilen' }] },
    { title: 'Without a header', settings: { header: false }, text: 'a,b\n\n1,\n', records: [['a', 'b'], ['1', '']], printed: 'a,b\n1,\n' },
    { title: 'Without a header, with names', settings: { header: false, columns: ['sku', 'stock'] }, text: 'A,1\nB,0\n', records: [{ sku: 'A', stock: '1' }, { sku: 'B', stock: '0' }] },
    { title: 'Only a header', settings: { columns: ['sku', 'price'] }, text: 'sku,price\n', records: [] },
    { title: 'No text', settings: {}, text: '', records: [] },
    { title: 'Types and nulls', settings: { types: 'infer', nullText: '\\N' }, text: 'id,zip,active,note\n1,007,true,\\N\n-2.5,"12",false,"true"\n', records: [{ id: 1, zip: '007', active: true, note: null }, { id: -2.5, zip: '12', active: false, note: 'true' }] },
    { title: 'A title, comments and space', settings: { skip: 1, comment: '#', trim: true }, text: 'Stock of May\nsku, stock\n# warehouse 1\nA , 1\n"#", " 2 "\n', records: [{ sku: 'A', stock: '1' }, { sku: '#', stock: ' 2 ' }], printed: 'sku,stock\nA,1\n"#"," 2 "\n' },
    { title: 'A title with a quote', settings: { skip: 1 }, text: 'Stock of 5" pipes\nid,name\n1,a\n', records: [{ id: '1', name: 'a' }], printed: 'id,name\n1,a\n' },
    { title: 'A title that opens a quote, and a blank line', settings: { skip: 2 }, text: '"Stock\r\n\r\nid,name\r\n1,a\r\n', records: [{ id: '1', name: 'a' }], printed: 'id,name\n1,a\n' },
    { title: 'Quotes behind a backslash', settings: { escape: '\\' }, text: 'size\n"5\\" \\\\ 6\\""\n', records: [{ size: '5" \\ 6"' }] },
    { title: 'Loose quotes', settings: { looseQuotes: true }, text: 'name,size\nTube,5"\n', records: [{ name: 'Tube', size: '5"' }], printed: 'name,size\nTube,"5"""\n' },
    { title: 'A quote within a value', settings: {}, text: 'name,size\nTube,5"\n', error: 'DATA_INVALID' },
    { title: 'Rows of another length', settings: { ragged: 'fit' }, text: 'a,b\n2,3,4\n1\n', records: [{ a: '2', b: '3' }, { a: '1' }], printed: 'a,b\n2,3\n1,\n' },
    { title: 'A row that is too long', settings: {}, text: 'a,b\n1,2,3\n', error: 'DATA_INVALID' },
    { title: 'A quote that is never closed', settings: {}, text: 'a\n"1\n', error: 'DATA_INVALID' },
    { title: 'A column twice', settings: {}, text: 'a,a\n1,2\n', error: 'DATA_INVALID' },
    { title: 'Columns of one name', settings: { duplicates: 'number' }, text: 'a,a,a_2\n1,2,3\n', records: [{ a: '1', a_3: '2', a_2: '3' }], printed: 'a,a_3,a_2\n1,2,3\n' },
  ],
  open: (settings) => openTable(settings, { mediaType: 'text/csv', format: 'CSV' }),
});
