import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { call, connectorHost, type Call, type Called } from '../../test/support/connector-host.ts';
import type { ConnectorManifest, EndpointManifest, PaginationUse } from '../model/connector.ts';
import { openTransport } from '../runner/transport.ts';
import { startMock } from './mock-server.ts';

// What a connector says beside its pagination, read by the real engine.

const transport = openTransport();
after(() => transport[Symbol.asyncDispose]());

type Record = Readonly<globalThis.Record<string, unknown>>;

interface Read extends Called {
  readonly records: readonly Record[];
  /** Paths with their queries, in order. */
  readonly asked: readonly string[];
}

const receiving = { title: 'E', direction: 'receive', method: 'GET' } as const;

async function read(endpoint: Partial<EndpointManifest>, { others = {}, count = 12, ...more }: Call & { readonly others?: Readonly<globalThis.Record<string, EndpointManifest>>; readonly count?: number } = {}): Promise<Read> {
  const it: EndpointManifest = { ...receiving, path: '/orders', records: '$.items', ...endpoint };
  const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: { it, ...others } };
  await using mock = await startMock({ host: connectorHost({}), connector: 'shop', manifest, records: count });
  const called = await call(connectorHost({ transport, connector: { baseUrl: mock.url, endpoints: manifest.endpoints } }), more);
  const { requests } = (await (await fetch(`${mock.origin}/_mock/requests`)).json()) as { readonly requests: readonly { readonly url: string }[] };
  return { ...called, records: called.bodies.flat() as Record[], asked: requests.map(({ url }) => url) };
}

const example = (body: unknown): Pick<EndpointManifest, 'examples'> => ({ examples: [{ title: 'As described', response: { status: 200, body } }] });
const idsOf = ({ records }: Read): unknown[] => records.map(({ id }) => id);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const stopOf = ({ events }: Called): unknown => events.findLast((event) => event.type === 'page')?.stop;

describe('stopWhen is true on the last page, and on no other', () => {
  const endless: PaginationUse = { type: 'page-number', settings: { sizeParam: 'n', size: 4, stopOnShortPage: false, stopOnEmptyPage: false } };
  const cases: readonly (readonly [stopWhen: string, example: object])[] = [
    ['{{ response.done }}', { items: [{ id: 1 }], done: true }],
    ['{{ response.done }}', { items: [{ id: 1 }], done: false }],
    ['{{ response.meta.more == false }}', { items: [{ id: 1 }] }],
    ['{{ !response.meta.more }}', { items: [{ id: 1 }], meta: { more: false } }],
    ['{{ response.next == null }}', { items: [{ id: 1 }], next: 'x' }],
    ['{{ response.state == "end" }}', { items: [{ id: 1 }], state: 'end' }],
    ['{{ response.left == 0 }}', { items: [{ id: 1 }], left: 0 }],
    ['{{ page.index + 1 >= response.pages }}', { items: [{ id: 1 }] }],
    ['{{ response.done == true && response.ok == true }}', { items: [{ id: 1 }], ok: true }],
    ['{{ headers["x-more"] == "0" }}', { items: [{ id: 1 }] }],
  ];
  for (const [stopWhen, body] of cases) {
    test(`${stopWhen} where the example has ${JSON.stringify(body)}`, async () => {
      const told = await read({ pagination: { ...endless, stopWhen }, ...example(body) });
      assert.deepEqual([told.error?.message, idsOf(told), stopOf(told)], [undefined, numbers(12), 'stop-expression']);
    });
  }

  test('records are never put aside for it', async () => {
    const told = await read({ pagination: { type: 'page-number', settings: { sizeParam: 'n', size: 5 }, stopWhen: '{{ response.items == 7 }}' }, ...example({ items: [{ id: 1 }] }) });
    assert.deepEqual([told.error?.message, idsOf(told)], [undefined, numbers(12)]);
  });
});

