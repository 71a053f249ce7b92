import type { DatabaseSync } from 'node:sqlite';
import type { PageOf } from '../model/api.ts';
import { type Writes } from './state-writes.ts';
export type SqlValue = string | number | Uint8Array | null;
/** A connection to the state, as its parts use it. */
export interface StateConnection {
    /** Milliseconds since the epoch. */
    now(): number;
    /** Gives the number of changed rows. */
    run(sql: string, ...values: SqlValue[]): number;
    one<T>(sql: string, ...values: SqlValue[]): T | undefined;
    all<T>(sql: string, ...values: SqlValue[]): T[];
    page<T>(range: {
        readonly page?: number;
        readonly perPage?: number;
    }, query: PageQuery): PageOf<T>;
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
export declare function connectState(database: DatabaseSync, file: string, now: () => number): StateConnection;
