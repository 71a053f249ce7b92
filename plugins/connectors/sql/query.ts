import { defineEndpoint, FlowError } from '../../sdk/index.ts';
import type { Dialect, Row, SqlClient } from './dialect.ts';
import { graceMs, statementOf, timeoutMs } from './params.ts';
import { checkReading, checkReadOnly } from './reading.ts';
import { fill, inOrder, named } from './statement.ts';

/** Where the reading goes on: the number of the next page, from 0, and the key of the last row before it. */
interface Place {
  readonly page: number;
  readonly after?: unknown;
}

/** Reads the rows of a statement as a stream, a page at a time, as fast as the flow takes them. */
export const queryOf = (dialect: Dialect) => defineEndpoint<SqlClient>()({
  title: 'Query',
  summary: 'Reads the rows of a statement, one payload per page.',
  direction: 'receive',
  params: {
    type: 'object',
    properties: {
      statement: statementOf(dialect),
      pageSize: { type: 'integer', minimum: 1, maximum: 100_000, default: 1_000, title: 'Page', description: 'Rows in one payload, at most.' },
      key: { type: 'string', minLength: 1, title: 'Key', description: 'Column of the rows that is unique and never null. Then they come in its order, and after a failure or a crash the reading goes on behind the last row that got through; without it, it begins anew.' },
      timeoutMs,
    },
    required: ['statement'],
    additionalProperties: false,
  },
  async *call(payload, { key, pageSize, timeoutMs: limit }, context) {
    const place = (context.resumed as Place | undefined) ?? { page: 0 };
    const given = fill(dialect, await context.bind('statement'));
    checkReading(dialect, given.text);
    const asked = key === undefined ? given : inOrder(dialect, given, key, place.after);
    for (let page = place.page; ; page++) {
      const isFirst = page === place.page;
      const answer = await context.exchange({ method: isFirst ? 'QUERY' : 'FETCH', isRepeatable: isFirst, body: isFirst ? { text: asked.text, values: named(asked) } : { page: page + 1, rows: pageSize }, timeoutMs: limit, graceMs }, async (client) => {
        if (isFirst) {
          checkReadOnly(dialect, client, given.text);
          await client.limit(limit);
          client.kept.rows = await client.open(asked);
        }
        const rows = await client.kept.rows!.next(pageSize);
        if (rows.length < pageSize) await client.kept.rows!.close();
        return { body: rows };
      });
      const rows = answer.body as readonly Row[];
      if (rows.length > 0) yield payload.with({ body: rows, mediaType: 'application/json', meta: { page: String(page + 1) } });
      if (rows.length < pageSize) return;
      if (key !== undefined) context.checkpoint({ page: page + 1, after: keyOf(rows.at(-1)!, key) } satisfies Place);
    }
  },
});

function keyOf(row: Row, key: string): unknown {
  const value = row[key];
  if (value === undefined || value === null) throw new FlowError('CONFIG_INVALID', value === null ? `The key ${JSON.stringify(key)} of a row is null, so that the reading cannot go on behind it.` : `The rows have no column ${JSON.stringify(key)}; there are ${Object.keys(row).join(', ')}.`, { details: { key } });
  return value;
}
