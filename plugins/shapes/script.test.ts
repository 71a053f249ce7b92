import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf, runFlow, shape, testHost, testShapes } from '../../test/support/engine-host.ts';
import type { Script } from '../sdk/index.ts';
import script from './script.ts';

type Input = { readonly payload: unknown; readonly variables: Record<string, unknown> };

/** Runs a script that is a function, with a step beside it that sets a variable meanwhile; gives the variables that were set. */
async function set(run: (input: Input) => unknown): Promise<unknown[]> {
  const both = shape('both', () => (payload) => [{ port: 'script', payload }, { port: 'other', payload }], { ports: ['script', 'other'] });
  const begun = Promise.withResolvers<void>();
  const counted = Promise.withResolvers<void>();
  const count = shape('count', () => async (payload, { variables }) => {
    await begun.promise;
    variables.set('count', 1);
    counted.resolve();
    return [{ port: 'out', payload }];
  });
  const code: Script = {
    async run(inputs) {
      const copies = structuredClone(inputs) as Input[];
      begun.resolve();
      await counted.promise;
      return copies.map((input) => ({ output: run(input) }));
    },
    async [Symbol.asyncDispose]() {},
  };
  const told = await runFlow({
    host: testHost({ plugins: [...testShapes, both, count, script as never], scripts: { 'a.js': code } }),
    steps: { both: { shape: 'both', next: { script: 'a', other: 'count' } }, a: { shape: 'script', settings: { script: 'a.js' } }, count: { shape: 'count' } },
    flow: { variables: { count: { type: 'number', default: 0 }, list: { type: 'array', default: [{ a: 1 }] } } },
  });
  assert.equal(told.error, undefined);
  return eventsOf(told, 'variable').map(({ step, name, value }) => [step, name, value]);
}

const others = ['count', 'count', 1];
for (const [what, run, expected] of [
  ['hands back what it was given', (input: Input) => input, [others]],
  ['hands back a copy', ({ payload, variables }: Input) => ({ payload, variables: structuredClone(variables) }), [others]],
  ['changes one of them', ({ payload, variables }: Input) => ({ payload, variables: { ...variables, list: [{ a: 2 }] } }), [others, ['a', 'list', [{ a: 2 }]]]],
  ['changes the one that another step has set', ({ payload, variables }: Input) => ({ payload, variables: { ...variables, count: 5 } }), [others, ['a', 'count', 5]]],
  ['leaves them out', ({ payload }: Input) => ({ payload }), [others]],
] as const) {
  test(`a script that ${what} sets only what it changed`, async () => assert.deepEqual(await set(run), expected));
}

const bytes = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0xff, 0xd8]);
type Told = readonly unknown[] | string;
const check = (title: string, body: unknown, mediaType: string, run: (input: { readonly payload: unknown }) => unknown, expected: Told): void => void test(title, async () => {
  const code: Script = { run: async (inputs) => inputs.map((input) => ({ output: run(input as never) })), async [Symbol.asyncDispose]() {} };
  const given = shape('given', () => (payload) => [{ port: 'out', payload: payload.with({ body, mediaType }) }]);
  const told = await runFlow({ host: testHost({ plugins: [...testShapes, given, script as never], scripts: { 'a.js': code } }), steps: { given: { shape: 'given', next: { out: 'a' } }, a: { shape: 'script', settings: { script: 'a.js' } } } });
  if (typeof expected === 'string') return assert.ok(told.error?.message.includes(expected), told.error?.message);
  assert.equal(told.error, undefined);
  assert.deepEqual(told.outputs.map(({ meta, body }) => [meta['seen'], body]), expected);
});
const seen = { meta: { seen: 'yes' } };
const kept = [['yes', { kind: 'bytes', bytes }]];
check('bytes that are no text come as null, and stay', bytes, 'application/pdf', ({ payload }) => (payload === null ? seen : undefined), kept);
check('what a script hands back of them is null', bytes, 'application/pdf', (input) => ({ ...input, ...seen }), kept);
check('something else takes their place', bytes, 'application/pdf', () => ({ payload: { a: 1 }, ...seen }), [['yes', { a: 1 }]]);
check('bytes of which somebody says that they are text', bytes, 'text/csv', () => seen, 'is no text in utf-8');
check('null in place of a document is null', { a: 1 }, 'application/json', () => ({ payload: null, ...seen }), [['yes', null]]);
check('what is left out stays', { a: 1 }, 'application/json', () => seen, [['yes', { a: 1 }]]);
check('a document that is no result', { a: 1 }, 'application/json', () => ({ id: 1, ...seen }), 'must return {payload, …}');
check('an object with nothing in it', { a: 1 }, 'application/json', () => ({}), 'must return {payload, …}');
