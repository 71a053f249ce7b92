import type { BodyEntry, BodyWindow, ExchangeRow, FlowSummary, LogRow, PageOf, PayloadRow, ReplayResult, RunDetail, RunSummary } from '../../server/model/api.ts';
import type { FindRequest, QueryRequest } from '../../server/model/body-find.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { RunStatus, StepCounts } from '../../server/model/run-event.ts';
import type { PayloadDiffOrder } from '../../server/model/run-diff.ts';
import type { ValuePlace } from '../../webview/protocol/diff.ts';
import { otherRuns, recordedDiff, recordedLineage, recordedRunDiff } from './recorded-diff.ts';
import type { RunHost } from '../../webview/protocol/run.ts';
import { findInItems, findInText, queryValue } from '../support/recorded-bodies.ts';

/** 24 November 2026, 12:04:31 UTC. */
export const startedAt = Date.UTC(2026, 10, 24, 12, 4, 31, 120);
const perPage = 100;

const shape = (type: string, title: string, icon: string, ports: CatalogEntry['ports'] = ['out']): CatalogEntry => ({ kind: 'shape', type, title, summary: title, icon, settings: {}, examples: [], source: 'built-in', ports: ports! });
export const catalog: readonly CatalogEntry[] = [
  shape('connector', 'Connector', 'plug'), shape('filter', 'Filter', 'filter'), shape('map', 'Map', 'arrow-swap'), shape('script', 'Script', 'code'),
  shape('flow-control', 'Flow control', 'layers'), shape('try-catch', 'Try and catch', 'shield', ['try', 'catch']), shape('notify', 'Notify', 'bell'), shape('route', 'Route', 'git-branch', { each: 'routes', and: ['else'] }),
];

export const longName = 'a-step-whose-id-somebody-made-from-the-whole-sentence-that-stood-in-the-ticket-about-the-missing-orders';
const flow = {
  version: 1, title: 'Import orders from the shop', start: 'get-orders',
  steps: {
    'report-bad': { shape: 'notify', title: 'Report the bad ones' },
    'get-orders': { shape: 'connector', title: 'Get orders', settings: { instance: 'shop' }, next: { out: 'only-paid' } },
    'only-paid': { shape: 'filter', title: 'Only paid orders', next: { out: 'guard' } },
    guard: { shape: 'try-catch', next: { try: 'to-erp', catch: 'report-bad' } },
    'to-erp': { shape: 'map', title: 'Map: order → ERP document', next: { out: 'totals' } },
    totals: { shape: 'script', title: 'Totals', next: { out: 'batches' } },
    batches: { shape: 'flow-control', title: 'Batches of 100', next: { out: 'send' } },
    send: { shape: 'connector', title: 'Send to the ERP', next: { out: longName } },
    [longName]: { shape: 'notify' },
    'old-step': { shape: 'script', title: 'Not used any more', disabled: true },
  },
};

const counts = (input: number, output: number, more: Partial<StepCounts> = {}): StepCounts => ({ in: input, out: output, failed: 0, records: output, durationMs: 120, ports: { out: output }, retries: 0, firstAt: startedAt, lastAt: startedAt + 3_100, ...more });

export const failedError = {
  code: 'MAP_FIELD', message: 'The field $.shipping.address.country of order 100457 is missing, and the lookup country-codes has no default.', step: 'to-erp',
  remedy: 'Give the rule a default, or the lookup a default value.', place: { file: 'flows/import-orders.flow.json', line: 62, pointer: '/steps/to-erp/settings/rules/11' }, details: { order: '100457', rule: 11 },
} as const;

