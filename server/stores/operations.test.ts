import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { createPayload } from '../engine/payload.ts';
import { searchCursor, type RunFilter } from '../model/api.ts';
import type { FinalStatus, RunEvent } from '../model/run-event.ts';
import { openRecordings, type NewRun, type Recordings } from './recordings.ts';
import { secretValues } from './redact.ts';
import type { BodySearch } from './search-bodies.ts';
import { createSeal } from './seal.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-operations-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;
const day = 86_400_000;

interface World extends AsyncDisposable {
  readonly recordings: Recordings;
  readonly file: string;
  /** A run from its acceptance to its end. */
  run(id: string, how?: HowItRan): Promise<void>;
}

interface HowItRan extends Partial<NewRun> {
  readonly flow?: string;
  readonly trigger?: string;
  readonly environment?: string;
  readonly queuedAt?: number;
  readonly status?: FinalStatus;
  readonly error?: { readonly code: string; readonly message: string };
  /** Body of a payload that goes through the step `send`, which asks a connector. */
  readonly body?: unknown;
  readonly isLeftOpen?: boolean;
  /** Of payloads that the step gives beside it. */
  readonly more?: readonly unknown[];
}

function open({ now = Date.UTC(2024, 6, 1) }: { now?: number } = {}): World {
  const root = join(folder, `${++last}`);
  const recordings = openRecordings(root, { secrets: secretValues(), now: () => now, seal: createSeal({ keyFile: join(root, 'key'), spareFile: join(root, 'key') }) });
  return {
    recordings, file: join(root, '.patchbay', 'patchbay.db'),
    async run(id, { flow = 'orders', trigger = 'web', environment, queuedAt = now, status = 'success', error, body = { n: 1 }, isLeftOpen = false, more: others = [], head, ...more } = {}) {
      const run: NewRun = { head: { id, flow, flowVersion: `v-${id}`, trigger, queuedAt, ...(environment !== undefined && { environment }), ...head }, payload: createPayload({ id: `${id}-in`, body }), flowText: '{"steps":{}}', seed: 7, recording: 'full', redact: [], isReserved: true, ...more };
      await recordings.accept(run);
      if (isLeftOpen) return;
      const [lease] = await recordings.queue.lease({ most: 1, now, isOwnOnly: true });
      const recording = recordings.record(recordings.leased(lease!), { recording: run.recording, redact: run.redact, isAnew: true, lost: () => undefined });
      const payload = createPayload({ id: `${id}-a`, body });
      const { hash, ...kept } = recording.bodies.keep(payload);
      const known = { id: payload.id, mediaType: payload.mediaType, body: hash, ...kept };
      const events: RunEvent[] = [
        { type: 'run-started', at: queuedAt, seed: 7 },
        { type: 'payload-in', step: 'send', payload: known, attempt: 1, at: queuedAt },
        { type: 'exchange', step: 'send', payload: payload.id, at: queuedAt, exchange: { id: 'e1', method: 'POST', url: 'https://x.test/', requestHeaders: {}, status: 200, responseBody: recording.bodies.keepRaw(`{"answer":"to ${id}"}`, 'application/json').hash, attempt: 1, durationMs: 2, connector: 'shop' } },
        { type: 'exchange', step: 'send', payload: payload.id, at: queuedAt, exchange: { id: 'e2', method: 'GET', url: 'https://x.test/', requestHeaders: {}, status: 204, attempt: 1, durationMs: 2, connector: 'shop' } },
        { type: 'payload-out', step: 'send', port: 'out', payload: known, from: payload.id, at: queuedAt },
        ...others.map((other, index): RunEvent => {
          const made = createPayload({ id: `${id}-${index}`, body: other });
          const { hash: name, ...rest } = recording.bodies.keep(made);
          return { type: 'payload-out', step: 'send', port: 'out', payload: { id: made.id, mediaType: made.mediaType, body: name, ...rest }, at: queuedAt };
        }),
        { type: 'payload-done', step: 'send', payload: payload.id, at: queuedAt, durationMs: 3 },
        ...(error ? [{ type: 'payload-failed', step: 'send', payload: known, error, at: queuedAt } as const] : []),
        { type: 'run-finished', status, at: queuedAt + 20, durationMs: 20, ...(error && { error }) },
      ];
      for (const event of events) await recording.emit(event);
      await recording.ended;
    },
    [Symbol.asyncDispose]: () => recordings[Symbol.asyncDispose](),
  };
}

