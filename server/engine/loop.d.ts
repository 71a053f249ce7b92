import type { EngineHost } from './host.ts';
/** Something with work to do now. `pump` does what it can without waiting. */
export interface Worker {
    isQueued: boolean;
    pump(): void;
}
/**
 * Gives the steps of a run their turns: a step that gets something to do is added, and pumped when those before it have been. No promise
 * is made where the work needs none; a slice of time that is over lets the rest of the process have its turn.
 */
export declare class Loop {
    #private;
    constructor(clock: EngineHost['clock'], onCrash: (error: unknown) => void);
    /** Nothing new may start. Whoever finds it so adds itself again. */
    get isHeld(): boolean;
    add(worker: Worker): void;
    run(): void;
    /** Nothing starts until the promise is kept. */
    holdFor(promise: Promise<void>): void;
    /** To be called with the time as work goes on. */
    tick(now: number): void;
    close(): void;
}
/** After the input and output that is waiting, before any timer. */
export declare const soon: (task: () => void) => void;
