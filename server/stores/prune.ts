import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { longestInline, type Blobs } from './blobs.ts';

export interface PruneLimits {
  /** Runs older than this go. */
  readonly days: number;
  /** Where the recordings are bigger than this, the oldest runs go. */
  readonly megabytes: number;
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

/** Deletes the oldest finished runs until the limits hold, with the bodies that no other run refers to. */
export function startPruning(database: DatabaseSync, blobs: Blobs, limits: PruneLimits): Pruning {
  const oldest = database.prepare("SELECT number, queued_at FROM runs WHERE status NOT IN ('queued', 'running') ORDER BY number LIMIT 1");
  const events = database.prepare('DELETE FROM events WHERE run = ?1 AND seq <= (SELECT MAX(seq) FROM (SELECT seq FROM events WHERE run = ?1 ORDER BY seq LIMIT ?2))');
  const refs = database.prepare('SELECT body FROM body_refs WHERE run = ? LIMIT ?');
  const dropRef = database.prepare('DELETE FROM body_refs WHERE run = ? AND body = ?');
  const dropBody = database.prepare('DELETE FROM bodies WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM body_refs WHERE body = ?1) RETURNING hash, size');
  const dropRun = database.prepare('DELETE FROM runs WHERE number = ? RETURNING flow_version');
  const dropText = database.prepare('DELETE FROM flow_texts WHERE version = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE flow_version = ?1)');
  let size = sizeOf(database);
  let folders = strayFolders(blobs);

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

  const pruneRun = (run: number): void => {
    if (Number(events.run(run, eventsAtOnce).changes) > 0 || dropBodies(run)) return;
    const { flow_version: version } = dropRun.get(run) as { flow_version: string };
    dropText.run(version);
    size = sizeOf(database);
  };

  return {
    more() {
      const run = oldest.get() as { number: number; queued_at: number } | undefined;
      if (run && (run.queued_at < limits.now - limits.days * 86_400_000 || size > limits.megabytes * 1024 * 1024)) {
        transact(database, () => pruneRun(run.number));
        return true;
      }
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