const refused = { code: 'REMOTE_REJECTED', message: 'The shop said: Unbekannte Straße. Übersprungen.' };

test('runs are found by what they are, the newest first', async () => {
  await using world = open();
  const { run, recordings } = world;
  await run('a', { queuedAt: 1_000 });
  await run('b', { flow: 'stock', status: 'failed', error: refused, environment: 'live', queuedAt: 2_000 });
  await run('c', { trigger: 'hourly', status: 'stopped', queuedAt: 3_000 });
  await run('d', { head: { id: 'd', flow: 'orders', flowVersion: 'v', trigger: 'web', queuedAt: 4_000, origin: { kind: 'retry', run: 'a' } } });
  await run('e', { isLeftOpen: true, queuedAt: 5_000 });
  await recordings.operations.pin('a', true);
  const cases: readonly (readonly [filter: RunFilter, found: string])[] = [
    [{}, 'e d c b a'],
    [{ flow: 'orders' }, 'e d c a'],
    [{ status: 'failed' }, 'b'],
    [{ status: ['failed', 'stopped', 'queued'] }, 'e c b'],
    [{ status: [] }, 'e d c b a'],
    [{ trigger: 'hourly' }, 'c'],
    [{ environment: 'live' }, 'b'],
    [{ since: 2_000, until: 4_000 }, 'c b'],
    [{ error: 'REMOTE_REJECTED' }, 'b'],
    [{ error: 'REMOTE' }, ''],
    [{ text: 'UNBEKANNTE straße' }, 'b'],
    [{ text: 'Über' }, 'b'],
    [{ text: '%' }, ''],
    [{ origin: 'retry' }, 'd'],
    [{ origin: 'none' }, 'e c b a'],
    [{ pinned: true }, 'a'],
    [{ pinned: false, flow: 'orders', status: ['success'] }, 'd'],
    [{ flow: 'orders', status: ['failed'] }, ''],
  ];
  for (const [filter, found] of cases) {
    const page = recordings.archive.runs(filter);
    assert.equal(page.items.map(({ id }) => id).join(' '), found, JSON.stringify(filter));
    assert.equal(page.total, page.items.length, JSON.stringify(filter));
  }
  const page = recordings.archive.runs({ since: 1_000, page: 2, perPage: 2 });
  assert.deepEqual([page.items.map(({ id }) => id), page.total], [['c', 'b'], 5]);
  const [pinned] = recordings.archive.runs({ pinned: true }).items;
  assert.deepEqual([pinned?.pinned, recordings.archive.run('d')?.pinned, recordings.archive.run('d')?.origin], [true, undefined, { kind: 'retry', run: 'a' }]);
});

