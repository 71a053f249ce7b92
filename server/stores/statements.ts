import type { DatabaseSync, StatementSync } from 'node:sqlite';

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement for a text, prepared once per connection. */
export function statement(database: DatabaseSync, sql: string): StatementSync {
  const known = statements.get(database) ?? new Map<string, StatementSync>();
  statements.set(database, known);
  const found = known.get(sql) ?? database.prepare(sql);
  known.set(sql, found);
  return found;
}

const defaultPerPage = 50;
const mostPerPage = 500;

/** Rows of a page; whatever was asked for, it is a number that can be answered. */
export const pageSize = (perPage = defaultPerPage): number => Math.min(mostPerPage, Math.max(1, Math.trunc(perPage) || defaultPerPage));
export const firstPage = (page: number): number => Math.max(1, Math.trunc(page) || 1);
