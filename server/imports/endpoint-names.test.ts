import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { endpointNames, type Operation } from './endpoint-names.ts';

const operation = (line: string): Operation => {
  const [method = '', path = '', id] = line.split(' ');
  return { method, path, ...(id !== undefined && { id }) };
};
const namesOf = (lines: readonly string[]): string[] => {
  const siblings = Map.groupBy(lines.map(operation), ({ path }) => path);
  return endpointNames(lines.map(operation).map((one) => ({ ...one, siblings: siblings.get(one.path)!.map(({ method }) => method) })));
};

describe('names', () => {
  const cases: Readonly<Record<string, readonly (readonly [line: string, name: string])[]>> = {
    'what is done with records': [
      ['GET /v1/orders', 'orders.list'], ['POST /v1/orders', 'orders.create'], ['GET /v1/orders/{id}', 'orders.get'], ['PUT /v1/orders/{id}', 'orders.update'], ['DELETE /v1/orders/{id}', 'orders.delete'], ['HEAD /v1/orders/{id}', 'orders.check'],
    ],
    'both ways to change': [['PUT /orders/{id}', 'orders.replace'], ['PATCH /orders/{id}', 'orders.update']],
    'a change by POST': [['POST /customers', 'customers.create'], ['POST /customers/{id}', 'customers.update']],
    'verbs in the path': [['POST /orders/{id}/cancel', 'orders.cancel'], ['POST /orders/search', 'orders.search'], ['POST /orders/batch-create', 'orders.batch-create'], ['POST /orders/{id}:close', 'orders.close'], ['POST /files:upload', 'files.upload']],
    'procedures': [['POST /chat.postMessage', 'chat.post-message'], ['GET /admin.apps.list', 'admin-apps.list']],
    'one part inside another': [['GET /orders', 'orders.list'], ['GET /customers/{id}/orders', 'customers-orders.list'], ['GET /customers/{id}/orders/{order}', 'customers-orders.get'], ['GET /customers', 'customers.list']],
    'parts of the same name': [['GET /users/{id}/roles', 'users-roles.list'], ['GET /groups/{id}/roles', 'groups-roles.list']],
    'the same name twice': [['GET /v1/orders listOrdersOld', 'orders.list-orders-old'], ['GET /v2/orders listOrders', 'orders.list-orders']],
    'without an id': [['GET /v1/orders', 'v1-orders.list-get'], ['GET /v2/orders', 'v2-orders.list-get']],
    'nothing but what varies': [['GET /{a}', 'root.get'], ['GET /', 'root.list']],
    'the same operation twice': [['GET /a', 'a.list-2'], ['GET /a', 'a.list-3']],
    'other letters': [['GET /größe_Maße', 'gro-e-ma-e.list']],
  };
  for (const [title, rows] of Object.entries(cases)) test(title, () => assert.deepEqual(namesOf(rows.map(([line]) => line)), rows.map(([, name]) => name)));
});

const line = fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'), fc.array(fc.constantFrom('v1', 'orders', '{id}', 'lines', 'search', 'a-b', 'a', 'b', 'x.y'), { maxLength: 5 })).map(([method, parts]) => `${method} /${parts.join('/')}`);

test('names are unique, are names, and do not depend on the order of the operations', () => {
  fc.assert(fc.property(fc.uniqueArray(line, { maxLength: 30 }), (lines) => {
    const names = namesOf(lines);
    assert.equal(new Set(names).size, lines.length);
    for (const name of names) assert.match(name, /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/);
    const back = namesOf(lines.toReversed()).toReversed();
    assert.deepEqual(back, names);
  }), { numRuns: 300, seed: 7 });
});
