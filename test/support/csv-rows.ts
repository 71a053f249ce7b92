import { scanRows, type CsvRows } from '../../server/model/csv-rows.ts';
import { atOnce } from '../../server/model/turns.ts';

/** The rows of a text. */
export function rowsOf(text: string, delimiter?: string): CsvRows {
  const bytes = Buffer.from(text);
  return atOnce(scanRows({ bytes, text: (start, end) => bytes.toString('utf8', start, end) }, delimiter));
}
