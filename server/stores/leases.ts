import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Says which runners of a workspace live. A lease is a file that its runner keeps locked; the operating system lets go of the lock when the process ends,
 * however it ends. (Process ids would not do: they are used again, and differ between containers that share a folder.) SQLite does the locking, since Node has none.
 */
export interface Lease extends Disposable {
  readonly owner: string;
}

// A process does not see its own locks as others do, and must not try them.
const own = new Set<string>();

export function takeLease(folder: string, owner: string): Lease {
  mkdirSync(folder, { recursive: true });
  const file = fileOf(folder, owner);
  const lock = new DatabaseSync(file, { timeout: 1_000 });
  lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  own.add(owner);
  return {
    owner,
    [Symbol.dispose]() {
      own.delete(owner);
      lock.close();
      rmSync(file, { force: true });
    },
  };
}

/** Whether the runner with this lease lives. Removes the lease of one that does not. */
export function isAlive(folder: string, owner: string): boolean {
  if (own.has(owner)) return true;
  const file = fileOf(folder, owner);
  if (!readdirSync(folder, { withFileTypes: true }).some((entry) => entry.name === `${owner}.lock`)) return false;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE; ROLLBACK');
  } catch {
    return true;
  } finally {
    lock?.close();
  }
  rmSync(file, { force: true });
  return false;
}

const fileOf = (folder: string, owner: string): string => join(folder, `${owner}.lock`);
