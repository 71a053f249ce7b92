import { pipeline } from 'node:stream/promises';
import { decodeText } from '../../../plugins/sdk/index.ts';
import type { StateChange } from '../../model/api.ts';
import { cursorKinds, cursorParts, type CursorKind } from '../../model/cursor-order.ts';
import type { CacheId, CursorId } from '../../runner/state-access.ts';
import { readBytes } from '../body.ts';
import { apiHeaders } from '../problem.ts';
import { readDocument } from '../read-payload.ts';
import { given, invalid, paging, rangeOf, readJson, type Call, type QueryParam, type Route } from '../route.ts';

const place: Readonly<Record<string, QueryParam>> = {
  scope: { summary: 'Who shares the cache.', values: ['run', 'flow', 'workspace'], default: 'workspace' },
  owner: { summary: 'The flow or run whose cache it is; none for the workspace’s.', default: '' },
};
const key: QueryParam = { summary: 'The key.', isRequired: true };
const ttl: QueryParam = { summary: 'Milliseconds after which it ends.', type: 'integer', minimum: 1 };
const cursorFilters: Readonly<Record<string, QueryParam>> = Object.fromEntries(cursorParts.map((part) => [`filter[${part}]`, { summary: `Only of this ${part}.` }]));
export const changed = { summary: 'What was changed', schema: 'StateChange' } as const;

/** Caches, pools, cursors and tracked data: what runs keep, for people to see and change. */
export const stateRoutes: readonly Route[] = [
  {
    method: 'get', path: '/caches', summary: 'Caches that hold something',
    query: { 'filter[name]': { summary: 'Only of this name.' }, 'filter[scope]': { summary: 'Only with this scope.', values: ['run', 'flow', 'workspace'] }, 'filter[owner]': { summary: 'Only of this flow or run.' }, ...paging },
    answer: { summary: 'A page of caches', schema: 'CachePage' },
    handle: ({ runner, query }) => runner.state.caches.list(given({ name: query['filter[name]'], scope: query['filter[scope]'], owner: query['filter[owner]'], ...rangeOf(query) })),
  },
  {
    method: 'get', path: '/caches/{cache}/keys', summary: 'Keys of a cache', query: { ...place, 'filter[prefix]': { summary: 'Only those that begin with it.' }, ...paging },
    answer: { summary: 'A page of keys', schema: 'CacheKeyPage' },
    handle: (call) => call.runner.state.caches.keys(cacheOf(call), given({ prefix: call.query['filter[prefix]'], ...rangeOf(call.query) })),
  },
  { method: 'delete', path: '/caches/{cache}/keys', summary: 'Clears a cache', query: place, answer: changed, handle: async (call) => removed(await call.runner.state.caches.clear(cacheOf(call))) },
  {
    method: 'get', path: '/caches/{cache}/documents', summary: 'Documents under a key, long bodies left out', query: { key, ...place, ...paging }, answer: { summary: 'A page of documents', schema: 'CachedPage' },
    handle: (call) => call.runner.state.caches.documents(cacheOf(call), call.query.key as string, rangeOf(call.query)),
  },
  {
    method: 'put', path: '/caches/{cache}/documents', summary: 'Puts a document in place of those under a key', query: { key, ...place, ttl_ms: ttl },
    body: { summary: 'The document, read by its content type.', schema: 'any' }, answer: changed, also: { 400: 'The document is not what its content type says, or the cache is full.' },
    async handle(call) {
      const { body, mediaType } = await documentOf(call);
      await call.runner.state.caches.put(cacheOf(call), call.query.key as string, [{ body, mediaType, meta: {} }], ttlOf(call));
      return { added: 0, changed: 1, removed: 0 } satisfies StateChange;
    },
  },
  {
    method: 'delete', path: '/caches/{cache}/documents', summary: 'Deletes the documents under a key', query: { key, ...place }, answer: changed,
    handle: async (call) => removed((await call.runner.state.caches.delete(cacheOf(call), call.query.key as string)) ? 1 : 0),
  },
  {
    method: 'get', path: '/pools', summary: 'Pools that hold something', query: { 'filter[name]': { summary: 'Only of this name.' }, ...paging }, answer: { summary: 'A page of pools', schema: 'PoolPage' },
    handle: ({ runner, query }) => runner.state.pools.list(given({ name: query['filter[name]'], ...rangeOf(query) })),
  },
  {
    method: 'get', path: '/pools/{pool}/values', summary: 'Values of a pool',
    query: { 'filter[entity]': { summary: 'Only of this entity type.' }, 'filter[prefix]': { summary: 'Only those that begin with it.' }, ...paging }, answer: { summary: 'A page of values', schema: 'PoolValuePage' },
    handle: ({ runner, path, query }) => runner.state.pools.values(path.pool!, given({ entity: query['filter[entity]'], prefix: query['filter[prefix]'], ...rangeOf(query) })),
  },
  {
    method: 'post', path: '/pools/{pool}/values', summary: 'Adds values to a pool', query: { ttl_ms: ttl }, answer: changed,
    body: { summary: 'CSV (`text/csv`) with the columns `value,entity_type`.', schema: 'any' }, handle: async (call) => call.runner.state.pools.import(call.path.pool!, await csvOf(call), ttlOf(call)),
  },
  {
    method: 'delete', path: '/pools/{pool}/values', summary: 'Removes values from a pool, or all of them', answer: changed,
    query: { value: { summary: 'A value; may stand several times. Without one, all values go.', type: 'texts' }, entity: { summary: 'Entity type of the values; needed with values.' } },
    handle: removeValues,
  },
  { method: 'get', path: '/pools/{pool}/export', summary: 'All values of a pool as CSV', answer: { summary: 'The values', mediaType: 'text/csv' }, handle: (call) => answerCsv(call, call.runner.state.pools.export(call.path.pool!)) },
  {
    method: 'get', path: '/cursors', summary: 'How far incremental reading has got', query: { ...cursorFilters, ...paging }, answer: { summary: 'A page of cursors', schema: 'CursorPage' },
    handle: ({ runner, query }) => runner.state.cursors.list(given({ ...cursorFilterOf(query), ...rangeOf(query) })),
  },
  {
    method: 'put', path: '/cursors', summary: 'Says from where the next run reads', answer: changed, also: { 400: 'The value is none of its kind.' },
    body: {
      summary: 'The cursor, and its value: a time in ISO 8601, a number or a text',
      schema: {
        type: 'object', required: ['flow', 'step', 'instance', 'endpoint', 'kind', 'value'], additionalProperties: false,
        properties: { environment: { type: 'string', default: '' }, flow: { type: 'string' }, step: { type: 'string' }, instance: { type: 'string' }, endpoint: { type: 'string' }, slice: { type: 'string', default: '' }, kind: { enum: [...cursorKinds] }, value: { type: 'string' } },
      },
    },
    async handle(call) {
      const { kind, value, slice = '', environment = '', ...id } = (await readJson(call)) as Pick<CursorId, 'flow' | 'step' | 'instance' | 'endpoint'> & { readonly slice?: string; readonly environment?: string; readonly kind: CursorKind; readonly value: string };
      return call.runner.state.cursors.set({ ...id, environment, slice }, kind, value);
    },
  },
  {
    method: 'delete', path: '/cursors', summary: 'Forgets how far reading has got, so that the next run reads from the beginning', query: cursorFilters, answer: changed,
    handle: async ({ runner, query }) => removed(await runner.state.cursors.reset(given(cursorFilterOf(query)))),
  },
  {
    method: 'get', path: '/tracked', summary: 'Where tracked values were seen, the newest first',
    query: {
      'filter[value]': { summary: 'Exactly this value.' }, 'filter[prefix]': { summary: 'Values that begin with it.' }, 'filter[entity]': { summary: 'Only of this entity type.' }, 'filter[flow]': { summary: 'Only of this flow.' },
      'filter[run]': { summary: 'Only of this run.' }, 'filter[direction]': { summary: 'Only in this direction.', values: ['in', 'out'] },
      'filter[since]': { summary: 'From this time on, in milliseconds since the epoch.', type: 'integer', minimum: 0 }, 'filter[until]': { summary: 'Before this time.', type: 'integer', minimum: 0 }, ...paging,
    },
    answer: { summary: 'A page of places', schema: 'TrackedPage' },
    handle: ({ runner, query }) => runner.state.tracked.search(given({ ...Object.fromEntries(trackedFilters.map((name) => [name, query[`filter[${name}]`]])), ...rangeOf(query) })),
  },
];

