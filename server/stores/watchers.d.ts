import type { NumberedRunEvent, RunEvent } from '../model/run-event.ts';
import type { Archive } from './archive.ts';
/** Runs that other threads of this process record: their events come only when they are asked for. */
export interface Elsewhere {
    /** Whether one of them records the run now. */
    has(run: string): boolean;
    /** From now on its events are wanted; `settle` says from when on they come. */
    watch(run: string): void;
    unwatch(run: string): void;
    /** Resolves when everything that was recorded of the run before can be read, and all that comes later is told. */
    settle(run: string): Promise<void>;
}
export interface Watchers {
    /** `run`: an id, or `''` for the beginnings and ends of all runs. */
    add(run: string, listener: (event: NumberedRunEvent) => void): () => void;
    tell(event: NumberedRunEvent): void;
    /** Whether somebody listens to this run. */
    has(run: string): boolean;
}
export declare const isMilestone: (type: RunEvent['type']) => boolean;
export declare function createWatchers(elsewhere: Elsewhere | undefined): Watchers;
export interface FollowOptions {
    readonly archive: Archive;
    readonly watchers: Watchers;
    /** Whether this process records the run now: then its events are told. */
    readonly isHere: () => boolean;
    /** See `Elsewhere.settle`. */
    readonly settle: () => Promise<void>;
}
/**
 * Recorded events first, then live ones, none missing and none twice. Those of a run that another process records are read from the database as they come;
 * so are those of a run that waits, until this process has begun it. The end of a run of which nothing is kept is told as well.
 */
export declare function follow(run: string, listener: (event: NumberedRunEvent) => void, afterSeq: number, { archive, watchers, isHere, settle }: FollowOptions): () => void;