export const detail: RunDetail = {
  id: 'run_01JDFW3Z7M4Q', flow: 'import-orders', status: 'partial-success', trigger: 'webhook', environment: 'dev', queuedAt: startedAt - 12, startedAt, durationMs: 3_240, failedPayloads: 2, flowVersion: 'sha', seed: 7,
  input: { id: 'p1', mediaType: 'application/json', body: 'input', size: 812 },
  flowText: JSON.stringify(flow, null, 2),
  steps: {
    'get-orders': counts(1, 5, { lastAt: startedAt + 912, records: 1_234, durationMs: 912, pages: 5, retries: 1, lastPages: [{ index: 4, records: 234, stop: 'no-link', at: startedAt + 900 }] }),
    'only-paid': counts(5, 5, { records: 1_019, durationMs: 14 }),
    guard: counts(1_019, 1_019),
    'to-erp': counts(1_019, 1_017, { failed: 2, records: 1_017, durationMs: 731 }),
    totals: counts(1_017, 1_017, { firstAt: startedAt + 400, lastAt: startedAt + 2_000, durationMs: 422 }),
    batches: counts(1_017, 11, { records: 1_017, durationMs: 9 }),
    send: counts(11, 11, { firstAt: startedAt + 1_550, records: 1_017, durationMs: 1_204, retries: 2 }),
    [longName]: counts(11, 11, { durationMs: 0 }),
    'report-bad': counts(2, 2, { durationMs: 1 }),
  },
};

const order = (n: number) => ({
  id: 100_000 + n, number: `SO-${100_000 + n}`, total_price: `${(n % 977) + 0.5}0`, paid: n % 5 !== 0, note: n % 7 === 0 ? `Zoë asked: "Bitte klingeln", ${'and more words of it '.repeat(12)}` : null,
  customer: { id: n % 500, name: `Customer ${n % 500}`, address: { street: '5 Brook Lane', city: 'Leeds', country: 'GB' } }, line_items: [{ sku: `A${n % 2_000}`, quantity: 1 + (n % 4), price: '20.50' }, { sku: 'B-1', quantity: 1, price: '3.00' }],
});

/** Bodies by name. `big` is an array of 357,478 orders, some 50 MB and more as text, which exists in windows only. */
const bigCount = 357_478;
const bodies: Readonly<Record<string, unknown>> = {
  input: { topic: 'orders/created', ids: [1, 2, 3] }, empty: [], order: order(457), orders: Array.from({ length: 250 }, (_, n) => order(n)), answer: { accepted: 100, rejected: 0, total: '20345.50' }, problem: { error: 'too many requests' },
};
export const csv = Array.from({ length: 20_000 }, (_, n) => `${n};SO-${100_000 + n};Leeds;${n % 977},50`).join('\r\n');

