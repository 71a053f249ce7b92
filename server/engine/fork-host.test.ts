import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../plugins/sdk/index.ts';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import type { GoneOnFrom } from './done-then.ts';
import { forkHost } from './fork-host.ts';
import type { EngineHost } from './host.ts';
import { createPayload } from './payload.ts';
import { argsKey } from './recorded-state.ts';

const sent = (isUnrepeatable: boolean): RunEvent => ({ type: 'exchange', step: 'send', payload: 'p', at: 0, exchange: { id: 'e', method: 'POST', url: 'https://x.test/', requestHeaders: {}, status: 200, attempt: 1, durationMs: 1, ...(isUnrepeatable && { isUnrepeatable }) } as ExchangeHead });
const called = (run: string, args: string): RunEvent => ({ type: 'state', step: 'call', payload: 'p', at: 0, read: { op: 'flow-start', name: 'called', args, answer: run } } as RunEvent);

test('a flow is called again unasked where the run of then, and those that it has called, are known to have sent nothing that would be done twice', async (t) => {
  const rows: readonly (readonly [string, Readonly<Record<string, readonly RunEvent[]>>, RegExp | undefined, number])[] = [
    ['nothing', { before: [sent(false), sent(false), sent(false)] }, undefined, 3],
    ['something: nothing is read behind it', { before: [sent(false), sent(true), sent(false)] }, /the run before of "called", which did so, would be followed by another/, 2],
    ['something, in a run that it has called', { before: [called('inner', 'x'), sent(false)], inner: [sent(true)] }, /which did so/, 2],
    ['a recording of a run that it has called is gone', { before: [called('inner', 'x'), sent(false)] }, /which did so/, 1],
  ];
  for (const [title, runs, refusal, reads] of rows) {
    await t.test(title, async () => {
      let read = 0;
      const eventsOf = (run: string): AsyncIterable<{ readonly event: RunEvent }> | undefined => runs[run] && later(runs[run], () => read++);
      const keys: string[] = [];
      const host = { transport: {}, state: {}, flows: { open: async () => ({ start: async (_: unknown, { key }: { readonly key: string }) => keys.push(key) }) } } as unknown as EngineHost;
      const from: GoneOnFrom = { after: 0, since: [], events: () => later([called('before', argsKey('key'))]) as ReturnType<GoneOnFrom['events']>, exchange: () => assert.fail() };
      const fork = await forkHost(host, { run: 'now', runs: [from], eventsOf, digest: (text) => text, recorded: { body: async () => assert.fail() }, calledWith: async () => ({ isSame: false }) });
      const call = await fork.host.flows.open('called', [] as never, 'call');
      const start = call.start(createPayload({ id: 'p', body: {} }), { key: 'key' } as Parameters<typeof call.start>[1]);
      if (refusal) await assert.rejects(start, { code: 'WRITE_UNCONFIRMED', message: refusal });
      else await start;
      assert.deepEqual([keys, read], [refusal ? [] : ['key/now'], reads]);
    });
  }
});

test('a further attempt of a step does not send again what stood for a request of the attempt before, and is asked for what is not the same', async () => {
  const asked = (id: string): RunEvent => ({ type: 'exchange', step: 'send', payload: 'p', at: 0, exchange: { id, method: 'POST', url: `https://x.test/${id}`, requestHeaders: {}, status: 200, attempt: 1, durationMs: 1, isUnrepeatable: true } });
  const begins: RunEvent = { type: 'payload-in', step: 'send', payload: { id: 'p', mediaType: 'application/json', body: '', size: 0 }, attempt: 1, at: 0 };
  const then = [asked('a'), asked('b'), asked('b')];
  const sends: string[] = [];
  const host = { transport: { send: async ({ url }: HttpRequest) => { sends.push(url); return { status: 200, headers: {}, body: new Uint8Array() }; } }, state: {}, flows: {} } as unknown as EngineHost;
  const from: GoneOnFrom = { after: 0, since: [], events: () => later(then), exchange: (seq) => ({ ...(then[seq - 1] as RunEvent & { type: 'exchange' }).exchange, status: 200 + seq }) };
  const fork = await forkHost(host, { run: 'now', runs: [from], eventsOf: () => assert.fail(), digest: (text) => text, recorded: { body: async () => new Uint8Array() }, calledWith: () => assert.fail() });
  const send = async (id: string): Promise<number> => {
    const url = `https://x.test/${id}`;
    const { status } = await fork.host.transport.send({ method: 'POST', url, headers: {} }, { signal: new AbortController().signal, maxBytes: 1, step: 'send', payload: 'p', changes: true, said: () => ({ request: { method: 'POST', url, requestHeaders: {} }, isMasked: false }) });
    return status;
  };
  fork.take(begins);
  assert.deepEqual([await send('a'), await send('b'), sends], [201, 202, []]);
  // What is left comes first: so the attempts of then come in their order.
  fork.take(begins);
  assert.deepEqual([await send('a'), await send('b'), sends], [201, 203, []]);
  fork.take(begins);
  await assert.rejects(send('c'), { code: 'WRITE_UNCONFIRMED' });
  assert.deepEqual([await send('b'), await send('b'), await send('a'), sends], [203, 202, 201, []]);
  // In one attempt nothing stands for two.
  assert.deepEqual([await send('a'), sends], [200, ['https://x.test/a']]);
});

async function* later(events: readonly RunEvent[], onRead?: () => void): AsyncGenerator<{ readonly seq: number; readonly event: RunEvent }> {
  for (const [index, event] of events.entries()) {
    onRead?.();
    yield { seq: index + 1, event };
  }
}
