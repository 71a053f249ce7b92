import { DatabaseSync } from 'node:sqlite';
import { FlowError } from '../../plugins/sdk/index.ts';
/** The folder of a workspace's local state; git ignores it. */
export declare const stateFolder: (root: string) => string;
/** Makes the folder of the state, with its own `.gitignore`, so that a workspace without one does not commit recordings. Fails with `STORAGE_FAILED`. */
export declare function prepareStateFolder(root: string): string;
/** What a database holds: its name for people, and its schema. */
export interface Schema {
    readonly what: string;
    /** Entry n brings version n to n + 1. */
    readonly migrations: readonly string[];
}
/**
 * Opens a database for writing and brings it to the newest schema; without another one, that of the recordings. Several processes may do so at once: each
 * waits for the others. Fails with `STORAGE_FAILED`, and with `CONFIG_VERSION` where a newer version wrote it.
 */
export declare function openForWriting(file: string, schema?: Schema): DatabaseSync;
/** Opens it for reading; it has been opened for writing before. */
export declare function openForReading(file: string): DatabaseSync;
/** A failure of the disk or the database, for people. */
export declare function storageFailed(error: unknown, where: string, what?: string): FlowError;
