import type { CheckpointOptions, FlowError, Payload } from '../../plugins/sdk/index.ts';
import { type AttemptPlace } from './payload-context.ts';
import type { Item } from './recorder.ts';
import type { Progress } from './resume.ts';
import type { StepWork } from './step.ts';
import type { Watched } from './watchdog.ts';
/** What a task has made and not passed on yet. */
export type Made = 
/** `isAgain`: it was passed on before a crash, and is recorded. */
{
    readonly port: string;
    readonly payload: Payload;
    readonly isAgain: boolean;
} | Failed;
export interface Failed {
    readonly failed: Payload;
    readonly error: FlowError;
    /** It stands for all that was left of the payload. */
    readonly isRest?: boolean;
}
/**
 * The work of a step on one payload (or on the end of its payloads): its attempts, their time limit, and what comes out. What it makes is passed
 * on by the step when it is the oldest task, so that the order is kept; until then it waits here.
 */
export declare class Task implements Watched, AttemptPlace {
    #private;
    readonly work: StepWork;
    readonly item: Item | undefined;
    attempt: number;
    deadline: number;
    watchedBefore: Watched | undefined;
    watchedAfter: Watched | undefined;
    /** Nothing more will come; `error` where no attempt is left. */
    isFinished: boolean;
    error: FlowError | undefined;
    /** The payload itself was given up by its shape. */
    isGivenUp: boolean;
    /** May be asked for the next output. */
    isParked: boolean;
    spentMs: number;
    /** `before`: what had become of the payload when the run was interrupted. `outputs`: what the step had passed on of it. */
    constructor(work: StepWork, item: Item | undefined, before?: Progress, outputs?: number);
    get run(): import("./run-scope.ts").RunScope;
    get step(): string;
    get payload(): string;
    get hasPayload(): boolean;
    get from(): import("../../plugins/sdk/context.ts").PayloadSource | undefined;
    get variables(): {
        get(name: string): unknown;
        set(name: string, value: unknown): void;
        all(): Readonly<Record<string, unknown>>;
    };
    get resumed(): unknown;
    get madeAhead(): number;
    /** What waits to be passed on; it waits no longer. */
    takeMade(): readonly Made[];
    begin(): void;
    /** Asks for the next output. Only for parked tasks. */
    pull(): void;
    /** The run is over. */
    abort(error: Error): void;
    onCheckpoint(state: unknown, { rest, withNext }?: CheckpointOptions): void;
    onFail(payload: Payload, error: Error): void;
    onDue(): void;
}
