import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import mssql from 'mssql';
import type { FlowError } from '../../sdk/index.ts';
import type { Row, SqlClient } from '../sql/dialect.ts';
import { endpointsOf } from '../sql/endpoints.ts';
import { clientOf, type Asked } from './client.ts';
import { dialect } from './dialect.ts';

// What is sent, since no server is at hand.

interface Server {
  readonly client: SqlClient;
  /** Texts with their values. */
  readonly sent: readonly string[];
}

/** `rows`: of a text that is read as a stream; none where it gives no rows. `answers`: to other texts, by what they contain. */
function server({ rows, answers = {} }: { readonly rows?: readonly Row[]; readonly answers?: Readonly<Record<string, readonly Row[]>> } = {}): Server {
  const sent: string[] = [];
  const ask = (): Asked => {
    const values: unknown[] = [];
    const listeners: ((columns: never) => void)[] = [];
    let isStream = false;
    const answer = async (text: string) => {
      sent.push(values.length > 0 ? `${text.trim().replace(/\s+/g, ' ')} ← ${JSON.stringify(values)}` : text);
      if (isStream && rows) for (const listener of listeners) listener({} as never);
      const found = Object.entries(answers).find(([part]) => text.includes(part))?.[1] ?? [];
      return { recordset: Object.assign([...found], { columns: {} }), rowsAffected: [found.length] };
    };
    return {
      input: (_name: string, ...given: unknown[]) => void values.push(given.at(-1)), query: answer, batch: answer,
      on: (_event: string, listener: (columns: never) => void) => void listeners.push(listener),
      toReadableStream: () => ((isStream = true), Readable.from(rows ?? [])),
    } as unknown as Asked;
  };
  return { sent, client: clientOf({ close: async () => undefined } as never, { isOpen: () => true, ask }).client };
}

const depth = (n: number) => ({ '@@trancount as depth': [{ depth: n }] });

test('what a statement writes that should only read is taken back', async () => {
  const { client, sent } = server({ rows: [{ a: 1 }, { a: 2 }], answers: depth(1) });
  const rows = await client.open({ text: 'select a from t where b = @p1', values: ['x'] });
  assert.deepEqual(await rows.next(5), [{ a: 1 }, { a: 2 }]);
  await rows.close();
  assert.deepEqual(sent, ['begin transaction', 'select a from t where b = @p1 ← ["x"]', 'select @@trancount as depth', 'if @@trancount > 0 rollback transaction']);
});

const refusals: readonly (readonly [title: string, given: Parameters<typeof server>[0], message: RegExp])[] = [
  ['one that gives no rows', { answers: depth(1) }, /gives no rows/],
  ['one that ends the transaction', { rows: [{ a: 1 }], answers: depth(0) }, /begins or ends a transaction/],
  ['one that begins another', { rows: [{ a: 1 }], answers: depth(2) }, /begins or ends a transaction/],
];
for (const [title, given, message] of refusals) {
  test(`a statement is refused where it reads, and taken back: ${title}`, async () => {
    const { client, sent } = server(given);
    const rows = await client.open({ text: 'delete from t', values: [] });
    await rows.next(5);
    await assert.rejects(rows.close(), (error: FlowError) => error.code === 'CONFIG_INVALID' && message.test(error.message) && error.remedy.includes('"execute"'));
    assert.equal(sent.at(-1), 'if @@trancount > 0 rollback transaction');
  });
}

