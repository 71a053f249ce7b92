import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpResponse, type Trigger, type TriggerContext, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { Registry } from '../engine/host.ts';
import type { RunResult } from '../model/api.ts';
import type { StartedRun, StartRun } from './contract.ts';
import { silentLog } from './log.ts';
import { startEvent } from './trigger-event.ts';
import { createTriggers, type Triggers } from './triggers.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const result: RunResult = { run: 'r', status: 'success', durationMs: 1, steps: {}, outputs: [], failures: [] };
const started = (id: string, isNew = true, done: Promise<RunResult> = Promise.resolve(result)): StartedRun => ({ head: { id, flow: 'f', flowVersion: 'v', trigger: 't', queuedAt: 0 }, isNew, done });

describe('what an event is told', () => {
  for (const [title, start, expected] of [
    ['its run is accepted', async () => started('r1'), ['accepted r1']],
    ['its run was there already', async () => started('r0', false), ['accepted r0']],
    ['a run that fails was accepted all the same', async () => started('r1', true, Promise.reject(new Error('later'))), ['accepted r1']],
    ['another run is under way', async () => { throw new FlowError('RUN_SKIPPED', 'busy'); }, ['skipped']],
    ['nothing can be recorded', async () => { throw new FlowError('STORAGE_FAILED', 'full'); }, ['failed full']],
    ['the flow is wrong', async () => { throw new FlowError('CONFIG_INVALID', 'no'); }, ['failed no']],
    ['something breaks', async () => { throw new Error('broken'); }, ['failed broken.']],
  ] as const) {
    test(title, async () => {
      const told: string[] = [];
      const event: TriggerEvent = { accepted: ({ id }) => told.push(`accepted ${id}`), skipped: () => told.push('skipped'), failed: ({ message }) => told.push(`failed ${message}`) };
      await startEvent(event, { flow: 'f', trigger: 't' }, { log: silentLog, start: async () => { const run = await start(); run.done.catch(() => undefined); return run; } });
      assert.deepEqual(told, expected);
    });
  }
  test('with its payload, key, overlap and time', async () => {
    const requests: StartRun[] = [];
    await startEvent({ payload: { body: 1, mediaType: 'application/json' }, key: 'k', overlap: 'skip', at: 5 }, { flow: 'f', trigger: 't' }, { log: silentLog, start: async (request) => { requests.push(request); return started('r'); } });
    assert.deepEqual(requests, [{ flow: 'f', trigger: 't', payload: { body: 1, mediaType: 'application/json' }, key: 'k', overlap: 'skip', at: 5 }]);
  });
  test('of a run for which nobody waits, the end is not asked for', async () => {
    const run = { head: { id: 'r', flow: 'f', flowVersion: 'v', trigger: 't', queuedAt: 0 }, isNew: true, get done(): Promise<RunResult> { throw new Error('asked'); } };
    const told: string[] = [];
    await startEvent({ accepted: ({ id }) => told.push(id), failed: ({ message }) => told.push(message) }, { flow: 'f', trigger: 't' }, { log: silentLog, start: async () => run });
    assert.deepEqual(told, ['r']);
  });
  test('who waits while another run is under way gets 409', async () => {
    const answers: HttpResponse[] = [];
    await startEvent({ reply: (answer) => answers.push(answer) }, { flow: 'f', trigger: 't' }, { log: silentLog, start: async () => { throw new FlowError('RUN_SKIPPED', 'busy'); } });
    assert.deepEqual(answers.map(({ status }) => status), [409]);
  });
  test('what its plugin throws then is logged, and changes nothing', async () => {
    const lines: string[] = [];
    await startEvent({ accepted: () => { throw new Error('oops'); }, failed: () => lines.push('failed') }, { flow: 'f', trigger: 't' }, { log: { ...silentLog, error: (line) => lines.push(line) }, start: async () => started('r') });
    assert.deepEqual(lines, ['The trigger t of the flow f could not take what became of its event: oops.']);
  });
});

/** A broker in memory that delivers at least once: what is not acknowledged comes again, after a nack at once, after a lost connection when it is back. */
class Broker {
  readonly acknowledged: string[] = [];
  readonly waiting: string[] = [];
  readonly unacknowledged = new Set<string>();
  delivered = 0;
  isUp = true;
  #wake = Promise.withResolvers<void>();

