import { FlowError, type Payload, type PayloadSource } from '../../plugins/sdk/index.ts';
import type { PayloadHead, RunError, RunEvent } from '../model/run-event.ts';
import { childId } from './payload.ts';
import type { CatchAction, Plan, PlannedStep } from './plan.ts';

/** One event of a recording. */
export interface JournalRow {
  /** Its place in the stream of the run, from 1. */
  readonly seq: number;
  readonly event: RunEvent;
  /** Of a `payload-in`: the step came to its end with the payload. */
  readonly isDone: boolean;
  /** Of a `variable`: the value is masked, and nobody has the true one. */
  readonly isMasked?: boolean;
}

/** The recording of a run, as far as it came. */
export interface Journal {
  /** The events in their order. */
  rows(): Iterable<JournalRow>;
  /** The payload with its true body; `undefined` where the body was not kept. */
  load(head: PayloadHead): Promise<Payload | undefined>;
  /** A value that was sealed: what was given to `keepValue`. */
  value(sealed: string): Promise<unknown>;
}

/** Where a run goes on. */
export interface Resume {
  readonly steps: ReadonlyMap<string, StepResume>;
  /** Of the flow, as they were last set. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly isPartial: boolean;
  readonly error?: RunError;
  readonly isReplied: boolean;
}

export interface StepResume {
  /** What a gathering step has had already, in order: it gets it again, and nothing comes of it that has come before. */
  readonly had: readonly Arrival[];
  readonly todo: readonly ResumedItem[];
  /** How far it had come with payloads that are made again, by their ids. */
  readonly awaited: ReadonlyMap<string, Progress>;
  /** What the end of a gathering step had passed on. */
  readonly endOutputs: number;
  /** A payload failed here for good. */
  readonly hasFailed: boolean;
}

export interface Arrival {
  readonly head: PayloadHead;
  readonly from?: PayloadSource;
}

export interface ResumedItem extends Arrival, Progress {
  readonly payload: Payload;
  /** It had failed for good; at most its way to the catch side is left. */
  readonly hasFailed: boolean;
  /** What failed, itself or parts of it, and did not come to the catch side. */
  readonly uncaught: readonly { readonly payload: Payload; readonly head: PayloadHead; readonly error: RunError }[];
}

/** How far a step had come with a payload. */
export interface Progress {
  /** Attempts that began. */
  readonly attempts: number;
  /** Outputs that were passed on, and parts that were given up. */
  readonly outputs: number;
  readonly fails: number;
  /** Ids of outputs that were passed on, but whose bodies nobody has: they are made again. */
  readonly again: ReadonlySet<string>;
  readonly checkpoint?: Checkpoint;
}

export interface Checkpoint {
  readonly state: unknown;
  readonly outputs: number;
  readonly fails: number;
}

export interface ResumeOptions {
  readonly plan: Plan;
  readonly journal: Journal;
  /** With what the run began. */
  readonly input: Payload;
  /** Ids of the steps that gather. */
  readonly gathers: ReadonlySet<string>;
}

/** What is left of a run that was interrupted. Fails with `RUN_INTERRUPTED` where the recording does not hold what is needed. */
export async function resumeRun(options: ResumeOptions): Promise<Resume> {
  const reading = new Reading(options, false);
  for (const row of options.journal.rows()) reading.take(row);
  const { isPartial, error, isReplied } = reading;
  return { variables: await reading.variables(), isPartial, ...(error && { error }), isReplied, steps: await reading.steps() };
}

/**
 * What of a run that is over did not get through: the payloads that failed, caught or not, and those that were still on their way when it ended.
 * Steps that gather begin anew with them. One that never came to its end, since the run was stopped or interrupted, or whose end failed, has what it had.
 */
export async function unfinishedOf(options: ResumeOptions): Promise<Resume> {
  const reading = new Reading(options, true);
  for (const row of options.journal.rows()) reading.take(row);
  return { variables: await reading.variables(), isPartial: false, isReplied: true, steps: await reading.steps() };
}

/** The id of what stands for the end of a gathering step where it fails. */
export const endId = (step: string): string => childId(step, `${step}+`, -1);

