/** A file of the workspace as it was when it was last looked at. */
export interface FoundFile {
    /** Below the root, with `/`. */
    readonly file: string;
    readonly path: string;
    /** Changes with the content. */
    readonly stamp: string;
    readonly size: number;
}
export interface FoundFiles {
    readonly files: readonly FoundFile[];
    /** Links that lead out of the workspace: they are not followed. */
    readonly refused: readonly string[];
}
/** The nearest folder, from here upwards, that holds a `patchbay.json`. */
export declare function findWorkspace(from: string): string | undefined;
/**
 * Lists the files of some folders of a root, sorted, and single files. Folders that are links are not entered, files that are links must lead to a file of the root;
 * names that begin with a dot and `node_modules` are left out.
 */
export declare function listFiles(root: string, folders: readonly string[], single?: readonly string[]): FoundFiles;
/** The text of a file; `undefined` where it has gone since it was listed. */
export declare function readText(path: string): string | undefined;
