import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { testMap } from './map-test.ts';

/** A mapping whose every record takes ten seconds of the clock that it is given. */
const check = (title: string, { source, isRight = () => true, slow = false }: { readonly source: object; readonly isRight?: (record: unknown) => boolean; readonly slow?: boolean }, expected: object): void => void test(title, async () => {
  let now = 0;
  const map = async (record: unknown): Promise<unknown> => {
    if (slow) now += 10_000;
    return isRight(record) ? 'right' : 'wrong';
  };
  const { counterexample, ...found } = await testMap({ map, [Symbol.asyncDispose]: async () => undefined }, { source, target: { const: 'right' }, inputs: 20, seed: 1, signal: new AbortController().signal, now: () => now });
  assert.deepEqual({ ...found, ...(counterexample && { smallest: counterexample.input }) }, expected);
});

const list = { type: 'array', items: { type: 'integer', minimum: 0, maximum: 9 }, minItems: 3, maxItems: 3 };
check('all inputs', { source: list }, { inputs: 20, asked: 20 });
check('the time is over', { source: list, slow: true }, { inputs: 3, asked: 20, ended: 'time' });
check('too few that fit', { source: { ...list, minItems: 4, maxItems: 4, contains: { const: 7 }, minContains: 4 } }, { inputs: 1, asked: 20, ended: 'unfit' });
check('the smallest of all that fail', { source: list, isRight: () => false }, { inputs: 1, asked: 20, smallest: [0, 0, 0] });

test('the time is over before the smallest is found', async () => {
  let now = 0;
  const map = async (): Promise<unknown> => ((now += 10_000), 'wrong');
  const { ended, counterexample } = await testMap({ map, [Symbol.asyncDispose]: async () => undefined }, { source: list, target: { const: 'right' }, inputs: 20, seed: 1, signal: new AbortController().signal, now: () => now });
  assert.equal(ended, 'time');
  assert.notDeepEqual(counterexample?.input, [0, 0, 0]);
});
test('nothing fits', () => assert.rejects(testMap({ map: async () => 1, [Symbol.asyncDispose]: async () => undefined }, { source: { type: 'object', properties: { a: { type: 'string', not: {} } }, required: ['a'] }, target: {}, inputs: 2, seed: 1, signal: new AbortController().signal, now: () => 0 }), (error) => FlowError.is(error, 'DATA_INVALID') && /None of \d+ values that were made up fits/.test(error.message)));
