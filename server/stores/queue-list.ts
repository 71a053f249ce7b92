import type { DatabaseSync } from 'node:sqlite';
import type { QueueRow } from '../model/api.ts';
import { priorities } from '../model/flow.ts';
import type { QueueListing, QueueListRequest } from './queue.ts';
import { firstPage, pageSize, statement } from './statements.ts';

/** What is at work and what waits, for people to see. */
export function listQueue(reader: DatabaseSync, owner: string, { flow, page = 1, perPage, now }: QueueListRequest): QueueListing {
  const size = pageSize(perPage);
  const at = firstPage(page);
  const ofFlow = flow === undefined ? '' : 'AND flow = ?';
  const values = flow === undefined ? [] : [flow];
  const atWork = new Map((statement(reader, "SELECT flow, COUNT(*) AS n FROM runs WHERE owner <> '' GROUP BY flow").all() as { flow: string; n: number }[]).map(({ flow: name, n }) => [name, n]));
  const busyTriggers = new Set((statement(reader, "SELECT DISTINCT flow, trigger FROM runs WHERE owner <> ''").all() as { flow: string; trigger: string }[]).map(placeOf));
  const { n: open } = statement(reader, `SELECT COUNT(*) AS n FROM runs WHERE status IN ('queued', 'running') ${ofFlow}`).get(...values) as { n: number };
  const rows = statement(reader, `
    SELECT id AS run, flow, trigger, environment, version, status, priority, queued_at, started_at, not_before, flow_limit, lane, owner, reserved, strikes, stop_at
    FROM runs WHERE status IN ('queued', 'running') ${ofFlow} ORDER BY owner = '', priority, number LIMIT ? OFFSET ?`).all(...values, size, (at - 1) * size) as unknown as Row[];
  const busy = flow === undefined ? [...atWork.values()].reduce((sum, n) => sum + n, 0) : (atWork.get(flow) ?? 0);
  return {
    items: rows.map((row) => rowOf(row, { owner, now, ofFlow: atWork.get(row.flow) ?? 0, isTriggerBusy: busyTriggers.has(placeOf(row)) })),
    page: at, perPage: size, total: open, atWork: busy, waiting: open - busy,
  };
}

interface Row {
  readonly run: string;
  readonly flow: string;
  readonly trigger: string;
  readonly environment: string | null;
  readonly version: string | null;
  readonly status: 'queued' | 'running';
  readonly priority: number;
  readonly queued_at: number;
  readonly started_at: number | null;
  readonly not_before: number | null;
  readonly flow_limit: number | null;
  readonly lane: string;
  readonly owner: string;
  readonly reserved: string | null;
  readonly strikes: number;
  readonly stop_at: number | null;
}

interface Around {
  readonly owner: string;
  readonly now: number;
  /** Runs of the same flow that are at work. */
  readonly ofFlow: number;
  readonly isTriggerBusy: boolean;
}

const placeOf = ({ flow, trigger }: { readonly flow: string; readonly trigger: string }): string => JSON.stringify([flow, trigger]);

function rowOf(row: Row, around: Around): QueueRow {
  const holder = row.owner || row.reserved || undefined;
  const waitsFor = row.owner === '' ? reasonOf(row, around) : undefined;
  return {
    run: row.run, flow: row.flow, trigger: row.trigger, isAtWork: row.owner !== '', priority: priorities[row.priority] ?? 'regular', queuedAt: row.queued_at, flowAtWork: around.ofFlow, strikes: row.strikes,
    ...(row.environment !== null && { environment: row.environment }), ...(row.version !== null && { version: Number(row.version) }), ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.not_before !== null && { notBefore: row.not_before }), ...(row.flow_limit !== null && { flowLimit: row.flow_limit }), ...(holder !== undefined && { owner: holder, isOwn: holder === around.owner }),
    ...(row.stop_at !== null && { isStopping: true }), ...(waitsFor && { waitsFor }),
  };
}

/** Why it is not at work, as `lease` would judge. */
function reasonOf({ not_before: notBefore, flow_limit: limit, lane, flow }: Row, { now, ofFlow, isTriggerBusy }: Around): QueueRow['waitsFor'] {
  if (notBefore !== null && notBefore > now) return 'time';
  if (limit !== null && ofFlow >= limit) return 'flow-limit';
  return lane !== flow && isTriggerBusy ? 'earlier-run' : 'turn';
}
