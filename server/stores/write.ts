import type { DatabaseSync } from 'node:sqlite';
import { faultPoint } from './fault-point.ts';
import { longestInline, type Blobs } from './blobs.ts';
import { doOperation, isOperation } from './operation-calls.ts';
import { doQueueCall } from './queue-calls.ts';
import { statement } from './statements.ts';
import type { BodyOp, EventOp, Opening, Refusal, RunState, WriteBatch, WriteCall, WriteOp } from './write-ops.ts';

/**
 * Writes batches of recorders, and does what the queue asks, each group in one transaction, files of bodies before it: so whatever the database names is
 * there. Fails with what SQLite or the disk says; then nothing of the group is in the database.
 */
export interface GroupWriter {
  /** Gives the answer to each item of the group, in order. */
  write(group: readonly GroupItem[]): readonly GroupResult[];
  /** What these recorders wrote is lost: of their runs only the end can still be recorded, so that a recording never has a hole. */
  spoil(group: readonly GroupItem[]): void;
  /** The recorder is gone. */
  forget(client: number): void;
}

export interface GroupItem {
  /** Recorders number their runs each for itself. */
  readonly client: number;
  readonly item: WriteBatch | WriteCall;
}

export type GroupResult = { readonly refusals: readonly Refusal[] } | { readonly result: unknown };

/** A run as the database knows it; of one without a lease nothing is written. */
interface Known {
  readonly number: number;
  readonly fence: number;
  isSpoilt?: true;
}

