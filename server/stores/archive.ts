import type { DatabaseSync } from 'node:sqlite';
import type { BodyWindow, ExchangeRow, LogRow, PageOf, PayloadRow, RunDetail, RunFilter, RunSummary } from '../model/api.ts';
import type { BodyFound, BodyResults, FindRequest, QueryRequest } from '../model/body-find.ts';
import type { NumberedRunEvent, RunEvent, RunStatus } from '../model/run-event.ts';
import type { Blobs } from './blobs.ts';
import { eventKinds } from './migrations.ts';
import type { LiveState } from './record-run.ts';
import { firstPage, pageSize, statement } from './statements.ts';
import { openWindows, type WindowBody } from './windows.ts';

/** Reads the recordings: the `RunArchive` of the runner, and what the runner itself asks. Pages count from 1. */
export interface Archive {
  runs(filter: RunFilter & { readonly page?: number; readonly perPage?: number }): PageOf<RunSummary>;
  /** The newest runs before one, with their numbers. */
  runsBefore(filter: RunFilter, before: number, limit: number): readonly (RunSummary & { readonly number: number })[];
  run(id: string): RunDetail | undefined;
  payloads(run: string, step: string, side: PayloadRow['side'], page: number, perPage?: number, only?: OnlyPayloads): PageOf<PayloadRow>;
  exchanges(run: string, step: string | undefined, page: number, perPage?: number): PageOf<ExchangeRow>;
  logs(run: string, filter: { readonly step?: string; readonly level?: string; readonly page?: number; readonly perPage?: number }): PageOf<LogRow>;
  /** The body, where this run refers to it. A range ends before `end`. */
  body(run: string, hash: string): { readonly mediaType: string; readonly size: number; open(range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array> } | undefined;
  window(run: string, hash: string, window: { readonly path: string; readonly offset: number; readonly limit: number }): Promise<BodyWindow | undefined>;
  /** Where a text stands in a body; what a JSONPath finds in it. `undefined`: this run has no such body. See `Windows`. */
  find(run: string, hash: string, request: FindRequest): Promise<BodyFound | undefined>;
  query(run: string, hash: string, request: QueryRequest): Promise<BodyResults | undefined>;
  /** Events after a place of the stream, in order. */
  events(run: string, afterSeq: number, limit: number): NumberedRunEvent[];
  /** Whether the run is there and not over. */
  isOpen(run: string): boolean;
}

/** This payload alone; those that were made of one. */
export interface OnlyPayloads {
  readonly payload?: string;
  readonly from?: string;
}

/** `live`: the state of a run that this process records; newer than what the database says. */
export function openArchive(database: DatabaseSync, blobs: Blobs, live: (run: string) => LiveState | undefined): Archive {
  const windows = openWindows(blobs);
  const all = <T>(sql: string, ...values: (string | number | Uint8Array)[]): T[] => statement(database, sql).all(...values) as T[];
  const one = <T>(sql: string, ...values: (string | number | Uint8Array)[]): T | undefined => statement(database, sql).get(...values) as T | undefined;
  const numberOf = (run: string): number => one<{ number: number }>('SELECT number FROM runs WHERE id = ?', run)?.number ?? 0;

  /** A page of events of one run. `kind > 0` must stand in `where`, or SQLite does not use the index. */
  const page = <T>(run: string, where: string, values: (string | number)[], pageNumber: number, perPage: number | undefined, read: (row: EventRow) => T): PageOf<T> => {
    const number = numberOf(run);
    const size = pageSize(perPage);
    const at = firstPage(pageNumber);
    const [total] = all<{ n: number }>(`SELECT COUNT(*) AS n FROM events WHERE run = ? AND ${where}`, number, ...values);
    const rows = all<EventRow>(`SELECT seq, json, duration_ms FROM events WHERE run = ? AND ${where} ORDER BY seq LIMIT ? OFFSET ?`, number, ...values, size, (at - 1) * size);
    return { items: rows.map(read), page: at, perPage: size, total: total?.n ?? 0 };
  };

  const bodyRow = (run: string, hash: string): BodyRow | undefined => {
    if (!/^[0-9a-f]{64}$/.test(hash)) return undefined;
    return one<BodyRow>('SELECT b.size, b.data, r.media_type FROM bodies b JOIN body_refs r ON r.body = b.id WHERE b.hash = ? AND r.run = ?', Buffer.from(hash, 'hex'), numberOf(run));
  };

  const windowBody = (run: string, hash: string): WindowBody | undefined => {
    const row = bodyRow(run, hash);
    if (!row || (row.data === null && !blobs.has(hash))) return undefined;
    return { hash, size: row.size, mediaType: row.media_type, ...(row.data && { bytes: row.data }) };
  };

  return {
    runs({ page: pageNumber = 1, perPage, ...filter }) {
      const size = pageSize(perPage);
      const at = firstPage(pageNumber);
      const { where, values, isCounted } = conditionsOf(filter);
      const total = one<{ n: number | null }>(isCounted ? `SELECT SUM(n) AS n FROM run_counts WHERE ${where}` : `SELECT COUNT(*) AS n FROM runs WHERE ${where}`, ...values)?.n ?? 0;
      const rows = all<RunRecord>(`SELECT ${summaryColumns} FROM runs WHERE ${where} ORDER BY number DESC LIMIT ? OFFSET ?`, ...values, size, (at - 1) * size);
      return { items: rows.map((row) => summaryOf(row, live(row.id))), page: at, perPage: size, total };
    },
    runsBefore(filter, before, limit) {
      const { where, values } = conditionsOf(filter);
      const rows = all<RunRecord & { readonly number: number }>(`SELECT number, ${summaryColumns} FROM runs WHERE ${where} AND number < ? ORDER BY number DESC LIMIT ?`, ...values, before, limit);
      return rows.map((row) => ({ ...summaryOf(row, live(row.id)), number: row.number }));
    },
    run(id) {
      const row = one<RunRecord>(`SELECT ${summaryColumns}, flow_version, seed, input, steps, (SELECT text FROM flow_texts WHERE version = flow_version) AS flow_text FROM runs WHERE id = ?`, id);
      return row && detailOf(row, live(id));
    },
    payloads(run, step, side, pageNumber, perPage, { payload, from } = {}) {
      const only = [...(payload === undefined ? [] : [["json ->> '$.payload.id' = ?", payload]]), ...(from === undefined ? [] : [["json ->> '$.from' = ?", from]])] as [string, string][];
      const where = ['kind > 0 AND kind = ? AND step = ?', ...only.map(([condition]) => condition)].join(' AND ');
      return page(run, where, [eventKinds[side], step, ...only.map(([, value]) => value)], pageNumber, perPage, (row) => payloadRow(row, side));
    },
    exchanges: (run, step, pageNumber, perPage) =>
      page(run, step === undefined ? 'kind > 0 AND kind = ?' : 'kind > 0 AND kind = ? AND step = ?', step === undefined ? [eventKinds.exchange] : [eventKinds.exchange, step], pageNumber, perPage, exchangeRow),
    logs(run, { step, level = 'debug', page: pageNumber = 1, perPage }) {
      const lowest = eventKinds[level as 'debug'] ?? eventKinds.debug;
      const where = `kind > 0 AND kind BETWEEN ? AND ?${step === undefined ? '' : ' AND step = ?'}`;
      return page(run, where, [lowest, eventKinds.error, ...(step === undefined ? [] : [step])], pageNumber, perPage, logRow);
    },
    body(run, hash) {
      const row = bodyRow(run, hash);
      if (!row || (row.data === null && !blobs.has(hash))) return undefined;
      return { mediaType: row.media_type, size: row.size, open: (range) => (row.data === null ? blobs.read(hash, range) : single(range ? row.data.subarray(range.start, range.end) : row.data)) };
    },
    async window(run, hash, window) {
      const body = windowBody(run, hash);
      return body && windows.read(body, window);
    },
    async find(run, hash, request) {
      const body = windowBody(run, hash);
      return body && windows.find(body, request);
    },
    async query(run, hash, request) {
      const body = windowBody(run, hash);
      return body && windows.query(body, request);
    },
    events: (run, afterSeq, limit) =>
      all<EventRow>('SELECT seq, json FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?', numberOf(run), afterSeq, limit).map(({ seq, json }) => ({ run, seq, event: JSON.parse(json) as RunEvent })),
    isOpen: (run) => ['queued', 'running'].includes(one<{ status: string }>('SELECT status FROM runs WHERE id = ?', run)?.status ?? ''),
  };
}

const summaryColumns = 'id, flow, status, trigger, environment, version, queued_at, started_at, duration_ms, failed_payloads, error, origin, pinned';

interface RunRecord {
  readonly id: string;
  readonly flow: string;
  readonly status: string;
  readonly trigger: string;
  readonly environment: string | null;
  readonly version: string | null;
  readonly queued_at: number;
  readonly started_at: number | null;
  readonly duration_ms: number | null;
  readonly failed_payloads: number;
  readonly error: string | null;
  readonly origin: string | null;
  readonly pinned: number;
  readonly flow_version: string;
  readonly flow_text: string | null;
  readonly seed: number | null;
  readonly input: string | null;
  readonly steps: string | null;
}

interface EventRow {
  readonly seq: number;
  readonly json: string;
  readonly duration_ms: number | null;
}

interface BodyRow {
  readonly size: number;
  readonly data: Uint8Array | null;
  readonly media_type: string;
}

/** `isCounted`: `run_counts` knows how many they are, so that nobody has to count. */
function conditionsOf({ flow, status, trigger, environment, since, until, error, text, origin, pinned }: RunFilter): { readonly where: string; readonly values: readonly (string | number)[]; readonly isCounted: boolean } {
  const statuses = status === undefined ? [] : typeof status === 'string' ? [status] : status;
  const conditions: [text: string, ...values: (string | number)[]][] = [['true']];
  const add = (value: string | number | undefined, condition: string): void => { if (value !== undefined) conditions.push([condition, value]); };
  add(flow, 'flow = ?');
  // One that was begun and waits was interrupted, too: its process has ended.
  const isInterrupted = statuses.includes('interrupted') && !statuses.includes('queued');
  if (statuses.length > 0) conditions.push([`(status IN (${statuses.map(() => '?').join(', ')})${isInterrupted ? " OR status = 'queued' AND started_at IS NOT NULL" : ''})`, ...statuses]);
  const isCounted = !isInterrupted && [trigger, environment, since, until, error, text, origin, pinned].every((given) => given === undefined);
  add(trigger, 'trigger = ?');
  add(environment, 'environment = ?');
  add(since, 'queued_at >= ?');
  add(until, 'queued_at < ?');
  add(error, 'error IS NOT NULL AND error_code = ?');
  // SQLite knows the cases of ASCII only; whatever else there is must be as it stands.
  add(text, "error IS NOT NULL AND instr(lower(error ->> '$.message'), lower(?)) > 0");
  if (origin === 'none') conditions.push(['origin IS NULL']);
  else add(origin, "origin ->> '$.kind' = ?");
  if (pinned !== undefined) conditions.push([pinned ? 'pinned = 1' : 'pinned = 0']);
  return { where: conditions.map(([condition]) => condition).join(' AND '), values: conditions.flatMap(([, ...values]) => values), isCounted };
}

function summaryOf(row: RunRecord, live: LiveState | undefined): RunSummary {
  const startedAt = live?.startedAt ?? row.started_at ?? undefined;
  const durationMs = live?.durationMs ?? row.duration_ms ?? undefined;
  const error = live?.error ?? (row.error === null ? undefined : JSON.parse(row.error));
  return {
    id: row.id, flow: row.flow, status: live?.status ?? (row.status as RunStatus), trigger: row.trigger, queuedAt: row.queued_at,
    failedPayloads: live?.failedPayloads ?? row.failed_payloads,
    ...(row.environment !== null && { environment: row.environment }), ...(row.version !== null && { version: Number(row.version) }), ...(startedAt !== undefined && { startedAt }), ...(durationMs !== undefined && { durationMs }), ...(error && { error }), ...(row.origin !== null && { origin: JSON.parse(row.origin) }), ...(row.pinned === 1 && { pinned: true }),
  };
}

function detailOf(row: RunRecord, live: LiveState | undefined): RunDetail {
  return {
    ...summaryOf(row, live), flowVersion: row.flow_version, ...(row.seed !== null && { seed: row.seed }), ...(row.input !== null && { input: JSON.parse(row.input) }),
    steps: live?.steps ?? (row.steps === null ? {} : JSON.parse(row.steps)), flowText: row.flow_text ?? '',
  };
}

function payloadRow(row: EventRow, side: PayloadRow['side']): PayloadRow {
  const event = JSON.parse(row.json) as RunEvent & { type: 'payload-in' | 'payload-out' | 'payload-failed' };
  const { payload, step, at } = event;
  return {
    ...payload, side, step, at,
    ...(row.duration_ms !== null && { durationMs: row.duration_ms }),
    ...(event.type === 'payload-out' && { port: event.port, ...(event.from !== undefined && { from: event.from }) }),
    ...(event.type === 'payload-failed' && { error: event.error, ...(event.from !== undefined && { from: event.from }), ...(event.caughtBy !== undefined && { caughtBy: event.caughtBy }) }),
  };
}

function exchangeRow({ json }: EventRow): ExchangeRow {
  const { exchange, step, payload, at } = JSON.parse(json) as RunEvent & { type: 'exchange' };
  return { ...exchange, ...(step !== undefined && { step }), ...(payload !== undefined && { payload }), at };
}

function logRow({ seq, json }: EventRow): LogRow {
  const { type: _, ...log } = JSON.parse(json) as RunEvent & { type: 'log' };
  return { seq, ...log };
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
