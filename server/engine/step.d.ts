import { FlowError, type Outputs, type Payload, type PayloadContext, type StepRun } from '../../plugins/sdk/index.ts';
import type { RunError } from '../model/run-event.ts';
import type { Worker } from './loop.ts';
import type { PlannedStep } from './plan.ts';
import type { Item } from './recorder.ts';
import { type StepResume } from './resume.ts';
import type { RunResume, RunScope } from './run-scope.ts';
import { Task, type Made } from './task.ts';
/** What an opened shape does. */
export interface OpenShape {
    payload(payload: Payload, context: PayloadContext): Outputs | Promise<Outputs>;
    end?(context: PayloadContext): Outputs | Promise<Outputs>;
}
/** A step in a run: the payloads that wait in front of it, those in work, and where they go. */
export declare class StepWork implements Worker {
    #private;
    readonly id: string;
    readonly run: RunScope;
    readonly planned: PlannedStep;
    readonly shape: OpenShape;
    readonly variables: PayloadContext['variables'];
    /** Port → the step that gets its payloads. */
    readonly ports: Map<string, StepWork | undefined>;
    isQueued: boolean;
    /** The last payload failed for good because of another system: the next ones get one attempt, until one gets through. */
    isDown: boolean;
    /** Credentials were refused: the next payloads fail with it at once, before too many attempts lock the account. */
    refused: FlowError | undefined;
    /** A payload failed here for good. */
    hasFailed: boolean;
    /** Nothing comes out any more. */
    isEnded: boolean;
    constructor(run: RunScope, planned: PlannedStep, shape: OpenShape, setVariable: (name: string, value: unknown) => void);
    connect(steps: ReadonlyMap<string, StepWork>): void;
    /** A payload arrives. */
    offer(item: Item): void;
    /** Goes on where a run was interrupted; that of another run is new to the recording of this one. */
    resume({ had, todo, awaited, endOutputs, hasFailed }: StepResume, { isNewRun, load }: RunResume): Promise<void>;
    isOldest(task: Task): boolean;
    pump(): void;
    /** Passes on what a task has made. */
    passOn(task: Task, made: Made): void;
    onFinished(task: Task): void;
    abort(error: Error): void;
    catchFailed({ payload }: Item, error: RunError): void;
}
/** The shape of a disabled step. */
export declare const passThrough: (port: string | undefined) => OpenShape;
/** Both forms of a shape as one. */
export declare const asOpenShape: (run: StepRun) => OpenShape;
