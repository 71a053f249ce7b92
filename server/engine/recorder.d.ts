import type { FlowError, Payload, PayloadSource } from '../../plugins/sdk/index.ts';
import type { PayloadHead, RunError, RunEvent } from '../model/run-event.ts';
import type { EngineHost, EventSink } from './host.ts';
import type { Loop } from './loop.ts';
/** A payload with what the recording says of it, so that a body is asked for once. */
export interface Item {
    readonly payload: Payload;
    readonly head: PayloadHead;
    /** Only for steps that gather. */
    readonly from?: PayloadSource;
}
/** Writes the events of a run. While the reader of the events has not kept up, nothing new starts. */
export declare class Recorder {
    #private;
    constructor(host: EngineHost, sink: EventSink, loop: Loop);
    /** For those who are lent the stream of events. */
    readonly emit: EventSink;
    write(event: RunEvent): void;
    /** Until the reader has taken all events so far. */
    settled(): Promise<void>;
    /** `like`: where the payload may have the same body. */
    itemOf(payload: Payload, like?: Item): Item;
    /** What the recording shows of a value that the run may go on with. */
    keepValue<T>(value: T): {
        readonly value: T;
        readonly sealed?: string;
    };
    errorOf(error: FlowError, step?: string): RunError;
    log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>> | undefined, step: string | undefined, payload: string | undefined): void;
}
