import type { DatabaseSync } from 'node:sqlite';
import type { FlowError } from '../../plugins/sdk/index.ts';
import { faultPoint } from './fault-point.ts';

export type WriteKind = 'cache' | 'pool' | 'cursor' | 'tracked' | 'memory' | 'settle' | 'prune';

/**
 * Changes to the database. Those that are asked for at the same moment share one transaction, since a commit waits for the disk. A change that fails leaves
 * nothing behind, and the others of the group still count.
 */
export interface Writes {
  /** Resolves with what `work` gave when that is durable. */
  <T>(kind: WriteKind, work: () => T): Promise<T>;
  /** Does at once what waits. */
  flush(): void;
}

interface Job {
  readonly kind: WriteKind;
  work(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** `failed`: words for a failure of the database. */
export function groupWrites(database: DatabaseSync, failed: (error: unknown) => FlowError): Writes {
  let waiting: Job[] = [];
  const flush = (): void => {
    const jobs = waiting;
    waiting = [];
    if (jobs.length > 0) perform(database, jobs, failed);
  };
  const write = <T>(kind: WriteKind, work: () => T): Promise<T> => new Promise<T>((resolve, reject) => {
    if (waiting.push({ kind, work, resolve: resolve as Job['resolve'], reject }) === 1) setImmediate(flush);
  });
  return Object.assign(write, { flush });
}

function perform(database: DatabaseSync, jobs: readonly Job[], failed: (error: unknown) => FlowError): void {
  let settled: readonly (() => void)[];
  try {
    settled = transact(database, jobs);
  } catch (error) {
    // One after the other: a change that cannot be made must not take the others with it.
    if (jobs.length > 1) for (const job of jobs) perform(database, [job], failed);
    else jobs[0]!.reject(failed(error));
    return;
  }
  for (const settle of settled) settle();
}

function transact(database: DatabaseSync, jobs: readonly Job[]): readonly (() => void)[] {
  const kinds = new Set(jobs.map(({ kind }) => kind));
  database.exec('BEGIN IMMEDIATE');
  try {
    const settled = jobs.map(({ work, resolve }) => {
      const value = work();
      return () => resolve(value);
    });
    for (const kind of kinds) faultPoint(`${kind}-before-commit`);
    database.exec('COMMIT');
    for (const kind of kinds) faultPoint(`${kind}-committed`);
    return settled;
  } catch (error) {
    // A full disk has ended the transaction already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
