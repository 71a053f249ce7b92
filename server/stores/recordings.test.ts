import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import type { FlowError } from '../../plugins/sdk/index.ts';
import { createPayload, streamPayload } from '../engine/payload.ts';
import { countEvent, type NumberedRunEvent, type RunEvent, type StepCounts } from '../model/run-event.ts';
import { openForWriting } from './database.ts';
import { migrations } from './migrations.ts';
import type { RunRecording } from './record-run.ts';
import { openRecordings, type NewRun, type RecordOptions, type Recordings } from './recordings.ts';
import { secretValues } from './redact.ts';
import { createSeal } from './seal.ts';

const folders: string[] = [];
after(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }); });

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-recordings-'));
  folders.push(folder);
  return folder;
}

const optionsAt = (root: string, now: number): Parameters<typeof openRecordings>[1] => ({ secrets: secretValues(), now: () => now, seal: createSeal({ keyFile: join(root, 'key'), spareFile: join(root, 'key') }) });
const open = (root = temporary(), now = 1_000_000): { root: string; recordings: Recordings } => ({ root, recordings: openRecordings(root, optionsAt(root, now)) });

function runOf(id: string, changes: Partial<NewRun> = {}): NewRun {
  return {
    head: { id, flow: 'orders', flowVersion: 'v1', trigger: 'manual', queuedAt: 1_000 }, payload: createPayload({ id: `${id}-in`, body: { n: 1 } }), flowText: '{"steps":{}}', seed: 7,
    recording: 'full', redact: [], isReserved: true, ...changes,
  };
}

/** Accepts a run, leases it, and begins to record it. */
async function begin(recordings: Recordings, run: NewRun, lost: RecordOptions['lost'] = () => undefined): Promise<RunRecording> {
  const result = await recordings.accept(run);
  assert.ok('accepted' in result);
  const [lease] = await recordings.queue.lease({ most: 1, now: 0, isOwnOnly: true });
  assert.equal(lease?.run, run.head.id);
  return recordings.record(recordings.leased(lease!), { recording: run.recording, redact: run.redact, isAnew: true, lost });
}

