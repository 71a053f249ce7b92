import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import { compileBound } from './bound-template.ts';

const env = { transform: () => (value: unknown) => String(value).toUpperCase(), roots: ['payload', 'record'] };
const context = { now: 0, random: () => 0.5 };

const check = (name: string, text: string, scope: Readonly<Record<string, unknown>>, texts: readonly string[], values: readonly unknown[]) =>
  test(name, async () => assert.deepEqual(await (await compileBound(text, env)).bind(scope, context), { texts, values }));

describe('a bound text', () => {
  check('without an expression', 'select 1', {}, ['select 1'], []);
  check('values stand beside it, as they are', 'select * from t where a = {{ payload.a }} and b = {{ payload.b }}', { payload: { a: 1, b: [null, { c: true }] } }, ['select * from t where a = ', ' and b = ', ''], [1, [null, { c: true }]]);
  check('one after the other', '{{ record.a }}{{ record.b }}', { record: { a: 'x', b: 'y' } }, ['', '', ''], ['x', 'y']);
  check('with a pipe and a default', '({{ record.a | upper }}, {{ record.no ?? null }})', { record: { a: 'x' } }, ['(', ', ', ')'], ['X', null]);
  check('a value with braces stays a value', '{{ record.a }}', { record: { a: '{{ payload }}' } }, ['', ''], ['{{ payload }}']);
  test('values have the names of their paths, the last first', async () => {
    const { names } = await compileBound("{{ payload.bank['iban'].text }} {{ record.a ?? payload.b }} {{ payload }} {{ 'x' }} {{ record.items[0].e-mail | upper }}", env);
    assert.deepEqual(names, [['text', 'iban', 'bank'], ['a', 'b'], ['payload'], ['value'], ['e-mail', 'items']]);
  });
  test('what is missing is an error', async () => {
    const template = await compileBound('{{ record.a }}', env);
    await assert.rejects(template.bind({ record: {} }, context), (error: unknown) => FlowError.is(error, 'DATA_MISSING'));
  });
  test('an unknown root is an error', async () => {
    await assert.rejects(compileBound('select {{ secret.a }}', env), (error: unknown) => FlowError.is(error, 'CONFIG_EXPRESSION'));
  });
  test('property: whatever the values are, the texts are those of the file', async () => {
    const template = await compileBound('insert into t values ({{ record.a }}, {{ record.b }})', env);
    await fc.assert(fc.asyncProperty(fc.jsonValue(), fc.string({ unit: 'grapheme' }), async (a, b) => {
      assert.deepEqual(await template.bind({ record: { a, b } }, context), { texts: ['insert into t values (', ', ', ')'], values: [a, b] });
    }), { seed: 1 });
  });
});
