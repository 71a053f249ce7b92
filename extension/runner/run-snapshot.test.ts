import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumberedRunEvent, RunEvent } from '../../server/model/run-event.ts';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import { followRun, newRun, recordedRun, reduceRun } from './run-snapshot.ts';

const payload = { id: 'p1', mediaType: 'application/json', body: 'abc', size: 2, records: 3 };
const error = { code: 'DATA_INVALID', message: 'No price.' };
const started: RunEvent = { type: 'run-started', at: 100, seed: 1 };
const goingIn: RunEvent = { type: 'payload-in', step: 'map', payload, attempt: 1, at: 110 };
const comingOut: RunEvent = { type: 'payload-out', step: 'map', port: 'out', payload, at: 120 };
const failing: RunEvent = { type: 'payload-failed', step: 'map', payload, error, at: 130 };
const finished: RunEvent = { type: 'run-finished', status: 'partial-success', error, at: 150, durationMs: 50 };

const check = (title: string, events: readonly RunEvent[], expected: Partial<FlowRun>): void => void test(title, () => {
  assert.partialDeepStrictEqual(events.reduce(reduceRun, newRun('r1', 5)), expected);
});
check('a run that waits', [], { id: 'r1', status: 'queued', startedAt: 5, steps: {} });
check('a run that goes on', [started, goingIn, comingOut], { status: 'running', startedAt: 100, errors: {} });
check('what comes out is counted by port', [started, goingIn, comingOut], { steps: { map: { in: 1, out: 1, failed: 0, records: 3, durationMs: 0, ports: { out: 1 }, retries: 0, firstAt: 110, lastAt: 120 } } });
check('a failure stands at its step', [started, goingIn, failing], { errors: { map: error } });
check('the end', [started, goingIn, failing, finished], { status: 'partial-success', durationMs: 50, error });

test('a log line changes nothing', () => {
  const run = newRun('r1', 5);
  assert.equal(reduceRun(run, { type: 'log', level: 'info', message: 'Hello', at: 1 }), run);
});

const client = (...events: RunEvent[]) => ({ async *events(run: string): AsyncIterable<NumberedRunEvent> { for (const [seq, event] of events.entries()) yield { run, seq, event }; } });

test('many events are shown as few pictures, the last one always', async () => {
  const shown: FlowRun[] = [];
  const last = await followRun(client(started, ...Array.from({ length: 1000 }, () => goingIn), finished), newRun('r1', 5), { signal: new AbortController().signal, show: (run) => shown.push(run), everyMs: 60_000 });
  assert.equal(shown.length, 1);
  assert.equal(shown[0], last);
  assert.equal(last.steps['map']?.in, 1000);
  assert.equal(last.status, 'partial-success');
});

test('after the end of the signal nothing is shown', async () => {
  const ending = new AbortController();
  ending.abort();
  await followRun(client(started, finished), newRun('r1', 5), { signal: ending.signal, show: () => assert.fail('It was shown.') });
});

test('a recorded run has the last error of each step that failed', async () => {
  const counts = { in: 2, out: 0, failed: 2, records: 0, durationMs: 1, ports: {}, retries: 0 };
  const run = { id: 'r1', flow: 'f', status: 'failed', trigger: 'manual', queuedAt: 1, startedAt: 2, durationMs: 3, failedPayloads: 2, error, flowVersion: '', steps: { map: counts, end: { ...counts, failed: 0 } }, flowText: '' } as const;
  const row = { ...payload, side: 'failed', step: 'map', at: 1 } as const;
  const picture = await recordedRun({ run: async () => run, payloads: async () => ({ items: [{ ...row, error: { code: 'A', message: 'First.' } }, { ...row, error }], page: 1, perPage: 50, total: 2 }) }, 'r1');
  assert.deepEqual(picture, { id: 'r1', status: 'failed', steps: run.steps, startedAt: 2, errors: { map: error }, durationMs: 3, error });
});
