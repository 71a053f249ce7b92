import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunDetail, RunSummary } from '../../server/model/api.ts';
import type { NumberedRunEvent, RunEvent } from '../../server/model/run-event.ts';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import { liveRuns } from './live-runs.ts';

const summary = (id: string, status: RunSummary['status'], queuedAt: number): RunDetail => ({ id, flow: 'import', status, trigger: 'manual', queuedAt, startedAt: queuedAt, failedPayloads: 0, flowVersion: '', steps: {}, flowText: '' });
const finished: RunEvent = { type: 'run-finished', status: 'success', at: 20, durationMs: 10 };
const queued = (id: string, queuedAt: number): RunEvent => ({ type: 'run-queued', run: { id, flow: 'import', flowVersion: '', trigger: 'manual', queuedAt } });

interface World {
  /** Newest first. */
  readonly runs: RunDetail[];
  readonly events: Readonly<Record<string, readonly RunEvent[]>>;
  readonly heads?: readonly (readonly [run: string, event: RunEvent])[];
}

/** Watches the flow and gives what was shown, as `id status`, when nothing more comes. */
async function shownFor({ runs, events, heads = [] }: World): Promise<string[]> {
  const shown: string[] = [];
  const settled = Promise.withResolvers<void>();
  const client = {
    runs: async () => ({ items: runs.slice(0, 1), page: 1, perPage: 1, total: runs.length }),
    run: async (id: string) => runs.find((run) => run.id === id)!,
    payloads: async () => ({ items: [], page: 1, perPage: 50, total: 0 }),
    async *events(run: string): AsyncIterable<NumberedRunEvent> { for (const [seq, event] of (events[run] ?? []).entries()) yield { run, seq, event }; },
    async *heads(signal: AbortSignal): AsyncIterable<NumberedRunEvent> {
      for (const [seq, [run, event]] of heads.entries()) yield { run, seq, event };
      setImmediate(settled.resolve);
      await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
    },
  };
  const live = liveRuns(client, () => true, (problem) => assert.fail(problem));
  live.watch('import', ({ id, status }: FlowRun) => shown.push(`${id} ${status}`));
  live.connect();
  await settled.promise;
  // What was started goes on in turns of the event loop; none of it waits for a clock.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => { setImmediate(resolve); });
  live.dispose();
  return shown.filter((one, index) => one !== shown[index - 1]);
}

const check = (title: string, world: World, expected: readonly string[]): void => void test(title, async () => assert.deepEqual(await shownFor(world), expected));
check('a flow that has not run', { runs: [], events: {} }, []);
check('the last run of a flow that is opened', { runs: [summary('r1', 'failed', 1)], events: {} }, ['r1 failed']);
check('a run that goes on is followed to its end', { runs: [summary('r1', 'running', 1)], events: { r1: [finished] } }, ['r1 queued', 'r1 success']);
check('a run that somebody else starts, which is newer than the last one', { runs: [summary('r1', 'failed', 1)], events: { r2: [finished] }, heads: [['r2', queued('r2', 5)]] }, ['r2 queued', 'r2 success']);

test('a runner that cuts the connection is asked how the run ended', async () => {
  const shown: string[] = [];
  const client = {
    runs: () => assert.fail('Nobody watches.'), heads: () => assert.fail('Nobody watches.'),
    run: async () => summary('r1', 'interrupted', 1), payloads: async () => ({ items: [], page: 1, perPage: 50, total: 0 }),
    async *events(): AsyncIterable<NumberedRunEvent> { throw new Error('Cut.'); },
  };
  const live = liveRuns(client, () => false, (problem) => shown.push(problem));
  assert.equal((await live.follow('import', 'r1')).status, 'interrupted');
  assert.deepEqual(shown, ['Run r1: Cut.']);
  assert.equal(live.latest('import')?.status, 'interrupted');
});

test('a stream of events that breaks is opened again, less and less often, and what was missed is shown', async () => {
  const pauses: number[] = [];
  const problems: string[] = [];
  const heads: string[] = [];
  const settled = Promise.withResolvers<void>();
  const shown: string[] = [];
  let calls = 0;
  const runs = [summary('r1', 'failed', 1)];
  const client = {
    runs: async () => ({ items: runs.slice(0, 1), page: 1, perPage: 1, total: 1 }), run: async (id: string) => runs.find((run) => run.id === id)!,
    payloads: async () => ({ items: [], page: 1, perPage: 50, total: 0 }), async *events(): AsyncIterable<NumberedRunEvent> {},
    async *heads(signal: AbortSignal): AsyncIterable<NumberedRunEvent> {
      if (++calls <= 6) throw new TypeError('fetch failed');
      yield { run: 'r3', seq: 1, event: queued('r3', 9) };
      if (calls === 7) throw new TypeError('Cut.');
      setImmediate(settled.resolve);
      await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
    },
  };
  const live = liveRuns(client, () => true, (problem) => problems.push(problem), async (ms) => {
    pauses.push(ms);
    if (pauses.length === 1) runs.unshift(summary('r2', 'success', 5));
  });
  live.onHead((run) => heads.push(run));
  live.watch('other', () => {});
  live.watch('import', ({ id }: FlowRun) => shown.push(id));
  live.connect();
  await settled.promise;
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => { setImmediate(resolve); });
  live.dispose();
  assert.deepEqual([pauses, heads, shown.includes('r2')], [[500, 1_000, 2_000, 4_000, 8_000, 10_000, 500], ['r3', 'r3'], true]);
  assert.equal(problems.filter((problem) => problem === 'Events of the runner: fetch failed').length, 6);
});
