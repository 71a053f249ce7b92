import type { DatabaseSync } from 'node:sqlite';
import type { RunError, RunEvent } from '../model/run-event.ts';
import type { Lease } from './queue.ts';
import { statement } from './statements.ts';

/** What the queue asks of the writer: each is done within the transaction of its group. */
export type QueueCall =
  | { readonly type: 'lease'; readonly owner: string; readonly most: number; readonly now: number; readonly isOwnOnly: boolean }
  | { readonly type: 'renew'; readonly run: string; readonly fence: number }
  | { readonly type: 'release'; readonly run: string; readonly fence: number; readonly strike: boolean }
  | { readonly type: 'requeue'; readonly owners: readonly string[]; readonly now: number }
  | { readonly type: 'stop'; readonly run: string; readonly now: number; readonly onlyWaiting?: true };

export interface QueueResults {
  readonly lease: readonly Lease[];
  readonly renew: boolean;
  readonly release: boolean;
  readonly requeue: number;
  readonly stop: 'stopped' | 'asked' | undefined;
}

interface Candidate {
  readonly number: number;
  readonly run: string;
  readonly flow: string;
  readonly trigger: string;
  readonly lane: string;
  readonly fence: number;
  readonly strikes: number;
  readonly priority: number;
  readonly flow_limit: number | null;
  readonly deaths: number;
}

interface OpenRow {
  readonly number: number;
  readonly request: string | null;
  readonly stop_at: number | null;
  readonly started_at: number | null;
}

interface OrphanRow extends OpenRow {
  readonly deaths: number;
  /** Payloads that steps were through with, when a process died with it last, and now. */
  readonly done_at_death: number;
  readonly done: number;
}

/**
 * Processes in a row that may die with the same run at work, without its getting any further. Nobody knows whether the run is to blame or somebody who ends the
 * process again and again, and what was accepted must not be lost to him: with the pauses in between so many take a quarter of an hour.
 */
const mostDeaths = 20;
/** From so many on it is kept apart from others that were at work then, and waits before it is tried again. */
const suspectDeaths = 2;
/** Milliseconds of that: doubled each time. */
const pauseMs = { first: 1_000, most: 60_000 };
/** But not longer than this: a run may be at work for days. */
const suspectMs = 60_000;

/** Does a call in SQLite, in the transaction of its caller. */
export function doQueueCall(database: DatabaseSync, call: QueueCall): QueueResults[QueueCall['type']] {
  switch (call.type) {
    case 'lease':
      return lease(database, call);
    case 'renew':
      return Number(statement(database, "UPDATE runs SET fence = fence + 1 WHERE id = ? AND fence = ? AND owner <> ''").run(call.run, call.fence).changes) > 0;
    case 'release':
      return Number(statement(database, "UPDATE runs SET owner = '', status = 'queued', fence = fence + 1, strikes = strikes + ? WHERE id = ? AND fence = ? AND owner <> ''").run(call.strike ? 1 : 0, call.run, call.fence).changes) > 0;
    case 'requeue':
      return call.owners.reduce((count, owner) => count + requeue(database, owner, call.now), 0);
    case 'stop':
      return stop(database, call);
  }
}

function lease(database: DatabaseSync, { owner, most, now, isOwnOnly }: QueueCall & { type: 'lease' }): readonly Lease[] {
  const take = statement(database, 'UPDATE runs SET owner = ?, reserved = NULL, fence = fence + 1, leased_at = ? WHERE number = ?');
  const atWork = new Map<string, number>();
  const leased: Lease[] = [];
  for (const candidate of candidates(database, owner, most, now, isOwnOnly)) {
    if (leased.length >= most) break;
    const { number, run, flow, trigger, lane, fence, strikes, flow_limit: limit, deaths } = candidate;
    if (deaths >= suspectDeaths && isSuspectAtWork(database, now)) continue;
    if (limit !== null) {
      const count = atWork.get(flow) ?? countOf(database, flow);
      if (count >= limit) continue;
      atWork.set(flow, count + 1);
    }
    if (lane !== flow && isAtWork(database, flow, trigger)) continue;
    take.run(owner, now, number);
    leased.push({ run, flow, fence: fence + 1, strikes });
  }
  return leased;
}

/** The first runs of each lane, the most urgent first. Lanes are few; what waits in one may be much, and is not looked through. */
function candidates(database: DatabaseSync, owner: string, most: number, now: number, isOwnOnly: boolean): Candidate[] {
  const lanes = statement(database, `
    WITH RECURSIVE lanes (lane) AS (
      SELECT MIN(lane) FROM runs WHERE status = 'queued' AND owner = ''
      UNION ALL SELECT (SELECT MIN(lane) FROM runs WHERE status = 'queued' AND owner = '' AND lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL
    ) SELECT lane FROM lanes WHERE lane IS NOT NULL`);
  const first = statement(database, `
    SELECT number, id AS run, flow, trigger, lane, fence, strikes, priority, flow_limit, deaths FROM runs
    WHERE status = 'queued' AND owner = '' AND lane = ?1 AND (not_before IS NULL OR not_before <= ?2) AND ${isOwnOnly ? 'reserved = ?3' : '(reserved IS NULL OR reserved = ?3)'}
    ORDER BY priority, number LIMIT ?4`);
  const found = (lanes.all() as { lane: string }[]).flatMap(({ lane }) => first.all(lane, now, owner, most) as unknown as Candidate[]);
  return found.sort((left, right) => left.priority - right.priority || left.number - right.number);
}

