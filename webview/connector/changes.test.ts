import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ValueChange } from '../form/change.ts';
import type { Path } from '../form/schema.ts';
import { changesAt, isEndpointName, renamed } from './changes.ts';

const connector = {
  check: 'orders.list', defaults: { timeoutMs: 5 },
  auth: { key: { type: 'api-key' }, app: { type: 'bearer', beside: ['key'], tokenAuth: 'key' } },
  endpoints: {
    'orders.list': { title: 'Orders' }, 'lines.list': { title: 'Lines', auth: 'key', slices: [{ name: 'a', values: [1] }, { name: 'order', endpoint: 'orders.list' }] },
    'orders.set': { title: 'Set', upsert: { find: 'orders.list', update: 'orders.list' } }, self: { title: 'Self', slices: [{ name: 'x', endpoint: 'self' }] },
  },
};

describe('what a form has changed', () => {
  function check(what: string, prefix: Path, changes: readonly ValueChange[], expected: readonly string[]): void {
    test(what, () => assert.deepEqual(changesAt(connector, prefix, changes).map((change) => `${change.op} ${change.path.join('/')} ${change.op === 'rename' ? change.to : JSON.stringify(change.value)}`), expected));
  }
  check('a value', ['endpoints', 'orders.list'], [{ path: ['title'], value: 'All' }], ['set endpoints/orders.list/title "All"']);
  check('the last of the defaults goes with them', ['defaults'], [{ path: ['timeoutMs'], value: undefined }], ['set defaults undefined']);
  check('the last of an endpoint leaves the endpoint', ['endpoints', 'orders.list'], [{ path: ['title'], value: undefined }], ['set endpoints/orders.list/title undefined']);
  check('a value under another name is a new name, also where it is referred to', [], [{ path: ['auth', 'key'], value: undefined }, { path: ['auth', 'token'], value: { type: 'api-key' } }], ['rename auth/key token', 'set auth/app/beside/0 "token"', 'set auth/app/tokenAuth "token"', 'set endpoints/lines.list/auth "token"']);
  check('another value under another name is none', [], [{ path: ['auth', 'key'], value: undefined }, { path: ['auth', 'token'], value: { type: 'basic' } }], ['set auth/key undefined', 'set auth/token {"type":"basic"}']);
});

describe('another name of an endpoint', () => {
  function check(from: string, to: string, expected: readonly string[]): void {
    test(`${from} becomes ${to}`, () => assert.deepEqual(renamed(connector, ['endpoints', from], to).map(({ path }) => path.join('/')), expected));
  }
  check('orders.list', 'orders.all', ['endpoints/orders.list', 'check', 'endpoints/lines.list/slices/1/endpoint', 'endpoints/orders.set/upsert/find', 'endpoints/orders.set/upsert/update']);
  check('self', 'own', ['endpoints/self', 'endpoints/own/slices/0/endpoint']);
  check('lines.list', 'lines', ['endpoints/lines.list']);
});

for (const [name, isOne] of [['orders.list', true], ['a-b_c.d1', true], ['', false], ['.a', false], ['a..b', false], ['a b', false]] as const) test(`the name ${JSON.stringify(name)}`, () => assert.equal(isEndpointName(name), isOne));
