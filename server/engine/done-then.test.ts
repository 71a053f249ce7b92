import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import { DoneThen, type GoneOnFrom } from './done-then.ts';
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
  const same = done.same('send', 'b', () => printOf(exchange('b'), 'send'));
  assert.deepEqual([done.same('send', 'a', () => printOf(exchange('a'), 'send')), done.unrepeatable('send', 'c')?.isDone, read], [undefined, true, []]);
  assert.deepEqual([same?.exchange().id, read], ['read 1', [2]]);
});
