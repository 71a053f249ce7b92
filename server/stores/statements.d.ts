import type { DatabaseSync, StatementSync } from 'node:sqlite';
/** The statement for a text, prepared once per connection. */
export declare function statement(database: DatabaseSync, sql: string): StatementSync;
/** Rows of a page; whatever was asked for, it is a number that can be answered. */
export declare const pageSize: (perPage?: number) => number;
export declare const firstPage: (page: number) => number;
