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
