import { type Edge } from './plan-graph.ts';
import type { StepWork } from './step.ts';
/** What a step waits for: the steps behind the earlier ports of a step that serves its ports in turn. */
export interface Turn {
    /** The step that serves its ports in turn. */
    readonly of: string;
    readonly port: string;
    readonly after: readonly string[];
    /** The step does not begin where payloads failed there and nothing there caught them. */
    readonly stops: boolean;
}
export interface InTurn {
    readonly id: string;
    /** Of its ports that lead somewhere, in order. */
    readonly ports: readonly {
        readonly port: string;
        readonly to: string;
    }[];
    readonly stops: boolean;
}
/** For the first steps behind ports that are served in turn. What a step leads to itself it does not wait for: where branches meet again they have ended. */
export declare function findTurns(edges: readonly Edge[], inTurn: readonly InTurn[]): Map<string, Turn[]>;
/** The turns of a step in a run. */
export declare class Turns {
    #private;
    constructor(turns: readonly Turn[], steps: ReadonlyMap<string, StepWork>);
    get after(): readonly StepWork[];
    /** `stopped`: it never comes, since payloads failed in `by`. */
    get state(): {
        readonly is: 'open' | 'waiting';
    } | {
        readonly is: 'stopped';
        readonly turn: Turn;
        readonly by: string;
    };
}
