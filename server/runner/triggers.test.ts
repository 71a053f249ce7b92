import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpResponse, type IncomingRequest, type Trigger, type TriggerContext, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { Registry } from '../engine/host.ts';
import type { RunResult } from '../model/api.ts';
import type { StartedRun, StartRun } from './contract.ts';
import { silentLog } from './log.ts';
import { createTriggers, type Triggers, type TriggersOptions, type WantedTrigger } from './triggers.ts';

const finished = (changes: Partial<RunResult> = {}): RunResult => ({ run: 'r', status: 'success', durationMs: 1, steps: {}, outputs: [], failures: [], ...changes });
const started = (id: string, result: RunResult = finished({ run: id })): StartedRun => ({ head: { id, flow: 'f', flowVersion: 'v', trigger: 't', queuedAt: 0 }, isNew: true, done: Promise.resolve(result) });

/** What triggers remember, by flow and id. */
const memoryOf = (values: Map<string, unknown>): TriggersOptions['memory'] => (flow, id) => ({ get: async () => values.get(`${flow}/${id}`), set: async (value) => void values.set(`${flow}/${id}`, value) });

interface World {
  readonly triggers: Triggers;
  readonly requests: StartRun[];
  /** Ends the sleeps of the clock. */
  wake(): void;
}

function world(events: (context: TriggerContext) => AsyncIterable<TriggerEvent>, start: (request: StartRun, number: number) => Promise<StartedRun> = async (_request, number) => started(`r${number}`), memory = memoryOf(new Map()), onSleep: (ms: number) => void = () => undefined, log = silentLog): World {
  const requests: StartRun[] = [];
  const sleepers = new Set<() => void>();
  const plugin = { kind: 'trigger', type: 'test', takesRequests: true, events: (_settings: unknown, context: TriggerContext) => events(context) } as unknown as Trigger;
  const registry = { find: async (_kind: string, type: string) => (type === 'test' ? plugin : type === 'deaf' ? { ...plugin, takesRequests: undefined } : undefined), complete: (_plugin: unknown, settings: unknown) => settings } as unknown as Registry;
  const clock = { now: () => 0, sleep: (ms: number, signal: AbortSignal) => new Promise<void>((resolve, reject) => { onSleep(ms); sleepers.add(resolve); signal.addEventListener('abort', () => reject(signal.reason as Error)); }) };
  const triggers = createTriggers({
    registry, clock, log, secret: async () => 's', memory, async *listen() {},
    async start(request) {
      requests.push(request);
      return start(request, requests.length);
    },
  });
  return { triggers, requests, wake: () => { for (const resolve of sleepers) resolve(); } };
}

const wanted = (changes: Partial<WantedTrigger> = {}): WantedTrigger => ({ flow: 'f', id: 't', trigger: { trigger: 'test' }, stamp: '1', ...changes });

function request(answers: HttpResponse[]): IncomingRequest & { readonly answered: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { method: 'POST', url: '/', query: {}, headers: {}, body: new Uint8Array(), receivedAt: 0, answered: promise, respond: (answer) => { answers.push(answer); resolve(); } };
}

/** Takes requests and answers as a webhook does. */
async function* hook({ requests }: TriggerContext): AsyncGenerator<TriggerEvent> {
  for await (const one of requests()) yield { payload: { body: {}, mediaType: 'application/json' }, key: one.url, accepted: ({ id }) => one.respond({ status: 200, headers: {}, body: id }) };
}
async function* callback({ requests }: TriggerContext): AsyncGenerator<TriggerEvent> {
  for await (const one of requests()) yield { reply: (answer) => one.respond(answer) };
}

describe('where it is that a trigger does not work stands in the log', () => {
  const elsewhere = { file: 'instances/shop.instance.json', pointer: '/settings/host' };
  const cases: readonly (readonly [title: string, error: FlowError, type: string, place: object | undefined])[] = [
    ['a place in another file', new FlowError('CONFIG_INVALID', 'No.', { place: elsewhere }), 'test', elsewhere],
    ['a setting of it', new FlowError('CONFIG_INVALID', 'No.', { place: { pointer: '/params/queue' } }), 'test', { file: 'flows/f.flow.json', pointer: '/triggers/t/settings/params/queue' }],
    ['no place', new FlowError('CONFIG_INVALID', 'No.'), 'test', { file: 'flows/f.flow.json', pointer: '/triggers/t/settings' }],
    ['a plugin that is not there', new FlowError('CONFIG_INVALID', 'No.'), 'gone', { file: 'flows/f.flow.json', pointer: '/triggers/t/trigger' }],
    ['no fault of the files', new FlowError('REMOTE_UNREACHABLE', 'Gone.'), 'test', undefined],
  ];
  for (const [title, error, type, place] of cases) test(title, async () => {
    const told = Promise.withResolvers<unknown>();
    const { triggers } = world(async function* () { throw error; }, undefined, undefined, undefined, { ...silentLog, error: (_line, fields) => told.resolve(fields?.['place']) });
    triggers.sync([wanted({ trigger: { trigger: type } })]);
    assert.deepEqual(await told.promise, place);
    await triggers.close();
  });
});

