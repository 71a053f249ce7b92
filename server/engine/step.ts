import { FlowError, type Output, type Outputs, type Payload, type PayloadContext, type PayloadSource, type StepRun } from '../../plugins/sdk/index.ts';
import type { RunError } from '../model/run-event.ts';
import type { Worker } from './loop.ts';
import { childId, createPayload, withId } from './payload.ts';
import type { PlannedStep } from './plan.ts';
import type { Item } from './recorder.ts';
import { isFinalError } from './run-error.ts';
import { endId, type Progress, type StepResume } from './resume.ts';
import { Ring } from './ring.ts';
import type { RunResume, RunScope } from './run-scope.ts';
import { shadowOf, takeAgain } from './take-again.ts';
import { Task, type Failed, type Made } from './task.ts';
import { Turns } from './turns.ts';

/** What an opened shape does. */
export interface OpenShape {
  payload(payload: Payload, context: PayloadContext): Outputs | Promise<Outputs>;
  end?(context: PayloadContext): Outputs | Promise<Outputs>;
}

/** A step in a run: the payloads that wait in front of it, those in work, and where they go. */
export class StepWork implements Worker {
  readonly id: string;
  readonly run: RunScope;
  readonly planned: PlannedStep;
  readonly shape: OpenShape;
  readonly variables: PayloadContext['variables'];
  /** Port → the step that gets its payloads. */
  readonly ports = new Map<string, StepWork | undefined>();
  isQueued = false;
  /** The last payload failed for good because of another system: the next ones get one attempt, until one gets through. */
  isDown = false;
  /** Credentials were refused: the next payloads fail with it at once, before too many attempts lock the account. */
  refused: FlowError | undefined;
  /** A payload failed here for good. */
  hasFailed = false;
  /** Nothing comes out any more. */
  isEnded = false;
  readonly #inbox = new Ring<Item>();
  /** In the order of their payloads. */
  readonly #tasks: Task[] = [];
  readonly #waiting = new Set<StepWork>();
  #catcher: StepWork | undefined;
  #targets: readonly StepWork[] = [];
  /** Steps that may still give payloads. */
  #producers = 0;
  #isEndBegun = false;
  /** What had become of payloads when the run was interrupted. */
  readonly #before = new Map<Item, Progress>();
  #awaited: ReadonlyMap<string, Progress> | undefined;
  /** What the end had passed on by then. */
  #endOutputs = 0;
  #turns: Turns | undefined;
  /** Steps that wait for this one to end. */
  readonly #followers: StepWork[] = [];

  constructor(run: RunScope, planned: PlannedStep, shape: OpenShape, setVariable: (name: string, value: unknown) => void) {
    this.id = planned.id;
    this.run = run;
    this.planned = planned;
    this.shape = shape;
    this.variables = {
      get: (name) => run.variables[name],
      all: () => run.variables,
      set: (name, value) => {
        setVariable(name, value);
        // With its name, which may be redacted.
        const { value: shown, sealed } = run.recorder.keepValue<Readonly<Record<string, unknown>>>({ [name]: value });
        run.recorder.write({ type: 'variable', step: planned.id, name, value: Object.values(shown)[0], ...(sealed !== undefined && { sealed }), at: run.host.clock.now() });
      },
    };
  }