const countOf = (database: DatabaseSync, flow: string): number => (statement(database, "SELECT COUNT(*) AS n FROM runs WHERE flow = ? AND owner <> ''").get(flow) as { n: number }).n;

const isAtWork = (database: DatabaseSync, flow: string, trigger: string): boolean => statement(database, "SELECT 1 FROM runs WHERE flow = ? AND owner <> '' AND trigger = ? LIMIT 1").get(flow, trigger) !== undefined;

const isSuspectAtWork = (database: DatabaseSync, now: number): boolean => statement(database, "SELECT 1 FROM runs WHERE owner <> '' AND deaths >= ? AND leased_at > ? LIMIT 1").get(suspectDeaths, now - suspectMs) !== undefined;

function requeue(database: DatabaseSync, owner: string, now: number): number {
  const { changes } = statement(database, "UPDATE runs SET reserved = NULL WHERE status = 'queued' AND owner = '' AND reserved = ?").run(owner);
  const rows = statement(database, `
    SELECT number, started_at, request, stop_at, deaths, done_at_death, (SELECT COUNT(*) FROM events WHERE run = number AND duration_ms IS NOT NULL) AS done FROM runs WHERE owner = ?`).all(owner) as unknown as OrphanRow[];
  for (const row of rows) {
    if (row.stop_at !== null) finish(database, row, 'stopped', stopped, now);
    // It was begun by a version of Patchbay that did not write down what a run begins with.
    else if (row.request === null) finish(database, row, 'interrupted', interrupted, now);
    else {
      // What gets on is not what ends the process.
      const deaths = row.done > row.done_at_death ? 1 : row.deaths + 1;
      if (deaths >= mostDeaths) finish(database, row, 'failed', deadly, now);
      else statement(database, "UPDATE runs SET owner = '', reserved = NULL, status = 'queued', fence = fence + 1, deaths = ?, done_at_death = ?, not_before = COALESCE(?, not_before) WHERE number = ?").run(deaths, row.done, againAt(deaths, now), row.number);
    }
  }
  return rows.length + Number(changes);
}

const againAt = (deaths: number, now: number): number | null => (deaths < suspectDeaths ? null : now + Math.min(pauseMs.most, pauseMs.first * 2 ** (deaths - suspectDeaths)));

const stopped: RunError = { code: 'RUN_STOPPED', message: 'The run was stopped.', remedy: 'Start the run again.' };
const interrupted: RunError = { code: 'RUN_STOPPED', message: 'The runner ended before the run did.', remedy: 'Start the run again.' };

const deadly: RunError = {
  code: 'RUN_STUCK', message: `The process of the runner has died ${mostDeaths} times in a row with this run at work, without its getting any further, so it is not tried again.`,
  remedy: 'Look for a plugin in the flow that ends the process (a native module, `process.abort`), or for more memory than the machine has; then `patchbay runs resume RUN` goes on with what did not get through.',
};

function stop(database: DatabaseSync, { run, now, onlyWaiting }: QueueCall & { type: 'stop' }): 'stopped' | 'asked' | undefined {
  const row = statement(database, "SELECT number, started_at, request, stop_at, owner FROM runs WHERE id = ? AND status IN ('queued', 'running')").get(run) as (OpenRow & { owner: string }) | undefined;
  if (!row) return undefined;
  if (row.owner === '') {
    finish(database, row, 'stopped', stopped, now);
    return 'stopped';
  }
  if (onlyWaiting) return undefined;
  statement(database, 'UPDATE runs SET stop_at = ? WHERE number = ?').run(now, row.number);
  return 'asked';
}

/** The end of a run that nobody works on, with the end of its stream. */
function finish(database: DatabaseSync, { number, started_at: startedAt }: OpenRow, status: 'stopped' | 'interrupted' | 'failed', error: RunError, now: number): void {
  // One that has never begun took no time.
  const durationMs = startedAt === null ? 0 : Math.max(0, now - startedAt);
  statement(database, "UPDATE runs SET status = ?, duration_ms = ?, error = ?, owner = '', reserved = NULL, stop_at = NULL, sealed = NULL, fence = fence + 1 WHERE number = ?").run(status, durationMs, JSON.stringify(error), number);
  statement(database, 'INSERT INTO events (run, seq, kind, step, json) SELECT ?1, COALESCE(MAX(seq), 0) + 1, 0, NULL, ?2 FROM events WHERE run = ?1')
    .run(number, JSON.stringify({ type: 'run-finished', status, error, at: now, durationMs } satisfies RunEvent));
}
