import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openBlobs, type Blobs } from './blobs.ts';
import { openForWriting } from './database.ts';
import { startPruning, type PruneLimits } from './prune.ts';
import { createGroupWriter } from './write.ts';
import type { WriteOp } from './write-ops.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-prune-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const day = 86_400_000;
let last = 0;

/** Ten finished runs, one per day from day 0 on, each with 12,000 events, a body of its own and one that all share; one run that still works. */
function makeWorld(events = 12_000): { database: DatabaseSync; blobs: Blobs; own: (run: number) => string; shared: string } {
  const root = join(folder, `${++last}`);
  const database = openForWriting(join(root, 'patchbay.db'));
  const blobs = openBlobs(join(root, 'blobs'));
  const own = (run: number): string => run.toString(16).padStart(64, '0');
  const shared = 'f'.repeat(64);
  const ops: WriteOp[] = [];
  for (let run = 0; run < 11; run++) {
    ops.push(['accept', run, { id: `r${run}`, flow: 'f', flowVersion: `v${run}`, flowText: `text ${run}`, trigger: 't', queuedAt: run * day, seed: 1, priority: 2, overlap: 'parallel', request: '{}' }, []]);
    ops.push(['open', run, { id: `r${run}`, fence: 0 }], ['body', run, own(run), 'text/plain', 100_000, 'x'.repeat(100_000)], ['body', run, shared, 'text/plain', 50_000, 'y'.repeat(50_000)], ['body', run, (run + 100).toString(16).padStart(64, '0'), 'text/plain', 3, 'abc']);
    for (let seq = 1; seq <= events; seq++) ops.push(['event', run, seq, 1, 's', '{}', null]);
    if (run < 10) ops.push(['state', run, { status: 'success', failedPayloads: 0, steps: '{}' }]);
  }
  createGroupWriter(database, blobs).write([{ client: 1, item: { id: 1, ops, isDurable: false } }]);
  return { database, blobs, own, shared };
}

function prune({ database, blobs }: ReturnType<typeof makeWorld>, limits: PruneLimits): number {
  const pruning = startPruning(database, blobs, limits);
  let pieces = 0;
  while (pruning.more()) pieces++;
  return pieces;
}

const count = (database: DatabaseSync, table: string): number => (database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number }).n;
const ids = (database: DatabaseSync): string => (database.prepare('SELECT id FROM runs ORDER BY number').all() as { id: string }[]).map(({ id }) => id).join(' ');

test('runs that are too old go, with all that belongs to them alone, in small pieces', () => {
  const world = makeWorld();
  const { database, blobs, own, shared } = world;
  const pieces = prune(world, { now: 10 * day + 1, days: 3, megabytes: 1_000 });
  assert.equal(ids(database), 'r8 r9 r10');
  assert.deepEqual(['events', 'flow_texts', 'bodies', 'body_refs'].map((table) => count(database, table)), [36_000, 3, 7, 9]);
  assert.deepEqual([blobs.has(own(7)), blobs.has(own(8)), blobs.has(shared)], [false, true, true]);
  assert.deepEqual({ ...database.prepare("SELECT SUM(n) AS n FROM run_counts WHERE status = 'success'").get() }, { n: 2 });
  assert.ok(pieces >= 8 * 4, `${pieces} pieces`);
  database.close();
});

test('where the recordings are too big the oldest runs go; a run that works stays, whatever its age', () => {
  const world = makeWorld();
  prune(world, { now: 1_000 * day, days: 10_000, megabytes: 0 });
  assert.equal(ids(world.database), 'r10');
  assert.ok(world.blobs.has(world.own(10)));
  world.database.close();
});

test('pinned runs stay, whatever their age and size', () => {
  const world = makeWorld();
  const { database } = world;
  database.exec("UPDATE runs SET pinned = 1 WHERE id IN ('r2', 'r5')");
  prune(world, { now: 10 * day + 1, days: 3, megabytes: 1_000 });
  assert.equal(ids(database), 'r2 r5 r8 r9 r10');
  prune(world, { now: 1_000 * day, days: 10_000, megabytes: 0 });
  assert.equal(ids(database), 'r2 r5 r10');
  assert.deepEqual([world.blobs.has(world.own(2)), world.blobs.has(world.own(3)), count(database, 'events'), count(database, 'doomed')], [true, false, 36_000, 0]);
  database.close();
});

test('a flow may keep its runs longer, shorter, or so many of them', () => {
  for (const [flow, left] of [[{ days: 10_000 }, 'r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10'], [{ days: 2 }, 'r9 r10'], [{ runs: 1 }, 'r9 r10'], [{ runs: 2, days: 10_000 }, 'r8 r9 r10'], [undefined, 'r8 r9 r10']] as const) {
    const world = makeWorld(10);
    prune(world, { now: 10 * day + 1, days: 3, megabytes: 1_000, flows: { g: { runs: 1 }, ...(flow && { f: flow }) } });
    assert.equal(ids(world.database), left, JSON.stringify(flow));
    world.database.close();
  }
});

test('sums are kept for 400 days, and what nobody was told of for a week', () => {
  const world = makeWorld(10);
  const { database } = world;
  const days = (): string => (database.prepare("SELECT day FROM insights WHERE step = '' ORDER BY day").all() as { day: string }[]).map((row) => row.day.slice(5)).join(' ');
  assert.equal(days(), '01-01 01-02 01-03 01-04 01-05 01-06 01-07 01-08 01-09 01-10');
  database.exec("INSERT INTO failed_runs VALUES ('x', 'f', 0), ('y', 'f', 34560000000); INSERT INTO outbox (recipients, channel, level, subject, text, at) VALUES ('ops', 'log', 'info', 's', 't', 0)");
  prune(world, { now: 407 * day, days: 10_000, megabytes: 1_000 });
  assert.equal(days(), '01-08 01-09 01-10');
  assert.deepEqual([count(database, 'failed_runs'), count(database, 'outbox')], [1, 0]);
  database.close();
});

test('nothing goes while the limits hold', () => {
  const world = makeWorld();
  prune(world, { now: 11 * day, days: 30, megabytes: 1_000 });
  assert.equal(count(world.database, 'runs'), 11);
  world.database.close();
});

test('what a crash left behind goes when it is an hour old', () => {
  const world = makeWorld();
  const stray = world.blobs.pathOf('e'.repeat(64));
  const half = `${world.blobs.pathOf('d'.repeat(64))}.1-1.part`;
  const fresh = world.blobs.pathOf('c'.repeat(64));
  for (const [file, age] of [[stray, 2], [half, 2], [fresh, 0]] as const) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'x');
    utimesSync(file, 100_000 - age * 3_600, 100_000 - age * 3_600);
  }
  for (let run = 0; run < 11; run++) utimesSync(world.blobs.pathOf(world.own(run)), 1, 1);
  prune(world, { now: 100_000_000, days: 10_000, megabytes: 1_000 });
  assert.deepEqual([stray, half, fresh].map((file) => existsSync(file)), [false, false, true]);
  for (let run = 0; run < 11; run++) assert.ok(world.blobs.has(world.own(run)));
  world.database.close();
});
