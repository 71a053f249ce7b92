import type { DatabaseSync } from 'node:sqlite';
import type { PageOf } from '../model/api.ts';
import { storageFailed } from './database.ts';
import { stateSchema } from './state-schema.ts';
import { groupWrites, type Writes } from './state-writes.ts';
import { firstPage, pageSize, statement } from './statements.ts';

export type SqlValue = string | number | Uint8Array | null;

/** A connection to the state, as its parts use it. */
export interface StateConnection {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Gives the number of changed rows. */
  run(sql: string, ...values: SqlValue[]): number;
  one<T>(sql: string, ...values: SqlValue[]): T | undefined;
  all<T>(sql: string, ...values: SqlValue[]): T[];
  page<T>(range: { readonly page?: number; readonly perPage?: number }, query: PageQuery): PageOf<T>;
  /** Fails with `STORAGE_FAILED` where the database does. */
  read<T>(work: () => T): Promise<T>;
  readonly write: Writes;
  close(): void;
}

export interface PageQuery {
  readonly columns: string;
  readonly from: string;
  readonly where: string;
  readonly group?: string;
  readonly order: string;
  readonly values: readonly SqlValue[];
}

/** `file`: for the words of errors. */
export function connectState(database: DatabaseSync, file: string, now: () => number): StateConnection {
  const failed = (error: unknown) => storageFailed(error, file, stateSchema.what);
  const write = groupWrites(database, failed);
  const one = <T>(sql: string, ...values: SqlValue[]): T | undefined => statement(database, sql).get(...values) as T | undefined;
  // Rows have no prototype; what goes on from here are plain objects.
  const all = <T>(sql: string, ...values: SqlValue[]): T[] => statement(database, sql).all(...values).map((row) => ({ ...row }) as T);
  return {
    now, write, one, all,
    run: (sql, ...values) => Number(statement(database, sql).run(...values).changes),
    page({ page = 1, perPage }, { columns, from, where, group, order, values }) {
      const size = pageSize(perPage);
      const at = firstPage(page);
      const source = `FROM ${from} WHERE ${where}${group === undefined ? '' : ` GROUP BY ${group}`}`;
      const total = one<{ n: number }>(group === undefined ? `SELECT COUNT(*) AS n ${source}` : `SELECT COUNT(*) AS n FROM (SELECT 1 ${source})`, ...values)!.n;
      return { items: all(`SELECT ${columns} ${source} ORDER BY ${order} LIMIT ? OFFSET ?`, ...values, size, (at - 1) * size), page: at, perPage: size, total };
    },
    async read(work) {
      try {
        return work();
      } catch (error) {
        throw failed(error);
      }
    },
    close() {
      write.flush();
      database.close();
    },
  };
}
