import { type Payload } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import type { ReplayResult } from '../model/api.ts';
import type { PastRun } from '../stores/past-run.ts';
import type { Masker } from '../stores/redact.ts';
import type { PreparedFlow } from './flow-plans.ts';
export interface ReplayOptions {
    readonly past: PastRun;
    readonly journal: Journal;
    /** The flow, in the version that is to be replayed. */
    readonly prepared: PreparedFlow;
    readonly masker: Masker;
    /** Bytes of a recorded body by its name. */
    readonly body: (hash: string, sealed: string | undefined) => Promise<Uint8Array>;
    /** Begins at this step, with what came to it. */
    readonly from?: string;
    /** Another payload than it began with; with `from`, at that step. */
    readonly payload?: Payload;
    /** The flow as it was, where its file is another now. */
    readonly flowText?: string;
    readonly signal: AbortSignal;
}
/** Runs a flow again from its recording: nothing goes out, and what comes out is compared with what came out then. */
export declare function replayRun(options: ReplayOptions): Promise<ReplayResult>;
