import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countRuns, runsOf } from '../support/broker-world.ts';
import { startRunner, until, type RunnerProcess } from '../support/fault-world.ts';
import { consumed, kafkaWorkspace, produceLines, sessionMs, skipWithoutKafka, startKafka, type KafkaCluster } from '../support/kafka.ts';

// Runners as processes of their own, one that is killed and two that share a group.

const partitions = 4;
const lines = (name: string, count: number): readonly string[] => Array.from({ length: count }, (_, n) => JSON.stringify({ id: `${name}${n}` }));

const workspaceOf = ({ brokers }: KafkaCluster, topic: string): ReturnType<typeof kafkaWorkspace> => kafkaWorkspace({
  'instances/queue.instance.json': { version: 1, title: 'Queue', connector: 'kafka', settings: { brokers } },
  'flows/take.flow.json': { version: 1, title: 'Take', triggers: { message: { trigger: 'event', settings: { instance: 'queue', endpoint: 'topic.consume', params: { topic, group: topic, sessionTimeoutMs: sessionMs } } } }, start: 'pass', steps: { pass: { shape: 'split' } } },
});

const keysOf = (folder: string): readonly (string | null)[] => runsOf(folder).map(({ key }) => key);
const placesIn = async (kafka: KafkaCluster, topic: string): Promise<readonly string[]> => (await consumed(kafka, topic)).map(({ partition, offset }) => `${topic}:${partition}:${offset}`).sort();

async function kill({ child, ended }: RunnerProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

describe('kafka and runners', { skip: skipWithoutKafka }, () => {
  test('a runner that is killed in the middle, twice: each message starts one run, and all are committed', { timeout: 180_000 }, async () => {
    await using kafka = await startKafka(2);
    await kafka.topic('orders', partitions);
    await using workspace = await workspaceOf(kafka, 'orders');
    await produceLines(kafka, 'orders', lines('a', 1_000), partitions);
    let runner = await startRunner(workspace.folder);
    try {
      for (const at of [100, 500]) {
        assert.ok(await until(() => countRuns(workspace.folder).all >= at, 60_000), runner.said);
        await kill(runner);
        assert.ok(countRuns(workspace.folder).all < 1_000, 'it was killed too late');
        runner = await startRunner(workspace.folder);
      }
      assert.ok(await until(() => countRuns(workspace.folder).done >= 1_000, 90_000), `${countRuns(workspace.folder).done} runs: ${runner.said}`);
    } finally {
      await kill(runner);
    }
    assert.deepEqual(keysOf(workspace.folder).toSorted(), await placesIn(kafka, 'orders'));
    assert.deepEqual(await consumed(kafka, 'orders', 'orders'), []);
  });

  test('two runners in a group share the partitions; where one dies, the other takes its messages', { timeout: 180_000 }, async () => {
    await using kafka = await startKafka(2);
    await kafka.topic('shared', partitions);
    const [left, right] = [await workspaceOf(kafka, 'shared'), await workspaceOf(kafka, 'shared')];
    await using _ = left;
    await using __ = right;
    const runners = [await startRunner(left.folder), await startRunner(right.folder)];
    const said = (): string => runners.map((runner) => runner.said).join('\n');
    const all = (): ReadonlySet<string | null> => new Set([...keysOf(left.folder), ...keysOf(right.folder)]);
    const arrives = async (): Promise<boolean> => {
      const places = await placesIn(kafka, 'shared');
      return until(() => places.every((place) => all().has(place)), 60_000);
    };
    try {
      for (let round = 0; countRuns(left.folder).all === 0 || countRuns(right.folder).all === 0; round++) {
        assert.ok(round < 40, said());
        await produceLines(kafka, 'shared', lines(`r${round}-`, partitions), partitions);
        assert.ok(await arrives(), said());
      }
      const before = all().size;
      await produceLines(kafka, 'shared', lines('both', 400), partitions);
      assert.ok(await arrives(), said());
      assert.equal(all().size, before + 400);
      const [own, others] = [new Set(keysOf(left.folder)), new Set(keysOf(right.folder))];
      assert.ok(own.size >= 200 && others.size >= 200, `${own.size} and ${others.size}`);
      await kill(runners[0]!);
      await produceLines(kafka, 'shared', lines('one', 40), partitions);
      assert.ok(await arrives(), said());
    } finally {
      for (const runner of runners) await kill(runner);
    }
  });
});
