import type { EngineHost } from './host.ts';
export interface Watched {
    /** Milliseconds since the epoch. */
    readonly deadline: number;
    /** The deadline is over; it is no longer watched. */
    onDue(): void;
    /** Its neighbours in the list of what is watched: they belong to the watchdog. */
    watchedBefore: Watched | undefined;
    watchedAfter: Watched | undefined;
}
/**
 * Watches any number of deadlines with one timer, and with none for what is over at once: nearly everything is. What is watched is a linked
 * list of the watched things themselves, since each promise that a step waits for comes and goes.
 */
export declare class Watchdog {
    #private;
    constructor(clock: EngineHost['clock']);
    add(watched: Watched): void;
    delete(watched: Watched): void;
    close(): void;
}
/** The longest that a timer can sleep. */
export declare const LONGEST_SLEEP_MS: number;
