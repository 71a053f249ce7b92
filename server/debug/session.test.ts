import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowSummary } from '../model/api.ts';
import type { DebugTarget } from '../model/debug.ts';
import type { StartedRun } from '../runner/contract.ts';
import type { DebuggedRuns } from '../runner/debugging.ts';
import type { DebugHost } from './debugged.ts';
import type { Message } from './framing.ts';
import { PatchbayDebugSession } from './session.ts';

// A client that is gone while what it has launched only begins.

function world() {
  const done: string[] = [];
  const flows = Promise.withResolvers<readonly FlowSummary[]>();
  const asked = Promise.withResolvers<void>();
  const started = Promise.withResolvers<StartedRun>();
  const over = Promise.withResolvers<Awaited<StartedRun['done']>>();
  const starting = Promise.withResolvers<void>();
  const runs: Partial<DebuggedRuns> = {
    target: { setup: async () => undefined, detach: async () => void done.push('detached') } as Partial<DebugTarget> as DebugTarget,
    start() {
      done.push('started');
      starting.resolve();
      return started.promise;
    },
    [Symbol.asyncDispose]: async () => void done.push('disposed'),
  };
  const host: Partial<DebugHost> = {
    root: '/',
    flows() {
      asked.resolve();
      return flows.promise;
    },
    debug: { open: () => runs as DebuggedRuns } as Partial<DebugHost['debug']> as DebugHost['debug'],
    async stop(run) {
      done.push(`stopped ${run}`);
      over.resolve({ status: 'stopped', outputs: [] } as unknown as Awaited<StartedRun['done']>);
      return undefined as never;
    },
  };
  const session = new PatchbayDebugSession(host as DebugHost);
  for (const [index, [command, args]] of ([['initialize', {}], ['launch', { flow: 'f' }], ['configurationDone', {}]] as const).entries()) session.handleMessage({ seq: index + 1, type: 'request', command, arguments: args } as Message as never);
  const known = (): void => flows.resolve([{ id: 'f', file: 'flows/f.flow.json' } as FlowSummary]);
  return { session, done, asked: asked.promise, known, starting: starting.promise, begun: () => started.resolve({ head: { id: 'r', flow: 'f' }, done: over.promise } as unknown as StartedRun) };
}

test('nothing is started for a client that leaves before its flow is known', async () => {
  const { session, done, asked, known } = world();
  await asked;
  const ended = session.end();
  known();
  await ended;
  // All that was on its way has come.
  await new Promise<void>((resolve) => void setImmediate(resolve));
  assert.deepEqual(done, ['detached', 'disposed']);
});

test('a run that begins as its client leaves is stopped', async () => {
  const { session, done, known, starting, begun } = world();
  known();
  await starting;
  const ended = session.end();
  begun();
  await ended;
  assert.deepEqual(done, ['started', 'stopped r', 'detached', 'disposed']);
});
