import type { ConnectorManifest, EndpointManifest, PluginUse } from '../../server/model/connector.ts';

/** An endpoint for each way of paging, as connectors have them. */
export interface MockWay {
  readonly pagination: PluginUse;
  /** What the endpoint has beside `GET /orders` with its records at `$.orders`. */
  readonly endpoint?: Partial<EndpointManifest>;
  /** `xml`: the records stand in a text. */
  readonly format?: 'xml';
  /** Rank of the strategy among the proposals of a detection, at most; default 2. `undefined`: nothing in the answers can tell. */
  readonly mostRank?: number | undefined;
}

const post: Partial<EndpointManifest> = { method: 'POST', idempotent: true };
const text = (template: string): Partial<EndpointManifest> => ({ ...post, body: { format: 'text', template }, records: '$' });
const graphql: Partial<EndpointManifest> = { ...post, path: '/graphql', body: { format: 'json', template: { query: 'query($after: String, $first: Int) { orders(after: $after, first: $first) { nodes { id } pageInfo { endCursor hasNextPage } } }' } }, records: '$.data.orders.nodes' };

/** `size`: of a page, `hours`: of all records together, for windows. */
export const mockWays = (size: number): readonly MockWay[] => [
  { pagination: { type: 'single-page' } },
  { pagination: { type: 'page-number', settings: { sizeParam: 'per_page', size } } },
  { pagination: { type: 'page-number', settings: { start: 0, sizeParam: 'n', size, totalPagesPath: '$.meta.pages' } } },
  { pagination: { type: 'page-number', settings: { sizeParam: 'n', size, hasMorePath: '$.has_more', skipFirst: true } } },
  { pagination: { type: 'page-number', settings: { size, sizeParam: '$.size', in: 'body', param: '$.page', totalPath: '$.total' } }, endpoint: { ...post, body: { format: 'json', template: { filter: 'open' } } } },
  { pagination: { type: 'offset', settings: { size } } },
  { pagination: { type: 'offset', settings: { size, totalPath: '$.total', param: 'skip', sizeParam: 'take' } } },
  { pagination: { type: 'offset', settings: { size, by: 'received', hasMorePath: '$.more', in: 'form' } }, endpoint: { ...post, body: { format: 'form', template: { what: 'orders' } } } },
  { pagination: { type: 'cursor', settings: { sizeParam: 'limit', size } } },
  { pagination: { type: 'cursor', settings: { path: '$.paging.after', in: 'body', param: '$.paging.after', sizeParam: '$.paging.limit', size } }, endpoint: { ...post, body: { format: 'json', template: {} } } },
  { pagination: { type: 'cursor', settings: { path: '$.next', in: 'path', sizeParam: 'limit', size, start: 'first' } }, endpoint: { path: '/orders/{{ page.cursor }}' } },
  { pagination: { type: 'cursor', settings: { path: '$.next', in: 'header', param: 'x-cursor', sizeIn: 'query', sizeParam: 'limit', size } } },
  { pagination: { type: 'header-cursor', settings: { sizeParam: 'limit', size } } },
  { pagination: { type: 'json-link', settings: { sizeParam: 'limit', size } } },
  { pagination: { type: 'header-link', settings: { sizeParam: 'limit', size } } },
  { pagination: { type: 'header-url', settings: { sizeParam: 'limit', size } } },
  { pagination: { type: 'link-as-query', settings: { sizeParam: 'limit', size, only: ['page_info'] } } },
  { pagination: { type: 'link-as-query', settings: { sizeParam: 'limit', size, from: 'header' } } },
  { pagination: { type: 'keyset', settings: { sizeParam: 'limit', size, param: 'since_id' } } },
  { pagination: { type: 'expression', settings: { token: '{{ response.meta.token }}', param: 'x-from', in: 'header', sizeIn: 'query', sizeParam: 'limit', size } } },
  { pagination: { type: 'expression', settings: { token: '{{ record.id }}', param: 'after', sizeParam: 'limit', size, stopOnEmptyPage: true } } },
  { pagination: { type: 'graphql-cursor', settings: { connection: '$.data.orders', size } }, endpoint: graphql },
  { pagination: { type: 'graphql-cursor', settings: { connection: '$.data.orders', size } }, endpoint: { ...graphql, records: '$.data.orders.edges[*].node' } },
  { pagination: { type: 'relative-uri', settings: { uri: '/orders/after/{value}?limit={size}', value: '{{ response.meta.last }}', size, stopOnShortPage: false } }, endpoint: { query: { limit: String(size) } } },
  { pagination: { type: 'relative-uri', settings: { uri: '/orders/pages/{number}?limit={size}', start: 1, size, totalPagesPath: '$.pages' } }, endpoint: { query: { limit: String(size) } } },
  { pagination: { type: 'xml-page', settings: { size } }, endpoint: text('<list><page>{{ page.page }}</page><size>{{ page.size }}</size></list>'), format: 'xml' },
  { pagination: { type: 'soap-search', settings: { more: '<searchMoreWithId><searchId>{searchId}</searchId><pageIndex>{pageIndex}</pageIndex></searchMoreWithId>' } }, endpoint: text('<search/>'), format: 'xml' },
  { pagination: { type: 'scroll', settings: { sizeParam: 'size', sizeIn: 'query', size, with: { scroll: '1m' } } }, endpoint: { ...post, path: '/orders/_search' } },
  { pagination: { type: 'scroll', settings: { path: '$.scroll_id', nextPath: '/scroll', nextMethod: 'GET', in: 'query', param: 'id', sizeParam: 'size', size, totalPath: '$.total' } } },
  { pagination: { type: 'async-job', settings: { pollPath: '/exports/{id}', filesPath: '$.files', pollMs: 100 } }, endpoint: { ...post, path: '/exports', body: { format: 'json', template: { what: 'orders' } } } },
  { pagination: { type: 'async-job', settings: { pollPath: '/exports/{id}', filePath: '/exports/{id}/result', pollMs: 100 } }, endpoint: { ...post, path: '/exports', body: { format: 'json', template: { what: 'orders' } } } },
  { pagination: { type: 'date-window', settings: { from: '2024-01-01', to: '2024-01-03', unit: 'hour', step: 7 } } },
  { pagination: { type: 'date-window', settings: { from: '2024-01-01T00:00:00Z', to: '2024-01-02T00:00:00Z', unit: 'hour', step: 12, format: 'seconds', fromParam: 'after', toParam: 'before', pageParam: 'page', sizeParam: 'limit', size } } },
];

/** A connector with the one endpoint, `it`. */
export const wayManifest = ({ pagination, endpoint }: MockWay): ConnectorManifest => ({
  version: 1, title: 'Shop', baseUrl: 'https://shop.test/api/v1',
  endpoints: {
    it: {
      title: 'It', entity: 'orders', direction: 'receive', method: 'GET', path: '/orders', records: '$.orders', pagination, ...endpoint,
      record: { type: 'object', properties: { id: { type: 'integer' }, number: { type: 'string' }, total: { type: 'number' }, created_at: { type: 'string', format: 'date-time' } } },
    },
  },
});
