import type { DatabaseSync } from 'node:sqlite';
import type { FlowError } from '../../plugins/sdk/index.ts';
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
/** `failed`: words for a failure of the database. */
export declare function groupWrites(database: DatabaseSync, failed: (error: unknown) => FlowError): Writes;
