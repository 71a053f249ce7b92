import type { Endpoint } from '../../sdk/index.ts';
import type { Dialect, SqlClient } from './dialect.ts';
import { executeOf } from './execute.ts';
import { queryOf } from './query.ts';
import { deleteOf, insertOf, upsertOf } from './rows.ts';
import { tablesOf } from './tables.ts';

/** What can be done with every database, in its own words. */
export const endpointsOf = (dialect: Dialect): Readonly<Record<string, Endpoint<SqlClient>>> => ({
  query: queryOf(dialect), execute: executeOf(dialect), upsert: upsertOf(dialect), insert: insertOf(dialect), delete: deleteOf(dialect), tables: tablesOf(dialect),
});