const trackedFilters = ['value', 'prefix', 'entity', 'flow', 'run', 'direction', 'since', 'until'];

const cursorFilterOf = (query: Call['query']): object => Object.fromEntries(cursorParts.map((part) => [part, query[`filter[${part}]`]]));

function cacheOf({ path, query }: Call): CacheId {
  const { scope, owner } = query as { scope: CacheId['scope']; owner: string };
  if ((scope === 'workspace') !== (owner === '')) throw invalid('A cache with the scope "run" or "flow" has an owner, that of the workspace has none.');
  return { name: path.cache!, scope, owner };
}

async function removeValues({ runner, path, query }: Call): Promise<StateChange> {
  const { value, entity } = query as { value: readonly string[]; entity?: string };
  if (value.length === 0) return removed(await runner.state.pools.clear(path.pool!, entity));
  if (entity === undefined) throw invalid('The parameter "entity" is missing: a value belongs to an entity type.');
  return removed(await runner.state.pools.remove(path.pool!, value, entity));
}

const removed = (count: number): StateChange => ({ added: 0, changed: 0, removed: count });

const ttlOf = ({ query }: Call): { readonly ttlMs?: number } => (query.ttl_ms === undefined ? {} : { ttlMs: query.ttl_ms as number });

const documentOf = async ({ request, limits }: Call) => readDocument(await readBytes(request, limits.payloadBytes), request.headers['content-type']);

/** The text of a CSV document. */
export async function csvOf(call: Call): Promise<string> {
  const { body, mediaType } = await documentOf(call);
  if (mediaType !== 'text/csv') throw invalid('The request must have the content type text/csv.');
  return typeof body === 'string' ? body : decodeText(body as Uint8Array, { what: 'The body' });
}

export async function answerCsv({ response }: Call, lines: AsyncIterable<string> | Iterable<string | Uint8Array>): Promise<void> {
  response.writeHead(200, { ...apiHeaders, 'content-type': 'text/csv; charset=utf-8' });
  // A reader that leaves is no failure of ours.
  await pipeline(lines, response).catch(() => undefined);
}

/** Without what is undefined. The table above has checked the types. */
