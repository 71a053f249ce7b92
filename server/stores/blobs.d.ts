/** Bodies longer than this lie in files of their own: the database stays small, and a window of a big one can be read. */
export declare const longestInline: number;
/** Files by the hash of their content, `blobs/ab/cdef…`. A file that is there is complete. */
export interface Blobs {
    readonly folder: string;
    pathOf(hash: string): string;
    has(hash: string): boolean;
    /** Does nothing where it is there already. With `isDurable`, the content is on the disk before the file gets its name. */
    write(hash: string, bytes: Uint8Array, isDurable: boolean): void;
    read(hash: string, range?: {
        readonly start: number;
        readonly end: number;
    }): AsyncIterable<Uint8Array>;
    remove(hash: string): void;
}
export declare function openBlobs(folder: string): Blobs;
