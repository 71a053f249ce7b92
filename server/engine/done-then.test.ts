import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import { DoneThen, type GoneOnFrom } from './done-then.ts';
import { argsKey } from './recorded-state.ts';
import { printOf } from './same-request.ts';

const exchange = (id: string): ExchangeHead => ({ id, method: 'POST', url: `https://x.test/${id}`, requestHeaders: {}, status: 200, attempt: 1, durationMs: 1, isUnrepeatable: true });

async function* recorded(events: readonly RunEvent[], after: number): AsyncGenerator<{ readonly seq: number; readonly event: RunEvent }> {
  for (const [index, event] of events.entries()) if (index + 1 > after) yield { seq: index + 1, event };
}

test('of what was sent no more is kept than what tells it from others', async () => {
  const read: number[] = [];
  const sent = ['a', 'b', 'c'].map((id): RunEvent => ({ type: 'exchange', step: 'send', payload: id, exchange: exchange(id), at: 0 }));
  const run: GoneOnFrom = { after: 1, since: [], events: (after) => recorded(sent, after), exchange: (seq) => exchange(`read ${read.push(seq)}`) };
  const done = (await DoneThen.of([run], (text) => text))!;
  const same = done.same('send', 'b', () => [printOf(exchange('b'), 'send')]);
  assert.deepEqual([done.same('send', 'a', () => [printOf(exchange('a'), 'send')]), done.unrepeatable('send', 'c')?.isDone, read], [undefined, true, []]);
  assert.deepEqual([same?.exchange().id, read], ['read 1', [2]]);
});

test('what stood for a payload before the run was interrupted stands for that one again, and for no other', async () => {
  const at = 0;
  const made = (from: string, id: string): RunEvent => ({ type: 'payload-out', step: 'each', port: 'out', from, payload: { id } as never, at });
  const sent = (payload: string): RunEvent => ({ type: 'exchange', step: 'send', payload, exchange: { ...exchange('same'), id: payload }, at });
  const called = (args: string, run: string): RunEvent => ({ type: 'state', step: 'call', read: { op: 'flow-start', name: 'called', args, answer: run }, at });
  const then = [made('list', 'a'), made('list', 'b'), sent('a'), sent('b'), called(argsKey('call:a'), 'run a'), called(argsKey('call:b'), 'run b')];
  // Of three that are the same now, two were through or under way.
  const now = [made('list now', 'x'), made('list now', 'y'), made('list now', 'z'), sent('x'), called(argsKey('call:x'), 'run a'), { type: 'payload-done', step: 'send', payload: 'x', at, durationMs: 0 } as RunEvent, sent('y')];
  const run: GoneOnFrom = { after: 0, changed: { from: 'list', to: 'list now' }, since: [recorded(now, 0)], events: (after) => recorded(then, after), exchange: (seq) => ({ ...exchange('same'), id: String(seq) }) };
  const done = (await DoneThen.of([run], (text) => text))!;
  const said = (): readonly string[] => [printOf(exchange('same'), 'send')];
  const found = ['x', 'y', 'z'].map((payload) => [done.same('send', payload, said)?.exchange().id, done.unrepeatable('send', payload)?.exchange().id]);
  assert.deepEqual(found, [['3', '3'], ['4', '4'], [undefined, undefined]]);
  assert.deepEqual(['x', 'y', 'z'].map((payload) => [...done.called('call', payload, `call:${payload}`)].map((one) => one.run)), [['run a', 'run b'], ['run b'], ['run b']]);
});
