import type { Schema } from '../../plugins/sdk/index.ts';
import { cursorParts } from '../model/cursor-order.ts';
import { flag, integer, listOf, object, pageOf, text, texts, time } from './schema-parts.ts';

const scope = { enum: ['run', 'flow', 'workspace'] } as const;
const cacheSummary = object({ name: text, scope, owner: text, keys: integer, documents: integer, bytes: integer, lastAt: time }, ['name', 'scope', 'owner', 'keys', 'documents', 'bytes', 'lastAt']);
const cacheKeyRow = object({ key: text, documents: integer, bytes: integer, lastAt: time, expiresAt: time }, ['key', 'documents', 'bytes', 'lastAt', 'expiresAt']);
const cachedRow = object(
  { index: integer, mediaType: text, meta: texts, kind: { enum: ['json', 'text', 'binary'] }, bytes: integer, at: time, expiresAt: time, body: {} },
  ['index', 'mediaType', 'meta', 'kind', 'bytes', 'at', 'expiresAt'],
);
const poolSummary = object({ name: text, values: integer, entities: listOf(object({ entity: text, values: integer }, ['entity', 'values'])) }, ['name', 'values', 'entities']);
const poolValueRow = object({ entity: text, value: text, at: time, expiresAt: time, pendingFor: text }, ['entity', 'value', 'at', 'expiresAt']);
const cursorRow = object(
  { environment: text, flow: text, step: text, instance: text, endpoint: text, slice: text, kind: { enum: ['datetime', 'number', 'text'] }, value: text, seen: integer, run: text, at: time, pendingFor: text },
  [...cursorParts, 'kind', 'seen', 'at'],
);
export const trackedRow = object(
  { value: text, entity: text, direction: { enum: ['in', 'out'] }, flow: text, run: text, step: text, payload: text, at: time },
  ['value', 'entity', 'direction', 'flow', 'run', 'step', 'payload', 'at'],
);
const lookupSummary = object({ name: text, file: text, columns: listOf(text), rows: integer, error: text }, ['name', 'file', 'columns', 'rows']);
const lookupPage = object({ columns: listOf(text), items: listOf(listOf(text)), numbers: listOf(integer), stamp: text, page: integer, perPage: integer, total: integer }, ['columns', 'items', 'numbers', 'stamp', 'page', 'perPage', 'total']);
const lookupColumn = object({ name: text, type: { enum: ['string', 'number', 'decimal', 'boolean', 'date'] }, required: flag, isKey: flag, isValue: flag }, ['name', 'type', 'required', 'isKey', 'isValue']);
const lookupDetail = object(
  { name: text, title: text, file: text, stamp: text, rows: integer, delimiter: text, otherwise: { enum: ['null', 'default', 'error'] }, columns: listOf(lookupColumn) },
  ['name', 'file', 'stamp', 'rows', 'delimiter', 'otherwise', 'columns'],
);
const lookupValues = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } } as const;
const lookupFound = object({ found: flag, value: {}, row: lookupValues }, ['found', 'value']);
const stateChange = object({ added: integer, changed: integer, removed: integer }, ['added', 'changed', 'removed']);

/** Schemas of what the API says about caches, pools, tracked data and lookups. */
export const stateSchemas = {
  CacheSummary: cacheSummary, CacheKeyRow: cacheKeyRow, CachedRow: cachedRow, PoolSummary: poolSummary, PoolValueRow: poolValueRow, CursorRow: cursorRow, TrackedRow: trackedRow, LookupSummary: lookupSummary,
  LookupPage: lookupPage, LookupDetail: lookupDetail, LookupFound: lookupFound, StateChange: stateChange, Lookups: listOf(lookupSummary),
  CachePage: pageOf(cacheSummary), CacheKeyPage: pageOf(cacheKeyRow), CachedPage: pageOf(cachedRow), PoolPage: pageOf(poolSummary), PoolValuePage: pageOf(poolValueRow), CursorPage: pageOf(cursorRow), TrackedPage: pageOf(trackedRow),
} as const satisfies Record<string, Schema>;