  publish(...messages: string[]): void {
    this.waiting.push(...messages);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async *consume({ signal }: TriggerContext): AsyncGenerator<TriggerEvent> {
    this.waiting.unshift(...this.unacknowledged);
    this.unacknowledged.clear();
    while (!signal.aborted) {
      if (!this.isUp) throw new FlowError('REMOTE_UNREACHABLE', 'The broker is gone.');
      const message = this.waiting.shift();
      if (message === undefined) {
        await Promise.race([this.#wake.promise, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))]);
        continue;
      }
      this.delivered++;
      this.unacknowledged.add(message);
      yield {
        payload: { body: message, mediaType: 'text/plain' }, key: message,
        accepted: () => { if (this.unacknowledged.delete(message)) this.acknowledged.push(message); },
        failed: () => { if (this.unacknowledged.delete(message)) this.publish(message); },
      };
    }
  }
}

interface World {
  readonly broker: Broker;
  readonly triggers: Triggers;
  /** Keys that are recorded, in order: each once. */
  readonly runs: string[];
  readonly log: string[];
  /** Ends the sleeps of the clock. */
  wake(): void;
}

/** A runner that listens to a broker. `record`: what happens before a run counts as recorded. */
function world(record: (key: string) => Promise<void> | void = () => undefined): World {
  const broker = new Broker();
  const runs: string[] = [];
  const log: string[] = [];
  const sleepers = new Set<() => void>();
  const plugin = { kind: 'trigger', type: 'queue', events: (_settings: unknown, context: TriggerContext) => broker.consume(context) } as unknown as Trigger;
  const registry = { find: async () => plugin, complete: (_plugin: unknown, settings: unknown) => settings } as unknown as Registry;
  const triggers = createTriggers({
    registry, log: { ...silentLog, error: (line) => void log.push(line) }, secret: async () => 's', memory: () => ({ get: async () => undefined, set: async () => undefined }), async *listen() {},
    clock: { now: () => 0, sleep: (_ms, signal) => new Promise((resolve, reject) => { sleepers.add(resolve); signal.addEventListener('abort', () => reject(signal.reason as Error)); }) },
    async start({ key }) {
      if (!runs.includes(key!)) {
        await record(key!);
        runs.push(key!);
        return started(key!);
      }
      return started(key!, false);
    },
  });
  triggers.sync([{ flow: 'f', id: 'orders', trigger: { trigger: 'queue' }, stamp: '1' }]);
  return { broker, triggers, runs, log, wake: () => { for (const resolve of sleepers) resolve(); } };
}

describe('a broker', () => {
  test('is told only when the run is durably accepted', async () => {
    const commit = Promise.withResolvers<void>();
    const { broker, triggers, runs } = world(() => commit.promise);
    broker.publish('a');
    await settle();
    assert.deepEqual([broker.delivered, broker.acknowledged, runs], [1, [], []]);
    commit.resolve();
    await settle();
    assert.deepEqual([broker.acknowledged, runs], [['a'], ['a']]);
    await triggers.close();
  });
  test('delivers again what could not be recorded, and nothing is lost or doubled', async () => {
    const failing = new Set(['b', 'd']);
    const { broker, triggers, runs } = world((key) => { if (failing.delete(key)) throw new FlowError('STORAGE_FAILED', 'full'); });
    broker.publish('a', 'b', 'c', 'd');
    for (let turn = 0; turn < 5; turn++) await settle();
    assert.deepEqual([broker.delivered, [...runs].sort(), [...broker.acknowledged].sort(), broker.unacknowledged.size], [6, ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'], 0]);
    await triggers.close();
  });
  test('that delivers twice starts one run', async () => {
    const { broker, triggers, runs } = world();
    broker.publish('a', 'a', 'b', 'a');
    await settle();
    await settle();
    assert.deepEqual([runs, broker.delivered, broker.unacknowledged.size], [['a', 'b'], 4, 0]);
    await triggers.close();
  });
  test('that is gone is asked again after a pause, and what was not acknowledged comes again', async () => {
    const commits = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let record = 0;
    const { broker, triggers, runs, log, wake } = world(() => commits[record++]?.promise);
    broker.publish('a');
    await settle();
    broker.isUp = false;
    broker.publish('b');
    await settle();
    assert.deepEqual(log, ['The trigger orders of the flow f has failed: The broker is gone. Check the address of the instance and that the other system is up.']);
    broker.isUp = true;
    wake();
    await settle();
    await settle();
    for (const { resolve } of commits) resolve();
    await settle();
    assert.deepEqual([new Set(runs), broker.unacknowledged.size, broker.waiting.length], [new Set(['a', 'b']), 0, 0]);
    await triggers.close();
  });
  test('waits while a thousand events are being recorded', async () => {
    const commit = Promise.withResolvers<void>();
    const { broker, triggers, runs } = world(() => commit.promise);
    broker.publish(...Array.from({ length: 1_500 }, (_, index) => `m${index}`));
    await settle();
    assert.equal(broker.delivered, 1_000);
    assert.equal(broker.waiting.length, 500);
    commit.resolve();
    await settle();
    await settle();
    assert.deepEqual([broker.delivered, runs.length, broker.acknowledged.length], [1_500, 1_500, 1_500]);
    await triggers.close();
  });
  test('does not wait for runs to end', async () => {
    const answers: HttpResponse[] = [];
    const never = new Promise<RunResult>(() => undefined);
    let accepted = 0;
    const events = async function* (): AsyncGenerator<TriggerEvent> {
      for (let index = 0; index < 1_500; index++) yield { accepted: () => accepted++, reply: (answer) => answers.push(answer) };
    };
    const registry = { find: async () => ({ kind: 'trigger', type: 'x', events }), complete: () => ({}) } as unknown as Registry;
    const triggers = createTriggers({ registry, log: silentLog, secret: async () => '', memory: () => ({ get: async () => undefined, set: async () => undefined }), async *listen() {}, clock: { now: () => 0, sleep: async () => undefined }, start: async () => started('r', true, never) });
    triggers.sync([{ flow: 'f', id: 't', trigger: { trigger: 'x' }, stamp: '1' }]);
    await settle();
    await settle();
    assert.deepEqual([accepted, answers.length], [1_500, 0]);
    await triggers.close();
  });
  test('gets back what came when the runner ended', async () => {
    const { broker, triggers, runs } = world();
    await settle();
    const closing = triggers.close();
    broker.publish('late');
    await closing;
    assert.deepEqual([runs, broker.acknowledged], [[], []]);
  });
});
