import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { faultPoints, type FaultPoint } from '../../server/stores/fault-point.ts';
import { ask, makeWorkspace, startOutside, startRunner, until, type RunnerProcess } from '../support/fault-world.ts';

// One story: webhooks and imports go on while the runner is killed at each named place in turn, and started again. At the end nothing that was accepted is
// lost, nothing has taken effect twice, and the databases are sound. `PATCHBAY_FAULT=full` sends 1,000 webhooks and imports of 200 pages.

const isFull = process.env['PATCHBAY_FAULT'] === 'full';
const pages = isFull ? 200 : 30;
// Some places end the runner before all of them are sent.
const hooksPerPoint = isFull ? Math.ceil(1_300 / faultPoints.length) : 6;

/** Those that come about when a runner starts, or is asked to stop, rather than by work. */
const atEnd: ReadonlySet<FaultPoint> = new Set(['release-before-commit', 'release-committed']);

/** Those that are come to only where a runner before has died with work in its hands. */
const afterDeath: ReadonlySet<FaultPoint> = new Set(['requeue-before-commit', 'requeue-committed']);

interface Ledger {
  /** Deliveries whose answer has not come; sent again with the same id. */
  readonly open: Map<string, 'hook' | 'ask'>;
  readonly accepted: string[];
  /** Lists of the shop whose import was accepted. */
  readonly imports: string[];
  next: number;
}

test('killed at every named place, the runner loses nothing that it accepted and does nothing twice', { timeout: 3_600_000 }, async (t) => {
  await using outside = await startOutside(pages);
  await using workspace = await makeWorkspace(outside.url);
  const { folder } = workspace;
  const ledger: Ledger = { open: new Map(), accepted: [], imports: [], next: 1 };
  const missed: string[] = [];
  for (const point of faultPoints) {
    if (afterDeath.has(point)) await dieAtWork(folder);
    const runner = await startRunner(folder, point);
    const isReached = await work(runner, point, ledger, folder);
    if (!isReached) missed.push(point);
    if (!runner.isGone) runner.child.kill('SIGKILL');
    const end = await runner.ended;
    assert.ok(end === 'SIGKILL' || !isReached, `at ${point} the runner ended with ${end}: ${runner.said}`);
    t.diagnostic(`${point}: ${isReached ? 'killed' : 'not come to'}`);
  }
  const last = await startRunner(folder);
  // Also where something below is not as it should be.
  t.after(() => last.child.kill('SIGKILL'));
  assert.ok(await until(() => deliver(last, ledger).then(() => ledger.open.size === 0), 60_000), `deliveries that are never accepted: ${[...ledger.open.keys()].join(', ')} ${last.said}`);
  assert.ok(await until(() => isIdle(last), 120_000), `runs that never end: ${JSON.stringify(await openRuns(last))} ${last.said}`);
  last.child.kill('SIGTERM');
  await last.ended;

  const wanted = [...ledger.accepted, ...ledger.imports.flatMap((list) => Array.from({ length: pages * 10 }, (_, index) => `${list}-${Math.floor(index / 10) + 1}-${index % 10}`))];
  t.diagnostic(`${faultPoints.length - missed.length} of ${faultPoints.length} places killed; ${ledger.accepted.length} webhooks and ${ledger.imports.length} imports of ${pages} pages accepted`);
  const counts = new Map<string, number>();
  for (const id of outside.effects) counts.set(id, (counts.get(id) ?? 0) + 1);
  assert.deepEqual(wanted.filter((id) => !counts.has(id)), [], 'lost');
  assert.deepEqual([...counts].filter(([, count]) => count > 1), [], 'doubled');
  assert.deepEqual(outside.conflicts, [], 'a key for two contents');
  for (const name of ['patchbay.db', 'state.db']) {
    const database = new DatabaseSync(join(folder, '.patchbay', name), { readOnly: true });
    assert.deepEqual(database.prepare('PRAGMA integrity_check').all().map((row) => Object.values(row)[0]), ['ok'], name);
    database.close();
  }
  // Each import has read a list of its own. Where the runner died between the end of a run and its settlement, that is done an hour later.
  const state = new DatabaseSync(join(folder, '.patchbay', 'state.db'), { readOnly: true });
  const cursors = state.prepare('SELECT slice, value FROM cursors').all().map(({ slice, value }) => [slice, value]);
  state.close();
  assert.deepEqual(cursors.filter(([, value]) => value !== null && value !== pages * 10), [], 'cursors that are elsewhere than at the end');
  assert.ok(cursors.filter(([, value]) => value !== null).length * 2 > ledger.imports.length, `of ${ledger.imports.length} imports too few have moved their cursor: ${JSON.stringify(cursors)}`);
  assert.deepEqual(missed, [], 'places that were never come to');
});

