import { type HttpResponse, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { RunnerLog } from './log.ts';
export interface EventPlace {
    readonly flow: string;
    readonly trigger: string;
}
export interface EventOptions {
    readonly log: RunnerLog;
    readonly start: (request: StartRun) => Promise<StartedRun>;
}
/**
 * Starts the run of an event. Resolves when the run is accepted, or is known not to be, and the event has been told so; who waits for a callback gets the
 * answer later. Never fails.
 */
export declare function startEvent(event: TriggerEvent, place: EventPlace, { start, log }: EventOptions): Promise<void>;
export declare const problem: (status: number, code: string, detail: string, more?: object) => HttpResponse;
