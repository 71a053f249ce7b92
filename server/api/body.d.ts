import type { IncomingMessage } from 'node:http';
/** A body in memory. Limits count decoded bytes: 500 bytes of brotli hold 300 MB. */
export declare function readBytes(request: IncomingMessage, limit: number): Promise<Uint8Array>;
/** A body of any length: in memory up to `memory` bytes, in a file of its own above. `remove` deletes the file. */
export type SpooledBody = {
    readonly bytes: Uint8Array;
} | {
    readonly file: string;
    remove(): Promise<void>;
};
export declare function spoolBytes(request: IncomingMessage, { memory, limit }: {
    readonly memory: number;
    readonly limit: number;
}): Promise<SpooledBody>;
export declare function spool(source: AsyncIterable<Uint8Array>, memory: number): Promise<SpooledBody>;
