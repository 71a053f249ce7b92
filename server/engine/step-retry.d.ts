import type { FlowError } from '../../plugins/sdk/index.ts';
import type { PlannedStep } from './plan.ts';
export interface RetryPlace {
    readonly seed: number;
    readonly step: string;
    readonly payload: string;
    /** The attempt that failed, from 1. */
    readonly attempt: number;
}
/**
 * Milliseconds until a step's next attempt: doubled each time, ± 20 % from the run's seed, so that many payloads do not come back at once.
 * What the other system asks for wins where it is longer.
 */
export declare function stepDelay(retry: PlannedStep['retry'], error: FlowError, { seed, step, payload, attempt }: RetryPlace): number;
