import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, type AuthMethod, type HttpRequest, type Shape } from '../../plugins/sdk/index.ts';
import { eventsOf, runFlow, shape, testHost, testShapes, type Told } from '../../test/support/engine-host.ts';
import { memoryState } from '../../test/support/memory-state.ts';
import type { RunEvent } from '../model/run-event.ts';
import { createPayload } from './payload.ts';
import { replayHost } from './replay.ts';
import type { Journal } from './resume.ts';

/** Asks a server for each payload, tries again where it says so. */
const ask = shape('ask', () => async (payload, { http, clock, random }) => {
  const { status, body } = await http.send({ method: 'GET', url: `https://shop.test/${String(await payload.json())}`, headers: {} });
  if (status === 503) throw new FlowError('REMOTE_STATUS', 'Busy.');
  return [{ port: 'out', payload: payload.with({ body: [body, clock.now(), random()] }) }];
});

const seen = shape('seen', (_settings, { pool, cache }) => async (payload) => {
  const [isNew] = await pool('orders').add([JSON.stringify(await payload.json())], { entity: 'order', owner: { run: 'r', payload: payload.id } });
  const known = await cache('totals', 'workspace').get('all');
  return [{ port: 'out', payload: payload.with({ body: [isNew, known.map(({ body }) => body)] }) }];
});

const other = shape('other', (_settings, { flow }) => async (payload, { signal }) => {
  const call = await (await flow('sub')).start(payload, { key: payload.id, signal });
  return (await call.done()).map((output) => ({ port: 'out', payload: output }));
});

const plugins: readonly Shape[] = [...testShapes, ask, seen, other];
const steps = { e: { shape: 'each', next: { out: 'a' } }, a: { shape: 'ask', concurrency: 2, next: { out: 's' } }, s: { shape: 'seen', next: { out: 'o' } }, o: { shape: 'other' } };

interface World {
  readonly told: Told;
  readonly journal: Journal;
  readonly bodies: ReadonlyMap<string, unknown>;
  readonly requests: readonly HttpRequest[];
}

async function live(): Promise<World> {
  const requests: HttpRequest[] = [];
  const state = memoryState();
  await state.pool('orders', { step: 's' }).add(['["three",0,0]'], { entity: 'order', owner: { run: 'other', payload: 'x' } });
  await state.cache('totals', 'workspace', { run: 'r', flow: 'f', step: 's' }).put('all', [{ body: { n: 7 }, mediaType: 'application/json', meta: {} }]);
  const raw: Uint8Array[] = [];
  const base = testHost({
    plugins, state,
    flows: { open: async () => ({ start: async (payload) => ({ run: `sub-${payload.id}`, done: async () => [createPayload({ id: `${payload.id}-1`, body: { sub: await payload.json() } })] }) }) },
    async send(request) {
      requests.push(request);
      const isBusy = request.url.endsWith('/2') && requests.filter(({ url }) => url === request.url).length === 1;
      return { status: isBusy ? 503 : 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify({ asked: request.url.split('/').at(-1) })) };
    },
  });
  const host = { ...base, bodies: { ...base.bodies, keepRaw: (body: string | Uint8Array) => ({ hash: `raw-${raw.push(typeof body === 'string' ? new TextEncoder().encode(body) : body) - 1}`, size: body.length }) } };
  const told = await runFlow({ host, steps, body: [1, 2, 3] });
  const journal: Journal = {
    *rows() {
      for (const [index, event] of told.events.entries()) yield { seq: index + 1, event, isDone: true };
    },
    load: async (head) => createPayload({ id: head.id, mediaType: head.mediaType, body: base.kept.get(head.body), ...(head.meta && { meta: head.meta }) }),
    value: async () => assert.fail('Nothing is sealed.'),
  };
  rawOf.set(journal, raw);
  return { told, journal, bodies: base.kept, requests };
}

const rawOf = new WeakMap<Journal, readonly Uint8Array[]>();

async function replay({ journal }: World, changes: { readonly body?: unknown; readonly steps?: typeof steps } = {}): Promise<{ readonly told: Told; readonly bodies: ReadonlyMap<string, unknown> }> {
  const base = testHost({ plugins });
  const { host, attemptAt } = replayHost(base, journal, { body: async ({ responseBody = '' }) => rawOf.get(journal)![Number(responseBody.slice(4))]! });
  const told = await runFlow({ host: { ...base, ...host, clock: Object.assign(host.clock, { sleepers: 0 }) }, steps: changes.steps ?? steps, body: changes.body ?? [1, 2, 3], options: { attemptAt } });
  return { told, bodies: base.kept };
}

const outs = (told: Told, bodies: ReadonlyMap<string, unknown>): unknown[] => eventsOf(told, 'payload-out').map(({ step, port, payload }: RunEvent & { type: 'payload-out' }) => [step, port, payload.id, bodies.get(payload.body)]);

test('a replay gives what the run gave: answers, failures, times, numbers, state and other flows, in the same order', async () => {
  const world = await live();
  assert.equal(world.told.status, 'success');
  assert.equal(world.requests.length, 4);
  const again = await replay(world);
  assert.equal(again.told.status, 'success');
  assert.equal(eventsOf(again.told, 'attempt-failed').length, 1);
  assert.deepEqual(outs(again.told, again.bodies).sort(), outs(world.told, world.bodies).sort());
});

test('what the recording does not hold fails with a reason', async () => {
  const { told } = await replay(await live(), { body: [1, 4] });
  assert.deepEqual([told.status, told.error?.code], ['failed', 'REPLAY_UNKNOWN']);
  assert.match(told.error?.message ?? '', /no answer to GET https:\/\/shop\.test\/4 of the step "a"/);
});

test('auth methods sign nothing, show no certificate and get an empty token', async () => {
  const never = (): never => { throw new Error('Nobody is to be asked.'); };
  const method = { kind: 'auth', type: 'it', title: 'It', summary: 'It.', settings: {}, credentials: {}, examples: [], acquire: never, tls: never, sign: never } as unknown as AuthMethod;
  const base = testHost({ plugins });
  const { host } = replayHost({ ...base, registry: { ...base.registry, find: async () => method as never } }, (await live()).journal, { body: async () => new Uint8Array() });
  const found = (await host.registry.find('auth', 'it')) as unknown as Record<'acquire' | 'sign' | 'tls', (...args: unknown[]) => unknown>;
  const request = { method: 'GET', url: 'https://shop.test/', headers: {} };
  assert.deepEqual([await found.acquire(), found.sign(request), found.tls], [{ values: {} }, request, undefined]);
});
