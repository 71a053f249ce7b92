import { FlowError, type Lookup, type Payload, type Script } from '../../plugins/sdk/index.ts';
import type { FinalStatus, RunError } from '../model/run-event.ts';
import { watchedFlows, watchedState } from './debug.ts';
import type { EngineHost, EventSink } from './host.ts';
import { Loop } from './loop.ts';
import { placed, stepPointer } from './place.ts';
import type { CatchAction, Plan, PlannedStep } from './plan.ts';
import { Recorder } from './recorder.ts';
import { asFlowError } from './run-error.ts';
import type { RunOptions, RunResume, RunScope } from './run-scope.ts';
import { openStepContext } from './step-context.ts';
import { asOpenShape, passThrough, StepWork, type OpenShape } from './step.ts';
import { unlessAborted } from './unless-aborted.ts';
import { openVariables, type Variables } from './variables.ts';
import { Watchdog } from './watchdog.ts';

export type { RunOptions } from './run-scope.ts';

export interface RunOutcome {
  readonly status: FinalStatus;
  /** Why it failed or was stopped: the first error that nobody caught. */
  readonly error?: RunError;
}

/** Moves a payload through a plan until nothing is left to do. Failures of the flow are its outcome, never thrown. */
export const executeRun = (host: EngineHost, plan: Plan, options: RunOptions): Promise<RunOutcome> => new Run(host, plan, options).execute();

class Run implements RunScope {
  readonly host: EngineHost;
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly recorder: Recorder;
  readonly loop: Loop;
  readonly watchdog: Watchdog;
  pending = 0;
  isOver = false;
  #variables: Variables | undefined;
  #steps: readonly StepWork[] = [];
  #open = 0;
  #error: RunError | undefined;
  #isPartial = false;
  #isReplied = false;
  #final: FinalStatus | undefined;
  #reading: Promise<void> | undefined;
  readonly #abort = new AbortController();
  readonly #scripts = new Map<string, Promise<Script>>();
  readonly #toldFaults = new Set<string>();
  readonly #done = Promise.withResolvers<void>();

  constructor(host: EngineHost, plan: Plan, options: RunOptions) {
    const { debug } = options;
    this.host = debug ? { ...host, state: watchedState(host.state, debug), flows: watchedFlows(host.flows, debug), standing: {
      get isNow() { return debug.isStanding; },
      over: (signal) => debug.stood(signal),
      ms: () => this.watchdog.pausedMs,
    } } : host;
    this.plan = plan;
    this.options = options;
    this.loop = new Loop(host.clock, (error) => this.crash(error));
    this.recorder = new Recorder(host, debug ? both(options.emit, debug.event.bind(debug)) : options.emit, this.loop);
    this.watchdog = new Watchdog(host.clock);
  }

