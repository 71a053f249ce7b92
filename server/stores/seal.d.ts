/**
 * Encrypts what a run needs to begin or to go on, and what must not lie on the disk as it is: bodies and variables with secrets or redacted fields. It is
 * kept no longer than the run.
 */
export interface Seal {
    seal(bytes: Uint8Array): Uint8Array;
    /** Fails with `SECRET_MISSING` where it was sealed with another key, or changed. */
    open(sealed: Uint8Array): Uint8Array;
}
export interface SealOptions {
    /** That of the stored secrets: it lies outside of the workspace, so that a copy of the workspace does not tell what is sealed. Made where it is missing. */
    readonly keyFile: string;
    /** Counts before the file. */
    readonly passphrase?: string | undefined;
    /** Where the key lies when the other place cannot be written. */
    readonly spareFile: string;
}
/** Nothing is read or written before something is sealed. */
export declare function createSeal(options: SealOptions): Seal;