test('an event starts a run, and is told when it is accepted', async () => {
  const answers: HttpResponse[] = [];
  const { triggers, requests } = world(hook);
  const one = request(answers);
  assert.equal(await triggers.hook(wanted(), one), true);
  await one.answered;
  assert.deepEqual(answers, [{ status: 200, headers: {}, body: 'r1' }]);
  assert.deepEqual([requests[0]?.flow, requests[0]?.trigger, requests[0]?.key], ['f', 't', '/']);
  await triggers.close();
});

describe('who waits for a callback', () => {
  for (const [title, start, expected] of [
    ['gets its answer, with the headers of the step', async ({ onReply }: StartRun) => { onReply?.({ status: 201, headers: { 'x-a': '1' }, body: Buffer.from('{}'), mediaType: 'application/json' }); return started('r'); }, { status: 201, headers: { 'content-type': 'application/json', 'x-a': '1' }, body: Buffer.from('{}') }],
    ['gets 204 where none came', async () => started('r'), { status: 204, headers: {}, body: undefined }],
    ['gets 500 with the run where it failed, and no more', async () => started('r', finished({ run: 'r', status: 'failed', error: { code: 'DATA_INVALID', message: 'private' } })), { status: 500, headers: { 'content-type': 'application/problem+json' }, body: { type: 'about:blank', title: 'The run has ended (failed) without an answer.', status: 500, code: 'DATA_INVALID', detail: 'The run has ended (failed) without an answer.', run: 'r' } }],
    ['gets 503 where nothing could be recorded', async () => { throw new FlowError('STORAGE_FAILED', 'private'); }, { status: 503, headers: { 'content-type': 'application/problem+json' }, body: { type: 'about:blank', title: 'The flow could not be started: see the log of the runner.', status: 503, code: 'STORAGE_FAILED', detail: 'The flow could not be started: see the log of the runner.' } }],
  ] as const) {
    test(title, async () => {
      const answers: HttpResponse[] = [];
      const { triggers } = world(callback, start);
      const one = request(answers);
      await triggers.hook(wanted(), one);
      await one.answered;
      assert.deepEqual(answers, [expected]);
      await triggers.close();
    });
  }
});

test('events are accepted side by side, not one after the other', async () => {
  const both = Promise.withResolvers<void>();
  const answers: HttpResponse[] = [];
  const { triggers } = world(hook, async (_request, number) => {
    if (number === 2) both.resolve();
    await both.promise;
    return started(`r${number}`);
  });
  const [one, two] = [request(answers), request(answers)];
  await Promise.all([triggers.hook(wanted(), one), triggers.hook(wanted(), two)]);
  await Promise.all([one.answered, two.answered]);
  assert.equal(answers.length, 2);
  await triggers.close();
});

test('a trigger that takes no requests has no address', async () => {
  const { triggers } = world(async function* ({ clock }) { await clock.sleep(1); yield* []; });
  assert.equal(await triggers.hook(wanted({ trigger: { trigger: 'deaf' } }), request([])), undefined);
  await triggers.close();
});

test('a trigger that does not exist, or cannot work, answers so', async () => {
  const answers: HttpResponse[] = [];
  const { triggers } = world(() => { throw new FlowError('SECRET_MISSING', 'private'); });
  for (const trigger of ['test', 'nope']) await triggers.hook(wanted({ id: trigger, trigger: { trigger } }), request(answers));
  assert.deepEqual(answers.map(({ status, body }) => [status, (body as { code: string }).code]), [[503, 'SECRET_MISSING'], [503, 'CONFIG_UNKNOWN_PLUGIN']]);
  await triggers.close();
});

test('a plugin that breaks is asked again after a while; a wrong setting is not', async () => {
  let opened = 0;
  const again = Promise.withResolvers<void>();
  const { triggers, wake } = world(async function* () {
    opened++;
    if (opened === 2) again.resolve();
    yield* [];
    throw new Error('broken');
  });
  triggers.sync([wanted()]);
  await new Promise(setImmediate);
  assert.equal(opened, 1);
  wake();
  await again.promise;
  await triggers.close();
  let settled = 0;
  const other = world(() => { settled++; throw new FlowError('CONFIG_INVALID', 'no'); });
  other.triggers.sync([wanted()]);
  await new Promise(setImmediate);
  other.wake();
  await new Promise(setImmediate);
  assert.equal(settled, 1);
  await other.triggers.close();
});

