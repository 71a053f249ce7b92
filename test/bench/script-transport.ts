import { deserialize, serialize } from 'node:v8';

/** What takes a record to another process and back costs by itself, in microseconds per record: nothing that runs a script there can be quicker than its transport. */
export interface TransportFigures {
  readonly name: string;
  readonly micros: number;
  /** Of one record, in one direction. */
  readonly bytes: number;
}

interface Transport {
  readonly write: (records: readonly object[]) => string | Uint8Array;
  readonly read: (text: never) => unknown;
}

const transports: Readonly<Record<string, Transport>> = {
  'JSON': { write: (records) => JSON.stringify(records), read: JSON.parse },
  'structured clone (v8.serialize)': { write: serialize, read: deserialize as (text: never) => unknown },
  'columns of JSON: each name once': { write: (records) => JSON.stringify(columnsOf(records)), read: (text: string) => recordsOf(JSON.parse(text) as Columns) },
};

interface Columns {
  readonly names: readonly string[];
  readonly columns: readonly (readonly unknown[])[];
}

/** Of the outermost fields; what is in them stays as it is. */
function columnsOf(records: readonly object[]): Columns {
  const names = Object.keys(records[0] ?? {});
  return { names, columns: names.map((name) => records.map((record) => (record as Record<string, unknown>)[name])) };
}

function recordsOf({ names, columns }: Columns): unknown[] {
  return (columns[0] ?? []).map((_, row) => Object.fromEntries(names.map((name, column) => [name, columns[column]![row]])));
}

/** There, and back again, a page at a time. */
export function runTransports(pages: readonly (readonly object[])[], rounds: number): readonly TransportFigures[] {
  const records = pages.reduce((sum, page) => sum + page.length, 0);
  const times = new Map<string, number[]>();
  const bytes = new Map<string, number>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, { write, read }] of Object.entries(transports)) {
      const begin = performance.now();
      let size = 0;
      for (const page of pages) {
        const there = write(page);
        size += there.length;
        read(write(read(there as never) as object[]) as never);
      }
      if (round > 0) times.set(name, [...(times.get(name) ?? []), performance.now() - begin]);
      bytes.set(name, size);
    }
  }
  return [...times].map(([name, list]) => ({ name, micros: (median(list) / records) * 1_000, bytes: Math.round(bytes.get(name)! / records) }));
}

export const median = (list: readonly number[]): number => [...list].sort((left, right) => left - right)[list.length >> 1]!;