  get variables(): Readonly<Record<string, unknown>> {
    return this.#variables!.values;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async execute(): Promise<RunOutcome> {
    const { clock } = this.host;
    const { signal } = this.options;
    const startedAt = clock.now();
    const onStop = (): void => this.#end('stopped', stopError(signal));
    this.#emit(this.options.resume?.isNewRun === false ? { type: 'run-resumed', at: startedAt } : { type: 'run-started', at: startedAt, seed: this.options.seed });
    if (signal.aborted) onStop();
    else {
      signal.addEventListener('abort', onStop);
      this.#limit(startedAt);
      this.#begin().catch((error: unknown) => this.crash(error));
    }
    await this.#done.promise;
    // What lies in a file of the run is gone when the run is over.
    if (this.#reading) await unlessAborted(this.#reading, this.signal).catch(() => undefined);
    signal.removeEventListener('abort', onStop);
    await this.#release();
    const status = this.#final ?? (this.#error ? 'failed' : this.#isPartial ? 'partial-success' : 'success');
    const error = this.#error;
    const at = clock.now();
    this.#emit({ type: 'run-finished', status, ...(error && { error }), at, durationMs: at - startedAt });
    // A reader that fails now has nothing more to say about the run.
    await this.recorder.settled().catch(() => undefined);
    this.options.debug?.ended();
    return { status, ...(error && { error }) };
  }

  output(payload: Payload, step: string, port: string): void {
    const reading = this.options.onOutput?.(payload, step, port);
    if (!reading) return;
    this.loop.holdFor(reading);
    this.#reading = reading;
  }

  onPendingSettled(): void {
    if (this.pending === 0) this.#done.resolve();
  }

  onStepEnded(): void {
    if (--this.#open === 0) this.#done.resolve();
  }

  reply(step: string, payload: Payload, { status = 200, headers = {} }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {}): boolean {
    if (this.#isReplied || this.isOver) return false;
    this.#isReplied = true;
    this.recorder.write({ type: 'reply', step, status, payload: this.recorder.itemOf(payload).head, at: this.host.clock.now() });
    this.options.onReply?.(payload, { status, headers });
    return this.options.onReply !== undefined;
  }

  onCaught(action: CatchAction, error: RunError): void {
    if (action === 'partial-success') this.#isPartial = true;
    if (action === 'fail') this.#error ??= error;
  }

  onUncaught(error: RunError): void {
    this.#error ??= error;
  }

  endFor(error: FlowError, step: string): void {
    this.#end('failed', error, step);
  }

  crash(error: unknown): void {
    this.#end('failed', asFlowError(error));
  }

  async lookup(name: string): Promise<Lookup> {
    const lookup = await this.host.workspace.lookup(name);
    this.#tellFaults(lookup);
    return lookup;
  }

  #tellFaults({ faults }: Lookup): void {
    if (faults === undefined || this.#toldFaults.has(faults)) return;
    this.#toldFaults.add(faults);
    this.recorder.log('warn', faults, undefined, undefined, undefined);
  }

  async #begin(): Promise<void> {
    const { flow, file, start, steps } = this.plan;
    this.#variables = openVariables(flow, this.options.variables, file);
    const set = this.#variables.set;
    const opening = steps.map((step) => this.#openShape(step));
    const shapes = opening.some((shape) => shape instanceof Promise) ? await this.#opened(opening) : (opening as OpenShape[]);
    if (!shapes || this.isOver) return;
    for (const lookup of this.plan.lookups) this.#tellFaults(lookup);
    const works = new Map(steps.map((step, index) => [step.id, new StepWork(this, step, shapes[index]!, set)]));
    this.#steps = [...works.values()];
    this.#open = works.size;
    for (const step of this.#steps) step.connect(works);
    this.options.debug?.opened({ scope: this, steps: works, setVariable: set });
    if (this.options.resume) await this.#resume(this.options.resume, works);
    else works.get(start)!.offer(this.recorder.itemOf(this.options.payload));
    this.loop.run();
  }

  async #resume(resume: RunResume, works: ReadonlyMap<string, StepWork>): Promise<void> {
    const gathers = new Set([...works.values()].filter(({ shape }) => shape.end).map(({ id }) => id));
    const { steps, variables, isPartial, error, isReplied } = await resume.read(gathers);
    for (const [name, value] of Object.entries(variables)) this.#variables!.set(name, value);
    this.#isPartial = isPartial;
    this.#isReplied = isReplied;
    this.#error = error;
    for (const [id, step] of steps) await works.get(id)!.resume(step, resume);
    // From here on what was taken up is known, and things are done with it.
    if (resume.isNewRun) this.#emit({ type: 'run-resumed', at: this.host.clock.now() });
    // Each looks whether anything can still come to it.
    for (const work of works.values()) this.loop.add(work);
  }

  #openShape(planned: PlannedStep): OpenShape | Promise<OpenShape> {
    const { shape, settings } = planned;
    if (!shape) return passThrough(planned.ports.keys().next().value);
    try {
      const opened = shape.open(settings as never, openStepContext(this, planned, (file) => this.script(file)));
      return opened instanceof Promise ? opened.then(asOpenShape) : asOpenShape(opened);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** All of them; or the end of the run with the first failure in the order of the flow, so that the same flow always gives the same error. */
  async #opened(opening: readonly (OpenShape | Promise<OpenShape>)[]): Promise<readonly OpenShape[] | undefined> {
    const results = await Promise.allSettled(opening);
    const failed = results.findIndex(({ status }) => status === 'rejected');
    if (failed < 0) return results.map((result) => (result as PromiseFulfilledResult<OpenShape>).value);
    const { id } = this.plan.steps[failed]!;
    this.#end('failed', placed((results[failed] as PromiseRejectedResult).reason, this.plan.file, stepPointer(id, 'settings')), id);
    return undefined;
  }

  script(file: string): Promise<Script> {
    const known = this.#scripts.get(file);
    if (known) return known;
    const script = this.host.workspace.script(file, this.plan.flow.settings?.scripts?.engine);
    this.#scripts.set(file, script);
    return script;
  }

  #limit(startedAt: number): void {
    const { timeoutMs } = this.plan.flow.settings ?? {};
    if (timeoutMs === undefined) return;
    const onDue = (): void => this.#end('failed', new FlowError('STEP_TIMEOUT', `The run did not finish within the ${timeoutMs} ms of the flow.`, { place: { file: this.plan.file, pointer: '/settings/timeoutMs' }, details: { timeoutMs } }));
    this.watchdog.add({ deadline: startedAt + timeoutMs, onDue, watchedBefore: undefined, watchedAfter: undefined });
  }

  /** Ends the run before its steps have ended: nothing new starts, what is in work is told, and waited for a moment. */
  #end(status: FinalStatus, error: FlowError, step?: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#final = status;
    this.#error = this.recorder.errorOf(error, step);
    this.loop.close();
    this.#abort.abort(error);
    for (const step of this.#steps) step.abort(error);
    if (this.pending === 0) this.#done.resolve();
    else void this.#within(this.#done.promise).then(() => this.#done.resolve());
  }

  /** Waits for a promise, but not long. Never fails. */
  async #within(promise: Promise<unknown>): Promise<void> {
    const sleep = new AbortController();
    await Promise.race([promise, (this.host.clock.alarm?.(GRACE_MS, sleep.signal) ?? this.host.clock.sleep(GRACE_MS, sleep.signal))]).catch(() => undefined);
    sleep.abort();
  }

  async #release(): Promise<void> {
    this.isOver = true;
    this.loop.close();
    this.watchdog.close();
    if (this.#scripts.size === 0) return;
    const disposals = [...this.#scripts.values()].map(async (script) => (await script)[Symbol.asyncDispose]());
    await this.#within(Promise.allSettled(disposals));
  }

  #emit(event: Parameters<Recorder['write']>[0]): void {
    try {
      this.recorder.write(event);
    } catch (error) {
      this.crash(error);
    }
  }
}

const both = (emit: EventSink, also: EventSink): EventSink => (event) => {
  const waits = [emit(event), also(event)].filter((wait) => wait !== undefined);
  return waits.length > 1 ? Promise.all(waits).then(() => undefined) : waits[0];
};

const stopError = ({ reason }: AbortSignal): FlowError => (FlowError.is(reason) ? reason : new FlowError('RUN_STOPPED', 'The run was stopped.'));

/** With that of the steps less than the two seconds in which a stopped run has ended. */
const GRACE_MS = 900;