describe('slices have records of their own, each once', () => {
  const paged: Pick<EndpointManifest, 'pagination'> = { pagination: { type: 'cursor', settings: { sizeParam: 'limit', size: 2 } } };
  const states = { slices: [{ name: 'state', values: ['open', 'paid', 'sent'] }], query: { status: '{{ slice.state }}' } };

  test('by a field of the records', async () => {
    const told = await read({ ...paged, ...states, ...example({ items: [{ id: 1, status: 'open' }] }), record: { type: 'object', properties: { id: { type: 'integer' }, status: { enum: ['open', 'paid', 'sent'] } } } });
    assert.equal(told.error, undefined);
    assert.deepEqual(idsOf(told).toSorted((a, b) => Number(a) - Number(b)), numbers(12));
    assert.deepEqual(told.records.map(({ status }) => status), told.records.map(({ status }) => status as string).toSorted());
  });

  test('where no field says so: they are dealt out', async () => {
    const told = await read({ ...paged, ...states, ...example({ items: [{ id: 1 }] }) });
    assert.deepEqual([told.error, idsOf(told)], [undefined, [1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]]);
  });

  const shops: EndpointManifest = { ...receiving, path: '/shops', entity: 'shops', records: '$.shops', ...example({ shops: [{ id: 's1', city: 'Ulm' }, { id: 's2', city: 'Bern' }] }) };
  for (const [what, group, endpoint] of [
    ['in the path', undefined, { path: '/shops/{{ slice.shop }}/orders' }], ['in the query, in groups', 2, { query: { shops: '{{ slice.shop }}' } }], ['in a header', undefined, { headers: { 'X-Shop': 'id {{ slice.shop }}' } }],
    ['in a body', 3, { method: 'POST', idempotent: true, body: { format: 'json', template: { filter: { shops: '{{ slice.shop }}' } } } }],
  ] as const) {
    test(`of parents: ${what}`, async () => {
      const told = await read({ ...paged, ...endpoint, entity: 'orders', slices: [{ name: 'shop', endpoint: 'shops', ...(group !== undefined && { group }) }], ...example({ items: [{ id: 1 }] }) }, { others: { shops }, count: 6 });
      assert.deepEqual([told.error?.message, idsOf(told).toSorted()], [undefined, numbers(6)]);
    });
  }

  test('a product of two', async () => {
    const told = await read({ ...paged, slices: [{ name: 'a', values: [1, 2] }, { name: 'b', values: ['x', 'y'] }], query: { a: '{{ slice.a }}', b: '{{ slice.b }}' }, ...example({ items: [{ id: 1 }] }) });
    assert.deepEqual([told.error, idsOf(told).toSorted((a, b) => Number(a) - Number(b)), told.records.length], [undefined, numbers(12), 12]);
  });
});

describe('a range has the records that lie in it', () => {
  const at = (day: number): string => `2024-01-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  const days = example({ items: numbers(9).map((id) => ({ id, updated: at(10 - id) })) });
  const query = { since: '{{ cursor.from }}', until: '{{ cursor.to }}' };
  const paged: Pick<EndpointManifest, 'pagination'> = { pagination: { type: 'offset', settings: { size: 2 } } };

  const cases: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, range: Call['range'], ids: readonly number[]])[] = [
    ['from a time on', { incremental: { path: 'updated' } }, { from: at(7) }, [1, 2, 3]],
    ['up to a time, which does not belong to it', { incremental: { path: 'updated' } }, { to: at(3) }, [8, 9]],
    ['with an end that belongs to it', { incremental: { path: 'updated', isEndIncluded: true } }, { to: at(3) }, [8, 9]],
    ['with a start that does not', { incremental: { path: 'updated', isStartIncluded: false } }, { from: at(7) }, [1, 2, 3]],
    ['sorted', { incremental: { path: 'updated', isSorted: true } }, { from: at(7) }, [3, 2, 1]],
    ['in days', { incremental: { path: 'updated', format: 'date', recordFormat: 'date-time' } }, { from: '2024-01-08', to: '2024-01-09' }, [2]],
    ['in windows', { incremental: { path: 'updated', step: { count: 2, unit: 'day' } } }, { from: at(1), to: at(10) }, [8, 9, 6, 7, 4, 5, 2, 3, 1]],
    ['of numbers', { incremental: { path: 'id', kind: 'number' } }, { from: 4, to: 7 }, [4, 5, 6]],
    ['in a filter with more in it', { query: { filter: 'updated:>={{ cursor.from }}' }, incremental: { path: 'updated' } }, { from: at(8) }, [1, 2]],
  ];
  for (const [what, endpoint, range, ids] of cases) {
    test(what, async () => {
      const told = await read({ query, ...paged, ...days, ...endpoint }, { range, count: 9 });
      assert.deepEqual([told.error?.message, idsOf(told)], [undefined, ids]);
    });
  }
});
