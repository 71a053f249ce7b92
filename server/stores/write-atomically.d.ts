/** Replaces a file as a whole: whoever reads it, and whatever breaks, sees the old text or the new one. */
export declare function writeAtomically(file: string, text: string, mode?: number): Promise<void>;
