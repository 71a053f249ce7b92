import { defineEndpoint, FlowError, type CallContext } from '../../sdk/index.ts';
import { answerOf, inBatches } from './batches.ts';
import type { Dialect, NamedStatement, Result, SqlClient } from './dialect.ts';
import { ofRecord } from './failures.ts';
import { batchSize, graceMs, isWhole, statementOf, timeoutMs } from './params.ts';
import { recordsOf } from './records.ts';
import { fill, named } from './statement.ts';
import { before, writeAll } from './transaction.ts';

/** Runs a statement that writes, for the payload or for each of its records. */
export const executeOf = (dialect: Dialect) => defineEndpoint<SqlClient>()({
  title: 'Execute',
  summary: 'Runs a statement that writes, once per payload or once per record, in a transaction.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      statement: statementOf(dialect),
      per: { enum: ['payload', 'record'], enumDescriptions: ['Once, with `{{ payload.x }}`.', 'Once per record, with `{{ record.x }}`.'], default: 'payload', title: 'Per', description: 'How often the statement is run.' },
      batchSize, isWhole, timeoutMs,
    },
    required: ['statement'],
    additionalProperties: false,
  },
  async *call(payload, { per, batchSize: size, isWhole: whole, timeoutMs: limit }, context) {
    const records = per === 'record' ? await recordsOf(payload) : [undefined];
    yield* inBatches(payload, records, { size, isWhole: whole, isOne: per === 'payload' }, context, async (batch) => {
      const { statements, refused } = await bindAll(dialect, batch, per, context);
      if (whole && refused[0]) throw ofRecord(refused[0].error, refused[0].index, batch.length);
      const answer = await context.exchange({ method: 'EXECUTE', body: recordedOf(statements.map(({ statement: it }) => it)), changes: true, timeoutMs: limit, graceMs }, async (client) => {
        await before(client.limit(limit));
        const written = await writeAll(client, dialect, statements, async (some) => {
          const results: Result[] = [];
          for (const { statement: it } of some) results.push(await client.run(it));
          return results;
        }, { isWhole: whole || per === 'payload' });
        const results = written.results.flat();
        const rows = results.flatMap((result) => result.rows);
        return { body: answerOf(batch.length, [...refused, ...written.refused.map(({ index, error }) => ({ index: statements[index]!.index, error }))], { affected: results.reduce((sum, { affected }) => sum + affected, 0), ...(rows.length > 0 && { rows }) }) };
      });
      return answer.body;
    });
  },
});

interface Bound {
  readonly statements: readonly { readonly index: number; readonly statement: NamedStatement }[];
  readonly refused: readonly { readonly index: number; readonly error: FlowError }[];
}

/** A record in which a value is missing is refused alone. */
async function bindAll(dialect: Dialect, batch: readonly unknown[], per: 'payload' | 'record', context: CallContext<SqlClient>): Promise<Bound> {
  const statements: { readonly index: number; readonly statement: NamedStatement }[] = [];
  const refused: { readonly index: number; readonly error: FlowError }[] = [];
  for (const [index, record] of batch.entries()) {
    try {
      statements.push({ index, statement: fill(dialect, await context.bind('statement', record)) });
    } catch (error) {
      if (per === 'payload' || !FlowError.is(error) || !error.code.startsWith('DATA_')) throw error;
      refused.push({ index, error });
    }
  }
  return { statements, refused };
}

/** The text once, where it is the same for all. */
function recordedOf(statements: readonly NamedStatement[]): unknown {
  const [first] = statements;
  if (first && statements.length === 1) return { text: first.text, values: named(first) };
  return statements.every(({ text }) => text === first?.text) ? { text: first?.text ?? '', values: statements.map(named) } : statements.map((one) => ({ text: one.text, values: named(one) }));
}
