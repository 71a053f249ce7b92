import type { BodyKeeper } from '../engine/host.ts';
import { type HeardValues } from './heard-values.ts';
import { type Masker } from './redact.ts';
import type { Seal } from './seal.ts';
export interface Kept {
    readonly hash: string;
    readonly size: number;
    readonly records?: number;
    /** Name of the true body, sealed, where this one is masked; `''` where it could not be sealed. */
    readonly sealed?: string;
}
export type Recording = 'full' | 'errors' | 'none';
export interface KeeperOptions {
    readonly recording: Recording;
    readonly masker: Masker;
    /** Takes a body that this run has not handed over lately. */
    readonly store: (hash: string, mediaType: string, size: number, data: string | Uint8Array) => void;
    /** Seals what is masked; without it the true body is not kept. */
    readonly seal?: Seal;
    /** See `BodyKeeper`. */
    readonly settled?: () => Promise<void>;
}
export interface Keeper extends BodyKeeper {
    readonly keepValue: NonNullable<BodyKeeper['keepValue']>;
    /** The body of a payload that failed, which is kept even where others are not. `undefined` where the payload is gone. */
    keepFailed(payloadId: string): (Kept & {
        readonly sealedMeta?: string;
    }) | undefined;
    readonly heard: HeardValues;
    /** The run is over: nothing is remembered any more. */
    clear(): void;
}
/** Keeps the bodies of one run: masks, names by SHA-256, hands over. Never fails: a body that cannot be printed is not kept. */
export declare function keepBodies({ recording, masker, store, seal, settled }: KeeperOptions): Keeper;