export function createGroupWriter(database: DatabaseSync, blobs: Blobs): GroupWriter {
  const clients = new Map<number, Map<number, Known>>();
  let isFull = true;
  const runsOf = (client: number): Map<number, Known> => {
    const runs = clients.get(client) ?? new Map<number, Known>();
    clients.set(client, runs);
    return runs;
  };

  const write = (group: readonly GroupItem[]): readonly GroupResult[] => {
    const isDurable = group.some(({ item }) => 'ops' in item && item.isDurable);
    for (const { item } of group) if ('ops' in item) for (const op of item.ops) writeBlobs(blobs, op, isDurable);
    if (isFull !== isDurable) {
      database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`);
      isFull = isDurable;
    }
    const before = new Map([...clients].map(([client, runs]) => [client, new Map(runs)]));
    const lastStates = lastStatesOf(group);
    statement(database, 'BEGIN IMMEDIATE').run();
    try {
      const checked = new Map<string, boolean>();
      const results = group.map(({ client, item }): GroupResult => {
        if ('call' in item) {
          // It may change who holds which lease.
          checked.clear();
          return { result: isOperation(item.call) ? doOperation(database, item.call) : doQueueCall(database, item.call) };
        }
        const job: Job = { database, blobs, runs: runsOf(client), refusals: [], isDurable, lastStates, checked };
        for (const op of item.ops) apply(job, op);
        return { refusals: job.refusals };
      });
      const marks = marksOf(group);
      for (const mark of marks) faultPoint(`${mark}-before-commit`);
      statement(database, 'COMMIT').run();
      for (const mark of marks) faultPoint(`${mark}-committed`);
      return results;
    } catch (error) {
      if (database.isTransaction) statement(database, 'ROLLBACK').run();
      clients.clear();
      for (const [client, runs] of before) clients.set(client, runs);
      throw error;
    }
  };
  return {
    write,
    spoil(group) {
      for (const { client, item } of group) {
        if (!('ops' in item)) continue;
        // Without its opening not even the end of a run could be recorded.
        const ops = item.ops.filter((op) => op[0] === 'open');
        try {
          if (ops.length > 0) write([{ client, item: { ...item, ops } }]);
        } catch {
          // Not now: whoever holds the lease tries to put the run back.
        }
        for (const op of item.ops) {
          const known = runsOf(client).get(op[1]);
          if (known) known.isSpoilt = true;
        }
      }
    },
    forget: (client) => void clients.delete(client),
  };
}

/** What happens in a group, for fault points. */
function marksOf(group: readonly GroupItem[]) {
  const marks = new Set<'writer' | 'accept' | 'lease' | 'release' | 'requeue' | 'stop' | 'event-batch' | 'finish'>(['writer']);
  for (const { item } of group) {
    if ('call' in item) { if (!isOperation(item.call) && item.call.type !== 'renew') marks.add(item.call.type); }
    else for (const op of item.ops) if (op[0] === 'accept') marks.add('accept'); else if (op[0] === 'event') marks.add('event-batch'); else if (op[0] === 'state' && isFinal(op[2])) marks.add('finish');
  }
  return marks;
}

const isFinal = ({ status }: RunState): boolean => status !== 'queued' && status !== 'running';

function writeBlobs(blobs: Blobs, op: WriteOp, isDurable: boolean): void {
  if (op[0] === 'accept') for (const part of op[3]) writeBlobs(blobs, part, isDurable);
  else if (op[0] === 'body' && op[4] > longestInline) blobs.write(op[2], bytesOf(op[5]), isDurable);
}

function lastStatesOf(group: readonly GroupItem[]): ReadonlySet<WriteOp> {
  const last = new Map<string, WriteOp>();
  for (const { client, item } of group) if ('ops' in item) for (const op of item.ops) if (op[0] === 'state') last.set(`${client} ${op[1]}`, op);
  return new Set(last.values());
}

interface Job {
  readonly database: DatabaseSync;
  readonly blobs: Blobs;
  readonly runs: Map<number, Known>;
  readonly refusals: Refusal[];
  readonly isDurable: boolean;
  /** A run that begins and ends in one group is updated once. */
  readonly lastStates: ReadonlySet<WriteOp>;
  /** Whether a lease (number and fence) is good, looked up once per transaction. */
  readonly checked: Map<string, boolean>;
}

function apply(job: Job, op: WriteOp): void {
  const { database, runs } = job;
  if (op[0] === 'accept') return accept(job, op);
  if (op[0] === 'open') return open(job, op[1], op[2]);
  const known = runs.get(op[1]);
  if (op[0] === 'end') return void runs.delete(op[1]);
  // Its opening was lost, with the writing thread or otherwise: whoever records it must hear that nothing of it is kept.
  if (!known) return void job.refusals.push([op[1], 'fenced', '']);
  if (!hasGoodLease(job, op[1], known)) return;
  if (known.isSpoilt && op[0] !== 'state') return;
  switch (op[0]) {
    case 'event':
      return addEvent(database, known.number, op);
    case 'done':
      return void statement(database, 'UPDATE events SET duration_ms = ? WHERE run = ? AND seq = ?').run(op[3], known.number, op[2]);
    case 'body':
      return keepBody(job, known.number, op);
    case 'state':
      return job.lastStates.has(op) ? setState(database, known.number, op[2]) : undefined;
  }
}

function hasGoodLease({ database, runs, refusals, checked }: Job, run: number, { number, fence }: Known): boolean {
  const lease = `${number} ${fence}`;
  const isGood = checked.get(lease) ?? (statement(database, 'SELECT fence FROM runs WHERE number = ?').get(number) as { fence: number } | undefined)?.fence === fence;
  checked.set(lease, isGood);
  if (isGood) return true;
  runs.delete(run);
  refusals.push([run, 'fenced', '']);
  return false;
}

function accept(job: Job, [, run, row, content]: WriteOp & { 0: 'accept' }): void {
  const { database, refusals } = job;
  const duplicate = row.key === undefined ? undefined : (statement(database, 'SELECT id FROM runs WHERE flow = ? AND trigger = ? AND key = ?').get(row.flow, row.trigger, row.key) as { id: string } | undefined);
  if (duplicate) return void refusals.push([run, 'duplicate', duplicate.id]);
  if (row.ended && statement(database, 'SELECT 1 FROM runs WHERE id = ?').get(row.id)) return void refusals.push([run, 'duplicate', row.id]);
  const other = row.overlap !== 'skip' ? undefined : (statement(database, "SELECT id FROM runs WHERE flow = ? AND trigger = ? AND status IN ('queued', 'running') LIMIT 1").get(row.flow, row.trigger) as { id: string } | undefined);
  if (other) return void refusals.push([run, 'skipped', other.id]);
  statement(database, 'INSERT OR IGNORE INTO flow_texts VALUES (?, ?)').run(row.flowVersion, row.flowText);
  const { lastInsertRowid } = statement(database, `
    INSERT INTO runs (id, flow, flow_version, trigger, key, environment, owner, status, queued_at, seed, input, priority, lane, flow_limit, not_before, reserved, version, origin, request, sealed)
    VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    row.id, row.flow, row.flowVersion, row.trigger, row.key ?? null, row.environment ?? null, row.ended?.status ?? 'queued', row.queuedAt, row.seed, row.input ?? null, row.priority,
    row.overlap === 'parallel' ? row.flow : `${row.flow}\n${row.trigger}`, row.flowLimit ?? null, row.notBefore ?? null, row.reserved ?? null, row.version ?? null, row.origin ?? null, row.request, row.sealed ?? null,
  );
  const number = Number(lastInsertRowid);
  if (row.ended) {
    const { startedAt, durationMs, failedPayloads, error, steps } = row.ended;
    // Its sums belong to the machine that ran it: the triggers that add them up look at ends alone.
    statement(database, 'UPDATE runs SET started_at = ?, duration_ms = ?, failed_payloads = ?, error = ?, steps = ?, pinned = 1 WHERE number = ?').run(startedAt ?? null, durationMs ?? null, failedPayloads, error ?? null, steps, number);
  }
  for (const op of content) if (op[0] === 'body') keepBody(job, number, op); else addEvent(database, number, op);
}

function open(job: Job, run: number, { id, fence, isAnew, flow }: Opening): void {
  const { database, runs, refusals } = job;
  const row = statement(database, 'SELECT number, fence FROM runs WHERE id = ?').get(id) as { number: number; fence: number } | undefined;
  if (row?.fence !== fence) return void refusals.push([run, 'fenced', id]);
  const { number } = row;
  if (isAnew) {
    statement(database, 'DELETE FROM events WHERE run = ? AND seq > 1').run(number);
    statement(database, 'UPDATE runs SET steps = NULL, failed_payloads = 0, error = NULL WHERE number = ?').run(number);
  }
  if (flow) {
    statement(database, 'INSERT OR IGNORE INTO flow_texts VALUES (?, ?)').run(flow.version, flow.text);
    statement(database, 'UPDATE runs SET flow_version = ? WHERE number = ?').run(flow.version, number);
  }
  runs.set(run, { number, fence });
  job.checked.set(`${number} ${fence}`, true);
}

function addEvent(database: DatabaseSync, number: number, op: EventOp): void {
  statement(database, 'INSERT INTO events (run, seq, kind, step, json, duration_ms) VALUES (?, ?, ?, ?, ?, ?)').run(number, op[2], op[3], op[4], op[5], op[6]);
}

function keepBody({ database, blobs, isDurable }: Job, number: number, [, , hash, mediaType, size, data]: BodyOp): void {
  const name = Buffer.from(hash, 'hex');
  const found = statement(database, 'SELECT id FROM bodies WHERE hash = ?').get(name) as { id: number } | undefined;
  // Again, now that nobody else can write: a file that was there a moment ago may have been cleaned up by another process.
  if (!found && size > longestInline) blobs.write(hash, bytesOf(data), isDurable);
  const id = found?.id ?? statement(database, 'INSERT INTO bodies (hash, size, data) VALUES (?, ?, ?)').run(name, size, size > longestInline ? null : bytesOf(data)).lastInsertRowid;
  statement(database, 'INSERT OR IGNORE INTO body_refs VALUES (?, ?, ?)').run(number, id, mediaType);
}

function setState(database: DatabaseSync, number: number, state: RunState): void {
  faultPoint('state-checkpoint');
  statement(database, 'UPDATE runs SET status = ?, started_at = ?, duration_ms = ?, failed_payloads = ?, error = ?, steps = ? WHERE number = ?')
    .run(state.status, state.startedAt ?? null, state.durationMs ?? null, state.failedPayloads, state.error ?? null, state.steps, number);
  if (isFinal(state)) statement(database, "UPDATE runs SET owner = '', reserved = NULL, stop_at = NULL, sealed = NULL WHERE number = ?").run(number);
}

const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data);
