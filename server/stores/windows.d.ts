import type { BodyWindow } from '../model/api.ts';
import type { Blobs } from './blobs.ts';
import { type JsonLimits } from './json-document.ts';
export interface WindowBody {
    readonly hash: string;
    readonly size: number;
    readonly mediaType: string;
    /** Where it does not lie in a file. */
    readonly bytes?: Uint8Array;
}
export interface WindowRequest {
    /** JSON pointer. */
    readonly path: string;
    readonly offset: number;
    readonly limit: number;
}
/** Windows of bodies of any size. Small documents are parsed and kept for the next window; big ones are scanned, and what was learnt of them is kept. */
export interface Windows {
    /** `undefined`: there is nothing at the path. */
    read(body: WindowBody, window: WindowRequest): Promise<BodyWindow | undefined>;
}
export declare function openWindows(blobs: Blobs, limits?: JsonLimits & {
    readonly parsedBytes?: number;
}): Windows;
