import type { Cache, FlowCall, Payload, Pool } from '../../plugins/sdk/index.ts';
import type { PayloadHead, StateRead } from '../model/run-event.ts';
import type { Cursor, CursorPlace } from './host.ts';
import type { RunScope } from './run-scope.ts';
/** What a step reads of the state becomes part of the recording, so that a replay reads the same. */
export interface ReadSink {
    readonly step: string;
    write(read: StateRead): void;
    /** Keeps what was read, by the name that it gets in the recording. */
    keep(payload: Payload): PayloadHead;
}
export declare function readSink({ recorder, host }: RunScope, step: string): ReadSink;
/** Stands for the arguments of a call: they may be long, and a replay has them itself. */
export declare const argsKey: (...args: readonly unknown[]) => string;
export declare function recordedCache(cache: Cache, name: string, sink: ReadSink): Cache;
export declare function recordedPool(pool: Pool, name: string, sink: ReadSink): Pool;
export declare function recordedCursor(cursor: Cursor, place: CursorPlace, sink: ReadSink): Cursor;
export declare const cursorName: ({ instance, endpoint }: CursorPlace) => string;
export declare function recordedFlow(call: FlowCall, name: string, sink: ReadSink): FlowCall;
export declare const fromBits: (text: string) => boolean[];
