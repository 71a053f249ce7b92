import { defineEndpoint, FlowError, type CallContext, type Payload } from '../../sdk/index.ts';
import { answerOf, inBatches, type Answer } from './batches.ts';
import type { Column, Dialect, SqlClient, Table, TableName } from './dialect.ts';
import { ofRecord } from './failures.ts';
import { batchSize, columns, graceMs, ignoreUnknown, isWhole, keys, schema, table, timeoutMs } from './params.ts';
import { checkMapping, describeTable, encode, noUnique, recordsOf, type Encoded } from './records.ts';
import { quoteTable, rowsOf, tableName } from './statement.ts';
import { before, writeAll, type Refused } from './transaction.ts';

const written = { schema, columns, ignoreUnknown, batchSize, isWhole, timeoutMs } as const;

/** Writes records as rows, those that are there already anew. */
export const upsertOf = (dialect: Dialect) => defineEndpoint<SqlClient>()({
  title: 'Upsert',
  summary: 'Writes records as rows of a table: a row with the same key is changed, else a new one is made.',
  direction: 'send',
  params: { type: 'object', properties: { table, keys, ...written }, required: ['table', 'keys'], additionalProperties: false },
  call: (payload, params, context) => write(payload, { ...params, method: 'UPSERT' }, context, (parts) => {
    const names = namesIn(parts.columns);
    const others = names.filter((name) => !params.keys.includes(name));
    const quoted = (some: readonly string[]): string[] => some.map((name) => dialect.quote(name));
    return dialect.upsert({ table: parts.table, columns: quoted(names), keys: quoted(params.keys), others: quoted(others), rows: rowsOf(dialect, parts.rows.length, parts.columns) });
  }, dialect),
});

/** Writes records as new rows. */
export const insertOf = (dialect: Dialect) => defineEndpoint<SqlClient>()({
  title: 'Insert',
  summary: 'Writes records as new rows of a table.',
  direction: 'send',
  params: { type: 'object', properties: { table, ...written }, required: ['table'], additionalProperties: false },
  call: (payload, params, context) => write(payload, { ...params, keys: [], method: 'INSERT' }, context, (parts) =>
    `insert into ${parts.table} (${namesIn(parts.columns).map((name) => dialect.quote(name)).join(', ')}) values ${rowsOf(dialect, parts.rows.length, parts.columns)}`, dialect),
});

/** Deletes the rows that have the keys of the records. */
export const deleteOf = (dialect: Dialect) => defineEndpoint<SqlClient>()({
  title: 'Delete',
  summary: 'Deletes the rows of a table that have the keys of the records.',
  direction: 'send',
  params: { type: 'object', properties: { table, keys, schema, batchSize, isWhole, timeoutMs }, required: ['table', 'keys'], additionalProperties: false },
  call: (payload, params, context) => write(payload, { ...params, columns: Object.fromEntries(params.keys.map((key) => [key, key])), ignoreUnknown: true, method: 'DELETE' }, context, (parts) => {
    let index = 0;
    const row = (): string => `(${parts.columns.map((column) => `${dialect.quote(column.name)} = ${dialect.placeholder(++index, column)}`).join(' and ')})`;
    return `delete from ${parts.table} where ${parts.rows.map(row).join(' or ')}`;
  }, dialect),
});

interface WriteParams {
  readonly method: 'UPSERT' | 'INSERT' | 'DELETE';
  readonly table: string;
  readonly schema?: string | undefined;
  readonly keys: readonly string[];
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly ignoreUnknown: boolean;
  readonly batchSize: number;
  readonly isWhole: boolean;
  readonly timeoutMs: number;
}

/** One statement: rows that have the same columns. */
interface Parts {
  /** Quoted. */
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Encoded[];
}

const namesIn = (columns: readonly Column[]): readonly string[] => columns.map(({ name }) => name);