/** Gives the runner all kinds of work; says whether it was gone by it. */
async function work(runner: RunnerProcess, point: FaultPoint, ledger: Ledger, folder: string): Promise<boolean> {
  const isGone = (ms: number): Promise<boolean> => until(() => runner.isGone, ms);
  if (runner.isGone) return true;
  for (let index = 0; index < hooksPerPoint; index++) ledger.open.set(`d${ledger.next++}`, index % 3 === 2 ? 'ask' : 'hook');
  const list = `list${ledger.next++}`;
  const [, started] = await Promise.all([deliver(runner, ledger), ask(runner, `/api/v1/flows/import/runs?var.list=${list}`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })]);
  if (started && started.status < 300) ledger.imports.push(list);
  if (await isGone(1_500)) return true;
  const slow = await startSlow(runner);
  if (!atEnd.has(point)) {
    await ask(runner, `/api/v1/runs/${(slow?.body as { run?: string } | undefined)?.run}/stop`, { method: 'POST' });
    const file = join(folder, 'flows', 'slow.flow.json');
    const flow = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, `${JSON.stringify({ ...flow, description: `Changed before ${point}` }, null, 2)}\n`);
    await ask(runner, '/api/v1/flows/slow/deploy', { method: 'POST' });
    if (await isGone(point.startsWith('memory') ? 65_000 : 3_000)) return true;
  }
  runner.child.kill('SIGTERM');
  return (await isGone(32_000)) && (await runner.ended) === 'SIGKILL';
}

/** A run that goes on until it is stopped. */
async function startSlow(runner: RunnerProcess): Promise<Awaited<ReturnType<typeof ask>>> {
  const answer = await ask(runner, '/api/v1/flows/slow/runs', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  await until(async () => runner.isGone || (JSON.stringify(await ask(runner, '/api/v1/runs?filter[flow]=slow')) ?? '').includes('"running"'), 3_000);
  return answer;
}

async function dieAtWork(folder: string): Promise<void> {
  const runner = await startRunner(folder);
  await startSlow(runner);
  runner.child.kill('SIGKILL');
  await runner.ended;
}

/** Sends what has no answer yet, all at once. An import whose answer got lost may have been accepted or not, so those are counted by their answers only. */
async function deliver(runner: RunnerProcess, ledger: Ledger): Promise<void> {
  await Promise.all([...ledger.open].map(async ([id, flow]) => {
    const answer = await ask(runner, `/hooks/${flow}/web`, { method: 'POST', body: JSON.stringify({ id, note: Number(id.slice(1)) % 3 === 0 ? id.repeat(10_000) : '' }), headers: { 'content-type': 'application/json', 'x-delivery': id } });
    if (!answer || answer.status >= 300) return;
    ledger.open.delete(id);
    ledger.accepted.push(id);
  }));
}

async function openRuns(runner: RunnerProcess): Promise<readonly unknown[]> {
  const pagesOf = await Promise.all(['queued', 'running'].map((status) => ask(runner, `/api/v1/runs?filter[status]=${status}`)));
  return pagesOf.flatMap((page) => (page?.body as { items: readonly { flow: string }[] } | undefined)?.items ?? [{ flow: 'nobody answers' }]).filter((run) => !['slow', 'tick'].includes((run as { flow: string }).flow));
}

const isIdle = async (runner: RunnerProcess): Promise<boolean> => (await openRuns(runner)).length === 0;
