import { type CachedDocument } from '../../plugins/sdk/index.ts';
/** A document as a row holds it. `format`: 0 JSON, 1 text, 2 bytes. */
export interface Printed {
    readonly mediaType: string;
    readonly meta: string;
    readonly format: 0 | 1 | 2;
    readonly body: string | Uint8Array;
    /** What it takes of the room of its cache. */
    readonly bytes: number;
}
export interface StoredBody {
    readonly format: number;
    readonly body: string | Uint8Array | null;
}
/** Fails with `DATA_INVALID` where the body is no JSON. */
export declare function printDocument(key: string, { body, mediaType, meta }: CachedDocument): Printed;
export declare function readBody({ format, body }: StoredBody): unknown;
export declare function printJson(value: unknown): string;