test('recorded bodies are looked through: texts anywhere, values at a path', async () => {
  await using world = open();
  const { run, recordings } = world;
  await run('a', { body: { customer: { email: 'ada@example.com' }, note: 'He said "no"', lines: [{ sku: 'A-1', qty: 2 }] } });
  await run('b', { flow: 'stock', body: { lines: [{ sku: 'B-1', qty: 3 }], filler: 'x'.repeat(70_000), end: 'needle' } });
  await run('c', { body: { password: 'hunter2' } });
  const cases: readonly (readonly [search: BodySearch, found: string])[] = [
    [{ text: 'ada@example.com' }, 'a:input'],
    [{ text: 'He said "no"' }, 'a:input'],
    [{ text: 'needle' }, 'b:input'],
    [{ text: 'to b' }, 'b:exchange'],
    [{ text: 'hunter2' }, ''],
    [{ text: 'redacted' }, 'c:input'],
    [{ text: '"sku"' }, 'b:input a:input'],
    [{ text: '"sku"', flow: 'stock' }, 'b:input'],
    [{ path: 'lines[*].qty', value: '3' }, 'b:input'],
    [{ path: '$.customer', value: '{"email":"ada@example.com"}' }, 'a:input'],
    [{ path: 'customer.email', value: 'ada' }, ''],
    [{ path: 'answer', value: 'to a' }, 'a:exchange'],
  ];
  for (const [search, found] of cases) {
    const { items, cursor, runs } = await recordings.search(search);
    assert.equal(items.map((match) => `${match.run.id}:${match.side}`).join(' '), found, JSON.stringify(search));
    assert.deepEqual([cursor, runs], [undefined, search.flow === undefined ? 3 : 1]);
  }
  await assert.rejects(recordings.search({ path: 'a[', value: '1' }), { code: 'CONFIG_PATH' });
});

test('a search ends in time, and goes on where it was', async () => {
  await using world = open();
  for (let index = 0; index < 5; index++) await world.run(`r${index}`, { body: { n: index % 2 } });
  const found: string[] = [];
  let [calls, looked] = [0, 0];
  for (let cursor: string | undefined = ''; cursor !== undefined; calls++) {
    const answer = await world.recordings.search({ path: 'n', value: '0', budgetMs: 0, ...(cursor !== '' && { cursor }) });
    looked += answer.runs;
    found.push(...answer.items.map(({ run }) => run.id));
    cursor = answer.cursor;
  }
  // Each run has two bodies, its payload and the answer that it got.
  assert.deepEqual([found, looked, calls >= 5], [['r4', 'r2', 'r0'], 5, true]);
  const first = await world.recordings.search({ text: 'n', limit: 2 });
  assert.deepEqual([first.items.length, first.cursor !== undefined], [2, true]);
});

test('a search ends in time in the middle of a run, too, and goes on behind the body where it was', async () => {
  await using world = open();
  const { recordings } = world;
  await world.run('old', { body: { n: 'needle' } });
  const bodies = 1_200;
  await world.run('long', { more: Array.from({ length: bodies }, (_, n) => ({ n: n === bodies - 1 ? 'another needle' : n })) });
  const found: string[] = [];
  let [calls, looked] = [0, 0];
  for (let cursor: string | undefined = ''; cursor !== undefined; calls++) {
    const answer = await recordings.search({ text: 'needle', budgetMs: 0, ...(cursor !== '' && { cursor }) });
    looked += answer.runs;
    found.push(...answer.items.map(({ run, side }) => `${run.id} ${side}`));
    cursor = answer.cursor;
    assert.ok(cursor === undefined || searchCursor.test(cursor), cursor);
  }
  assert.deepEqual([found, looked], [['long out', 'old input'], 2]);
  assert.ok(calls >= bodies, `${calls} calls`);
  assert.equal((await recordings.search({ text: 'needle', budgetMs: 60_000 })).items.length, 2);
});