/** Codes of what becomes of records that are written, and the texts that write. */
async function write(method: 'upsert' | 'insert', { keys = [], indexes = [], records = [{ id: 1, shop: 2, a: 3 }] }: { readonly keys?: readonly string[]; readonly indexes?: readonly Row[]; readonly records?: readonly object[] }): Promise<{ readonly code: string | undefined; readonly written: readonly string[] }> {
  const { client, sent } = server({ answers: { 'information_schema.columns': [{ name: 'id', type: 'int' }, { name: 'shop', type: 'int' }, { name: 'a', type: 'int' }], 'sys.indexes': indexes } });
  const context = { resumed: undefined, checkpoint() {}, fail() {}, exchange: async (_request: unknown, perform: (client: SqlClient, signal: AbortSignal) => Promise<unknown>) => perform(client, new AbortController().signal) };
  const payload = { json: async () => records, with: (change: object) => change };
  let code: string | undefined;
  try {
    for await (const _answer of endpointsOf(dialect)[method]!.call!(payload as never, { table: 't', keys, batchSize: 10_000, isWhole: false, ignoreUnknown: false, timeoutMs: 1_000 } as never, context as never));
  } catch (error) {
    code = (error as FlowError).code;
  }
  return { code, written: sent.filter((text) => /^(merge|insert) /.test(text)) };
}

const index = (number: number, ...parts: readonly string[]): Row[] => parts.map((part) => ({ number, part }));
const upserts: readonly (readonly [title: string, keys: readonly string[], indexes: readonly Row[], isWritten: boolean])[] = [
  ['no index', ['id'], [], false],
  ['an index of the key', ['id'], index(1, 'id'), true],
  ['an index of more than the key', ['id'], index(1, 'id', 'shop'), false],
  ['an index of less than the key', ['id', 'shop'], index(1, 'id'), false],
  ['one of two, in another order', ['id', 'shop'], [...index(1, 'a'), ...index(2, 'shop', 'id')], true],
];
for (const [title, keys, indexes, isWritten] of upserts) {
  test(`an upsert never makes a row twice: ${title}`, async () => {
    const { code, written } = await write('upsert', { keys, indexes });
    assert.deepEqual([code, written.length], isWritten ? [undefined, 1] : ['CONFIG_INVALID', 0]);
  });
}

test('a list of values has no more rows than the server takes', async () => {
  const { written } = await write('insert', { records: Array.from({ length: 1_500 }, (_, id) => ({ id })) });
  assert.deepEqual(written.map((text) => text.match(/@p/g)?.length), [1_000, 500]);
});

test('a connection that is closed ends what runs on it, which its pool would wait for', async () => {
  const done: string[] = [];
  let cancel = (): void => undefined;
  const ask = (): Asked => ({ batch: () => new Promise((_, reject) => { cancel = () => reject(Object.assign(new Error('Canceled.'), { code: 'ECANCEL' })); }), cancel: () => (done.push('cancelled'), cancel()) }) as unknown as Asked;
  const { client, close } = clientOf({ close: async () => void done.push('closed') } as never, { isOpen: () => true, ask });
  const asked = assert.rejects(client.run({ text: 'waitfor delay', values: [] }));
  await close();
  assert.deepEqual(done, ['cancelled', 'closed']);
  await asked;
});

test('nothing is asked over a connection that is lost: another one has none of its transaction', async () => {
  const { client } = clientOf({} as never, { isOpen: () => false, ask: () => assert.fail() });
  await assert.rejects(client.run({ text: 'commit transaction', values: [] }), { code: 'REMOTE_UNREACHABLE' });
});

test('what can be no name is not asked for', async () => {
  await assert.rejects(dialect.describe({ run: () => assert.fail('asked') } as never, { name: 'x'.repeat(129) }), { code: 'CONFIG_INVALID' });
});

test('bytes are bound as such, also none, and numbers that no integer holds as floating point', async () => {
  const given: unknown[] = [];
  const ask = (): Asked => ({ input: (...one: unknown[]) => void given.push(one), query: async () => ({ recordset: undefined, rowsAffected: [1] }) }) as unknown as Asked;
  const { client } = clientOf({} as never, { isOpen: () => true, ask });
  const none = Buffer.alloc(0);
  await client.run({ text: 'insert', values: [none, 1e300, 7, 0.5, null, 'x'] });
  assert.deepEqual(given, [['p1', mssql.VarBinary(mssql.MAX), none], ['p2', mssql.Float, 1e300], ['p3', 7], ['p4', mssql.Float, 0.5], ['p5', null], ['p6', 'x']]);
});

