import { defineEndpoint } from '../../sdk/index.ts';
import type { Dialect, SqlClient } from './dialect.ts';
import { graceMs, timeoutMs } from './params.ts';

/** What the database holds, for who writes a mapping. */
export const tablesOf = (dialect: Dialect) => defineEndpoint<SqlClient>()({
  title: 'Tables',
  summary: 'Lists the tables and views with their columns, one record per table.',
  direction: 'receive',
  params: { type: 'object', properties: { timeoutMs }, additionalProperties: false },
  record: {
    type: 'object',
    properties: {
      schema: { type: 'string' }, table: { type: 'string' },
      columns: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, type: { type: 'string' }, nullable: { type: 'boolean' }, key: { type: 'boolean' } } } },
    },
  },
  async *call(payload, { timeoutMs: limit }, context) {
    const answer = await context.exchange({ method: 'TABLES', isRepeatable: true, timeoutMs: limit, graceMs }, async (client) => {
      await client.limit(limit);
      const { rows } = await client.run({ text: dialect.listing, values: [] });
      return { body: tablesIn(rows as unknown as readonly ListedColumn[]) };
    });
    yield payload.with({ body: answer.body, mediaType: 'application/json' });
  },
});

interface ListedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: unknown;
  readonly key: unknown;
}

function tablesIn(rows: readonly ListedColumn[]): readonly object[] {
  const tables = new Map<string, { readonly schema: string; readonly table: string; readonly columns: object[] }>();
  for (const { schema, table, column, type, nullable, key } of rows) {
    const id = JSON.stringify([schema, table]);
    const known = tables.get(id) ?? { schema, table, columns: [] };
    known.columns.push({ name: column, type, nullable: isTrue(nullable), key: isTrue(key) });
    tables.set(id, known);
  }
  return [...tables.values()];
}

/** Not every database has booleans. */
const isTrue = (value: unknown): boolean => value === true || value === 1;