test('a run is deleted with all that belongs to it, unless it is at work or pinned', async () => {
  await using world = open();
  const { run, recordings, file } = world;
  const { operations } = recordings;
  await run('a', { body: { secret: 1, password: 'hunter2', long: 'y'.repeat(40_000) } });
  await run('b');
  await run('open', { isLeftOpen: true });
  await operations.pin('b', true);
  assert.deepEqual([await operations.delete('open'), await operations.delete('b'), await operations.delete('nope'), await operations.pin('nope', true)], ['open', 'pinned', 'unknown', false]);
  assert.equal(await operations.delete('a'), 'deleted');
  assert.equal(recordings.archive.run('a'), undefined);
  assert.equal(recordings.archive.runs({}).total, 2);
  recordings.prune({ days: 10_000, megabytes: 10_000 });
  const database = new DatabaseSync(file, { readOnly: true });
  const left = (): number => (database.prepare('SELECT (SELECT COUNT(*) FROM doomed) + (SELECT COUNT(*) FROM events WHERE run = 1) + (SELECT COUNT(*) FROM body_refs WHERE run = 1) + (SELECT COUNT(*) FROM bodies WHERE size > 10000) AS n').get() as { n: number }).n;
  while (left() > 0) await recordings.operations.pin('b', true);
  assert.ok(recordings.archive.events('b', 0, 100).length > 5);
  await operations.pin('b', false);
  assert.equal(await operations.delete('b'), 'deleted');
  assert.equal(operations.insights({ by: 'flow', from: '2024-07-01', to: '2024-07-01' }).total.runs, 2, 'what they have done stays in the sums');
  database.close();
});

test('what runs did is summed up as they end', async () => {
  const now = Date.UTC(2024, 6, 2);
  await using world = open({ now });
  const { run, recordings } = world;
  await run('a', { queuedAt: now - day });
  await run('b', { status: 'failed', error: refused });
  await run('again');
  await run('c', { flow: 'stock', status: 'partial-success' });
  await run('waiting', { isLeftOpen: true });
  await recordings.queue.stop('waiting', now);
  const bytes = 2 * JSON.stringify({ n: 1 }).length;
  const times = (n: number, failures: number) => ({ operations: n, failures, records: n, requests: 2 * n, bytes: n * bytes });
  const span = { from: '2024-07-01', to: '2024-07-02' };
  const { insights } = recordings.operations;
  assert.deepEqual(insights({ by: 'flow', ...span }).items, [{ flow: 'orders', runs: 4, failedRuns: 1, durationMs: 60, ...times(3, 1) }, { flow: 'stock', runs: 1, failedRuns: 0, durationMs: 20, ...times(1, 0) }]);
  assert.deepEqual(insights({ by: 'day', ...span }).items, [{ day: '2024-07-01', runs: 1, failedRuns: 0, durationMs: 20, ...times(1, 0) }, { day: '2024-07-02', runs: 4, failedRuns: 1, durationMs: 60, ...times(3, 1) }]);
  assert.deepEqual(insights({ by: 'step', ...span }).items, [{ flow: 'orders', step: 'send', durationMs: 9, ...times(3, 1) }, { flow: 'stock', step: 'send', durationMs: 3, ...times(1, 0) }]);
  assert.deepEqual(insights({ by: 'connector', ...span }).items, [{ connector: 'shop', durationMs: 12, ...times(4, 1) }]);
  assert.deepEqual(insights({ by: 'day', from: '2024-07-02', to: '2024-07-02', flow: 'stock' }), { items: [{ day: '2024-07-02', runs: 1, failedRuns: 0, durationMs: 20, ...times(1, 0) }], total: { runs: 1, failedRuns: 0, durationMs: 20, ...times(1, 0) } });
  assert.deepEqual(insights({ by: 'flow', from: '2023-01-01', to: '2023-01-02' }), { items: [], total: { runs: 0, failedRuns: 0, durationMs: 0, operations: 0, failures: 0, records: 0, requests: 0, bytes: 0 } });
});