export interface Asked {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** A host which answers from memory and notes what it was asked. */
export function recordedHost(changes: { readonly detail?: RunDetail; readonly fail?: (method: string) => string | undefined } = {}) {
  const asked: Asked[] = [];
  const state = { detail: changes.detail ?? detail };
  const host = {
    open: () => ({ run: state.detail.id, catalog, title: 'Brook & Co' }),
    run: () => state.detail,
    payloads: (_run: string, step: string, side: PayloadRow['side'], page: number) => pageOf(payloads(step, side, state.detail.steps[step]?.[side] ?? 0), page),
    exchanges: (_run: string, step: string | undefined, page: number) => pageOf(exchanges.filter((row) => step === undefined || row.step === step), page),
    logs: (_run: string, filter: { step?: string; level?: string; page?: number }) => pageOf(logs.filter((row) => (filter.step === undefined || row.step === filter.step) && rank(row.level) >= rank(filter.level ?? 'debug')), filter.page ?? 1),
    body: (_run: string, hash: string, window: { path: string; offset: number; limit: number }) => bodyWindow(hash, window),
    findInBody: (_run: string, hash: string, request: FindRequest) => hash === 'csv' ? findInText(csv, 'plain', request) : hash === 'big' ? findInItems(order, bigCount, request) : findInText(JSON.stringify(bodies[hash]), 'json', request),
    queryBody: (_run: string, hash: string, request: QueryRequest) => queryValue(bodies[hash], request),
    openBody: () => true, saveBody: () => undefined, again: () => 'run_again', resume: () => 'run_resumed', replay: () => replayed, lineage: (run: string, value: ValuePlace) => recordedLineage(run, value), payloadDiff: (order: PayloadDiffOrder) => recordedDiff(order), openDiff: () => true, exportRun: () => undefined, runsOf: () => otherRuns, runDiff: () => recordedRunDiff, stop: () => undefined, follow: () => undefined, openFlow: () => undefined,
  };
  const noted = Object.fromEntries(Object.entries(host).map(([method, answer]) => [method, (...args: unknown[]) => {
    asked.push({ method, args });
    const reason = changes.fail?.(method);
    if (reason) throw new Error(reason);
    return (answer as (...args: unknown[]) => unknown)(...args);
  }])) as unknown as RunHost;
  return { host: noted, state, asked };
}

export const replayed = { run: detail.id, status: 'partial-success', durationMs: 0, steps: detail.steps, outputs: [], failures: [], identical: true, differences: [] } satisfies ReplayResult;
export const replayedDifferently = {
  ...replayed, status: 'failed', identical: false,
  differences: [
    { kind: 'status', was: 'partial-success', is: 'failed' },
    { kind: 'changed', step: 'to-erp', port: 'out', payload: 'p2', was: 'a'.repeat(64), is: 'b'.repeat(64), values: [{ pointer: '/0/country', before: 'GBR', after: 'GBX' }, { pointer: '/0/total', before: 20.5, after: 41 }] },
    { kind: 'changed', step: 'send', port: '', payload: 'p4', was: 'REMOTE_STATUS', is: 'REMOTE_UNREACHABLE' },
    { kind: 'missing', step: 'batches', port: 'out', payload: 'p9', was: 'c'.repeat(64) },
  ],
} satisfies ReplayResult;

const statuses: readonly RunStatus[] = ['success', 'success', 'success', 'partial-success', 'failed', 'success', 'stopped', 'interrupted', 'success', 'running'];
const flowIds = ['import-orders', 'order-webhook', 'stock-push', 'a/folder/with-a-flow-whose-name-is-much-longer-than-any-column-could-ever-be'];
export const runSummary = (n: number): RunSummary => {
  const status = statuses[n % statuses.length]!;
  return {
    id: `run_${String(900_000 - n)}`, flow: flowIds[n % flowIds.length]!, status, trigger: ['schedule', 'webhook', 'manual'][n % 3]!, environment: n % 2 ? 'dev' : 'production', queuedAt: startedAt - n * 317_000, startedAt: startedAt - n * 317_000 + 4,
    failedPayloads: status === 'partial-success' ? 2 : 0, ...(status !== 'running' && { durationMs: 40 + ((n * 7_919) % 90_000) }), ...(status === 'failed' && { error: { code: 'HTTP_STATUS', message: 'The ERP answered 503 to POST /documents four times.', step: 'send' } }),
  };
};

const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

export const flows: readonly FlowSummary[] = [
  { id: 'import-orders', file: 'flows/import-orders.flow.json', title: 'Import orders from the shop', enabled: true, errors: 0, lastRun: runSummary(0), deployed: { number: 3, hash: '3'.repeat(64), at: startedAt, by: 'ada' }, draftDiffers: true, triggers: [{ id: 'hourly', type: 'schedule', next: [soon(42), soon(102), soon(162)] }] },
  { id: 'order-webhook', file: 'flows/order-webhook.flow.json', title: 'Answer the order webhook', enabled: true, errors: 0, lastRun: runSummary(4), triggers: [{ id: 'shop', type: 'webhook', url: 'http://127.0.0.1:7341/hooks/order-webhook/shop' }] },
  { id: 'stock-push', file: 'flows/stock-push.flow.json', title: 'Push the stock every five minutes', enabled: false, errors: 2, triggers: [{ id: 'every-5', type: 'schedule', next: [soon(3)] }] },
];

function pageOf<T>(rows: readonly T[], page: number, size = perPage): PageOf<T> {
  return { items: rows.slice((page - 1) * size, page * size), page, perPage: size, total: rows.length };
}

function payloads(step: string, side: PayloadRow['side'], count: number): PayloadRow[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `p${n + 2}`, side, step, at: startedAt + n * 3, mediaType: step === 'batches' && n === 1 ? 'text/csv' : 'application/json', body: step === 'batches' ? ['big', 'csv', ''][n] ?? 'orders' : step === 'get-orders' ? 'orders' : 'order', size: step === 'batches' && n === 0 ? 104_857_600 : 812 + n,
    records: step === 'get-orders' ? 250 : 1, durationMs: 0.4 + (n % 9), ...(side === 'out' && { port: 'out', from: 'p1' }), ...(n % 3 === 0 && { meta: { 'shop.order': `SO-${100_000 + n}`, source: 'webhook' } }),
    ...(side === 'failed' && { error: { ...failedError, message: failedError.message.replace('100457', String(100_457 + n)) }, caughtBy: 'guard' }),
  }));
}