/** A payload at a step, from its arrival to its end. */
interface Open extends Arrival {
  head: PayloadHead;
  attempts: number;
  outputs: number;
  fails: number;
  hasFailed: boolean;
  readonly again: Set<string>;
  readonly checkpoints: Checkpoint[];
  /** By the id under which it would come to the catch side. */
  readonly uncaught: Map<string, { readonly head: PayloadHead; readonly error: RunError }>;
}

/** More than a task makes and gives up ahead of its turn. */
const CHECKPOINTS_KEPT = 256;
/** Of a step: what comes of a payload is recorded while it is in work, and few are at a time. */
const DONE_KEPT = 256;

class Reading {
  readonly #options: ResumeOptions;
  readonly #planned: ReadonlyMap<string, PlannedStep>;
  /** Whether what failed is to be done again. */
  readonly #isOver: boolean;
  readonly #open = new Map<string, Map<string, Open>>();
  /** The last that each step came to its end with: what comes of them stands behind. */
  readonly #done = new Map<string, Map<string, Open>>();
  /** Id of what would come to the catch side → whom that is told of. */
  readonly #uncaught = new Map<string, readonly Open[]>();
  readonly #failed: { readonly step: string; readonly open: Open }[] = [];
  readonly #failedEnds = new Set<string>();
  readonly #failedSteps = new Set<string>();
  /** The run came to its end by itself, and so did the steps that gather. */
  #isThrough = false;
  readonly #had = new Map<string, Arrival[]>();
  readonly #endOutputs = new Map<string, number>();
  /** What is made again, by its step. */
  readonly #awaited = new Map<string, Map<string, Open>>();
  /** Outputs without a body → what they were made of, since they have to be made again. */
  readonly #bodiless = new Map<string, { readonly step: string; readonly of: Arrival }>();
  readonly #variables = new Map<string, { readonly value: unknown; readonly sealed?: string; readonly isMasked?: boolean }>();
  isPartial = false;
  error: RunError | undefined;
  isReplied = false;

  constructor(options: ResumeOptions, isOver: boolean) {
    this.#options = options;
    this.#planned = new Map(options.plan.steps.map((step) => [step.id, step]));
    this.#isOver = isOver;
  }