test('exactly the wanted triggers listen; one whose settings change begins anew', async () => {
  const log: string[] = [];
  const { triggers } = world(async function* ({ signal }) {
    log.push('on');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    log.push('off');
    yield* [];
  });
  const settle = async () => {
    await new Promise(setImmediate);
    return log.splice(0).join(' ');
  };
  triggers.sync([wanted(), wanted({ id: 'u' })]);
  assert.equal(await settle(), 'on on');
  triggers.sync([wanted(), wanted({ id: 'u' })]);
  assert.equal(await settle(), '');
  triggers.sync([wanted(), wanted({ id: 'u', stamp: '2' })]);
  assert.equal(await settle(), 'off on');
  triggers.sync([wanted()]);
  assert.equal(await settle(), 'off');
  await triggers.close();
  assert.equal(await settle(), 'off');
});

test('that a trigger does not work is told once, until it has worked', async () => {
  const told: string[] = [];
  let isMended = false;
  const fails = async function* (): AsyncGenerator<TriggerEvent> {
    if (isMended) yield { payload: { body: {}, mediaType: 'application/json' } };
    throw new FlowError('SECRET_MISSING', 'The secret is missing.', { remedy: 'Set it.' });
  };
  const { triggers, wake } = world(fails, undefined, undefined, undefined, { ...silentLog, error: (text) => void told.push(text) });
  const settle = async (): Promise<number> => { wake(); for (let left = 5; left > 0; left--) await new Promise(setImmediate); return told.splice(0).length; };
  triggers.sync([wanted()]);
  assert.equal(await settle(), 1);
  assert.equal(await settle(), 0, 'tried again');
  triggers.sync([wanted({ stamp: '2' })]);
  assert.equal(await settle(), 0, 'its file has changed');
  isMended = true;
  assert.equal(await settle(), 1, 'it has worked and failed again');
  triggers.sync([]);
  isMended = false;
  triggers.sync([wanted()]);
  assert.equal(await settle(), 1, 'it was switched off and on');
  await triggers.close();
});

test('requests that wait when a trigger ends are answered', async () => {
  const answers: HttpResponse[] = [];
  const { triggers } = world(async function* ({ requests, signal }) {
    requests();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    yield* [];
  });
  await triggers.hook(wanted(), request(answers));
  await triggers.close();
  assert.deepEqual(answers.map(({ status }) => status), [503]);
});

test('a trigger that asks for requests must say so', async () => {
  const { triggers } = world(({ requests }) => { requests(); throw new Error('unreachable'); });
  const answers: HttpResponse[] = [];
  const deaf = wanted({ trigger: { trigger: 'deaf' } });
  triggers.sync([deaf]);
  await new Promise(setImmediate);
  await triggers.hook(deaf, request(answers));
  assert.deepEqual(answers.map(({ status, body }) => [status, (body as { code: string }).code]), [[503, 'PLUGIN_FAILED']]);
  await triggers.close();
});

for (const code of ['SECRET_MISSING', 'STORAGE_FAILED', 'REMOTE_UNREACHABLE'] as const) {
  test(`a trigger that failed with ${code} comes to life when that is mended`, async () => {
    let isMended = false;
    const { triggers, wake } = world((context) => {
      if (!isMended) throw new FlowError(code, 'private');
      return hook(context);
    });
    const answers: HttpResponse[] = [];
    await triggers.hook(wanted(), request(answers));
    isMended = true;
    wake();
    const second = request(answers);
    await new Promise(setImmediate);
    await triggers.hook(wanted(), second);
    await second.answered;
    assert.deepEqual(answers.map(({ status }) => status), [503, 200]);
    await triggers.close();
  });
}

test('one that fails on and on is asked less and less often, and as often as before when it has worked', async () => {
  const pauses: number[] = [];
  let opened = 0;
  const { triggers, wake } = world(async function* ({ clock }) {
    pauses.push(clock.now());
    if (++opened === 4) yield {};
    throw new FlowError('REMOTE_UNREACHABLE', 'gone');
  }, undefined, undefined, (ms) => pauses.push(ms));
  triggers.sync([wanted()]);
  for (let turn = 0; turn < 12; turn++) {
    await new Promise(setImmediate);
    wake();
  }
  assert.deepEqual(pauses.filter((ms) => ms > 0).slice(0, 10), [5_000, 10_000, 20_000, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000]);
  await triggers.close();
});

test('what a trigger remembers is forgotten when it is switched off, and kept when the runner ends', async () => {
  const values = new Map<string, unknown>();
  const remember = async function* ({ memory, signal }: TriggerContext): AsyncGenerator<TriggerEvent> {
    await memory.set(7);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    yield* [];
  };
  const { triggers } = world(remember, undefined, memoryOf(values));
  triggers.sync([wanted(), wanted({ id: 'u' })]);
  await new Promise(setImmediate);
  triggers.sync([wanted()]);
  await new Promise(setImmediate);
  assert.deepEqual([...values], [['f/t', 7], ['f/u', null]]);
  await triggers.close();
  assert.equal(values.get('f/t'), 7);
});
