import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { longestInline, type Blobs } from './blobs.ts';

export interface PruneLimits {
  /** Runs older than this go, unless they are pinned or at work. */
  readonly days: number;
  /** Where the recordings are bigger than this, the oldest of them go. */
  readonly megabytes: number;
  /** What is different for a flow. `runs`: so many of those that are over are kept. */
  readonly flows?: Readonly<Record<string, { readonly days?: number; readonly runs?: number }>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Pruning {
  /** Does one small piece of work in a transaction of its own. False where nothing is left to do. */
  more(): boolean;
}

const eventsAtOnce = 5_000;
const bodiesAtOnce = 500;
const strayAgeMs = 3_600_000;

/** Deletes the oldest finished runs until the limits hold, with the bodies that no other run refers to. Of what is gone, sums and the audit log stay. */
export function startPruning(database: DatabaseSync, blobs: Blobs, limits: PruneLimits): Pruning {
  const doomed = database.prepare('SELECT run, flow_version FROM doomed LIMIT 1');
  const oldest = database.prepare(`SELECT number FROM runs WHERE ${isOver} ORDER BY number LIMIT 1`);
  const events = database.prepare('DELETE FROM events WHERE run = ?1 AND seq <= (SELECT MAX(seq) FROM (SELECT seq FROM events WHERE run = ?1 ORDER BY seq LIMIT ?2))');
  const refs = database.prepare('SELECT body FROM body_refs WHERE run = ? LIMIT ?');
  const dropRef = database.prepare('DELETE FROM body_refs WHERE run = ? AND body = ?');
  const dropBody = database.prepare('DELETE FROM bodies WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM body_refs WHERE body = ?1) RETURNING hash, size');
  const forget = database.prepare('DELETE FROM doomed WHERE run = ?');
  const dropText = database.prepare('DELETE FROM flow_texts WHERE version = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE flow_version = ?1)');
  const overdue = overdueRuns(database, limits);
  let size = sizeOf(database);
  let folders: string[] | undefined;

  const dropBodies = (run: number): boolean => {
    const rows = refs.all(run, bodiesAtOnce) as { body: number }[];
    for (const { body } of rows) {
      dropRef.run(run, body);
      const gone = dropBody.get(body) as { hash: Uint8Array; size: number } | undefined;
      if (!gone) continue;
      size -= gone.size;
      // Within the transaction: nobody can refer to it anew before we are through.
      if (gone.size > longestInline) blobs.remove(Buffer.from(gone.hash).toString('hex'));
    }
    return rows.length > 0;
  };

  const clear = (run: number, version: string): void => {
    if (Number(events.run(run, eventsAtOnce).changes) > 0 || dropBodies(run)) return;
    forget.run(run);
    dropText.run(version);
    size = sizeOf(database);
  };

  const next = (): number | undefined => overdue() ?? (size > limits.megabytes * 1024 * 1024 ? (oldest.get() as { number: number } | undefined)?.number : undefined);

  let isBegun = false;
  return {
    more() {
      if (!isBegun) {
        isBegun = true;
        transact(database, () => dropOldRows(database, limits.now));
        return true;
      }
      const gone = doomed.get() as { run: number; flow_version: string } | undefined;
      if (gone) {
        transact(database, () => clear(gone.run, gone.flow_version));
        return true;
      }
      const run = next();
      if (run !== undefined) {
        transact(database, () => doom(database, run));
        return true;
      }
      folders ??= strayFolders(blobs);
      const folder = folders.pop();
      if (folder === undefined) {
        database.exec('PRAGMA incremental_vacuum(2000)');
        return false;
      }
      transact(database, () => removeStrays(database, folder, limits.now));
      return true;
    },
  };
}

/** Takes a run away that is over. What it leaves behind goes later. Says whether it was there, and over. */
export function doom(database: DatabaseSync, run: number): boolean {
  const gone = database.prepare(`DELETE FROM runs WHERE number = ? AND ${isDone} RETURNING flow_version`).get(run) as { flow_version: string } | undefined;
  if (gone) database.prepare('INSERT INTO doomed VALUES (?, ?)').run(run, gone.flow_version);
  return gone !== undefined;
}

/** It is over, and no run that is not goes on with what it holds. */
const isDone = "status NOT IN ('queued', 'running') AND id NOT IN (SELECT json_extract(origin, '$.run') FROM runs WHERE origin IS NOT NULL AND status IN ('queued', 'running'))";
const isOver = `pinned = 0 AND ${isDone}`;

/** Gives a run that is older, or of which there are more, than its flow may have; the flows one after the other. */
function overdueRuns(database: DatabaseSync, { days, flows = {}, now }: PruneLimits): () => number | undefined {
  const left = (database.prepare("SELECT DISTINCT flow FROM run_counts WHERE n > 0 AND status NOT IN ('queued', 'running')").all() as { flow: string }[]).map(({ flow }) => flow);
  const first = database.prepare(`SELECT number, queued_at FROM runs WHERE flow = ? AND ${isOver} ORDER BY number LIMIT 1`);
  const count = database.prepare(`SELECT COUNT(*) AS n FROM (SELECT 1 FROM runs WHERE flow = ? AND ${isOver} LIMIT ?)`);
  return () => {
    for (let flow = left.at(-1); flow !== undefined; flow = left.at(-1)) {
      const own = Object.hasOwn(flows, flow) ? flows[flow] : undefined;
      const run = first.get(flow) as { number: number; queued_at: number } | undefined;
      if (run && run.queued_at < now - (own?.days ?? days) * dayMs) return run.number;
      if (run && own?.runs !== undefined && (count.get(flow, own.runs + 1) as { n: number }).n > own.runs) return run.number;
      left.pop();
    }
    return undefined;
  };
}

const dayMs = 86_400_000;

function dropOldRows(database: DatabaseSync, now: number): void {
  database.prepare("DELETE FROM insights WHERE day < date(? / 1000, 'unixepoch')").run(now - insightDays * dayMs);
  database.prepare('DELETE FROM failed_runs WHERE at < ?').run(now - noticeDays * dayMs);
  database.prepare('DELETE FROM told WHERE at < ?').run(now - noticeDays * dayMs);
  database.prepare('DELETE FROM outbox WHERE at < ?').run(now - noticeDays * dayMs);
}

const insightDays = 400;
/** What nobody was told of by then is no news. */
const noticeDays = 7;

/** Bytes of the database without its free pages, and of the files of bodies. */
function sizeOf(database: DatabaseSync): number {
  const one = (text: string): number => Number(Object.values(database.prepare(text).get() ?? {})[0] ?? 0);
  return one('PRAGMA page_size') * (one('PRAGMA page_count') - one('PRAGMA freelist_count')) + one('SELECT SUM(size) FROM bodies WHERE data IS NULL');
}

function strayFolders(blobs: Blobs): string[] {
  try {
    return readdirSync(blobs.folder).map((name) => join(blobs.folder, name));
  } catch {
    return [];
  }
}

/** Files that a crash left behind: half of a body, or a whole one that no run came to refer to. */
function removeStrays(database: DatabaseSync, folder: string, now: number): void {
  const known = database.prepare('SELECT 1 FROM bodies WHERE hash = ?');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs > now - strayAgeMs) continue;
    if (name.endsWith('.part') || !known.get(Buffer.from(folder.slice(-2) + name, 'hex'))) rmSync(path, { force: true });
  }
}

function transact(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
