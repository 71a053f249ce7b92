import type { CheckpointOptions, FlowError, Output, Outputs, Payload } from '../../plugins/sdk/index.ts';
import { isSame } from '../model/json.ts';
import { AttemptContext, type AttemptPlace } from './payload-context.ts';
import { childId, withId } from './payload.ts';
import type { Item } from './recorder.ts';
import { stepDelay } from './step-retry.ts';
import type { Checkpoint, Progress } from './resume.ts';
import { asFlowError, isRetryable } from './run-error.ts';
import { resolveSettings } from './step-settings.ts';
import type { StepWork } from './step.ts';
import { lateError, oddAnswer, oddPort } from './task-errors.ts';
import type { Watched } from './watchdog.ts';

/** What a task has made and not passed on yet. */
export type Made =
  /** `isAgain`: it was passed on before a crash, and is recorded. */
  | { readonly port: string; readonly payload: Payload; readonly isAgain: boolean }
  | Failed;

export interface Failed {
  readonly failed: Payload;
  readonly error: FlowError;
  /** It stands for all that was left of the payload. */
  readonly isRest?: boolean;
}

/** A checkpoint of this process: what is left by then fails in the place of the payload. */
type Reached = Checkpoint & Pick<CheckpointOptions, 'rest'>;

/**
 * The work of a step on one payload (or on the end of its payloads): its attempts, their time limit, and what comes out. What it makes is passed
 * on by the step when it is the oldest task, so that the order is kept; until then it waits here.
 */
export class Task implements Watched, AttemptPlace {
  readonly work: StepWork;
  /** Another one where a debugger has changed it between attempts. */
  item: Item | undefined;
  attempt = 0;
  deadline = 0;
  watchedBefore: Watched | undefined;
  watchedAfter: Watched | undefined;
  /** Nothing more will come; `error` where no attempt is left. */
  isFinished = false;
  error: FlowError | undefined;
  /** The payload itself was given up by its shape. */
  isGivenUp = false;
  /** May be asked for the next output. */
  isParked = false;
  /** What it has made is passed on before it is asked for more. */
  isAwaited = false;
  spentMs = 0;
  /** Waits until this is the oldest task. */
  #made: Made[] | undefined;
  #context: AttemptContext | undefined;
  #iterator: AsyncIterator<Output> | undefined;
  #since = 0;
  /** What the attempts before this one have spent. */
  #spentBefore = 0;
  #isLate = false;
  /** Which of the promises waited for counts: those of an attempt that was abandoned do not. */
  #ticket = 0;
  // Of this attempt, and of all attempts so far: an attempt after a failure leaves out what was passed on already.
  #outputs = 0;
  #outputsPassed = 0;
  #fails: Failed[] | undefined;
  #failCount = 0;
  #failsPassed = 0;
  #checkpoint: Reached | undefined;
  /** Counts as soon as the next output is passed on. */
  #coming: Reached | undefined;
  readonly #before: Progress | undefined;

  /** `before`: what had become of the payload when the run was interrupted. `outputs`: what the step had passed on of it. */
  constructor(work: StepWork, item: Item | undefined, before?: Progress, outputs = before?.outputs ?? 0) {
    this.work = work;
    this.item = item;
    this.#before = before;
    this.#outputsPassed = outputs;
    if (!before) return;
    this.attempt = before.attempts;
    this.#failsPassed = before.fails;
    this.#checkpoint = before.checkpoint;
  }

