/** The name of a new file must survive a power cut as well. Windows has no such thing, and needs none. */
export declare function syncFolder(folder: string): void;
