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
    let runner = await startRunner(workspace.folder);
    let sent = 0;
    try {
      for (let round = 0, killed = 0; killed < 2; round++) {
        assert.ok(round < 6, 'it takes all before it can be killed');
        // One that is faster than the test gets more of them.
        const count = 500 * 2 ** round;
        await produceLines(kafka, 'orders', lines(`r${round}-`, count), partitions);
        assert.ok(await until(() => countRuns(workspace.folder).all >= sent + 100, 60_000), runner.said);
        await kill(runner);
        sent += count;
        if (countRuns(workspace.folder).all < sent) killed++;
        runner = await startRunner(workspace.folder);
      }
      assert.ok(await until(() => countRuns(workspace.folder).done >= sent, 90_000), `${countRuns(workspace.folder).done} runs of ${sent}: ${runner.said}`);
    } finally {
      await kill(runner);
    }
    assert.deepEqual(keysOf(workspace.folder).toSorted(), await placesIn(kafka, 'orders'));
    assert.deepEqual(await consumed(kafka, 'orders', 'orders'), []);
  });

  test('two runners in a group share the partitions; where one dies, the other takes its messages', { timeout: 180_000 }, async () => {
    await using kafka = await startKafka(2);
    await kafka.topic('shared', partitions);
    await using left = await workspaceOf(kafka, 'shared');
    await using right = await workspaceOf(kafka, 'shared');
    await using started = new AsyncDisposableStack();
    const start = async (folder: string): Promise<RunnerProcess> => started.adopt(await startRunner(folder), kill);
    const runners = [await start(left.folder), await start(right.folder)] as const;
    const said = (): string => runners.map((runner) => runner.said).join('\n');
    const taken = (): readonly (string | null)[] => [...keysOf(left.folder), ...keysOf(right.folder)];
    const arrives = async (): Promise<boolean> => {
      const places = await placesIn(kafka, 'shared');
      return until(() => {
        const all = new Set(taken());
        return places.every((place) => all.has(place));
      }, 60_000);
    };
    /** What is sent while nobody joins or leaves is taken by one of them, once. */
    const passOn = async (name: string, count: number): Promise<void> => {
      const before = new Set(taken());
      await produceLines(kafka, 'shared', lines(name, count), partitions);
      assert.ok(await arrives(), said());
      assert.deepEqual(taken().filter((key) => !before.has(key)).toSorted(), (await placesIn(kafka, 'shared')).filter((place) => !before.has(place)));
    };
    for (let round = 0; countRuns(left.folder).all === 0 || countRuns(right.folder).all === 0; round++) {
      assert.ok(round < 40, said());
      await produceLines(kafka, 'shared', lines(`r${round}-`, partitions), partitions);
      assert.ok(await arrives(), said());
    }
    await passOn('both', 400);
    const [own, others] = [keysOf(left.folder), keysOf(right.folder)];
    assert.ok(own.length >= 200 && others.length >= 200, `${own.length} and ${others.length}`);
    await kill(runners[0]);
    await passOn('one', 40);
  });
});
