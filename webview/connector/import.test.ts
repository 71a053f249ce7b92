import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectorManifest } from '../../server/model/connector.ts';
import { acceptChanges, planImport } from './import.ts';

const endpoint = (path: string) => ({ title: path, direction: 'receive', method: 'GET', path }) as const;
const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', auth: { key: { type: 'api-key' } }, endpoints: { 'orders.list': endpoint('/orders'), 'items.list': endpoint('/items') } };

function check(what: string, connector: Record<string, unknown>, expected: readonly string[], added: readonly string[], kept: readonly string[]): void {
  test(`an import: ${what}`, () => {
    const plan = planImport(connector, { manifest });
    assert.deepEqual([plan.changes.map(({ path }) => path.join('/')), plan.added, plan.kept], [expected, added, kept]);
  });
}

check('into a blank file', {}, ['title', 'baseUrl', 'auth/key', 'endpoints/orders.list', 'endpoints/items.list'], ['orders.list', 'items.list'], []);
check('into one without a version', { title: 'Mine' }, ['version', 'baseUrl', 'auth/key', 'endpoints/orders.list', 'endpoints/items.list'], ['orders.list', 'items.list'], []);
check('what is there stays', { version: 1, title: 'Mine', baseUrl: 'https://mine.test', auth: { key: { type: 'bearer' } }, endpoints: { 'orders.list': endpoint('/own') } }, ['endpoints/items.list'], ['items.list'], ['orders.list']);
check('the same again', { ...manifest }, [], [], []);

for (const [what, suggestion, expected] of [
  ['paging of an endpoint', { kind: 'pagination', endpoint: 'orders.list', value: { type: 'cursor' } }, ['endpoints/orders.list/pagination']],
  ['paging of all', { kind: 'pagination', value: { type: 'cursor' } }, ['defaults/pagination']],
  ['a direction, and what comes with it', { kind: 'direction', endpoint: 'orders.list', value: { direction: 'send', records: '$.orders' } }, ['endpoints/orders.list/direction', 'endpoints/orders.list/records']],
  ['what is in the file', { kind: 'direction', endpoint: 'orders.list', value: { direction: 'receive' } }, []],
  ['an endpoint that did not come', { kind: 'direction', endpoint: 'gone', value: { direction: 'send' } }, []],
  ['an auth method', { kind: 'auth', value: { type: 'bearer' } }, ['auth/bearer']],
] as const) test(`a suggestion: ${what}`, () => assert.deepEqual(acceptChanges(manifest as unknown as Record<string, unknown>, { score: 1, why: '', ...suggestion }).map(({ path }) => path.join('/')), expected));
