import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../model/flow.ts';
import type { PayloadHead, RunEvent } from '../model/run-event.ts';
import { createThroughReader } from './got-through.ts';
import { stuckRecords } from './stuck-records.ts';

/** A page is read, a step makes something of it, and the one behind gives up a part of that. */
async function check(step: Step, { page = [1, 2, 3], made = page, part }: { readonly page?: unknown; readonly made?: unknown; readonly part: unknown }, expected: readonly number[] | undefined, isKept = true): Promise<void> {
  const bodies = new Map<string, string>();
  const head = (id: string, body: unknown): PayloadHead => {
    const text = JSON.stringify(body);
    bodies.set(text, text);
    return { id, mediaType: 'application/json', body: isKept ? text : '', size: 1, ...(Array.isArray(body) && { records: body.length }) };
  };
  const steps: Readonly<Record<string, Step>> = { read: { shape: 'connector', next: { out: 'make' } }, make: { ...step, next: { out: 'send' } }, send: { shape: 'connector' } };
  const events = [
    { type: 'payload-out', step: 'read', port: 'out', payload: head('p', page), from: 'start', at: 0 },
    { type: 'payload-in', step: 'make', payload: head('p', page), attempt: 1, at: 0 }, { type: 'payload-out', step: 'make', port: 'out', payload: head('p', made), from: 'p', at: 0 }, { type: 'payload-done', step: 'make', payload: 'p', at: 0, durationMs: 0 },
    { type: 'payload-in', step: 'send', payload: head('p', made), attempt: 1, at: 0 }, { type: 'payload-failed', step: 'send', payload: head('p!1', part), from: 'p', error: { code: 'REMOTE_REJECTED', message: '' }, at: 0 },
    { type: 'payload-out', step: 'send', port: 'out', payload: head('p', ['rest']), from: 'p', at: 0 }, { type: 'payload-done', step: 'send', payload: 'p', at: 0, durationMs: 0 },
  ] satisfies RunEvent[];
  const reader = createThroughReader({ steps }, ['p']);
  for (const event of events) reader.read(event);
  const found = await stuckRecords(reader, async ({ body }) => bodies.get(body));
  assert.deepEqual([...reader.through()], []);
  assert.deepEqual(found.get('p') && [...found.get('p')!], expected);
}

const map = (settings: object): Step => ({ shape: 'map', settings } as Step);

for (const [what, ...given] of [
  ['a record as it was read', { shape: 'notify' }, { part: 2 }, [1]],
  ['of records that look alike, all', { shape: 'notify' }, { page: [2, 1, 2], part: 2 }, [0, 2]],
  ['several records', { shape: 'notify' }, { part: [1, 3] }, [0, 2]],
  ['a record that a filter left', { shape: 'filter' }, { made: [2, 3], part: 3 }, [2]],
  ['a record that a map made', map({ rules: [] }), { made: [2, 3, 4], part: 3 }, [1]],
  ['a map that gave up some', map({ rules: [] }), { made: [2, 4], part: 2 }, undefined],
  ['a map that groups', map({ rules: [], groupBy: ['id'] }), { made: [2, 3, 1], part: 3 }, undefined],
  ['a script that makes what looks like another record', { shape: 'script' }, { made: [2, 3, 1], part: 2 }, undefined],
  ['a script that changes nothing', { shape: 'script' }, { part: 2 }, [1]],
  ['no record of the page', { shape: 'notify' }, { part: 9 }, undefined],
  ['bodies that were not kept', { shape: 'notify' }, { part: 2 }, undefined, false],
] as const satisfies readonly (readonly [string, ...Parameters<typeof check>])[]) {
  test(`records that got stuck: ${what}`, () => check(...(given as Parameters<typeof check>)));
}
