import type { Client } from 'pg';
import type { Connection } from '../../sdk/index.ts';
import type { Rows, SqlClient, Statement } from '../sql/dialect.ts';
import { dialect } from './dialect.ts';
import { postgresFailure } from './failures.ts';
import { types } from './types.ts';

/** A connection of the driver as the endpoints use it. */
export function clientOf(client: Client): Connection<SqlClient> {
  let isOpen = true;
  let busy = 0;
  let limitMs: number | undefined;
  client.on('error', () => { isOpen = false; });
  client.on('end', () => { isOpen = false; });
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    busy++;
    try {
      return await work();
    } catch (error) {
      throw postgresFailure(error);
    } finally {
      busy--;
    }
  };
  const run: SqlClient['run'] = ({ text, values }) => asked(async () => {
    const { rows, rowCount } = await client.query({ text, values: [...values] });
    return { rows, affected: rowCount ?? 0 };
  });
  const kept: SqlClient['kept'] = { tables: new Map() };
  return {
    client: {
      kept, run,
      async limit(ms) {
        if (ms !== limitMs) await run({ text: `set statement_timeout = ${Math.trunc(ms)}`, values: [] });
        limitMs = ms;
      },
      async open(statement) {
        await run({ text: 'begin read only', values: [] });
        return rowsOf(client, statement, asked, () => run({ text: dialect.commit, values: [] }));
      },
    },
    isOpen: () => isOpen,
    async close() {
      // A connection that waits for the database would not end before it.
      if (busy > 0) (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy();
      else await client.end().catch(() => undefined);
    },
  };
}

async function rowsOf(client: Client, { text, values }: Statement, asked: <T>(work: () => Promise<T>) => Promise<T>, end: () => Promise<unknown>): Promise<Rows> {
  const { default: Cursor } = await import('pg-cursor');
  const cursor = client.query(new Cursor<Readonly<Record<string, unknown>>>(text, [...values], { types }));
  return {
    next: (most) => asked(() => cursor.read(most)),
    async close() {
      await asked(() => cursor.close());
      await end();
    },
  };
}
