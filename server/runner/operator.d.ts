import type { Recordings } from '../stores/recordings.ts';
import type { Audit } from './audited.ts';
import type { Runner } from './contract.ts';
import type { StateAccess } from './state-access.ts';
export interface OperatorOptions {
    /** Whether anything was ever recorded: looking must not make recordings. */
    readonly hasRecordings: () => boolean;
    readonly recordings: () => Recordings;
    readonly tracked: StateAccess['tracked'];
    /** What stops and repeats runs, with its own entries in the audit log. */
    readonly runner: () => Pick<Runner, 'past' | 'stop'>;
    readonly audit: Audit;
    readonly now: () => number;
}
/** What operators do with many runs, and what they look through. */
export declare function createOperator({ hasRecordings, recordings, tracked, runner, audit, now }: OperatorOptions): Pick<Runner, 'act' | 'search' | 'insights' | 'auditLog'>;
