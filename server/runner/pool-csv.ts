import { parse } from 'csv-parse/sync';
import { FlowError } from '../../plugins/sdk/index.ts';
import { printRow } from '../model/csv-rows.ts';
import type { PoolValue } from './state-access.ts';

export const poolColumns = ['value', 'entity_type'] as const;

/** The values of a CSV text with the columns `value` and, unless all are of the usual type, `entity_type`. Fails with `DATA_INVALID`. */
export function parsePoolCsv(text: string): PoolValue[] {
  const [head = [], ...rows] = recordsOf(text);
  const columns = head.map((column) => column.trim().toLowerCase());
  const value = columns.indexOf('value');
  const entity = columns.indexOf('entity_type');
  if (value < 0) throw new FlowError('DATA_INVALID', 'The CSV needs a header row with the column "value", and "entity_type" where there are several: value,entity_type.', { place: { line: 1 } });
  return rows.map((row) => ({ value: row[value] ?? '', entity: (entity < 0 ? undefined : row[entity]) || usualEntity }));
}

/** The same text of values, line by line. */
export async function* printPoolCsv(values: AsyncIterable<PoolValue>): AsyncIterable<string> {
  yield `${printRow(poolColumns)}\n`;
  for await (const { value, entity } of values) yield `${printRow([value, entity])}\n`;
}

/** That of the shape `de-dupe` where nobody says otherwise. */
export const usualEntity = 'record';

function recordsOf(text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true }) as string[][];
  } catch (cause) {
    const { message, lines } = cause as Error & { lines?: number };
    throw new FlowError('DATA_INVALID', `The values are not valid CSV: ${message.replace(/\.$/, '')}.`, { cause, ...(lines !== undefined && { place: { line: lines } }) });
  }
}
