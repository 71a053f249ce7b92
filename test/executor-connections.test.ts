import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from './support/engine-host.ts';
import { createConnections } from '../server/engine/connections.ts';
import type { ConnectionState } from '../server/engine/host.ts';
import { connectionMethods, remoteConnections } from '../server/runner/executor-connections.ts';

const never = new AbortController().signal;
const one = { concurrency: 1 };

/** An executor whose calls arrive at once. */
function executor(connections: ConnectionState): { readonly connections: ConnectionState; ended(): void } {
  const { ended, ...methods } = connectionMethods(connections, () => ({ call: () => Promise.reject(new Error('Nobody renews.')) }));
  const ask = (name: string, args: unknown): unknown => (methods[name as 'admit'] as (args: unknown) => unknown)(args);
  const control = { call: async (name: string, args: unknown) => ask(name, args), tell: (name: string, args: unknown) => void ask(name, args) } as unknown as Parameters<typeof remoteConnections>[0];
  return { connections: remoteConnections(control).connections, ended };
}

/** Whether a promise is kept by what is at work now. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const waiting = Symbol('waiting');
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return (await Promise.race([promise, Promise.resolve(waiting)])) !== waiting;
};

test('executors share what may be under way', async () => {
  const shared = createConnections(virtualClock());
  const [left, right] = [executor(shared), executor(shared)];
  await left.connections.admit('shop', one, never);
  const next = right.connections.admit('shop', one, never);
  assert.equal(await isSettled(next), false);
  left.connections.done('shop');
  await next;
});

test('what an executor had under way is over when it has ended, once', async () => {
  const shared = createConnections(virtualClock());
  const [left, right, third] = [executor(shared), executor(shared), executor(shared)];
  await left.connections.admit('shop', one, never);
  const next = right.connections.admit('shop', one, never);
  const last = third.connections.admit('shop', one, never);
  left.ended();
  await next;
  // It said so itself just before it died.
  left.connections.done('shop');
  assert.equal(await isSettled(last), false);
  right.ended();
  await last;
});

test('whoever waits in an executor that has ended waits for nothing', async () => {
  const shared = createConnections(virtualClock());
  const [left, right, third] = [executor(shared), executor(shared), executor(shared)];
  await left.connections.admit('shop', one, never);
  const gone = assert.rejects(right.connections.admit('shop', one, never));
  const next = third.connections.admit('shop', one, never);
  right.ended();
  await gone;
  left.connections.done('shop');
  await next;
});

test('a request that is stopped while it waits gives up its place, with the reason', async () => {
  const shared = createConnections(virtualClock());
  const { connections } = executor(shared);
  await connections.admit('shop', one, never);
  const stop = new AbortController();
  const gone = assert.rejects(connections.admit('shop', one, stop.signal), { message: 'Stopped.' });
  stop.abort(new Error('Stopped.'));
  await gone;
});

test('weights and windows count in the control process', async () => {
  const clock = virtualClock();
  const { connections } = executor(createConnections(clock));
  const start = clock.now();
  const limit = { requests: 3, perMs: 1_000, window: 'fixed' as const, match: { path: '/x' } };
  await connections.admit('shop', limit, never, 2);
  await connections.admit('shop', limit, never, 2);
  assert.equal(clock.now() - start, 1_000);
});

