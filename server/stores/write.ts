import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { faultPoint } from './fault-point.ts';
import { longestInline, type Blobs } from './blobs.ts';
import type { RunRow, RunState, WriteBatch, WriteOp } from './write-ops.ts';

/**
 * Writes batches of the recorder, each in one transaction, files of bodies before it: so whatever the database names is there. Fails with what SQLite or
 * the disk says; then nothing of the batch is in the database.
 */
export interface BatchWriter {
  /** Several batches in one transaction. Gives the runs that were not accepted, with the id of the run that has their key. */
  write(batches: readonly WriteBatch[]): (readonly [run: number, existing: string])[];
}

/** Number of a run that was not accepted: what follows of it is dropped. */
const refused = -1;

export function createBatchWriter(database: DatabaseSync, blobs: Blobs): BatchWriter {
  const statements = prepare(database);
  /** The recorder's number of a run → the database's. */
  const numbers = new Map<number, number>();
  let isFull = true;

  const write = (batches: readonly WriteBatch[]): (readonly [number, string])[] => {
    const isDurable = batches.some((batch) => batch.isDurable);
    for (const { ops } of batches) for (const op of ops) if (op[0] === 'body' && op[4] > longestInline) blobs.write(op[2], bytesOf(op[5]), isDurable);
    if (isFull !== isDurable) {
      database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`);
      isFull = isDurable;
    }
    const before = new Map(numbers);
    const job: Job = { statements, blobs, numbers, duplicates: [], isDurable, lastStates: lastStatesOf(batches) };
    statements.begin.run();
    try {
      for (const { ops } of batches) for (const op of ops) apply(job, op);
      faultPoint('writer-before-commit');
      statements.commit.run();
      faultPoint('writer-committed');
    } catch (error) {
      if (database.isTransaction) statements.rollback.run();
      numbers.clear();
      for (const [run, number] of before) numbers.set(run, number);
      throw error;
    }
    return job.duplicates;
  };
  return { write };
}

type Statements = ReturnType<typeof prepare>;

const prepare = (database: DatabaseSync) => {
  const sql = (text: string): StatementSync => database.prepare(text);
  return {
    begin: sql('BEGIN IMMEDIATE'),
    commit: sql('COMMIT'),
    rollback: sql('ROLLBACK'),
    byKey: sql('SELECT id FROM runs WHERE flow = ? AND trigger = ? AND key = ?'),
    flowText: sql('INSERT OR IGNORE INTO flow_texts VALUES (?, ?)'),
    accept: sql("INSERT INTO runs (id, flow, flow_version, trigger, key, environment, owner, status, queued_at, seed, input) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)"),
    event: sql('INSERT INTO events (run, seq, kind, step, json, duration_ms) VALUES (?, ?, ?, ?, ?, ?)'),
    done: sql('UPDATE events SET duration_ms = ? WHERE run = ? AND seq = ?'),
    findBody: sql('SELECT id FROM bodies WHERE hash = ?'),
    body: sql('INSERT INTO bodies (hash, size, data) VALUES (?, ?, ?)'),
    bodyRef: sql('INSERT OR IGNORE INTO body_refs VALUES (?, ?, ?)'),
    state: sql('UPDATE runs SET status = ?, started_at = ?, duration_ms = ?, failed_payloads = ?, error = ?, steps = ? WHERE number = ?'),
  };
};

function lastStatesOf(batches: readonly WriteBatch[]): ReadonlyMap<number, WriteOp> {
  const last = new Map<number, WriteOp>();
  for (const { ops } of batches) for (const op of ops) if (op[0] === 'state') last.set(op[1], op);
  return last;
}

interface Job {
  readonly statements: Statements;
  readonly blobs: Blobs;
  readonly numbers: Map<number, number>;
  readonly duplicates: (readonly [run: number, existing: string])[];
  readonly isDurable: boolean;
  /** A run that begins and ends in one group is updated once. */
  readonly lastStates: ReadonlyMap<number, WriteOp>;
}

function apply(job: Job, op: WriteOp): void {
  const { statements, numbers } = job;
  if (op[0] === 'accept') return accept(job, op[1], op[2]);
  const number = numbers.get(op[1]);
  if (op[0] === 'end') return void numbers.delete(op[1]);
  // A batch of this run was lost before, the acceptance with it, or it was refused.
  if (number === undefined || number === refused) return;
  switch (op[0]) {
    case 'event':
      return void statements.event.run(number, op[2], op[3], op[4], op[5], op[6]);
    case 'done':
      return void statements.done.run(op[3], number, op[2]);
    case 'body':
      return keepBody(job, number, op);
    case 'state':
      return job.lastStates.get(op[1]) === op ? setState(statements, number, op[2]) : undefined;
  }
}

function accept({ statements, numbers, duplicates }: Job, run: number, row: RunRow): void {
  const existing = row.key === undefined ? undefined : (statements.byKey.get(row.flow, row.trigger, row.key) as { id: string } | undefined);
  if (existing) {
    numbers.set(run, refused);
    duplicates.push([run, existing.id]);
    return;
  }
  statements.flowText.run(row.flowVersion, row.flowText);
  const { lastInsertRowid } = statements.accept.run(row.id, row.flow, row.flowVersion, row.trigger, row.key ?? null, row.environment ?? null, row.owner, row.queuedAt, row.seed, row.input ?? null);
  numbers.set(run, Number(lastInsertRowid));
}

function keepBody({ statements, blobs, isDurable }: Job, number: number, [, , hash, mediaType, size, data]: WriteOp & { 0: 'body' }): void {
  const name = Buffer.from(hash, 'hex');
  const found = statements.findBody.get(name) as { id: number } | undefined;
  // Again, now that nobody else can write: a file that was there a moment ago may have been cleaned up by another process.
  if (!found && size > longestInline) blobs.write(hash, bytesOf(data), isDurable);
  const id = found?.id ?? statements.body.run(name, size, size > longestInline ? null : bytesOf(data)).lastInsertRowid;
  statements.bodyRef.run(number, id, mediaType);
}

function setState(statements: Statements, number: number, state: RunState): void {
  statements.state.run(state.status, state.startedAt ?? null, state.durationMs ?? null, state.failedPayloads, state.error ?? null, state.steps, number);
}

const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data);