/** A small run: one step that gets a payload, gives two and fails with a third. */
async function record(recording: RunRecording, { size = 10 } = {}): Promise<RunEvent[]> {
  const { bodies } = recording;
  const head = (id: string, body: unknown) => {
    const payload = createPayload({ id, body });
    const { hash, ...rest } = bodies.keep(payload);
    return { id, mediaType: payload.mediaType, body: hash, ...rest };
  };
  const error = { code: 'DATA_INVALID', message: 'It is wrong.', step: 'split' };
  const events: RunEvent[] = [
    { type: 'run-started', at: 1_001, seed: 7 },
    { type: 'payload-in', step: 'split', payload: head('a', { list: [1, 2] }), attempt: 1, at: 1_002 },
    { type: 'payload-out', step: 'split', port: 'out', payload: head('b', [{ text: 'x'.repeat(size) }]), from: 'a', at: 1_003 },
    { type: 'payload-out', step: 'split', port: 'out', payload: head('c', [{ n: 2 }, { n: 3 }]), from: 'a', at: 1_004 },
    { type: 'payload-done', step: 'split', payload: 'a', at: 1_005, durationMs: 3 },
    { type: 'log', step: 'split', level: 'debug', message: 'detail', at: 1_005 },
    { type: 'log', level: 'warn', message: 'careful', fields: { n: 1 }, at: 1_005 },
    { type: 'exchange', step: 'split', payload: 'a', at: 1_006, exchange: { id: 'e1', method: 'GET', url: 'https://x.test/', requestHeaders: {}, status: 200, responseBody: bodies.keepRaw('{"ok":true}', 'application/json').hash, attempt: 1, durationMs: 2 } },
    { type: 'payload-in', step: 'split', payload: head('d', null), attempt: 1, at: 1_007 },
    { type: 'attempt-failed', step: 'split', payload: 'd', attempt: 1, error, retryInMs: 1, at: 1_008 },
    { type: 'payload-in', step: 'split', payload: head('d', null), attempt: 2, at: 1_009 },
    { type: 'payload-failed', step: 'split', payload: head('d', null), error, caughtBy: 'guard', at: 1_010 },
    { type: 'page', step: 'split', index: 0, records: 2, stop: 'no-link', at: 1_011 },
    { type: 'run-finished', status: 'partial-success', at: 1_020, durationMs: 20 },
  ];
  for (const event of events) await recording.emit(event);
  await recording.ended;
  return events;
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a recorded run can be read: summary, counts, payloads, requests, logs, bodies', async () => {
  const { recordings } = open();
  const { archive } = recordings;
  const recording = await begin(recordings, runOf('r1'));
  assert.deepEqual(archive.run('r1')?.status, 'queued');
  const events = await record(recording, { size: 50_000 });
  let steps: Readonly<Record<string, StepCounts>> = {};
  for (const event of events) steps = countEvent(steps, event);
  const summary = { id: 'r1', flow: 'orders', status: 'partial-success', trigger: 'manual', queuedAt: 1_000, startedAt: 1_001, durationMs: 20, failedPayloads: 1 } as const;
  assert.deepEqual(archive.runs({}), { items: [summary], page: 1, perPage: 50, total: 1 });
  const { input, ...detail } = archive.run('r1')!;
  assert.deepEqual(detail, { ...summary, flowVersion: 'v1', seed: 7, steps, flowText: '{"steps":{}}' });
  assert.equal(await textOf(archive.body('r1', input!.body)!.open()), '{"n":1}');

  const sides = (['in', 'out', 'failed'] as const).map((side) => archive.payloads('r1', 'split', side, 1));
  assert.deepEqual(sides.map(({ total, items }) => [total, items.map(({ id }) => id)]), [[2, ['a', 'd']], [2, ['b', 'c']], [1, ['d']]]);
  assert.equal(sides[0]!.items[0]!.durationMs, 3);
  const { error, caughtBy, records } = { ...sides[2]!.items[0]!, records: sides[1]!.items[1]!.records };
  assert.deepEqual([error?.message, caughtBy, records], ['It is wrong.', 'guard', 2]);
  assert.deepEqual(archive.payloads('r1', 'split', 'out', 2, 1).items.map(({ id }) => id), ['c']);

  const big = archive.body('r1', sides[1]!.items[0]!.body)!;
  assert.equal(await textOf(big.open()), JSON.stringify([{ text: 'x'.repeat(50_000) }]));
  assert.equal(await textOf(big.open({ start: 3, end: 9 })), 'text":');
  assert.deepEqual(archive.exchanges('r1', undefined, 1).items.map(({ id, at }) => [id, at]), [['e1', 1_006]]);
  assert.equal(archive.exchanges('r1', 'other', 1).total, 0);
  assert.deepEqual(archive.logs('r1', {}).items.map(({ message }) => message), ['detail', 'careful']);
  assert.deepEqual(archive.logs('r1', { level: 'info' }).items.map(({ seq, message }) => [seq, message]), [[8, 'careful']]);
  assert.deepEqual(archive.logs('r1', { step: 'split' }).items.map(({ message }) => message), ['detail']);
  await recordings[Symbol.asyncDispose]();
});

test('a body is for the run that refers to it only', async () => {
  const { recordings } = open();
  const one = await begin(recordings, runOf('r1'));
  await record(one);
  await record(await begin(recordings, runOf('r2', { payload: createPayload({ id: 'x', body: { other: true } }) })));
  const { body } = recordings.archive.run('r2')!.input!;
  assert.ok(recordings.archive.body('r2', body));
  assert.equal(recordings.archive.body('r1', body), undefined);
  assert.equal(recordings.archive.body('r2', '../../etc/passwd'), undefined);
  assert.equal(await recordings.archive.window('r1', body, { path: '', offset: 0, limit: 1 }), undefined);
  await recordings[Symbol.asyncDispose]();
});

