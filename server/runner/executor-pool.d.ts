import type { ConnectionState, StateHost } from '../engine/host.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { SecretValues } from '../stores/redact.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Executors } from './executors.ts';
import type { RunnerLog } from './log.ts';
export interface ExecutorPoolOptions {
    readonly root: string;
    readonly usual: 'draft' | 'deployed';
    readonly recordings: () => Recordings;
    readonly dispatcher: () => Dispatcher;
    readonly connections: ConnectionState;
    readonly notify: StateHost['notify'];
    readonly log: RunnerLog;
    readonly values: SecretValues;
    readonly editorSecrets: ReadonlyMap<string, string>;
    /** Changes whenever files of the workspace have. */
    readonly files: () => string;
    readonly limits?: ExecutorLimits;
}
export interface ExecutorLimits {
    /** Default as many as the machine has cores. */
    readonly threads?: number;
    /** How long a thread may be silent before it is ended. */
    readonly stuckMs?: number;
    /** Heap of a thread, in megabytes. */
    readonly megabytes?: number;
    /** How long a thread lives without work. */
    readonly idleMs?: number;
}
/** Threads that run flows: begun when they are needed, ended when they are not, or do not answer any more. */
export declare function createExecutorPool(options: ExecutorPoolOptions): Executors;
