import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { storageFailed } from './database.ts';

const pauseMs = 20;

/**
 * Does a piece of work while nobody else, in this process or another, does one under the same lock. The operating system lets go of it when a process dies.
 * (SQLite does the locking, since Node has none; the file stays, empty.) Fails with `STORAGE_FAILED` where the lock does not come free in time.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, waitMs = 10_000): Promise<T> {
  const lock = await take(file, Date.now() + waitMs);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function take(file: string, until: number): Promise<DatabaseSync> {
  for (;;) {
    let lock: DatabaseSync | undefined;
    try {
      // Waiting in here would stop the process, and with it whoever holds the lock in the same process.
      lock = new DatabaseSync(file, { timeout: 0 });
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return lock;
    } catch (error) {
      lock?.close();
      if (((error as { errcode?: number }).errcode ?? 0) % 256 !== busy || Date.now() > until) throw storageFailed(error, file, 'The state');
      await sleep(pauseMs);
    }
  }
}

/** SQLITE_BUSY */
const busy = 5;