  get run() { return this.work.run; }
  get step(): string { return this.work.id; }
  get payload(): string { return this.item ? this.item.payload.id : this.work.id; }
  get hasPayload(): boolean { return this.item !== undefined; }
  get meta(): Payload['meta'] | undefined { return this.item?.payload.meta; }
  get from() { return this.item?.from; }
  get variables() { return this.work.variables; }
  get resumed(): unknown { return this.#checkpoint?.state; }
  /** Attempts since the run began or went on. */
  get #attemptsNow(): number { return this.attempt - (this.#before?.attempts ?? 0); }

  get madeAhead(): number { return this.#made === undefined ? 0 : this.#made.length; }

  /** What waits to be passed on; it waits no longer. */
  takeMade(): readonly Made[] {
    const made = this.#made;
    if (made === undefined) return nothing;
    this.#made = undefined;
    return made;
  }

  begin(): void {
    const { run, item, work } = this;
    const at = run.host.clock.now();
    run.loop.tick(at);
    this.attempt++;
    this.#outputs = this.#checkpoint?.outputs ?? 0;
    this.#failCount = this.#checkpoint?.fails ?? 0;
    this.#fails = undefined;
    this.#coming = undefined;
    this.isAwaited = false;
    this.#isLate = false;
    this.#since = this.#worked(at);
    this.#spentBefore = this.spentMs;
    if (item) run.recorder.write({ type: 'payload-in', step: work.id, payload: item.head, attempt: this.attempt, at });
    const context = new AttemptContext(this, run.options.attemptAt?.(work.id, this.payload, this.attempt) ?? at);
    this.#context = context;
    try {
      if (work.refused) throw work.refused;
      const settings = resolveSettings(run, work.planned, item?.payload, context);
      if (isPromise(settings)) this.#await(settings, this.#call);
      else this.#call(settings);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Asks for the next output. Only for parked tasks. */
  pull(): void {
    const at = this.run.host.clock.now();
    this.run.loop.tick(at);
    this.isParked = false;
    this.#since = this.#worked(at);
    try {
      this.#await(this.#iterator!.next(), this.#onNext);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** The run is over. */
  abort(error: Error): void {
    this.#context?.abort(error);
    this.#context?.close();
    this.isParked = false;
    this.#closeIterator();
  }

  onCheckpoint(state: unknown, { rest, withNext = false, isAwaited = false }: CheckpointOptions = {}): void {
    if (!this.item) return;
    this.isAwaited = isAwaited;
    // No further attempt gives them up again.
    this.#passFails();
    const checkpoint = { state, outputs: this.#outputs + (withNext ? 1 : 0), fails: this.#failCount, ...(rest && { rest }) };
    if (withNext) this.#coming = checkpoint;
    else this.#reach(checkpoint);
  }

  onFail(payload: Payload, error: Error): void {
    if (this.#failCount++ >= this.#failsPassed) (this.#fails ??= []).push({ failed: payload, error: asFlowError(error) });
  }

  onDue(): void {
    const { timeoutMs } = this.work.planned;
    if (this.#isLate) {
      // It does not listen to its signal: it is left alone.
      this.#ticket++;
      this.#onError(lateError(this.work.planned));
      this.run.loop.run();
      return;
    }
    this.#isLate = true;
    this.#context?.abort(lateError(this.work.planned));
    this.deadline += Math.min(GRACE_MS, timeoutMs);
    this.run.watchdog.add(this);
  }

  #call(settings: unknown): void {
    const { work, item } = this;
    const context = this.#context!;
    context.settings = settings;
    const answer = item ? work.shape.payload(item.payload, context) : work.shape.end!(context);
    if (isPromise(answer)) this.#await(answer as Promise<Outputs>, this.#take);
    else this.#take(answer);
  }

  #take(answer: Outputs): void {
    if (this.run.isOver) return;
    if (Array.isArray(answer)) {
      for (const output of answer as readonly Output[]) this.#pass(output);
      this.#finish();
    } else if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
      this.#iterator = (answer as AsyncIterable<Output>)[Symbol.asyncIterator]();
      this.#park();
    } else {
      throw oddAnswer(this.work.id, answer);
    }
  }

  #onNext(result: IteratorResult<Output>): void {
    if (result.done) {
      this.#iterator = undefined;
      this.#finish();
      return;
    }
    this.#passFails();
    this.#pass(result.value);
    this.#park();
  }

  #park(): void {
    this.isParked = true;
    this.run.loop.add(this.work);
  }

  #pass(output: Output): void {
    this.#passNew(output);
    if (this.#coming && this.#outputs >= this.#coming.outputs) this.#reach(this.#coming);
  }

  #reach(checkpoint: Reached): void {
    const { run, work } = this;
    const before = this.#checkpoint;
    this.#checkpoint = checkpoint;
    this.#coming = undefined;
    const { state, outputs, fails } = checkpoint;
    if (before && before.outputs === outputs && before.fails === fails && isSame(before.state, state)) return;
    const kept = run.host.bodies.mask(state);
    // A state that has to be masked is of no use later: the run begins there anew.
    if (isSame(kept, state)) run.recorder.write({ type: 'checkpoint', step: work.id, payload: this.payload, outputs, ...(fails > 0 && { fails }), state, at: run.host.clock.now() });
  }

  #passNew(output: Output): void {
    const index = this.#outputs++;
    const isPassed = index < this.#outputsPassed;
    const again = this.#before?.again;
    if (isPassed && (again === undefined || again.size === 0)) return;
    const { port, payload } = output;
    if (!this.work.ports.has(port)) throw oddPort(this.work.id, port);
    const id = childId(this.payload, this.work.id, index);
    if (isPassed && !again!.has(id)) return;
    if (!isPassed) this.#outputsPassed++;
    this.#hand({ port, payload: withId(payload, id), isAgain: isPassed });
  }

  #passFails(): void {
    if (!this.#fails) return;
    for (const { failed, error, isRest } of this.#fails) {
      const index = this.#failsPassed++;
      if (failed === this.item?.payload) this.isGivenUp = true;
      // A payload made of the one in work has its id; but it is another.
      const own = failed !== this.item?.payload && failed.id === this.payload ? withId(failed, childId(failed.id, `${this.work.id}!`, index)) : failed;
      this.#hand({ failed: own, error, ...(isRest && { isRest }) });
    }
    this.#fails = undefined;
  }

  #hand(made: Made): void {
    if (this.work.isOldest(this) && this.madeAhead === 0) this.work.passOn(this, made);
    else (this.#made ??= []).push(made);
  }

  #finish(): void {
    this.#passFails();
    this.#context!.close();
    this.work.isDown = false;
    this.#settle();
  }