test('a number of four bytes has the digits that it was written with', async () => {
  const rows = Object.assign([0.1, 1.5e-7, 16_777_216, -2.5, 0].map((value) => ({ a: Math.fround(value) })), { columns: { a: { type: mssql.Real } } });
  const ask = (): Asked => ({ batch: async () => ({ recordset: rows, rowsAffected: [1] }) }) as unknown as Asked;
  const { client } = clientOf({} as never, { isOpen: () => true, ask });
  assert.deepEqual((await client.run({ text: 'select', values: [] })).rows, [{ a: 0.1 }, { a: 1.5e-7 }, { a: 16_777_216 }, { a: -2.5 }, { a: 0 }]);
});

const fields: readonly (readonly [type: string, value: unknown, bound: unknown])[] = [
  ['decimal', 1e-7, '0.0000001'], ['decimal', -1.25e-9, '-0.00000000125'], ['numeric', 1.5e21, '1500000000000000000000'], ['money', 12.5, '12.5'], ['int', 7, '7'],
  ['decimal', '1e18', '1000000000000000000'], ['numeric', ' +1.25E-3', '0.00125'], ['bigint', '12345678901234567890', '12345678901234567890'], ['decimal', '1e', '1e'], ['float', '1e18', '1e18'], ['nvarchar', '1e18', '1e18'],
  ['float', 1e300, 1e300], ['real', 0.1, 0.1], ['nvarchar', 1e21, '1e+21'], ['nvarchar', true, 'true'], ['bit', true, true], ['nvarchar', { a: 1 }, '{"a":1}'],
  ['datetime2', '2024-01-31T12:00:00.1234567+02:00', '2024-01-31T10:00:00.1234567'], ['datetime', '2024-01-31T12:00:00.1234567Z', '2024-01-31T12:00:00.123'], ['smalldatetime', '2024-01-31 12:00', '2024-01-31T12:00:00'],
  ['datetimeoffset', '2024-01-31T12:00:00+02:00', '2024-01-31T12:00:00+02:00'], ['datetime', 'yesterday', 'yesterday'],
];
for (const [type, value, bound] of fields) test(`a field is bound for ${type}: ${JSON.stringify(value)}`, () => assert.equal(dialect.toColumn(value, { name: 'a', type }), bound));

test('times keep all digits that the server has', async () => {
  const at = Object.assign(new Date('2024-01-31T12:00:00.120Z'), { nanosecondsDelta: 0.0004567 });
  const rows = Object.assign([{ a: at, b: at, c: at, d: new Date('2024-01-31T12:00:00Z'), e: at }], { columns: { a: { type: mssql.DateTime2 }, b: { type: mssql.Time }, c: { type: mssql.DateTimeOffset }, d: { type: mssql.DateTime2 }, e: { type: mssql.Date } } });
  const ask = (): Asked => ({ input: () => undefined, query: async () => ({ recordset: rows, rowsAffected: [1] }), batch: async () => ({ recordset: rows, rowsAffected: [1] }) }) as unknown as Asked;
  const { client } = clientOf({ close: async () => undefined } as never, { isOpen: () => true, ask });
  assert.deepEqual((await client.run({ text: 'select', values: [] })).rows, [{ a: '2024-01-31T12:00:00.1204567', b: '12:00:00.1204567', c: '2024-01-31T12:00:00.1204567Z', d: '2024-01-31T12:00:00', e: '2024-01-31' }]);
});

test('two columns of one name are told, none is lost', async () => {
  const { client } = server({ rows: [{ a: [1, 3], b: 2 }], answers: { 'select a': [{ a: [1, 3], b: 2 }] } });
  const isTold = (error: FlowError): boolean => error.code === 'CONFIG_INVALID' && error.details['column'] === 'a';
  await assert.rejects(client.run({ text: 'select a', values: [] }), isTold);
  await assert.rejects((await client.open({ text: 'select a', values: [] })).next(5), isTold);
});