const exchanges: readonly ExchangeRow[] = Array.from({ length: 18 }, (_, n) => {
  const gets = n < 6;
  const limited = n === 3 || n === 9 || n === 14;
  return {
    id: `x${n}`, step: gets ? 'get-orders' : 'send', payload: `p${n}`, at: startedAt + n * 140, method: gets ? 'GET' : 'POST', url: gets ? `https://shop.example/admin/api/orders.json?status=any&limit=250&page_info=${'eyJsYXN0X2lkIjo'.repeat(4)}${n}` : 'https://erp.example/api/v2/documents/batch',
    requestHeaders: { accept: 'application/json', authorization: 'Bearer ••••', 'user-agent': 'patchbay/0.1' }, ...(!gets && { requestBody: 'orders' }), attempt: limited ? 1 : n === 4 || n === 10 || n === 15 ? 2 : 1, durationMs: 90 + n * 11,
    ...(n === 17 ? { error: { code: 'HTTP_CONNECT', message: 'No connection to erp.example:443: connection refused.', remedy: 'Check that the system runs and that the address of the instance is right.' } }
      : { status: limited ? 429 : 200, responseHeaders: { 'content-type': 'application/json; charset=utf-8', ...(limited && { 'retry-after': '2' }), link: '<https://shop.example/admin/api/orders.json?page_info=Z2>; rel="next"' }, responseBody: limited ? 'problem' : gets ? 'orders' : 'answer' }),
  };
});

const logs: readonly LogRow[] = Array.from({ length: 3_000 }, (_, n) => ({
  seq: n + 1, at: startedAt + n, step: n % 3 ? 'to-erp' : 'get-orders', level: n % 50 === 49 ? 'warn' : n === 1_234 ? 'error' : n % 4 ? 'debug' : 'info',
  message: n % 50 === 49 ? `item ${n}: price is null, 0 was taken` : n === 1_234 ? failedError.message : n % 3 ? `order ${100_000 + n} mapped` : `page ${n} of the orders was read`, ...(n % 50 === 49 && { fields: { order: 100_000 + n, rule: 4, path: '$.total_price' } }),
}));
const rank = (level: string): number => ['debug', 'info', 'warn', 'error'].indexOf(level);

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value) as BodyWindow['kind'];
const entryOf = (key: string, value: unknown): BodyEntry => {
  const kind = kindOf(value);
  if (kind === 'object' || kind === 'array') return { key, kind, count: Object.keys(value as object).length };
  return typeof value === 'string' && value.length > 1_024 ? { key, kind, value: value.slice(0, 1_024), cut: true } : { key, kind, value };
};

function bodyWindow(hash: string, { path, offset, limit }: { path: string; offset: number; limit: number }): BodyWindow {
  if (hash === 'csv') return { hash, size: csv.length, mediaType: 'text/csv', kind: 'text', count: 0, offset, entries: [], value: csv.slice(offset, offset + 65_536), ...(offset + 65_536 < csv.length && { cut: true }) };
  const segments = path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const isBig = hash === 'big';
  const value = isBig && segments.length === 0 ? undefined : (isBig ? segments.slice(1) : segments).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], isBig ? order(Number(segments[0])) : bodies[hash]);
  const head = { hash, size: isBig ? 104_857_600 : JSON.stringify(bodies[hash]).length, mediaType: 'application/json', offset };
  if (value === undefined) return { ...head, kind: 'array', count: bigCount, entries: Array.from({ length: Math.min(limit, bigCount - offset) }, (_, n) => entryOf(String(offset + n), order(offset + n))) };
  if (value === null || typeof value !== 'object') return { ...head, kind: kindOf(value), count: 0, entries: [], value };
  const all = Object.entries(value);
  return { ...head, kind: kindOf(value), count: all.length, entries: all.slice(offset, offset + limit).map(([key, item]) => entryOf(key, item)) };
}
