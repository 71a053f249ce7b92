import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { FlowError, type Lookup } from '../../plugins/sdk/index.ts';

/** Reads a lookup file: a header row and values. Fails with `DATA_INVALID`, naming file and line. */
export function readLookup(name: string, file: string, path: string): Lookup {
  const rows = rowsOf(file, path);
  const header = (rows[0] ?? []).map((column) => column.trim());
  /** One index per pair of columns, made when it is first asked for. */
  const indexes = new Map<string, ReadonlyMap<string, string>>();

  const columnOf = (wanted: string | undefined, otherwise: number): number => {
    if (wanted === undefined) return otherwise;
    const column = header.indexOf(wanted);
    if (column < 0) throw new FlowError('CONFIG_INVALID', `The lookup ${JSON.stringify(name)} has no column ${JSON.stringify(wanted)}; there are ${header.map((one) => JSON.stringify(one)).join(', ')}.`, { place: { file, line: 1 }, details: { lookup: name, column: wanted } });
    return column;
  };
  const build = (from: number, to: number): ReadonlyMap<string, string> => {
    const index = new Map<string, string>();
    for (const row of rows.slice(1)) {
      const key = row[from];
      // The first row counts.
      if (key !== undefined && !index.has(key)) index.set(key, row[to] ?? '');
    }
    return index;
  };
  return {
    name,
    get(value, { from, to } = {}) {
      if (value === null || value === undefined) return undefined;
      const key = `${from ?? ''}\n${to ?? ''}`;
      const index = indexes.get(key) ?? build(columnOf(from, 0), columnOf(to, 1));
      indexes.set(key, index);
      return index.get(String(value));
    },
  };
}

function rowsOf(file: string, path: string): string[][] {
  try {
    return parse(readFileSync(path), { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true }) as string[][];
  } catch (cause) {
    const { message, lines } = cause as Error & { lines?: number };
    throw new FlowError('DATA_INVALID', `The lookup file ${file} is not valid CSV: ${message.replace(/\.$/, '')}.`, { cause, place: { file, ...(lines !== undefined && { line: lines }) } });
  }
}