test('the same body is kept once, however many payloads and runs have it', async () => {
  const { root, recordings } = open();
  const body = { text: 'y'.repeat(40_000) };
  for (const id of ['r1', 'r2', 'r3']) await record(await begin(recordings, runOf(id, { payload: createPayload({ id: `${id}-in`, body }) })), { size: 40_000 });
  await recordings[Symbol.asyncDispose]();
  const files = readdirSync(join(root, '.patchbay/blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.equal(files.length, 2);
});

test('a key starts one run', async () => {
  const { recordings } = open();
  const results = await Promise.all(['r1', 'r2', 'r3'].map((id) => recordings.accept(runOf(id, { key: 'delivery-1' }))));
  assert.deepEqual(results.map((one) => ('duplicate' in one ? one.duplicate : 'new')), ['new', 'r1', 'r1']);
  const other = await recordings.accept(runOf('r4', { key: 'delivery-1', head: { ...runOf('r4').head, trigger: 'other' } }));
  assert.ok('accepted' in other, 'another trigger has keys of its own');
  assert.deepEqual(recordings.archive.runs({}).items.map(({ id }) => id), ['r4', 'r1']);
  await recordings[Symbol.asyncDispose]();
});

test('runs are listed by flow and status, the newest first', async () => {
  const { recordings } = open();
  for (let n = 0; n < 7; n++) {
    const recording = await begin(recordings, runOf(`r${n}`, { head: { ...runOf('').head, id: `r${n}`, flow: n % 2 ? 'odd' : 'even' } }));
    if (n < 5) await record(recording);
  }
  const list = (filter: Parameters<Recordings['archive']['runs']>[0]) => {
    const { items, total } = recordings.archive.runs(filter);
    return [total, items.map(({ id }) => id).join(' ')];
  };
  assert.deepEqual(list({}), [7, 'r6 r5 r4 r3 r2 r1 r0']);
  assert.deepEqual(list({ flow: 'odd' }), [3, 'r5 r3 r1']);
  assert.deepEqual(list({ status: 'queued' }), [2, 'r6 r5']);
  assert.deepEqual(list({ flow: 'even', status: 'partial-success', page: 2, perPage: 2 }), [3, 'r0']);
  await recordings[Symbol.asyncDispose]();
});

describe('what is kept', () => {
  for (const [recording, expected] of [
    ['full', { input: true, in: [true, true], failed: true, logs: 2 }],
    ['errors', { input: true, in: [false, false], failed: true, logs: 2 }],
    ['none', { input: false, in: [], failed: false, logs: 0 }],
  ] as const) {
    test(recording, async () => {
      const { recordings } = open();
      const { archive } = recordings;
      await record(await begin(recordings, runOf('r1', { recording })));
      const isKept = (hash: string | undefined): boolean => !!hash && archive.body('r1', hash) !== undefined;
      assert.deepEqual({
        input: isKept(archive.run('r1')?.input?.body), in: archive.payloads('r1', 'split', 'in', 1).items.map(({ body }) => isKept(body)),
        failed: isKept(archive.payloads('r1', 'split', 'failed', 1).items[0]?.body), logs: archive.logs('r1', {}).total,
      }, expected);
      assert.deepEqual([archive.run('r1')?.status, archive.run('r1')?.steps['split']?.in], ['partial-success', 2], 'the outcome is kept in any case');
      await recordings[Symbol.asyncDispose]();
    });
  }
  test('of a stream, its size', async () => {
    const { recordings } = open();
    await begin(recordings, runOf('r1', { payload: streamPayload({ id: 'p', mediaType: 'text/csv', size: 5_000_000_000, open: () => assert.fail('nobody reads it') }) }));
    assert.deepEqual(recordings.archive.run('r1')?.input, { id: 'p', mediaType: 'text/csv', body: '', size: 5_000_000_000 });
    await recordings[Symbol.asyncDispose]();
  });
});

describe('who listens', () => {
  const listen = (recordings: Recordings, run: string, afterSeq?: number) => {
    const seen: NumberedRunEvent[] = [];
    const end = Promise.withResolvers<void>();
    recordings.subscribe(run, (event) => {
      seen.push(event);
      if (event.event.type === 'run-finished') end.resolve();
    }, afterSeq === undefined ? {} : { afterSeq });
    return { seen, ended: end.promise };
  };

  test('hears recorded events, then live ones, none twice and none missing, whenever it begins', async () => {
    const { recordings } = open();
    const recording = await begin(recordings, runOf('r1'));
    await recording.emit({ type: 'run-started', at: 1, seed: 1 });
    const listeners = [listen(recordings, 'r1', 0)];
    for (let n = 0; n < 2_000; n++) {
      await recording.emit({ type: 'log', level: 'info', message: `${n}`, at: n });
      if (n % 250 === 0) listeners.push(listen(recordings, 'r1', n));
      if (n % 100 === 0) await new Promise(setImmediate);
    }
    await recording.emit({ type: 'run-finished', status: 'success', at: 2, durationMs: 1 });
    listeners.push(listen(recordings, 'r1', 0));
    for (const [index, { seen, ended }] of listeners.entries()) {
      await ended;
      const first = seen[0]!.seq;
      assert.deepEqual(seen.map(({ seq }) => seq), Array.from({ length: 2_003 - first + 1 }, (_, n) => first + n), `listener ${index}`);
    }
    assert.equal(listeners[0]!.seen.length, 2_003);
    await recordings[Symbol.asyncDispose]();
  });

  test('to a run that is over hears of its end, also where nothing of it was recorded', { timeout: 10_000 }, async () => {
    for (const recording of ['none', 'full'] as const) {
      const { recordings } = open();
      await record(await begin(recordings, runOf('r1', { recording })));
      await recordings.flush();
      const { seen, ended } = listen(recordings, 'r1', 0);
      await ended;
      assert.deepEqual({ ...seen.at(-1)!.event, at: 0 }, { type: 'run-finished', status: 'partial-success', at: 0, durationMs: 20 }, recording);
      const late = listen(recordings, 'r1', seen.at(-1)!.seq);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      assert.deepEqual(late.seen.length, recording === 'none' ? 1 : 0);
      await recordings[Symbol.asyncDispose]();
    }
  });

  test('to all runs hears beginnings and ends', async () => {
    const { recordings } = open();
    const seen: string[] = [];
    const stop = recordings.subscribe(undefined, ({ run, event }) => seen.push(`${run} ${event.type}`));
    await record(await begin(recordings, runOf('r1', { key: 'k' })));
    await recordings.accept(runOf('r2', { key: 'k' }));
    stop();
    await record(await begin(recordings, runOf('r3')));
    assert.deepEqual(seen, ['r1 run-queued', 'r1 run-started', 'r1 run-finished']);
    await recordings[Symbol.asyncDispose]();
  });

  test('to a run that another process records hears it as well', async () => {
    const { root, recordings } = open();
    const other = openRecordings(root, optionsAt(root, 1));
    const recording = await begin(recordings, runOf('r1'));
    const { seen, ended } = listen(other, 'r1', 0);
    await record(recording);
    await ended;
    assert.equal(seen.length, 15);
    await Promise.all([recordings[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
  });
});

test('a disk that is behind slows the run instead of filling the memory', async () => {
  const { recordings } = open();
  const recording = await begin(recordings, runOf('r1'));
  let waits = 0;
  for (let n = 0; n < 200; n++) {
    const { hash } = recording.bodies.keep(createPayload({ id: `p${n}`, mediaType: 'text/plain', body: `${n}${'x'.repeat(1_000_000)}` }));
    const wait = recording.emit({ type: 'payload-in', step: 's', payload: { id: `p${n}`, mediaType: 'text/plain', body: hash, size: 1 }, attempt: 1, at: n });
    if (wait) waits++;
    await wait;
  }
  await recording.emit({ type: 'run-finished', status: 'success', at: 1, durationMs: 1 });
  await recording.ended;
  assert.ok(waits > 0);
  assert.equal(recordings.archive.payloads('r1', 's', 'in', 1).total, 200);
  await recordings[Symbol.asyncDispose]();
});

test('where a body cannot be written, the run is told, the rest stays sound, and later runs go on', async () => {
  const { root, recordings } = open();
  const told = Promise.withResolvers<FlowError>();
  const recording = await begin(recordings, runOf('r1'), told.resolve);
  // A file where the folder of blobs should be: writing fails as on a full disk.
  const blobs = join(root, '.patchbay/blobs');
  writeFileSync(blobs, '');
  recording.bodies.keep(createPayload({ id: 'p', mediaType: 'text/plain', body: 'x'.repeat(100_000) }));
  assert.equal((await told.promise).code, 'STORAGE_FAILED');
  await assert.rejects(async () => recording.emit({ type: 'log', level: 'info', message: 'x', at: 1 }), { code: 'STORAGE_FAILED' });
  await recording.emit({ type: 'run-finished', status: 'failed', at: 1, durationMs: 1 });
  await recording.ended;
  assert.equal(recording.lost?.code, 'STORAGE_FAILED');
  assert.equal(recordings.archive.run('r1')?.status, 'failed');
  rmSync(blobs);
  await record(await begin(recordings, runOf('r2')), { size: 50_000 });
  assert.equal(recordings.archive.run('r2')?.status, 'partial-success');
  await recordings[Symbol.asyncDispose]();
  assert.deepEqual(integrity(root), 'ok');
});

const integrity = (root: string): string => {
  const database = new DatabaseSync(join(root, '.patchbay/patchbay.db'));
  const { integrity_check: check } = database.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
  database.close();
  return check;
};

test('what a plugin gives that is no JSON does not end the run, nor do rules for fields hide the code of an error', async () => {
  const { recordings } = open();
  const recording = await begin(recordings, runOf('r1', { redact: ['code', 'message'] }));
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  let deep: unknown = 1;
  for (let n = 0; n < 50_000; n++) deep = [deep];
  const { bodies } = recording;
  await recording.emit({ type: 'log', level: 'info', message: 'big', fields: { n: 10n }, at: 1 });
  await recording.emit({ type: 'log', level: 'info', message: 'circle', fields: bodies.mask(circle), at: 1 });
  await recording.emit({ type: 'variable', step: 's', name: 'v', value: circle, at: 1 });
  assert.deepEqual([bodies.keep(createPayload({ id: 'p', body: deep })).hash, bodies.keep(createPayload({ id: 'p', body: { n: 1n } })).hash], ['', '']);
  assert.ok(bodies.keepRaw(`{"password":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'application/json').hash);
  const error = bodies.mask({ code: 'DATA_INVALID', message: 'It is password=x.', details: { code: 'AB1', other: 1, circle } });
  assert.deepEqual(error, { code: 'DATA_INVALID', message: 'It is password=[redacted]', details: { unreadable: 'It refers to itself, or is too deep.' } });
  await recording.emit({ type: 'run-finished', status: 'failed', error, at: 1, durationMs: 1 });
  await recording.ended;
  assert.deepEqual(recordings.archive.logs('r1', {}).items.map(({ message, fields }) => [message, Object.keys(fields ?? {})]), [['big', ['unreadable']], ['circle', ['unreadable']]]);
  assert.equal(recordings.archive.run('r1')?.error?.code, 'DATA_INVALID');
  await recordings[Symbol.asyncDispose]();
});

test('what the first version has recorded is still there; what it left open cannot go on, since it did not write down what a run begins with', async () => {
  const root = temporary();
  const file = join(root, '.patchbay/patchbay.db');
  const database = openForWriting(file, { what: 'The recordings', migrations: migrations.slice(0, 1) });
  const insert = database.prepare("INSERT INTO runs (id, flow, flow_version, trigger, owner, status, queued_at) VALUES (?, 'orders', 'v', 'manual', 'somebody', ?, 1)");
  for (const status of ['success', 'running', 'queued']) insert.run(status, status);
  database.close();
  const { recordings } = open(root);
  assert.deepEqual(['success', 'running', 'queued'].map((id) => [recordings.archive.run(id)?.status, recordings.archive.run(id)?.error?.code]), [['success', undefined], ['interrupted', 'RUN_STOPPED'], ['interrupted', 'RUN_STOPPED']]);
  assert.deepEqual(await recordings.queue.lease({ most: 10, now: 2 }), []);
  await record(await begin(recordings, runOf('new')));
  assert.equal(recordings.archive.runs({ status: 'interrupted' }).total, 2);
  await recordings[Symbol.asyncDispose]();
});

test('a schema of a newer version is refused, a damaged file is named', () => {
  const { root, recordings } = open();
  void recordings[Symbol.asyncDispose]();
  const file = join(root, '.patchbay/patchbay.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.throws(() => open(root), { code: 'CONFIG_VERSION' });
  const damaged = temporary();
  open(damaged);
  rmSync(join(damaged, '.patchbay/patchbay.db-wal'), { force: true });
  writeFileSync(join(damaged, '.patchbay/patchbay.db'), 'not a database, but long enough to be read as one'.repeat(200));
  assert.throws(() => open(damaged), { code: 'STORAGE_FAILED', message: /damaged/ });
});

/** Another process that records in a folder, in a loop or as told; kills itself where it is to die. */
function child(root: string, code: string, mostBlocks?: number): Promise<string> {
  const source = `
    const { openRecordings } = await import(${JSON.stringify(new URL('recordings.ts', import.meta.url).href)});
    const { secretValues } = await import(${JSON.stringify(new URL('redact.ts', import.meta.url).href)});
    const { createPayload } = await import(${JSON.stringify(new URL('../engine/payload.ts', import.meta.url).href)});
    const { createSeal } = await import(${JSON.stringify(new URL('seal.ts', import.meta.url).href)});
    const recordings = openRecordings(${JSON.stringify(root)}, { secrets: secretValues(), now: () => 5_000, seal: createSeal({ keyFile: '', spareFile: '' }) });
    const begin = async (id) => {
      await recordings.accept({ head: { id, flow: 'orders', flowVersion: 'v', trigger: 'manual', queuedAt: 1 }, payload: createPayload({ id, mediaType: 'text/plain', body: id + 'x'.repeat(20_000) }), flowText: '', seed: 1, recording: 'full', redact: [], isReserved: true });
      const [lease] = await recordings.queue.lease({ most: 1, now: 0, isOwnOnly: true });
      return recordings.record(recordings.leased(lease), { recording: 'full', redact: [], isAnew: true, lost() {} });
    };
    ${code}`;
  const { promise, resolve } = Promise.withResolvers<string>();
  const node = [process.execPath, '--input-type=module', '-e', source] as const;
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const started = mostBlocks === undefined ? spawn(node[0], node.slice(1), { stdio: [...stdio] }) : spawn('bash', ['-c', `ulimit -f ${mostBlocks}; exec "$@"`, 'bash', ...node], { stdio: [...stdio] });
  let output = '';
  started.stdout!.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  started.once('close', () => resolve(output));
  return promise;
}

test('killed in the middle of its writes, it has every run that it had accepted, back in the queue', async () => {
  const root = temporary();
  const output = await child(root, `
    const { writeSync } = await import('node:fs');
    for (let n = 0; ; n++) {
      const recording = await begin('r' + n);
      writeSync(1, 'r' + n + '\\n');
      for (let m = 0; m < 50; m++) await recording.emit({ type: 'log', level: 'info', message: 'x'.repeat(m * 100), at: m });
      if (n === 40) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2);
    }`);
  const accepted = output.trim().split('\n');
  assert.ok(accepted.length > 40);
  const { recordings } = open(root, 9_000);
  assert.equal(integrity(root), 'ok');
  for (const id of accepted) {
    const { status, input } = recordings.archive.run(id)!;
    assert.equal(status, 'queued');
    assert.equal(await textOf(recordings.archive.body(id, input!.body)!.open()), id + 'x'.repeat(20_000));
    assert.equal(recordings.archive.events(id, 0, 1_000)[0]?.event.type, 'run-queued');
  }
  const leased = await recordings.queue.lease({ most: 1_000, now: 9_000 });
  assert.deepEqual(leased.slice(0, accepted.length).map(({ run }) => run), accepted, 'and can be begun again, in their order');
  assert.ok(existsSync(join(root, '.patchbay/.gitignore')) && readFileSync(join(root, '.patchbay/.gitignore'), 'utf8') === '*\n');
  await recordings[Symbol.asyncDispose]();
});

test('where the disk is full a run is refused or ends, what was accepted is there, and nothing is damaged', { skip: process.platform === 'win32' && 'there is no ulimit' }, async () => {
  const root = temporary();
  const output = await child(root, `
    let accepted = 0;
    try {
      for (;;) {
        const recording = await begin('r' + accepted);
        accepted++;
        for (let n = 0; n < 20; n++) await recording.emit({ type: 'log', level: 'info', message: 'x'.repeat(1_000), at: 1 });
        await recording.emit({ type: 'run-finished', status: 'success', at: 1, durationMs: 1 });
        await recording.ended;
        if (recording.lost) throw recording.lost;
      }
    } catch (error) {
      console.log(JSON.stringify({ accepted, code: error.code, readable: recordings.archive.run('r0').status }));
    }
    await recordings[Symbol.asyncDispose]();`, 3_000);
  const { accepted, code, readable } = JSON.parse(output) as { accepted: number; code: string; readable: string };
  assert.deepEqual([code, readable], ['STORAGE_FAILED', 'success']);
  assert.equal(integrity(root), 'ok');
  const { recordings } = open(root);
  assert.equal(recordings.archive.runs({}).total, accepted);
  await record(await begin(recordings, runOf('after')));
  assert.equal(recordings.archive.run('after')?.status, 'partial-success');
  await recordings[Symbol.asyncDispose]();
});

test('two processes record side by side, and neither takes the runs of the other for dead', async () => {
  const { root, recordings } = open();
  const mine = await begin(recordings, runOf('mine'));
  const others = [1, 2].map((number) => child(root, `
    for (let n = 0; n < 30; n++) {
      const recording = await begin(${number} + '-' + n);
      await recording.emit({ type: 'run-started', at: 1, seed: 1 });
      await recording.emit({ type: 'run-finished', status: 'success', at: 1, durationMs: 1 });
      await recording.ended;
    }
    await recordings[Symbol.asyncDispose]();`));
  for (let n = 0; n < 30; n++) await record(await begin(recordings, runOf(`own-${n}`)));
  await Promise.all(others);
  assert.equal(recordings.archive.runs({ status: 'success' }).total, 60);
  assert.equal(recordings.archive.run('mine')?.status, 'queued');
  await record(mine);
  assert.equal(recordings.archive.runs({ status: 'partial-success' }).total, 31);
  await recordings[Symbol.asyncDispose]();
});