  connect(steps: ReadonlyMap<string, StepWork>): void {
    for (const [port, to] of this.planned.ports) this.ports.set(port, to === undefined ? undefined : steps.get(to));
    this.#catcher = this.planned.catcher === undefined ? undefined : steps.get(this.planned.catcher);
    const caught = this.#catcher?.planned.ports.get(this.#catcher.planned.catches!.port);
    const targets = new Set([...this.ports.values(), caught === undefined ? undefined : steps.get(caught)]);
    this.#targets = [...targets].filter((step) => step !== undefined);
    for (const target of this.#targets) target.#producers++;
    if (!this.planned.turns) return;
    this.#turns = new Turns(this.planned.turns, steps);
    for (const step of this.#turns.after) step.#followers.push(this);
  }

  /** A payload arrives. */
  offer(item: Item): void {
    const before = this.#awaited?.get(item.payload.id);
    if (before) this.#before.set(item, before);
    this.#inbox.push(item);
    this.run.loop.add(this);
  }

  /** Goes on where a run was interrupted; that of another run is new to the recording of this one. */
  async resume({ had, todo, awaited, endOutputs, hasFailed }: StepResume, { isNewRun, load }: RunResume): Promise<void> {
    const { run, id } = this;
    const { recorder, host } = run;
    this.#endOutputs = endOutputs;
    this.#awaited = awaited;
    this.hasFailed = hasFailed;
    const shadow = shadowOf(this.variables);
    for (const { head, from } of had) {
      const payload = await load(head);
      if (isNewRun) this.#note(payload, from);
      await takeAgain(this, payload, from, shadow);
    }
    for (const before of todo) {
      const { payload, from } = before;
      const { head } = isNewRun ? recorder.itemOf(payload) : before;
      if (isNewRun) recorder.write({ type: 'payload-given', step: id, payload: head, outputs: before.outputs, ...(before.fails > 0 && { fails: before.fails }), ...(from && this.planned.sources && { from }), at: host.clock.now() });
      if (isNewRun && before.checkpoint) recorder.write({ type: 'checkpoint', step: id, payload: head.id, ...before.checkpoint, at: host.clock.now() });
      for (const { error, ...part } of before.uncaught) this.#catcher?.catchFailed(part, error);
      const item: Item = from && this.planned.sources ? { payload, head, from } : { payload, head };
      if (before.hasFailed) recorder.write({ type: 'payload-done', step: id, payload: payload.id, at: host.clock.now(), durationMs: 0 });
      else this.offer(item);
      this.#before.set(item, before);
    }
  }

  /** That a new run has what an earlier one had gathered: where it is interrupted, too, that is not lost. */
  #note(payload: Payload, from: PayloadSource | undefined): void {
    const { recorder, host } = this.run;
    const { head } = recorder.itemOf(payload);
    const at = host.clock.now();
    recorder.write({ type: 'payload-given', step: this.id, payload: head, outputs: 0, ...(from && { from }), at });
    recorder.write({ type: 'payload-in', step: this.id, payload: head, attempt: 1, at });
    recorder.write({ type: 'payload-done', step: this.id, payload: payload.id, at, durationMs: 0 });
  }

  /** For a debugger: the payloads in work, and how many wait. */
  get inWork(): readonly Task[] {
    return this.#tasks;
  }

  get waiting(): number {
    return this.#inbox.size;
  }

  catcherOf(error: FlowError): string | undefined {
    return isFinalError(error) ? undefined : this.#catcher?.id;
  }

  isOldest(task: Task): boolean {
    return this.#tasks[0] === task;
  }

  pump(): void {
    do {
      this.#flush();
    } while (this.#startNext());
    this.#resume();
    this.#checkEnd();
  }

  /** Passes on what a task has made. */
  passOn(task: Task, made: Made): void {
    if ('failed' in made) this.#giveUp(made.failed === task.item?.payload ? task.item : this.run.recorder.itemOf(made.failed), made, task.item);
    else if (made.isAgain) this.#hand(made.port, this.run.recorder.itemOf(made.payload, task.item));
    else this.#deliver(made.port, this.run.recorder.itemOf(made.payload, task.item), task.item?.payload.id);
  }

  onFinished(task: Task): void {
    if (this.isOldest(task)) this.#flush();
    this.run.loop.add(this);
  }

  abort(error: Error): void {
    this.#inbox.clear();
    for (const task of this.#tasks) task.abort(error);
  }

  #flush(): void {
    for (let task = this.#tasks[0]; task; task = this.#tasks[0]) {
      for (const made of task.takeMade()) this.passOn(task, made);
      if (!task.isFinished) return;
      this.#tasks.shift();
      this.#complete(task);
    }
  }

  #complete(task: Task): void {
    const { run } = this;
    const { item, error } = task;
    // The end of a gathering step stands for what it had kept, of which only the step knows.
    if (error && !task.isGivenUp) this.#fail(item ?? run.recorder.itemOf(createPayload({ id: endId(this.id), body: null })), error, item);
    // Last of all: a payload that is done is looked at no more where the run goes on after a crash.
    run.recorder.write({ type: 'payload-done', step: this.id, payload: task.payload, at: run.host.clock.now(), durationMs: task.spentMs });
  }

  #startNext(): boolean {
    if (this.#inbox.size === 0 || this.#tasks.length >= this.#concurrency || (this.planned.waitForAll && this.#producers > 0) || !this.#isItsTurn() || !this.#mayGoOn()) return false;
    const { debug } = this.run.options;
    const begun = debug ? debug.before(this, this.#inbox.first!) : this.#inbox.first!;
    if (begun === 'held') {
      this.run.loop.add(this);
      return false;
    }
    const item = this.#inbox.shift()!;
    const before = this.#before.get(item);
    this.#before.delete(item);
    if (begun === 'moved') return true;
    const task = new Task(this, begun, before);
    this.#tasks.push(task);
    this.#wakeWaiting();
    task.begin();
    return true;
  }

  /** What keeps something between payloads takes one at a time, so that it keeps their order. */
  get #concurrency(): number {
    return this.shape.end ? 1 : this.planned.concurrency;
  }

  #isItsTurn(): boolean {
    const state = this.#turns?.state;
    if (state?.is !== 'stopped') return state?.is !== 'waiting';
    const { recorder } = this.run;
    recorder.log('warn', `Not begun: payloads have failed in ${JSON.stringify(state.by)}, in a branch before this one. ${this.#inbox.size} payloads go no further.`, { branch: state.turn.of, port: state.turn.port, payloads: this.#inbox.size }, this.id, undefined);
    this.#inbox.clear();
    return false;
  }

  #resume(): void {
    for (const task of this.#tasks) {
      if (!task.isParked) continue;
      // Only the oldest may fill the next steps; the others get a little ahead of it.
      if (this.isOldest(task) ? this.#mayGoOn() : task.madeAhead < (task.isAwaited ? 1 : MADE_AHEAD) && !this.#isHeld()) task.pull();
    }
  }

  #mayGoOn(): boolean {
    if (this.#isHeld()) return false;
    for (const target of this.#targets) {
      if (target.planned.waitForAll || target.#turns || target.#inbox.size < CAPACITY) continue;
      target.#waiting.add(this);
      return false;
    }
    return true;
  }

  #isHeld(): boolean {
    if (!this.run.loop.isHeld) return false;
    this.run.loop.add(this);
    return true;
  }

  #wakeWaiting(): void {
    if (this.#waiting.size === 0 || this.#inbox.size >= CAPACITY) return;
    for (const step of this.#waiting) this.run.loop.add(step);
    this.#waiting.clear();
  }

  #checkEnd(): void {
    if (this.isEnded || this.#producers > 0 || this.#inbox.size > 0 || this.#tasks.length > 0 || this.run.isOver) return;
    if (this.shape.end && !this.#isEndBegun) {
      this.#isEndBegun = true;
      const task = new Task(this, undefined, undefined, this.#endOutputs);
      this.#tasks.push(task);
      task.begin();
      this.run.loop.add(this);
      return;
    }
    this.isEnded = true;
    for (const target of this.#targets) {
      target.#producers--;
      this.run.loop.add(target);
    }
    for (const follower of this.#followers) this.run.loop.add(follower);
    this.run.onStepEnded();
  }

  #deliver(port: string, item: Item, from: string | undefined): void {
    const { run, id } = this;
    const { recorder, options } = run;
    const at = run.host.clock.now();
    recorder.write(from === undefined ? { type: 'payload-out', step: id, port, payload: item.head, at } : { type: 'payload-out', step: id, port, payload: item.head, from, at });
    options.debug?.after(this, port, item, from);
    if (!this.#hand(port, item)) run.output(item.payload, id, port);
  }

  /** Says whether the port leads to a step. */
  #hand(port: string, item: Item): boolean {
    const target = this.ports.get(port);
    target?.offer(target.planned.sources ? { ...item, from: { step: this.id, port } } : item);
    return target !== undefined;
  }

  /** Its shape has given a payload up. */
  #giveUp(item: Item, { error, isRest = false }: Failed, of: Item | undefined): void {
    const { keeps } = this.planned;
    if (!keeps || isRest) return this.#fail(item, error, of, isRest);
    const { run } = this;
    const runError = run.recorder.errorOf(error, this.id);
    run.recorder.write({ type: 'payload-failed', step: this.id, payload: item.head, ...partOf(item, of), error: runError, caughtBy: this.id, at: run.host.clock.now() });
    run.onCaught(keeps, runError);
  }

  /** `of`: the payload in work, of which the item may be a part. */
  #fail(item: Item, error: FlowError, of: Item | undefined, isRest = false): void {
    const { run } = this;
    this.hasFailed = true;
    const catcher = isFinalError(error) ? undefined : this.#catcher;
    const runError = run.recorder.errorOf(error, this.id);
    run.recorder.write({ type: 'payload-failed', step: this.id, payload: item.head, ...partOf(item, of), ...(isRest && { isRest }), error: runError, ...(catcher && { caughtBy: catcher.id }), at: run.host.clock.now() });
    if (catcher) catcher.catchFailed(item, runError);
    else if (error.code === 'RUN_AGAIN') run.endFor(error, this.id);
    else run.onUncaught(runError);
  }

  catchFailed({ payload }: Item, error: RunError): void {
    const { port, action } = this.planned.catches!;
    this.run.onCaught(action, error);
    const caught = withId(withError(payload, error), childId(payload.id, `${this.id}.${port}`, 0));
    this.#deliver(port, this.run.recorder.itemOf(caught), payload.id);
  }
}

const partOf = (item: Item, of: Item | undefined): { readonly from?: string } => (of && of !== item ? { from: of.payload.id } : {});

/** The shape of a disabled step. */
export const passThrough = (port: string | undefined): OpenShape => ({ payload: (payload): Output[] => (port === undefined ? [] : [{ port, payload }]) });

/** Both forms of a shape as one. */
export const asOpenShape = (run: StepRun): OpenShape => (typeof run === 'function' ? { payload: run } : run);

function withError(payload: Payload, { message, code, step = '' }: RunError): Payload {
  const meta = { error_message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message, error_code: code, error_step: step };
  try {
    return payload.with({ meta });
  } catch (error) {
    if (!FlowError.is(error, 'DATA_TOO_LARGE')) throw error;
    // Its own metadata fill the room that there is: the error is what the catch side works by.
    return payload.with({ meta: { ...Object.fromEntries(Object.keys(payload.meta).map((name) => [name, undefined])), ...meta } });
  }
}

/** Payloads that wait in front of a step before those that give them must wait. */
const CAPACITY = 4;
/** Payloads that a task makes while an older one is still in work. */
const MADE_AHEAD = 16;
const LONGEST_MESSAGE = 1_000;
