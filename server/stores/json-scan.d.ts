/** Bytes of a body, anywhere in it. */
export interface ByteSource {
    readonly size: number;
    read(start: number, end: number): Promise<Buffer>;
}
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
/** An entry of an object or array: where it lies and what it is. Offsets count bytes of the document. */
export interface Child {
    readonly index: number;
    /** Place of the quoted key of an object's entry; both 0 in an array. */
    readonly keyStart: number;
    readonly keyEnd: number;
    readonly start: number;
    readonly end: number;
    readonly kind: JsonKind;
    /** Entries of an object or array. */
    readonly count: number;
}
export interface ScanOptions {
    /** Where to begin: right after the opening bracket, or where an entry (its key, in an object) begins. */
    readonly start: number;
    readonly index: number;
    readonly inObject: boolean;
    /** Entries known already, by the place where their value starts: they are jumped over. */
    readonly known?: ReadonlyMap<number, Child>;
    /** False ends the scan. */
    readonly child: (child: Child) => boolean;
    readonly chunkBytes?: number;
}
/**
 * Finds the entries of one object or array without reading them: brackets and quotation marks are counted, nothing is parsed, so memory stays the same
 * however big the document is. Resolves at the closing bracket, at the end of the document, or when `child` has had enough.
 */
export declare function scanChildren(source: ByteSource, options: ScanOptions): Promise<void>;
