/**
 * Says which runners of a workspace live. A lease is a file that its runner keeps locked; the operating system lets go of the lock when the process ends,
 * however it ends. (Process ids would not do: they are used again, and differ between containers that share a folder.) SQLite does the locking, since Node has none.
 */
export interface Lease extends Disposable {
    readonly owner: string;
}
export declare function takeLease(folder: string, owner: string): Lease;
/** Whether the runner with this lease lives. Removes the lease of one that does not. */
export declare function isAlive(folder: string, owner: string): boolean;
