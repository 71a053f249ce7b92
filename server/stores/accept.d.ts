import { type Payload } from '../../plugins/sdk/index.ts';
import type { RunEvent, RunHead } from '../model/run-event.ts';
import { type Recording } from './keep-bodies.ts';
import { type Overlap, type RunRequest } from './queue.ts';
import { type Masker } from './redact.ts';
import type { Seal } from './seal.ts';
import type { WriteOp } from './write-ops.ts';
export interface NewRun {
    readonly head: Omit<RunHead, 'payload'>;
    readonly payload?: Payload;
    readonly flowText: string;
    readonly seed: number;
    readonly key?: string;
    readonly recording: Recording;
    /** Names of redacted fields. */
    readonly redact: readonly string[];
    readonly request?: RunRequest;
    /** 0 goes first, 4 last; default 2. */
    readonly priority?: number;
    /** Default `parallel`. */
    readonly overlap?: Overlap;
    /** How many runs of the flow may be at work. */
    readonly flowLimit?: number;
    /** Milliseconds since the epoch. */
    readonly notBefore?: number;
    /** Only the owner that accepts it leases it, as long as he lives: somebody here waits for what it gives. */
    readonly isReserved?: boolean;
    /** Of the deployed flow; absent: the draft. */
    readonly version?: string;
}
/** The true content of a run whose recording is masked, or has none. */
export interface SealedRun {
    readonly request: RunRequest;
    readonly payload?: {
        readonly mediaType: string;
        readonly meta: Readonly<Record<string, string>>;
        readonly body: unknown;
    };
}
export interface Acceptance {
    readonly op: WriteOp & {
        readonly 0: 'accept';
    };
    /** About what it takes of memory. */
    readonly bytes: number;
    readonly queued: {
        readonly run: string;
        readonly seq: number;
        readonly event: RunEvent & {
            type: 'run-queued';
        };
    };
}
/** What has to be written so that a run is accepted. `number`: the recorder's. Fails with `DATA_INVALID` where the payload is nothing that could be written. */
export declare function accepting(number: number, run: NewRun, { owner, masker, seal }: {
    readonly owner: string;
    readonly masker: Masker;
    readonly seal: Seal;
}): Acceptance;
/** Whether something in it was masked. */
export declare const isMarked: (data: string | Uint8Array) => boolean;
