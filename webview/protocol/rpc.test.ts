import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { codeOf, connect, type Port } from './rpc.ts';

/** Two ends of a channel, which carries JSON, as VS Code's does. */
function channel(): readonly [Port, Port] {
  const handlers: [Set<(message: unknown) => void>, Set<(message: unknown) => void>] = [new Set(), new Set()];
  const end = (own: 0 | 1): Port => ({
    post: (message) => queueMicrotask(() => { for (const handler of handlers[own === 0 ? 1 : 0]) handler(JSON.parse(JSON.stringify(message))); }),
    listen: (handler) => { handlers[own].add(handler); return () => handlers[own].delete(handler); },
  });
  return [end(0), end(1)];
}

interface Side {
  double(value: number): number;
  given(...values: readonly unknown[]): readonly string[];
  fail(): void;
}

test('calls, answers, and errors with their code', async () => {
  const [here, there] = channel();
  connect(there, { double: (value: number) => value * 2, fail: () => { throw new FlowError('DATA_MISSING', 'There is no payload.'); } });
  const { remote } = connect<Side & { unknown(): void }>(here, {});
  assert.equal(await remote.double(4), 8);
  await assert.rejects(remote.fail(), (error) => error instanceof Error && error.message === 'There is no payload.' && codeOf(error) === 'DATA_MISSING');
  await assert.rejects(remote.unknown(), (error) => error instanceof Error && /no method unknown/.test(error.message) && codeOf(error) === undefined);
});

test('what is still asked when the connection ends is refused', async () => {
  const [here, there] = channel();
  connect(there, { double: () => new Promise(() => undefined) });
  const { remote, dispose } = connect<Side>(here, {});
  const asked = remote.double(1);
  dispose();
  await assert.rejects(asked, /connection is closed/);
});

test('an argument that is not there is not null on the other side', async () => {
  const [here, there] = channel();
  connect(there, { given: (...values: readonly unknown[]) => values.map((value) => (value === null ? 'null' : typeof value)), nothing: () => undefined });
  const { remote } = connect<Side & { nothing(): void }>(here, {});
  assert.deepEqual(await remote.given(undefined, 1, undefined, null, undefined), ['undefined', 'number', 'undefined', 'null', 'undefined']);
  assert.equal(await remote.nothing(), undefined);
});
