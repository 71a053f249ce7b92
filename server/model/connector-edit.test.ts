import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Catalog } from './catalog.ts';
import { editConnector, type ConnectorChange } from './connector-edit.ts';
import { applyEdits } from './flow-edit-apply.ts';

const catalog = catalogFile as Catalog;

const start = `{
  // Kept by hand.
  "version": 1,
  "title": "Acme", /* the shop */
  "baseUrl": "https://api.acme.test",
  "auth": { "key": { "type": "api-key" } },
  "endpoints": {
    "orders.list": { // reads
      "title": "Orders",
      "direction": "receive",
      "method": "GET",
      "path": "/orders",
      "pagination": { "type": "cursor", "settings": { "size": 50 } }
    },
    "orders.create": {
      "title": "New order",
      "direction": "send",
      "method": "POST",
      "path": "/orders"
    }
  },
  "future": [1,  2]
}
`;

function check(what: string, changes: readonly ConnectorChange[], expected: readonly string[], text = start): void {
  test(what, () => assert.deepEqual(diff(text, applyEdits(text, editConnector(text, changes, catalog))), expected));
}

/** The lines that are gone and those that are new. */
function diff(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [...old.slice(head, old.length - tail).map((line) => `-${line}`), ...now.slice(head, now.length - tail).map((line) => `+${line}`)];
}

const orders = ['endpoints', 'orders.list'];

describe('a change touches its lines alone', () => {
  check('a value', [{ op: 'set', path: [...orders, 'path'], value: '/v2/orders' }], ['-      "path": "/orders",', '+      "path": "/v2/orders",']);
  check('a value that is there already', [{ op: 'set', path: [...orders, 'path'], value: '/orders' }], []);
  check('a new key stands where the schema has it', [{ op: 'set', path: [...orders, 'summary'], value: 'All of them.' }], ['+      "summary": "All of them.",']);
  check('a new setting stands where its plugin has it', [{ op: 'set', path: [...orders, 'pagination', 'settings', 'path'], value: '$.next' }],
    ['-      "pagination": { "type": "cursor", "settings": { "size": 50 } }', '+      "pagination": { "type": "cursor", "settings": { "path": "$.next", "size": 50 } }']);
  check('settings that have become empty are left out', [{ op: 'set', path: [...orders, 'pagination', 'settings', 'size'], value: undefined }],
    ['-      "pagination": { "type": "cursor", "settings": { "size": 50 } }', '+      "pagination": { "type": "cursor" }']);
  check('settings of a plugin that nobody knows are kept', [{ op: 'set', path: [...orders, 'pagination'], value: { type: 'teleport', settings: { b: 1, a: 2 } } }],
    ['-      "pagination": { "type": "cursor", "settings": { "size": 50 } }', '+      "pagination": { "type": "teleport", "settings": { "b": 1, "a": 2 } }']);
  check('another name', [{ op: 'rename', path: orders, to: 'orders.all' }], ['-    "orders.list": { // reads', '+    "orders.all": { // reads']);
  check('another name and what refers to it', [{ op: 'set', path: ['check'], value: 'orders.list' }, { op: 'rename', path: orders, to: 'orders.all' }, { op: 'set', path: ['check'], value: 'orders.all' }],
    ['-  "endpoints": {', '-    "orders.list": { // reads', '+  "check": "orders.all",', '+  "endpoints": {', '+    "orders.all": { // reads']);
  check('an endpoint goes', [{ op: 'set', path: ['endpoints', 'orders.create'], value: undefined }],
    ['-    },', '-    "orders.create": {', '-      "title": "New order",', '-      "direction": "send",', '-      "method": "POST",', '-      "path": "/orders"']);
  check('a blank file becomes a connector', [{ op: 'set', path: ['title'], value: 'Acme' }], ['+{', '+  "version": 1,', '+  "title": "Acme",', '+  "endpoints": {}', '+}'], '');
});

describe('what does not fit is refused', () => {
  const refused = (what: string, change: ConnectorChange, code: string, text = start): void => {
    test(what, () => assert.throws(() => editConnector(text, [change], catalog), (error) => FlowError.is(error) && error.code === code));
  };
  refused('the whole file', { op: 'set', path: [], value: {} }, 'CONFIG_INVALID');
  refused('a name that is taken', { op: 'rename', path: orders, to: 'orders.create' }, 'CONFIG_INVALID');
  refused('no name', { op: 'rename', path: orders, to: '' }, 'CONFIG_INVALID');
  refused('a name of nothing', { op: 'rename', path: ['endpoints', 'gone'], to: 'x' }, 'CONFIG_INVALID');
  refused('a place below a text', { op: 'set', path: ['title', 'x'], value: 1 }, 'CONFIG_INVALID');
  refused('broken JSON', { op: 'set', path: ['title'], value: 'x' }, 'CONFIG_INVALID', '{ "version": 1,, }');
  refused('a newer format', { op: 'set', path: ['title'], value: 'x' }, 'CONFIG_VERSION', '{ "version": 2 }');
});