async function* write(payload: Payload, params: WriteParams, context: CallContext<SqlClient>, textOf: (parts: Parts) => string, dialect: Dialect): AsyncGenerator<Payload> {
  const name = tableName(params.table, params.schema);
  const target = [name.schema, name.name].flatMap((part) => (part === undefined ? [] : [`/${encodeURIComponent(part.toWellFormed())}`])).join('');
  yield* inBatches(payload, await recordsOf(payload), { size: params.batchSize, isWhole: params.isWhole }, context, async (batch) => {
    const answer = await context.exchange({ method: params.method, target, body: batch, changes: true, isRepeatable: params.method !== 'INSERT', timeoutMs: params.timeoutMs, graceMs }, async (client) => {
      await before(client.limit(params.timeoutMs));
      return { body: await writeBatch(client, dialect, name, params, batch, textOf) };
    });
    return answer.body;
  });
}

async function writeBatch(client: SqlClient, dialect: Dialect, name: TableName, params: WriteParams, batch: readonly unknown[], textOf: (parts: Parts) => string): Promise<Answer> {
  const { known, rows, refused } = await encodeAll(client, dialect, name, params, batch);
  if (params.isWhole && refused[0]) throw ofRecord(refused[0].error, refused[0].index, batch.length);
  const table = quoteTable(dialect, name);
  const written = await writeAll(client, dialect, rows, async (some) => {
    let affected = 0;
    for (const group of groupsOf(some, dialect)) {
      const columns = group[0]!.columns.map((column) => known.columns.get(column)!);
      affected += (await client.run({ text: textOf({ table, columns, rows: group }), values: group.flatMap(({ values }) => values) })).affected;
    }
    return affected;
  }, params);
  const all = [...refused, ...written.refused.map(({ index, error }) => ({ index: rows[index]!.index, error }))];
  // Of an upsert each database counts in another way.
  return answerOf(batch.length, all, params.method === 'UPSERT' ? {} : { affected: written.results.reduce((sum, affected) => sum + affected, 0) });
}

interface Encodings {
  readonly known: Table;
  readonly rows: readonly (Encoded & { readonly index: number })[];
  readonly refused: readonly Refused[];
}

async function encodeAll(client: SqlClient, dialect: Dialect, name: TableName, params: WriteParams, batch: readonly unknown[]): Promise<Encodings> {
  const { columns, keys, ignoreUnknown: ignoresUnknown } = params;
  const table = await describeTable(client, dialect, name, namesOf(params, batch));
  checkMapping(table, name, { columns, keys, ignoresUnknown });
  if (params.method === 'UPSERT') checkUnique(table, params);
  const rows: (Encoded & { readonly index: number })[] = [];
  const refused: Refused[] = [];
  for (const [index, record] of batch.entries()) {
    try {
      rows.push({ index, ...encode(dialect, table, name, { columns, keys, ignoresUnknown }, record) });
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      refused.push({ index, error });
    }
  }
  return { known: table, rows, refused };
}

/** Columns that the table should have. */
const namesOf = ({ columns, keys }: WriteParams, batch: readonly unknown[]): ReadonlySet<string> =>
  new Set([...keys, ...(columns ? Object.keys(columns) : batch.flatMap((record) => (typeof record === 'object' && record !== null ? Object.keys(record) : [])))]);

/** Where no index says that a key stands once, each time would make new rows. */
function checkUnique({ uniques }: Table, { table, keys }: WriteParams): void {
  if (!uniques || uniques.some((unique) => unique.length === keys.length && keys.every((key) => unique.includes(key)))) return;
  throw noUnique(table, keys);
}

function* groupsOf<T extends Encoded>(rows: readonly T[], { mostValues, mostRows = Infinity }: Dialect): Generator<readonly T[]> {
  let group: T[] = [];
  for (const row of rows) {
    const first = group[0];
    if (first && (first.columns.join('\0') !== row.columns.join('\0') || group.length >= mostRows || (group.length + 1) * row.columns.length > mostValues)) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}
