import type { Client } from 'pg';
import { FlowError, type Connection } from '../../sdk/index.ts';
import { checkColumns } from '../sql/columns.ts';
import type { Result, SqlClient, Statement } from '../sql/dialect.ts';
import { postgresFailure } from './failures.ts';

/** A connection of the driver as the endpoints use it. */
export function clientOf(client: Client, isReadOnly = false): Connection<SqlClient> {
  let isOpen = true;
  let busy = 0;
  let limitMs: number | undefined;
  client.on('error', () => { isOpen = false; });
  client.on('end', () => { isOpen = false; });
  // `isOne`: the server refuses a text of several statements.
  const ask = async ({ text, values }: Statement, isOne: boolean): Promise<Result> => {
    busy++;
    try {
      // A list, where the text is several statements.
      const results = [await client.query({ text, values: [...values], ...(isOne && { queryMode: 'extended' }) })].flat();
      for (const { fields } of results) checkColumns(fields.map(({ name }) => name));
      return { rows: results.find(({ fields }) => fields.length > 0)?.rows ?? [], affected: results.reduce((sum, { command, rowCount }) => sum + (command === 'SELECT' && results.length > 1 ? 0 : rowCount ?? 0), 0) };
    } catch (error) {
      throw FlowError.is(error) ? error : postgresFailure(error);
    } finally {
      busy--;
    }
  };
  const run: SqlClient['run'] = (statement) => ask(statement, false);
  const kept: SqlClient['kept'] = { tables: new Map() };
  return {
    client: {
      kept, run, isReadOnly,
      async limit(ms) {
        if (ms !== limitMs) await run({ text: `set statement_timeout = ${Math.trunc(ms)}`, values: [] });
        limitMs = ms;
      },
      // Not a portal of the protocol: that is one statement until it is read, and its time limit would be that of the whole reading.
      async open({ text, values }) {
        await run({ text: 'begin read only', values: [] });
        await ask({ text: `declare patchbay no scroll cursor for ${text}`, values }, true);
        return {
          next: async (most) => (await run({ text: `fetch ${Math.trunc(most)} from patchbay`, values: [] })).rows,
          close: async () => void (await run({ text: 'commit', values: [] })),
        };
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
