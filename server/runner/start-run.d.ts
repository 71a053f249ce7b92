import type { Recordings } from '../stores/recordings.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Workbench } from './workbench.ts';
export interface RunStarter {
    start(request: StartRun): Promise<StartedRun>;
    /** Nothing is accepted any more. */
    close(): void;
}
export interface RunStarterOptions {
    readonly workbench: Workbench;
    readonly recordings: () => Recordings;
    readonly dispatcher: Dispatcher;
    /** Whether this runner works on whatever is in the queue, and not only on what it starts itself. */
    readonly isListening: () => boolean;
}
/** Accepts runs, and leaves them to the queue. */
export declare function createRunStarter({ workbench, recordings, dispatcher, isListening }: RunStarterOptions): RunStarter;
