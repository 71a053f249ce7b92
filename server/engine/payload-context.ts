import type { CheckpointOptions, Clock, Log, Payload, PayloadContext, PayloadSource } from '../../plugins/sdk/index.ts';
import { scopedHttp, type ScopedHttp } from './http.ts';
import { childId, createPayload } from './payload.ts';
import { placeSeed, seededRandom } from './random.ts';
import type { Recorder } from './recorder.ts';
import type { RunScope } from './run-scope.ts';
import { scriptWorld } from './script-world.ts';

/** What an attempt belongs to. */
export interface AttemptPlace {
  readonly run: RunScope;
  readonly step: string;
  /** Id of the payload in work; that of the step where there is none (`end`). */
  readonly payload: string;
  readonly hasPayload: boolean;
  readonly meta?: PayloadContext['meta'];
  readonly attempt: number;
  readonly from?: PayloadSource | undefined;
  readonly variables: PayloadContext['variables'];
  /** See `PayloadContext`. */
  readonly resumed: unknown;
  onCheckpoint(state: unknown, options?: CheckpointOptions): void;
  onFail(payload: Payload, error: Error): void;
}

/**
 * What a shape is lent for one attempt. Millions are made, so that everything a shape may not need is made when it is asked for; and since
 * shapes take it apart (`{ log, reply }`), what is asked for is a function that needs no `this`.
 */
export class AttemptContext implements PayloadContext {
  settings: unknown = undefined;
  readonly now: number;
  readonly startedAt: number;
  readonly #place: AttemptPlace;
  #isClosed = false;
  #abort: AbortController | undefined;
  #reason: { readonly error: Error } | undefined;
  #log: Log | undefined;
  #http: ScopedHttp | undefined;
  #scriptCalls = 0;
  #random: (() => number) | undefined;
  #create: PayloadContext['create'] | undefined;

  constructor(place: AttemptPlace, startedAt: number) {
    const { options } = place.run;
    this.#place = place;
    this.now = options.now ?? options.relativeTo ?? options.run.queuedAt;
    this.startedAt = options.now ?? startedAt;
  }

  get from(): PayloadSource | undefined {
    return this.#place.from;
  }

  get meta(): PayloadContext['meta'] {
    return this.#place.meta;
  }

  get attempt(): number {
    return this.#place.attempt;
  }

  get variables(): PayloadContext['variables'] {
    return this.#place.variables;
  }

  get resumed(): unknown {
    return this.#place.resumed;
  }

  get checkpoint(): PayloadContext['checkpoint'] {
    return (state, options) => {
      if (!this.#isClosed) this.#place.onCheckpoint(state, options);
    };
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#reason) this.#abort.abort(this.#reason.error);
    }
    return this.#abort.signal;
  }

  get log(): Log {
    const { run, step, payload, hasPayload } = this.#place;
    return (this.#log ??= new StepLog(run.recorder, step, hasPayload ? payload : undefined));
  }

  get http(): ScopedHttp {
    const { run, step, payload, hasPayload, attempt } = this.#place;
    return (this.#http ??= scopedHttp(run.host, { step, ...(hasPayload && { payload }), attempt, signal: this.signal, emit: run.recorder.emit }));
  }

  get clock(): Clock {
    const { signal, startedAt } = this;
    const { clock } = this.#place.run.host;
    return { now: () => startedAt, sleep: (ms) => clock.sleep(ms, signal) };
  }

  /** The same on every attempt, so that an attempt after a failure makes the same payloads. */
  get random(): () => number {
    const { run, step, payload } = this.#place;
    return (this.#random ??= seededRandom(placeSeed(run.options.seed, step, payload)));
  }

  get create(): PayloadContext['create'] {
    if (this.#create) return this.#create;
    const { step, payload } = this.#place;
    let count = 0;
    return (this.#create = (body, options) => createPayload({ id: childId(payload, `${step}+`, count++), body, ...options }));
  }

  get scriptWorld(): NonNullable<PayloadContext['scriptWorld']> {
    const { run, step, payload } = this.#place;
    return () => scriptWorld({ run, step, payload, call: this.#scriptCalls++, now: this.startedAt, context: this });
  }

  get reply(): PayloadContext['reply'] {
    return (payload, options) => !this.#isClosed && this.#place.run.reply(this.#place.step, payload, options);
  }

  get fail(): PayloadContext['fail'] {
    return (payload, error) => {
      if (!this.#isClosed) this.#place.onFail(payload, error);
    };
  }

  get track(): PayloadContext['track'] {
    return (values) => this.#place.run.host.state.track(values, this.#where());
  }

  get notify(): PayloadContext['notify'] {
    const { state, bodies } = this.#place.run.host;
    return (group, message) => state.notify(group, { ...message, text: (bodies.said ?? bodies.mask)(message.text) }, this.#where());
  }

  #where(): { readonly run: string; readonly flow: string; readonly step: string; readonly payload: string; readonly at: number } {
    const { run, step, payload } = this.#place;
    return { run: run.options.run.id, flow: run.options.run.flow, step, payload, at: this.startedAt };
  }

  abort(error: Error): void {
    this.#reason = { error };
    this.#abort?.abort(error);
  }

  /** The attempt is over: what a shape that goes on in secret still says counts for nothing. */
  close(): void {
    this.#isClosed = true;
  }
}

class StepLog implements Log {
  readonly #recorder: Recorder;
  readonly #step: string;
  readonly #payload: string | undefined;

  constructor(recorder: Recorder, step: string, payload: string | undefined) {
    this.#recorder = recorder;
    this.#step = step;
    this.#payload = payload;
  }

  debug(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#recorder.log('debug', message, fields, this.#step, this.#payload);
  }

  info(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#recorder.log('info', message, fields, this.#step, this.#payload);
  }

  warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#recorder.log('warn', message, fields, this.#step, this.#payload);
  }

  error(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#recorder.log('error', message, fields, this.#step, this.#payload);
  }
}
