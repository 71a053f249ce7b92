import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '../../test/support/engine-host.ts';
import { Watchdog } from './watchdog.ts';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

function watched(clock: ReturnType<typeof virtualClock>, said: string[], name: string, afterMs: number) {
  const start = clock.now();
  return { deadline: start + afterMs, onDue: () => void said.push(`${name} at ${clock.now() - start}`), watchedBefore: undefined, watchedAfter: undefined };
}

test('one timer for any number of deadlines, in their order', async () => {
  const clock = virtualClock();
  const watchdog = new Watchdog(clock);
  const said: string[] = [];
  const all = [300, 100, 200].map((ms) => watched(clock, said, String(ms), ms));
  for (const one of all) watchdog.add(one);
  await turn();
  assert.equal(clock.sleepers, 1);
  watchdog.add(watched(clock, said, 'early', 50));
  await turn();
  assert.equal(clock.sleepers, 1);
  watchdog.delete(all[2]!);
  await clock.sleep(1_000, new AbortController().signal);
  assert.deepEqual(said, ['early at 50', '100 at 100', '300 at 300']);
  watchdog.close();
});

test('what is due at the same time may end what is due with it', async () => {
  const clock = virtualClock();
  const watchdog = new Watchdog(clock);
  const said: string[] = [];
  const second = watched(clock, said, 'second', 100);
  watchdog.add({ ...watched(clock, said, 'first', 100), onDue: () => { said.push('first'); watchdog.delete(second); } });
  watchdog.add(second);
  watchdog.delete(second);
  watchdog.delete(second);
  watchdog.add(second);
  await clock.sleep(200, new AbortController().signal);
  assert.deepEqual(said, ['first']);
  watchdog.close();
});

test('no timer for what is over at once, none after the end', async () => {
  const clock = virtualClock();
  const watchdog = new Watchdog(clock);
  const said: string[] = [];
  const one = watched(clock, said, 'one', 100);
  watchdog.add(one);
  watchdog.delete(one);
  await turn();
  assert.equal(clock.sleepers, 0);
  watchdog.add(one);
  await turn();
  watchdog.close();
  watchdog.add(watched(clock, said, 'late', 10));
  await turn();
  assert.equal(clock.sleepers, 0);
  await clock.sleep(1_000, new AbortController().signal);
  assert.deepEqual(said, []);
});
