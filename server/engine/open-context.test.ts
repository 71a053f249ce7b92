import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineColumnTransform, FlowError, type ValueTransform } from '../../plugins/sdk/index.ts';
import { testHost, transform } from '../../test/support/engine-host.ts';
import { expressionEnv, openContext } from './open-context.ts';

const upper = transform('upper', (value, { suffix = '' }) => String(value).toUpperCase() + String(suffix));

test('a transform is compiled once for the same settings', async () => {
  let compiled = 0;
  const counted: ValueTransform = { ...upper, compile: (settings, context) => { compiled++; return upper.compile(settings, context); } };
  const host = testHost({ plugins: [counted] });
  const open = openContext(host);
  const values = [await open.transform('upper', { suffix: '!' }), await open.transform('upper', { suffix: '!' }), await open.transform('upper', {}), await open.transform('upper', undefined)].map((apply) => apply('a', { now: 0, random: () => 0 }));
  assert.deepEqual([values, compiled], [['A!', 'A!', 'A', 'A'], 2]);
});

test('an unknown transform', async () => {
  const env = expressionEnv(testHost({ plugins: [upper] }));
  await assert.rejects(async () => env.transform('lower', {}), (error) => FlowError.is(error, 'CONFIG_UNKNOWN_PLUGIN') && error.message === 'There is no transform "lower".');
});

test('a transform of columns has no single value', async () => {
  const column = defineColumnTransform({ type: 'later', title: 'Later', summary: 'Later.', settings: { type: 'object', additionalProperties: false }, examples: [], compile: () => async (values) => values });
  await assert.rejects(openContext(testHost({ plugins: [column as never] })).transform('later', {}), (error) => FlowError.is(error, 'CONFIG_INVALID') && /only stand in a rule of a map/.test(error.message));
});
