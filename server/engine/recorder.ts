import type { FlowError, Payload, PayloadSource } from '../../plugins/sdk/index.ts';
import type { PayloadHead, RunError, RunEvent } from '../model/run-event.ts';
import type { EngineHost, EventSink } from './host.ts';
import type { Loop } from './loop.ts';
import { bodyOf } from './payload.ts';
import { toRunError } from './run-error.ts';

/** A payload with what the recording says of it, so that a body is asked for once. */
export interface Item {
  readonly payload: Payload;
  readonly head: PayloadHead;
  /** Only for steps that gather. */
  readonly from?: PayloadSource;
}

/** Writes the events of a run. While the reader of the events has not kept up, nothing new starts. */
export class Recorder {
  readonly #host: EngineHost;
  readonly #sink: EventSink;
  readonly #loop: Loop;
  #last: Promise<void> | undefined;

  constructor(host: EngineHost, sink: EventSink, loop: Loop) {
    this.#host = host;
    this.#sink = sink;
    this.#loop = loop;
  }

  /** For those who are lent the stream of events. */
  readonly emit: EventSink = (event) => {
    const waiting = this.#sink(event);
    if (!waiting) return;
    this.#last = waiting;
    this.#loop.holdFor(waiting);
    return waiting;
  };

  write(event: RunEvent): void {
    void this.emit(event);
  }

  /** Until the reader has taken all events so far. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** `like`: where the payload may have the same body. */
  itemOf(payload: Payload, like?: Item): Item {
    const { hash, size, records, sealed } = like && bodyOf(like.payload) === bodyOf(payload) ? { hash: like.head.body, size: like.head.size, records: like.head.records, sealed: like.head.sealed } : this.#host.bodies.keep(payload);
    const { id, mediaType, meta } = payload;
    const head: { -readonly [K in keyof PayloadHead]: PayloadHead[K] } = { id, mediaType, body: hash, size };
    if (records !== undefined) head.records = records;
    if (sealed !== undefined) head.sealed = sealed;
    if (bodyOf(payload).kind === 'text') head.isText = true;
    // Not `Object.keys`: most payloads have none, and there are many.
    for (const _ in meta) {
      const kept = this.keepValue(meta);
      head.meta = kept.value;
      if (kept.sealed !== undefined) head.sealedMeta = kept.sealed;
      break;
    }
    return { payload, head };
  }

  /** What the recording shows of a value that the run may go on with. */
  keepValue<T>(value: T): { readonly value: T; readonly sealed?: string } {
    const { bodies } = this.#host;
    return bodies.keepValue ? bodies.keepValue(value) : { value: bodies.mask(value) };
  }

  errorOf(error: FlowError, step?: string): RunError {
    return this.#host.bodies.mask(toRunError(error, step));
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>> | undefined, step: string | undefined, payload: string | undefined): void {
    const { bodies, clock } = this.#host;
    this.write({
      type: 'log', ...(step !== undefined && { step }), ...(payload !== undefined && { payload }), level, message: bodies.mask(message),
      ...(fields && { fields: bodies.mask(fields) }), at: clock.now(),
    });
  }
}