  async variables(): Promise<Resume['variables']> {
    // Without a prototype, so that a name such as `__proto__` is a name.
    const values = Object.create(null) as Record<string, unknown>;
    for (const [name, { value, sealed, isMasked }] of this.#variables) {
      if (isMasked) throw new FlowError('RUN_INTERRUPTED', `The run cannot go on: its variable ${JSON.stringify(name)} is masked in the recording.`, { details: { variable: name } });
      values[name] = sealed === undefined ? value : Object.values((await this.#options.journal.value(sealed)) as object)[0];
    }
    return values;
  }

  take({ event, isDone, isMasked }: JournalRow): void {
    switch (event.type) {
      case 'run-queued':
        if (event.run.payload && event.run.origin?.kind !== 'resume') this.#arrive(this.#options.plan.start, { head: event.run.payload });
        return;
      case 'payload-given':
        return this.#arrive(event.step, { head: event.payload, ...(event.from && { from: event.from }) }, event.outputs, event.fails);
      case 'payload-in':
        return this.#begin(event.step, event.payload, event.attempt, isDone);
      case 'payload-out':
        return this.#pass(event);
      case 'payload-failed':
        return this.#fail(event);
      case 'checkpoint': {
        const { step, payload, state, outputs, fails = 0 } = event;
        const checkpoints = this.#find(step, payload)?.checkpoints;
        if (!checkpoints) return;
        const last = checkpoints.at(-1);
        if (last?.outputs === outputs && last.fails === fails) checkpoints.pop();
        if (checkpoints.push({ state, outputs, fails }) > CHECKPOINTS_KEPT) checkpoints.shift();
        return;
      }
      case 'variable':
        this.#variables.set(event.name, { value: event.value, ...(event.sealed !== undefined && { sealed: event.sealed }), ...(isMasked && { isMasked }) });
        return;
      case 'reply':
        this.isReplied = true;
        return;
      case 'run-finished':
        // What failed by itself had a step; a run that was ended from outside has none.
        this.#isThrough = event.status === 'success' || event.status === 'partial-success' || (event.status === 'failed' && event.error?.step !== undefined);
        return;
      default:
    }
  }

  async steps(): Promise<ReadonlyMap<string, StepResume>> {
    for (const { step, open } of this.#failed) this.#at(step).set(open.head.id, open);
    this.#makeAgain();
    const steps = new Map<string, StepResume>();
    for (const id of this.#planned.keys()) {
      const keeps = !this.#isOver || !this.#isThrough || this.#failedEnds.has(id);
      const had = (keeps && this.#had.get(id)) || [];
      const endOutputs = (keeps && this.#endOutputs.get(id)) || 0;
      const todo: ResumedItem[] = [];
      for (const open of this.#open.get(id)?.values() ?? []) todo.push(await this.#itemOf(id, open));
      const hasFailed = !this.#isOver && this.#failedSteps.has(id);
      const awaited = new Map([...(this.#awaited.get(id) ?? [])].map(([payload, open]) => [payload, progressOf(open)]));
      if (had.length + todo.length + awaited.size + endOutputs > 0 || hasFailed) steps.set(id, { had, todo, awaited, endOutputs, hasFailed });
    }
    return steps;
  }

  #at(step: string): Map<string, Open> {
    return within(this.#open, step);
  }

  /** Whether it is in work or was until a moment ago. */
  #find(step: string, payload: string): Open | undefined {
    return this.#open.get(step)?.get(payload) ?? this.#done.get(step)?.get(payload);
  }

  #arrive(step: string, arrival: Arrival, outputs = 0, fails = 0): void {
    if (this.#planned.has(step)) this.#at(step).set(arrival.head.id, newly(arrival, outputs, fails));
  }

  #begin(step: string, head: PayloadHead, attempt: number, isDone: boolean): void {
    const open = this.#open.get(step)?.get(head.id);
    if (!open) return;
    // Somebody may have changed it, in a debugger, before it began.
    open.head = head;
    open.attempts = Math.max(open.attempts, attempt);
    if (!isDone) return;
    this.#open.get(step)!.delete(head.id);
    const done = this.#done.get(step) ?? new Map<string, Open>();
    this.#done.set(step, done.set(head.id, open));
    if (done.size > DONE_KEPT) done.delete(done.keys().next().value!);
    if (!this.#options.gathers.has(step)) return;
    const had = this.#had.get(step) ?? [];
    this.#had.set(step, had);
    had.push({ head, ...(open.from && { from: open.from }) });
  }

  #pass({ step, port, payload, from }: RunEvent & { type: 'payload-out' }): void {
    const planned = this.#planned.get(step);
    const isCaught = planned?.catches?.port === port;
    const of = from === undefined || isCaught ? undefined : this.#find(step, from);
    if (of) of.outputs++;
    else if (from === undefined) this.#endOutputs.set(step, (this.#endOutputs.get(step) ?? 0) + 1);
    if (isCaught) for (const open of this.#uncaught.get(payload.id) ?? []) open.uncaught.delete(payload.id);
    if (isCaught) this.#uncaught.delete(payload.id);
    if (of && isBodiless(payload)) this.#bodiless.set(payload.id, { step, of });
    const target = planned?.ports.get(port);
    if (target !== undefined) this.#arrive(target, { head: payload, from: { step, port } });
  }

  #fail({ step, payload, from, isRest, error, caughtBy }: RunEvent & { type: 'payload-failed' }): void {
    const action = this.#actionOf(step, caughtBy);
    if (action === 'partial-success') this.isPartial = true;
    if (action === undefined || action === 'fail') this.error ??= error;
    if (caughtBy !== step) this.#failedSteps.add(step);
    if (payload.id === endId(step)) this.#failedEnds.add(step);
    const open = this.#find(step, from ?? payload.id);
    if (open && from !== undefined) open.fails++;
    if (this.#isOver) {
      if (isRest && from !== undefined) this.#open.get(step)?.delete(from);
      return this.#failAfterwards(step, payload, from === undefined ? open : undefined);
    }
    if (!open) return;
    if (from === undefined || isRest) open.hasFailed = true;
    const catcher = caughtBy === undefined || caughtBy === step ? undefined : this.#planned.get(caughtBy);
    if (!catcher?.catches) return;
    const caught = childId(payload.id, `${catcher.id}.${catcher.catches.port}`, 0);
    open.uncaught.set(caught, { head: payload, error });
    this.#uncaught.set(caught, [...(this.#uncaught.get(caught) ?? []), open]);
  }

  #failAfterwards(step: string, head: PayloadHead, whole: Open | undefined): void {
    if (head.id === endId(step)) return;
    this.#failed.push({ step, open: whole ? { ...whole, attempts: 0 } : newly({ head }, 0) });
    this.#open.get(step)?.delete(head.id);
  }

  #actionOf(step: string, caughtBy: string | undefined): CatchAction | undefined {
    if (caughtBy === undefined) return undefined;
    const planned = this.#planned.get(caughtBy);
    return caughtBy === step ? planned?.keeps : planned?.catches?.action;
  }

  /** What waits somewhere, but has no body, is made again by the step that made it. */
  #makeAgain(): void {
    const left: (readonly [step: string, open: Open])[] = [];
    for (const [step, group] of this.#open) for (const open of group.values()) left.push([step, open]);
    // What it is made of may have no body either.
    for (let next = left.pop(); next; next = left.pop()) {
      const [step, open] = next;
      const { id } = open.head;
      if (!isBodiless(open.head) || id === this.#options.input.id) continue;
      const origin = this.#bodiless.get(id);
      if (!origin) throw lost(step, open.head);
      this.#open.get(step)!.delete(id);
      within(this.#awaited, step).set(id, open);
      const from = origin.of.head.id;
      const known = this.#open.get(origin.step)?.get(from) ?? this.#awaited.get(origin.step)?.get(from);
      const maker = known ?? { ...newly(origin.of, Infinity), fails: Infinity };
      maker.again.add(id);
      if (known) continue;
      this.#at(origin.step).set(from, maker);
      left.push([origin.step, maker]);
    }
  }

  async #itemOf(step: string, open: Open): Promise<ResumedItem> {
    const { head, from, hasFailed, uncaught } = open;
    const load = async (wanted: PayloadHead): Promise<Payload> => {
      const payload = wanted.id === this.#options.input.id ? this.#options.input : await this.#options.journal.load(wanted);
      if (!payload) throw lost(step, wanted);
      return payload;
    };
    const failures = [];
    for (const failure of uncaught.values()) failures.push({ ...failure, payload: await load(failure.head) });
    return { ...progressOf(open), payload: await load(head), head, ...(from && { from }), hasFailed, uncaught: failures };
  }
}

function within(groups: Map<string, Map<string, Open>>, step: string): Map<string, Open> {
  const known = groups.get(step) ?? new Map<string, Open>();
  groups.set(step, known);
  return known;
}

const newly = (arrival: Arrival, outputs: number, fails = 0): Open => ({ head: arrival.head, ...(arrival.from && { from: arrival.from }), attempts: 0, outputs, fails, hasFailed: false, again: new Set(), checkpoints: [], uncaught: new Map() });

function progressOf({ attempts, outputs, fails, again, checkpoints }: Open): Progress {
  const checkpoint = again.size > 0 ? undefined : checkpoints.findLast((one) => one.outputs <= outputs && one.fails <= fails);
  return { attempts, outputs, fails, again, ...(checkpoint && { checkpoint }) };
}

const isBodiless = ({ body, sealed, size }: PayloadHead): boolean => body === '' && sealed === undefined && size !== 0;

const lost = (step: string, { id }: PayloadHead): FlowError =>
  new FlowError('RUN_INTERRUPTED', `The run cannot go on: its recording does not hold the payload ${id}, which waited at the step ${JSON.stringify(step)}.`, { details: { step, payload: id } });
