import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepCounts } from '../model/run-event.ts';
import { keepBodies } from './keep-bodies.ts';
import { recordRun } from './record-run.ts';
import { createMasker, secretValues } from './redact.ts';
import type { WriteOp } from './write-ops.ts';
import type { Writer } from './writer.ts';

test('what a run is at work on can be read by others soon, also where nothing more happens in it', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const ops: WriteOp[] = [];
  const writer = { generation: 0, push: (op: WriteOp) => void ops.push(op), post: () => undefined, room: () => undefined, flush: async () => undefined } as unknown as Writer;
  const stepsNow = (): Readonly<Record<string, StepCounts>> => JSON.parse(ops.flatMap((op) => (op[0] === 'state' ? [op[2].steps] : [])).at(-1)!) as Readonly<Record<string, StepCounts>>;
  const recording = recordRun({
    number: 1, head: { id: 'r', flow: 'f', flowVersion: 'v', trigger: 'manual', queuedAt: 0 }, recording: 'full', writer, listener: () => undefined, lastSeq: 1,
    bodies: keepBodies({ recording: 'full', masker: createMasker(secretValues(), []), store: () => undefined }),
  });
  void recording.emit({ type: 'run-started', at: 1, seed: 1 });
  void recording.emit({ type: 'payload-in', step: 'slow', payload: { id: 'p', mediaType: 'application/json', body: '', size: 0 }, attempt: 1, at: 2 });
  assert.deepEqual(stepsNow(), {});
  t.mock.timers.tick(1_000);
  assert.deepEqual([stepsNow()['slow']?.in, stepsNow()['slow']?.working], [1, 1]);
  const written = ops.length;
  t.mock.timers.tick(10_000);
  assert.equal(ops.length, written, 'what has not changed is not written again');
  void recording.emit({ type: 'log', level: 'info', message: 'x', at: 3 });
  void recording.emit({ type: 'run-finished', status: 'stopped', at: 60, durationMs: 59 });
  const { durationMs, stopped } = stepsNow()['slow']!;
  assert.deepEqual([durationMs, stopped], [58, 1]);
  const ended = ops.length;
  t.mock.timers.tick(10_000);
  assert.equal(ops.length, ended, 'nothing is written after the end');
});
