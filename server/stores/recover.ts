import type { DatabaseSync } from 'node:sqlite';
import type { RunError, RunEvent } from '../model/run-event.ts';

interface OpenRow {
  readonly number: number;
  readonly owner: string;
  readonly queued_at: number;
}

/** Marks the runs as interrupted that a dead runner left open, and ends their streams. Gives how many. */
export function recoverRuns(database: DatabaseSync, isAlive: (owner: string) => boolean, now: number): number {
  const open = database.prepare("SELECT number, owner, queued_at FROM runs WHERE status IN ('queued', 'running')");
  const rows = open.all() as unknown as OpenRow[];
  const dead = new Set([...new Set(rows.map(({ owner }) => owner))].filter((owner) => !isAlive(owner)));
  const lost = rows.filter(({ owner }) => dead.has(owner));
  if (lost.length === 0) return 0;
  const error: RunError = { code: 'RUN_STOPPED', message: 'The runner ended before the run did.', remedy: 'Start the run again.' };
  const mark = database.prepare("UPDATE runs SET status = 'interrupted', duration_ms = ?, error = ? WHERE number = ? AND status IN ('queued', 'running')");
  const event = database.prepare('INSERT INTO events (run, seq, kind, step, json) SELECT ?1, COALESCE(MAX(seq), 0) + 1, 0, NULL, ?2 FROM events WHERE run = ?1');
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const { number, queued_at: queuedAt } of lost) {
      const durationMs = Math.max(0, now - queuedAt);
      if (mark.run(durationMs, JSON.stringify(error), number).changes === 0) continue;
      event.run(number, JSON.stringify({ type: 'run-finished', status: 'interrupted', error, at: now, durationMs } satisfies RunEvent));
    }
    database.exec('COMMIT');
  } catch (failure) {
    database.exec('ROLLBACK');
    throw failure;
  }
  return lost.length;
}
