import { type Payload } from '../../plugins/sdk/index.ts';
import type { Plan } from '../engine/plan.ts';
import type { RunResume } from '../engine/run-scope.ts';
import type { Recording } from '../stores/keep-bodies.ts';
import type { LeasedRun, Recordings } from '../stores/recordings.ts';
export interface GoOn {
    /** Whatever was recorded but its acceptance counts for nothing: it begins at its beginning. */
    readonly isAnew: boolean;
    readonly resume?: RunResume;
}
export interface GoOnOptions {
    readonly recordings: Pick<Recordings, 'journal'>;
    readonly recording: Recording;
    /** The flow of an earlier run, as it was recorded. Fails with `RUN_INTERRUPTED` where the run is gone. */
    planThen(run: string): Promise<Plan>;
}
/**
 * How a leased run begins: with its payload; where it was interrupted, if it was at work before and all of it was recorded; or with what another run left.
 * One whose recording is not full begins anew. Its payloads have the same ids as before, so what it sends twice has the same key.
 */
export declare function goOn(run: Pick<LeasedRun, 'head' | 'lastSeq'>, plan: Plan, input: Payload, { recordings, recording, planThen }: GoOnOptions): GoOn;
