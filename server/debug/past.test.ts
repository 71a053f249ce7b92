import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumberedRunEvent, PayloadHead, RunEvent } from '../model/run-event.ts';
import { openPast, type PastRun } from './past.ts';

// A long recording, gone through step by step, with a look at everything at each stop.

const rounds = 1_250;
const head = (id: string): PayloadHead => ({ id, mediaType: 'application/json', body: '', size: 2 });

/** Each payload of the first step is made another one by the second; eight events for each. */
function eventsOf(): readonly NumberedRunEvent[] {
  const all: RunEvent[] = [{ type: 'run-started', at: 0, seed: 1 }, { type: 'payload-in', step: 'read', payload: head('p'), attempt: 1, at: 0 }];
  for (let n = 1; n <= rounds; n++) {
    const read = (key: string): RunEvent => ({ type: 'state', step: 'shape', read: { op: 'cache-get', name: key, args: '', answer: n }, at: n });
    all.push(
      { type: 'payload-out', step: 'read', port: 'out', payload: head(`a${n}`), from: 'p', at: n },
      { type: 'payload-in', step: 'shape', payload: head(`a${n}`), attempt: 1, at: n }, { type: 'variable', step: 'shape', name: 'round', value: n, at: n }, read('one'), read('two'),
      { type: 'payload-out', step: 'shape', port: 'out', payload: head(`b${n}`), from: `a${n}`, at: n }, { type: 'payload-done', step: 'shape', payload: `a${n}`, at: n, durationMs: 0 }, { type: 'log', level: 'info', message: `${n}`, at: n },
    );
  }
  return all.map((event, index) => ({ run: 'r', seq: index + 1, event }));
}

function past(): { readonly run: PastRun; readonly read: () => number } {
  const all = eventsOf();
  let read = 0;
  const events = async (_run: string, afterSeq: number, limit: number): Promise<readonly NumberedRunEvent[]> => {
    const some = all.slice(afterSeq, afterSeq + limit);
    read += some.length;
    return some;
  };
  const flowText = JSON.stringify({ version: 1, start: 'read', steps: { read: { shape: 'map', settings: {} }, shape: { shape: 'map', settings: {} } }, variables: { round: { type: 'number', default: 0 }, kept: { type: 'number', default: 7 } } });
  const run = openPast({ archive: { run: () => ({ flow: 'f', flowText }), body: () => undefined, window: async () => undefined }, debug: { events }, evaluate: async () => undefined }, 'r')!;
  return { run, read: () => read };
}

/** What stands there. */
async function seen(run: PastRun): Promise<unknown> {
  const [frame] = await run.stack(1);
  const scopes = await run.scopes(1, 0);
  const rows = async (root: 'variables' | 'hits' | 'outputs'): Promise<readonly string[]> => (await run.values({ thread: 1, frame: 0, root, path: [] }, {})).map(({ text }) => text);
  const [variables, hits, outputs] = await Promise.all([rows('variables'), rows('hits'), rows('outputs')]);
  return [frame?.name, scopes.map(({ indexed, named }) => indexed + named), variables, hits.length, outputs.length];
}

test('what stood at a moment of a long recording is the same whether one comes from before or from behind', async () => {
  const { run } = past();
  for (let n = 0; n < 403; n++) await run.forth(false);
  const at = await seen(run);
  assert.deepEqual(at, ['shape', [0, 0, 0, 2, 50], ['401', '7'], 50, 0]);
  for (let n = 0; n < 300; n++) await run.forth(false);
  await seen(run);
  for (let n = 0; n < 300; n++) await run.back(false);
  assert.deepEqual(await seen(run), at);
  await run.setup({ breakpoints: [{ id: 1, flow: 'f', step: 'shape', at: 'after' }, { id: 2, flow: 'f', step: 'read', at: 'after' }], watches: [], filters: [], scripts: [] });
  await run.forth(true);
  assert.deepEqual(await seen(run), ['shape (after out)', [0, 1, 0, 2, 50], ['402', '7'], 50, 1]);
  await run.forth(true);
  assert.deepEqual(await seen(run), ['read (after out)', [0, 50, 0, 2, 0], ['402', '7'], 0, 50]);
});

test('a recording has one thread', async () => {
  const { run } = past();
  await run.forth(false);
  await assert.rejects(run.stack(2), { code: 'API_INVALID', message: 'There is no thread 2: a recording has one.' });
});

test('whoever steps through a long recording, forth and back, reads each event a few times', async () => {
  const { run, read } = past();
  const count = rounds * 8;
  let stops = 0;
  for (; (await run.forth(false)) === 'moment'; stops++) await seen(run);
  const forth = read();
  while ((await run.back(false)) === 'moment') await seen(run);
  assert.equal(stops, rounds + 1);
  assert.ok(forth < 2 * count && read() - forth < 4 * count, `of ${count} events, ${forth} were read on the way forth, ${read() - forth} on the way back`);
});
