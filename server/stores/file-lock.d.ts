/**
 * Does a piece of work while nobody else, in this process or another, does one under the same lock. The operating system lets go of it when a process dies.
 * (SQLite does the locking, since Node has none; the file stays, empty.) Fails with `STORAGE_FAILED` where the lock does not come free in time.
 */
export declare function withFileLock<T>(file: string, work: () => Promise<T>, waitMs?: number): Promise<T>;
