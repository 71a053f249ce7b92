import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { completeSettings } from './complete-settings.ts';

const field = (schema: object): object => ({ title: 'F', description: 'F.', ...schema });

const plugin = {
  kind: 'shape', type: 'test', title: 'T', summary: 'T.', examples: [], version: 3,
  migrations: {
    1: ({ amount, ...rest }: Record<string, unknown>) => ({ ...rest, count: amount }),
    2: (settings: Record<string, unknown>) => ({ ...settings, mode: settings['mode'] === 'quick' ? 'fast' : settings['mode'] }),
  },
  settings: {
    type: 'object', additionalProperties: false, required: ['count'],
    properties: {
      count: field({ type: 'integer', minimum: 1, 'x-expression': true }),
      plain: field({ type: 'integer', default: 5 }),
      mode: field({ type: 'string', enum: ['fast', 'slow'], default: 'slow' }),
      nested: field({ type: 'object', additionalProperties: false, default: {}, properties: { on: field({ type: 'boolean', default: true }) } }),
      params: field({ type: 'object', 'x-expression': true, additionalProperties: { type: 'number' } }),
      choice: field({ 'x-expression': true, anyOf: [{ type: 'integer' }, { type: 'object', additionalProperties: false, required: ['n'], properties: { n: { type: 'integer' } } }] }),
      list: field({ type: 'array', 'x-expression': true, items: { type: 'object', additionalProperties: false, properties: { n: { type: 'number' } } } }),
    },
  },
} as unknown as Plugin;

test('defaults are filled in, in a copy', () => {
  const given = { count: 1, nested: {} };
  assert.deepEqual(completeSettings(plugin, given), { count: 1, plain: 5, mode: 'slow', nested: { on: true } });
  assert.deepEqual(given, { count: 1, nested: {} });
});

describe('a text with an expression stands for any type, where expressions may stand', () => {
  for (const [title, settings, error] of [
    ['a number', { count: '{{ payload.n }}' }, undefined],
    ['a text around it', { count: '1{{ payload.n }}' }, undefined],
    ['no expression', { count: 'many' }, /"count" must be an integer, not "many"/],
    ['no place for one', { count: 1, plain: '{{ payload.n }}' }, /"plain" must be an integer/],
    ['below a place for one', { count: 1, params: { a: '{{ x }}', b: 1 } }, undefined],
    ['instead of a whole object', { count: 1, params: '{{ flow.params }}' }, undefined],
    ['beside something wrong', { count: '{{ x }}', params: { a: 'x' } }, /"params.a" must be a number/],
    ['as a choice', { count: 1, choice: '{{ x }}' }, undefined],
    ['within a branch of a choice', { count: 1, choice: { n: '{{ x }}' } }, undefined],
    ['within a branch that is wrong', { count: 1, choice: { m: '{{ x }}' } }, /choice/],
    ['in an item of a list', { count: 1, list: [{ n: '{{ x }}' }, { n: 2 }] }, undefined],
  ] as const) {
    test(title, () => {
      if (error) assert.throws(() => completeSettings(plugin, settings), { code: 'CONFIG_INVALID', message: error });
      else assert.partialDeepStrictEqual(completeSettings(plugin, settings), settings);
    });
  }
});

describe('what is wrong is said as a sentence, with its place', () => {
  for (const [title, settings, pointer, message] of [
    ['a missing field', {}, '', '"count" is missing.'],
    ['an unknown field', { count: 1, nested: { 'o/n': true } }, '/nested/o~1n', 'there is no "nested.o/n"; there are on.'],
    ['a value that is none of the list', { count: 1, mode: 'x' }, '/mode', '"mode" is "x"; it must be one of "fast", "slow".'],
    ['a number that is too small', { count: 0 }, '/count', '"count" must be >= 1.'],
  ] as const) {
    test(title, () => assert.throws(() => completeSettings({ ...plugin, version: 1 }, settings), (error: Error & { place?: { pointer?: string } }) => {
      assert.deepEqual([error.message, error.place?.pointer], [`The settings of the shape "test" are not valid: ${message}`, pointer]);
      return true;
    }));
  }
});

describe('settings of an older version', () => {
  for (const [title, given, expected] of [
    ['of version 1, by its number', { $version: 1, amount: 2, mode: 'quick' }, { count: 2, mode: 'fast' }],
    ['of version 2, by its number', { $version: 2, count: 2, mode: 'quick' }, { count: 2, mode: 'fast' }],
    ['of version 1, by their looks', { amount: 2 }, { count: 2, mode: 'slow' }],
    ['of version 2, by their looks', { count: 2, mode: 'quick' }, { count: 2, mode: 'fast' }],
  ] as const) {
    test(title, () => assert.deepEqual(completeSettings(plugin, given), { plain: 5, nested: { on: true }, ...expected }));
  }
  test('of a newer one are refused', () => assert.throws(() => completeSettings(plugin, { $version: 4, count: 1 }), { code: 'CONFIG_VERSION' }));
});

test('a pattern of a user cannot take for ever', () => {
  const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
  const start = process.cpuUsage();
  assert.throws(() => completeSettings(plugin, { a: `${'a'.repeat(40)}!` }, schema), { code: 'CONFIG_INVALID' });
  assert.ok(process.cpuUsage(start).user < 1_000_000);
});
