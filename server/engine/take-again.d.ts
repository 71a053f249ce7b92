import type { Payload, PayloadContext, PayloadSource } from '../../plugins/sdk/index.ts';
import type { StepWork } from './step.ts';
/**
 * Gives a gathering step a payload that it had before the run was interrupted, so that it keeps again what it kept then. What it gives was passed on before,
 * and what it does is recorded.
 */
export declare function takeAgain({ run, id, planned, shape }: StepWork, payload: Payload, from: PayloadSource | undefined, variables: PayloadContext['variables']): Promise<void>;
/** What is set again is seen by those who set it; the run has what was set last, whoever did. */
export declare function shadowOf(variables: PayloadContext['variables']): PayloadContext['variables'];