describe('the audit log', () => {
  test('is found by who, what, to what and when', async () => {
    await using world = open();
    const { operations } = world.recordings;
    const rows = [['ada', 'run.delete', 'run a'], ['ada', 'run.pin', 'run b'], ['API', 'runner.x', 'run a'], ['editor', 'secret.set', 'secret shop/token']] as const;
    for (const [index, [actor, action, subject]] of rows.entries()) await operations.addAudit({ at: index, actor, action, subject, detail: { index } });
    for (const [filter, found] of [[{}, '3 2 1 0'], [{ actor: 'ada' }, '1 0'], [{ action: 'run' }, '1 0'], [{ action: 'run.pin' }, '1'], [{ subject: 'run a' }, '2 0'], [{ since: 1, until: 3 }, '2 1'], [{ page: 2, perPage: 3 }, '0']] as const) {
      assert.equal(operations.audit(filter).items.map(({ detail }) => detail['index']).join(' '), found, JSON.stringify(filter));
    }
    assert.equal(operations.audit({ action: 'run', perPage: 1 }).total, 2);
  });

  test('is only added to', async () => {
    await using world = open();
    await world.recordings.operations.addAudit({ at: 1, actor: 'ada', action: 'run.pin', subject: 'run a', detail: {} });
    const database = new DatabaseSync(world.file, { timeout: 5_000 });
    for (const sql of ['UPDATE audit SET actor = 1', 'DELETE FROM audit']) assert.throws(() => database.exec(sql), /only added to/);
    database.close();
  });
});

describe('the outbox', () => {
  const message = { recipients: 'ops', channel: 'email', level: 'error', subject: 's', text: 't', at: 1_000 };

  test('automatic runs that fail are there to be told of, once', async () => {
    await using world = open();
    const { run, recordings: { operations: { outbox } } } = world;
    const isAutomatic = { request: { isAutomatic: true } } as const;
    await run('good', isAutomatic);
    await run('by-hand', { status: 'failed', error: refused });
    await run('bad', { status: 'failed', error: refused, ...isAutomatic });
    await run('half', { status: 'partial-success', ...isAutomatic });
    await run('stopped', { status: 'stopped', ...isAutomatic });
    await run('cut', { status: 'interrupted', error: refused, ...isAutomatic });
    assert.deepEqual(outbox.failures().map(({ run: id, flow, toldAt }) => [id, flow, toldAt]), [['bad', 'orders', null], ['cut', 'orders', null]]);
    assert.ok(outbox.hasWork(0));
    const told = { runs: ['bad', 'cut'], flow: 'orders', now: 5 };
    await Promise.all([outbox.add([message], told), outbox.add([message], told)]);
    assert.equal(outbox.state().waiting, 1, 'two runners, one message');
    await run('again', { status: 'failed', error: refused, ...isAutomatic });
    assert.deepEqual(outbox.failures().map(({ run: id, toldAt }) => [id, toldAt]), [['again', 5]]);
  });

  test('a message belongs to who has claimed it, and comes back where that one dies', async () => {
    await using world = open();
    const { outbox } = world.recordings.operations;
    await outbox.add([message, { ...message, channel: 'log' }]);
    assert.deepEqual([outbox.hasWork(999), outbox.hasWork(1_000)], [false, true]);
    const claim = (now: number, except?: string) => outbox.claim({ most: 10, now, againAt: now + 100, ...(except !== undefined && { except }) });
    const [first, second] = await Promise.all([claim(1_000, 'log'), claim(1_000, 'log')]);
    assert.deepEqual([...first, ...second].map(({ id, channel, attempts }) => [id, channel, attempts]), [[1, 'email', 1]]);
    assert.deepEqual((await claim(1_050)).map(({ channel }) => channel), ['log']);
    assert.deepEqual((await claim(1_100, 'log')).map(({ id, attempts }) => [id, attempts]), [[1, 2]]);
    await outbox.unsent(1, 'Nobody answers.', 9_000);
    assert.deepEqual([await claim(5_000, 'log'), outbox.state().troubles.map(({ error, due }) => [error, due])], [[], [['Nobody answers.', 9_000]]]);
    assert.equal((await claim(9_000, 'log')).length, 1);
    await outbox.unsent(1, 'Still nobody.');
    assert.deepEqual([await claim(1e12, 'log'), outbox.state().troubles.map(({ error, due }) => [error, due])], [[], [['Still nobody.', null]]]);
    await outbox.sent(1);
    assert.deepEqual(outbox.state().troubles, []);
  });
});
