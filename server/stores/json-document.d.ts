import { type ByteSource, type Child } from './json-scan.ts';
export interface JsonLimits {
    /** One entry in so many is remembered, as a place to begin. */
    readonly stride?: number;
    /** Entries longer than this are remembered and jumped over. */
    readonly bigBytes?: number;
    readonly chunkBytes?: number;
}
/** What was learnt of one big JSON document: each object or array in it is scanned once, then any page of it is near a place that is known. */
export interface JsonDocument {
    find(source: ByteSource, keys: readonly string[]): Promise<Child | undefined>;
    /** Entries of an object or array. */
    children(source: ByteSource, place: Child, offset: number, limit: number): Promise<Child[]>;
    /** The value of a scalar; texts are cut after `most` letters. */
    value(source: ByteSource, place: Child, most: number): Promise<{
        value: unknown;
        cut?: true;
    }>;
}
export declare function openJsonDocument({ stride, bigBytes, chunkBytes }?: JsonLimits): JsonDocument;
