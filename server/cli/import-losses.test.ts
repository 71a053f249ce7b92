import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectorManifest } from '../model/connector.ts';
import { importLosses } from './import-losses.ts';

const get = { title: 'Get', direction: 'receive', method: 'GET', path: '/' };
const made = { version: 1, title: 'Shop', baseUrl: 'https://new.test', endpoints: { a: get, c: get } } as unknown as ConnectorManifest;

for (const [what, old, expected] of [
  ['nothing', made, []],
  ['what somebody had added', { ...made, baseUrl: 'https://old.test', check: 'a', endpoints: { a: { ...get, pagination: { type: 'offset' } }, b: get } }, ['The base URL was https://old.test and is https://new.test.', 'Endpoints that are no more: b.', 'Removed: check, pagination of a.']],
] as const) {
  test(`an import over a connector says what is lost: ${what}`, () => assert.deepEqual(importLosses('connectors/shop.connector.json', JSON.stringify(old), made), expected));
}