  #settle(): void {
    this.spentMs += this.#worked() - this.#since;
    this.isFinished = true;
    this.work.onFinished(this);
  }

  /** The promise settles, unless the run is over or the attempt was abandoned, in `then`; time counts only while it is waited for. */
  #await<T>(promise: PromiseLike<T>, then: (this: Task, value: T) => void): void {
    const { run } = this;
    const ticket = ++this.#ticket;
    this.deadline = this.#since + run.watchdog.pausedMs + this.work.planned.timeoutMs - (this.spentMs - this.#spentBefore);
    run.pending++;
    run.watchdog.add(this);
    promise.then((value) => this.#onSettled(ticket, then, value), (error: unknown) => this.#onSettled(ticket, this.#onError, error));
  }

  #onSettled<T>(ticket: number, then: (this: Task, value: T) => void, value: T): void {
    if (!this.#resume(ticket)) return;
    try {
      if (!this.#isLate) then.call(this, value);
      else this.#onLate(then === this.#onNext ? (value as IteratorResult<Output>) : undefined);
    } catch (error) {
      this.#onError(error);
    }
    this.run.loop.run();
  }

  /** What a stream gives when its time is over is passed on: it may stand for what another system has taken. */
  #onLate(last: IteratorResult<Output> | undefined): void {
    if (last && !last.done) {
      this.#passFails();
      this.#pass(last.value);
    }
    this.#onError(lateError(this.work.planned));
  }

  /** The time without that for which it stood in a debugger. */
  #worked(at = this.run.host.clock.now()): number {
    return at - this.run.watchdog.pausedMs;
  }

  #resume(ticket: number): boolean {
    const { run } = this;
    run.pending--;
    if (run.isOver) {
      run.onPendingSettled();
      return false;
    }
    if (ticket !== this.#ticket) return false;
    run.watchdog.delete(this);
    const worked = this.#worked();
    this.spentMs += worked - this.#since;
    this.#since = worked;
    return true;
  }

  #onError(thrown: unknown): void {
    const { run, work } = this;
    const error = asFlowError(thrown);
    this.#context!.close();
    // Whatever it has still under way, such as a request beside the one that failed.
    this.#context!.abort(error);
    this.isParked = false;
    this.#closeIterator();
    if (run.isOver) return;
    if (error.code === 'AUTH_REJECTED') work.refused = error;
    const { attempts } = work.planned.retry;
    const isWorthIt = this.hasPayload && isRetryable(error);
    if (isWorthIt && this.#attemptsNow <= attempts && !(this.#attemptsNow === 1 && work.isDown)) {
      this.#retry(error);
      return;
    }
    const asked = run.options.debug?.failing(work, this.item, error);
    if (!asked) return this.#giveUp(error, isWorthIt);
    const answer = (item: Item | undefined): void => {
      if (run.isOver) return;
      this.item = item ?? this.item;
      if (item) this.begin();
      else this.#giveUp(error, isWorthIt);
      run.loop.run();
    };
    asked.then(answer).catch((thrown: unknown) => void (run.isOver || run.crash(thrown)));
  }

  /** No attempt is left. */
  #giveUp(error: FlowError, isWorthIt: boolean): void {
    if (isWorthIt) this.work.isDown = true;
    // Parts of the payload fail with it; payloads that the step kept from before do not.
    this.#fails = this.#fails?.filter(({ failed }) => failed.id !== this.payload);
    this.#failRest(error);
    this.#passFails();
    this.error = error;
    this.#settle();
  }

  /** What is through does not fail with what is left. */
  #failRest(error: FlowError): void {
    const { rest } = this.#checkpoint ?? {};
    if (!rest) return;
    const failed = rest();
    if (failed) (this.#fails ??= []).push({ failed, error, isRest: true });
    this.isGivenUp = true;
  }

  #retry(failure: FlowError): void {
    const { run, work, attempt, payload } = this;
    const { clock } = run.host;
    const retryInMs = stepDelay(work.planned.retry, failure, { seed: run.options.seed, step: work.id, payload, attempt });
    run.recorder.write({ type: 'attempt-failed', step: work.id, payload, attempt, error: run.recorder.errorOf(failure, work.id), retryInMs, at: clock.now() });
    const again = (): void => {
      if (run.isOver) return;
      this.begin();
      run.loop.run();
    };
    clock.sleep(retryInMs, run.signal).then(() => run.host.standing?.over(run.signal)).then(again).catch((error: unknown) => void (run.isOver || run.crash(error)));
  }

  #closeIterator(): void {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    if (!iterator?.return) return;
    const { run } = this;
    const onSettled = (): void => {
      run.pending--;
      if (run.isOver) run.onPendingSettled();
    };
    run.pending++;
    // Whatever it says: the attempt has failed already.
    Promise.resolve().then(() => iterator.return!()).then(onSettled, onSettled);
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> => typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

const nothing: readonly Made[] = [];

/** How long a shape may take to listen to its signal. */
const GRACE_MS = 1_000;
