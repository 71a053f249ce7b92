import { type OpenContext, type PayloadSource, type Shape } from '../../plugins/sdk/index.ts';
import { type CompiledValue } from '../model/expression.ts';
import type { Flow } from '../model/flow.ts';
import type { EngineHost } from './host.ts';
import { type Turn } from './turns.ts';
export interface PlanOptions {
    readonly flow: Flow;
    readonly flowId: string;
    /** Path of the flow's file: the place of errors. */
    readonly file: string;
    /** The step that gets the payload; default the flow's start. */
    readonly from?: string;
    /** Only what leads to this step, with it. */
    readonly until?: string;
}
/** A flow, compiled: nothing of a run is in it, so that it serves any number of runs as long as the files of the workspace stay the same. */
export interface Plan {
    readonly flow: Flow;
    readonly flowId: string;
    readonly file: string;
    readonly open: OpenContext;
    /** Id of the step that gets the payload. */
    readonly start: string;
    /** The steps that the run may reach, each after those that lead to it. */
    readonly steps: readonly PlannedStep[];
}
export interface PlannedStep {
    readonly id: string;
    /** Absent where the step is disabled. */
    readonly shape?: Shape;
    /** Complete, with the texts of expressions. */
    readonly settings: unknown;
    /** Gives the settings of a payload, where they depend on it. */
    readonly template?: CompiledValue;
    /** Port → the step that gets its payloads; `undefined` ends the path. */
    readonly ports: ReadonlyMap<string, string | undefined>;
    readonly catches?: {
        readonly port: string;
        readonly action: CatchAction;
    };
    /** The step whose catch port takes what fails here. */
    readonly catcher?: string;
    /** Steps that must have ended before it begins. */
    readonly turns?: readonly Turn[];
    /** Of a step that gathers: the ports that lead to it. */
    readonly sources?: readonly (PayloadSource & {
        readonly behind: ReadonlySet<string>;
    })[];
    /** What it gives up counts as caught, and makes this of the run. */
    readonly keeps?: CatchAction;
    readonly concurrency: number;
    readonly waitForAll: boolean;
    readonly timeoutMs: number;
    readonly retry: {
        readonly attempts: number;
        readonly delayMs: number;
        readonly maxDelayMs: number;
    };
}
export type CatchAction = 'partial-success' | 'fail' | 'success';
/** Compiles a flow. Fails with the first config error, whose place is in the flow's file. */
export declare function planFlow(host: EngineHost, options: PlanOptions): Promise<Plan>;
