/** What makes a version of a flow. Equal contents have equal hashes, whenever and by whomever they were put together. */
export interface SnapshotContent {
    /** Below the root of the workspace, with `/`. */
    readonly files: readonly {
        readonly file: string;
        readonly bytes: Uint8Array;
    }[];
    /** npm packages that its plugins come from or use, with their versions. */
    readonly packages: Readonly<Record<string, string>>;
}
/** `snapshot.json`: what a snapshot says of itself. */
export interface SnapshotHead {
    readonly version: 1;
    readonly flow: string;
    readonly number: number;
    readonly hash: string;
    readonly createdAt: number;
    readonly by: string;
    readonly note?: string;
    /** Version of Patchbay that made it. */
    readonly engine: string;
    readonly packages: Readonly<Record<string, string>>;
    /** Flows that it calls: they run in the version that is deployed of them. */
    readonly flows: readonly string[];
    /** SHA-256 of each file. */
    readonly files: Readonly<Record<string, string>>;
}
/**
 * Versions of flows: folders `.patchbay/versions/<flow>/<number>/` that hold the files as they were, laid out like the workspace. One that has its name is
 * complete, and never changes again.
 */
export interface Snapshots {
    folderOf(flow: string, number: number): string;
    /**
     * Whoever calls it holds the lock of the state. A folder that is there has been forgotten by a crash, and is replaced. `check` may look at the snapshot while it
     * has another name; where it fails, there is none. (What was loaded from a folder is never loaded anew, so nothing is loaded from one that another may
     * replace.) Fails with `STORAGE_FAILED`, and as `check` does.
     */
    write(content: SnapshotContent, head: Omit<SnapshotHead, 'version' | 'hash' | 'packages' | 'files'>, check?: (folder: string, head: SnapshotHead) => Promise<void>): Promise<SnapshotHead>;
    /** Reads what a snapshot says of itself, and checks that its files are those that were deployed: no other, no more, no less. Fails with `VERSION_DAMAGED`. */
    verify(flow: string, number: number, hash: string): SnapshotHead;
}
export declare function openSnapshots(root: string): Snapshots;
export declare const hashOf: ({ files, packages }: SnapshotContent) => string;
