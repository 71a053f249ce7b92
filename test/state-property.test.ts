import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Cache, Pool } from '../plugins/sdk/index.ts';
import type { StateHost } from '../server/engine/host.ts';
import { createStateHost } from '../server/runner/state-host.ts';
import { givenState } from '../server/runner/workspace-state.ts';
import { openSeededState } from '../server/stores/state-database.ts';
import { memoryState } from './support/memory-state.ts';

// Whatever is done with caches and pools, the database gives the answers of plain maps.

const few = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
// Few, so that operations meet.
const text = fc.oneof({ weight: 6, arbitrary: few('a', 'b') }, { weight: 2, arbitrary: few('', 'A', 'ä', '\0', 'a\0', '%', "'") }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) });
const document = fc.record({ body: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string()), mediaType: fc.constantFrom('application/json', 'text/plain', 'application/hal+json'), meta: fc.dictionary(few('a', 'b'), fc.string({ maxLength: 3 }), { noNullPrototype: true }) })
  .map((made) => (made.mediaType === 'text/plain' ? { ...made, body: String(made.body) } : { ...made, body: JSON.parse(JSON.stringify(made.body)) as unknown }));
const place = fc.record({ name: few('x', 'y'), scope: fc.constantFrom('run' as const, 'flow' as const, 'workspace' as const), run: few('r1', 'r2'), flow: few('f1', 'f2') });
const cacheStep = fc.oneof(
  fc.record({ op: fc.constant('get' as const), key: text }), fc.record({ op: fc.constant('delete' as const), key: text }),
  fc.record({ op: fc.constant('put' as const), key: text, documents: fc.array(document, { maxLength: 3 }) }),
  fc.record({ op: fc.constant('append' as const), key: text, document, id: few('1', '2', '3') }),
);
const poolStep = fc.oneof(
  fc.record({ op: fc.constant('has' as const), values: fc.array(text, { maxLength: 4 }), entity: few('order', '') }),
  fc.record({ op: fc.constant('add' as const), values: fc.array(text, { maxLength: 4 }), entity: few('order', ''), run: few('r1', 'r2'), payload: few('p1', 'p2'), pending: fc.boolean() }),
);
const step = fc.oneof(fc.record({ cache: place, step: cacheStep }), fc.record({ pool: few('x', ''), step: poolStep }));
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function perform(host: StateHost, wanted: Step): Promise<unknown> {
  if ('cache' in wanted) return onCache(host.cache(wanted.cache.name, wanted.cache.scope, { ...wanted.cache, step: 's' }), wanted.step);
  return onPool(host.pool(wanted.pool, { step: 's' }), wanted.step);
}

function onCache(cache: Cache, wanted: typeof cacheStep extends fc.Arbitrary<infer S> ? S : never): Promise<unknown> {
  if (wanted.op === 'get') return cache.get(wanted.key);
  if (wanted.op === 'delete') return cache.delete(wanted.key);
  return wanted.op === 'put' ? cache.put(wanted.key, wanted.documents) : cache.append(wanted.key, wanted.document, { id: wanted.id });
}

function onPool(pool: Pool, wanted: typeof poolStep extends fc.Arbitrary<infer S> ? S : never): Promise<unknown> {
  if (wanted.op === 'has') return pool.has(wanted.values, wanted.entity);
  return pool.add(wanted.values, { entity: wanted.entity, owner: { run: wanted.run, payload: wanted.payload }, pending: wanted.pending });
}

test('random operations on caches and pools answer as plain maps do, one by one and all at once', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, isAtOnce) => {
    const state = givenState(await openSeededState({}, () => 0));
    const host = createStateHost({ state, config: () => ({ version: 1 }), notify: async () => undefined });
    const model = memoryState();
    // All at once only what changes something: what reads does not wait for the changes before it.
    const wanted = isAtOnce ? steps.filter(({ step: { op } }) => op !== 'get' && op !== 'has') : steps;
    const expected: unknown[] = [];
    for (const one of wanted) expected.push(await perform(model, one));
    const actual: unknown[] = [];
    if (isAtOnce) actual.push(...await Promise.all(wanted.map((one) => perform(host, one))));
    else for (const one of wanted) actual.push(await perform(host, one));
    assert.deepEqual(actual, expected);
    for (const one of steps) {
      if ('cache' in one) assert.deepEqual(await perform(host, { cache: one.cache, step: { op: 'get', key: one.step.key } }), await perform(model, { cache: one.cache, step: { op: 'get', key: one.step.key } }));
    }
    await state[Symbol.asyncDispose]();
  }), { seed: 7, numRuns: 200 });
});
