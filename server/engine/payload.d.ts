import { type Payload } from '../../plugins/sdk/index.ts';
export interface PayloadInit {
    readonly id: string;
    /** A JSON value; text or bytes where `mediaType` says that it is not JSON. */
    readonly body: unknown;
    readonly mediaType?: string;
    readonly meta?: Readonly<Record<string, string>>;
}
export interface StreamInit {
    readonly id: string;
    readonly mediaType: string;
    readonly meta?: Readonly<Record<string, string>>;
    /** Bytes, -1 where it is not known. */
    readonly size: number;
    /** Opens the stream from its beginning, each time that it is called. */
    open(): AsyncIterable<Uint8Array>;
    /** Longest body that `json` and `text` read; default 64 MB. */
    readonly maxBytes?: number;
}
/** What a payload holds, for those who keep it: the value itself, never a copy. */
export type PayloadBody = {
    readonly kind: 'json';
    readonly value: unknown;
} | {
    readonly kind: 'text';
    readonly text: string;
} | {
    readonly kind: 'bytes';
    readonly bytes: Uint8Array;
} | {
    readonly kind: 'stream';
    readonly size: number;
    open(): AsyncIterable<Uint8Array>;
};
export declare const isJson: (mediaType: string) => boolean;
export declare function createPayload(init: PayloadInit): Payload;
export declare function streamPayload(init: StreamInit): Payload;
/** The body without waiting and without a copy. */
export declare function bodyOf(payload: Payload): PayloadBody;
/** The same payload under another id. */
export declare function withId(payload: Payload, id: string): Payload;
/**
 * The id of a payload made from another: the same on every attempt and replay. 64 bits; two different origins share an id with a
 * probability of 3e-8 among a million payloads. Called for every payload of every step: it makes no text but the id.
 */
export declare function childId(parent: string, step: string, index: number): string;
