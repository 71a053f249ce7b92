import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokerCases, countRuns, listeningWorkspace, runsOf, senderOf, sendSurely, type BrokerCase } from '../support/broker-world.ts';
import { skipWithout, startBroker, type Broker } from '../support/brokers.ts';
import { startRunner, until, type RunnerProcess } from '../support/fault-world.ts';

// What holds for every broker: messages through the death of the runner and of the broker, and their order.

const messages = 1_000;

for (const one of brokerCases) {
  describe(one.kind, { skip: skipWithout(one.kind) }, () => {
    test(`${messages} messages through deaths of runner and broker: each starts one run`, { timeout: 600_000 }, (t) => throughDeaths(one, (text) => t.diagnostic(text)));
    test('runs that wait for one another start in the order of the messages', { timeout: 120_000 }, () => inOrder(one));
  });
}

async function throughDeaths(one: BrokerCase, tell: (text: string) => void): Promise<void> {
  await using broker = await startBroker(one.kind);
  await one.prepare(broker);
  await using workspace = await listeningWorkspace(one, broker);
  await using sender = senderOf(one, broker);
  const ids = Array.from({ length: messages }, (_, index) => `m${index + 1}`);
  const waiting = [...ids];
  const codes = new Map<string, number>();
  let runner = await startRunner(workspace.folder);
  // One looks for all: to look costs time that the sender needs.
  let count = 0;
  let done = 0;
  const looking = setInterval(() => ({ all: count, done } = countRuns(workspace.folder)), 200);
  const send = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      // Sending goes on all the time, so that the deaths meet it.
      await until(() => messages - waiting.length <= count + 150, 120_000);
      for (const code of await sendSurely(sender, id, { id })) codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  };
  const began = Date.now();
  const sending = Promise.all(Array.from({ length: 8 }, send));
  try {
    for (const [at, victim] of [[100, 'runner'], [250, 'broker'], [400, 'runner'], [600, 'broker'], [800, 'runner']] as const) {
      assert.ok(await until(() => count >= at, 120_000), `only ${count} runs: ${runner.said}`);
      if (victim === 'runner') runner = await anotherRunner(runner, workspace.folder);
      else await restart(one, broker);
    }
    await sending;
    assert.ok(await until(() => count >= messages, 180_000), `only ${count} runs: ${runner.said}`);
    assert.ok(await until(() => done >= messages, 60_000), 'runs that never end');
  } finally {
    clearInterval(looking);
    runner.child.kill('SIGKILL');
    await runner.ended;
  }
  const runs = runsOf(workspace.folder);
  const keys = runs.map(({ key }) => key);
  tell(`${runs.length} runs of ${messages} messages in ${Math.round((Date.now() - began) / 1000)} s; failures of sending, all tried again: ${JSON.stringify(Object.fromEntries(codes))}`);
  assert.equal(new Set(keys).size, messages);
  assert.equal(keys.length, messages);
  if (one.kind !== 'redis') assert.deepEqual(new Set(keys.map((key) => key!.split(':').at(-1))), new Set(ids));
  for (const code of codes.keys()) assert.match(code, /^REMOTE_(UNREACHABLE|TIMEOUT|STATUS)$/, 'what may be tried again');
}

async function anotherRunner(runner: RunnerProcess, folder: string): Promise<RunnerProcess> {
  runner.child.kill('SIGKILL');
  await runner.ended;
  return startRunner(folder);
}

async function restart({ isDurable }: BrokerCase, broker: Broker): Promise<void> {
  await (isDurable ? broker.kill() : broker.stop());
  await broker.start();
}

async function inOrder(one: BrokerCase): Promise<void> {
  await using broker = await startBroker(one.kind);
  await one.prepare(broker);
  await using workspace = await listeningWorkspace(one, broker, { overlap: 'queue' });
  await using sender = senderOf(one, broker);
  const runner = await startRunner(workspace.folder);
  try {
    for (let number = 1; number <= 100; number++) await sendSurely(sender, `m${number}`, { number });
    assert.ok(await until(() => countRuns(workspace.folder).done >= 100, 60_000), `${runsOf(workspace.folder).length} runs: ${runner.said}`);
  } finally {
    runner.child.kill('SIGKILL');
    await runner.ended;
  }
  const runs = runsOf(workspace.folder);
  assert.equal(runs.length, 100);
  const starts = runs.map(({ startedAt }) => startedAt!);
  assert.deepEqual(starts, starts.toSorted((left, right) => left - right), 'in the order in which they were accepted');
  for (const [index, { startedAt, durationMs }] of runs.entries()) {
    const after = runs[index + 1];
    if (after) assert.ok(startedAt! + durationMs! <= after.startedAt! + 1, `the run ${index + 2} has begun before the one before it was over`);
  }
  if (one.kind !== 'redis') assert.deepEqual(runs.map(({ key }) => key!.split(':').at(-1)), Array.from({ length: 100 }, (_, index) => `m${index + 1}`));
}
