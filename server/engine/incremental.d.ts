import { type ValueContext } from '../../plugins/sdk/index.ts';
import type { IncrementalUse } from '../model/connector.ts';
import { type CursorValue } from '../model/cursor-order.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
import type { CursorStart, SeenRecord } from './host.ts';
/** Where a reading of one slice begins and ends; the end does not belong to it. */
export interface Bounds {
    readonly from?: CursorValue;
    readonly to?: CursorValue;
}
/** A range that somebody asks for instead of what is new. */
export interface ReadRange {
    readonly from?: unknown;
    readonly to?: unknown;
}
/** What a reading has come to. */
export interface Taken {
    readonly records: readonly unknown[];
    /** Versions of records that were not known. */
    readonly seen: readonly SeenRecord[];
    /** The newest value so far. */
    readonly newest?: CursorValue;
}
export interface Incremental {
    readonly use: IncrementalUse;
    /** Fails with `CONFIG_INVALID` where a bound cannot be read, or the first window has no beginning. */
    bounds(scope: Scope, context: ValueContext, start: CursorStart | undefined, range: ReadRange | undefined): Promise<Bounds>;
    /** The next bounds to ask for, from a value on; the whole where there are no windows. */
    window(bounds: Bounds, from: CursorValue | undefined): Bounds;
    /** The root `cursor` for a window. */
    scopeOf(window: Bounds): Readonly<Record<string, string | number>>;
    /** `known`: names of versions, to which those of the records are added. Fails with `REMOTE_FORMAT` where records that should be sorted are not. */
    take(records: readonly unknown[], known: Set<string>, newest: CursorValue | undefined): Taken;
    /** What is remembered when everything up to `newest` got through. */
    reached(newest: CursorValue, bounds: Bounds): {
        readonly value: CursorValue;
        readonly keepFrom: CursorValue;
    };
}
/** The expressions are resolved when reading begins. Fails with `CONFIG_EXPRESSION`, `CONFIG_PATH`. */
export declare function compileIncremental(use: IncrementalUse, env: ExpressionEnv, endpoint: string): Promise<Incremental>;
/** Whether windows are left after one. */
export declare const isOver: ({ to }: Bounds, window: Bounds, { use: { step, kind } }: Incremental) => boolean;
