import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugAt, DebugEvent, DebugFilter, DebugPlace, DebugReason, DebugResume } from '../model/debug.ts';
import type { DebugPoints, DebugScopeOf, Hit } from './debug-points.ts';
import { scopeOf, type LiveRun, type Stop } from './debug-run.ts';
import { follow, type Stride } from './debug-steps.ts';
import type { Item } from './recorder.ts';
import type { StepWork } from './step.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Holds all runs while one payload stands, and knows at what the next one will. */
export class DebugStops {
  readonly points: DebugPoints;
  readonly runs = new Map<string, LiveRun>();
  /** Why it stops where no breakpoint is. */
  reason: DebugReason = 'step';
  stride: Stride = { kind: 'run' };
  /** Where it stands. */
  now: Stop | undefined;
  isDetached = false;
  readonly #tell: (event: DebugEvent) => void;
  #chain: Promise<void> = Promise.resolve();

  constructor(points: DebugPoints, tell: (event: DebugEvent) => void) {
    this.points = points;
    this.#tell = tell;
  }

  /** Where it stands. Fails with `API_INVALID` where it does not. */
  get standing(): Stop {
    if (!this.now) throw new FlowError('API_INVALID', 'The run is not stopped.', { remedy: 'Pause it first.' });
    return this.now;
  }

  goOn(how: DebugResume): void {
    this.now?.answer.resolve(how);
  }

  /** Resolves when nothing stands. Fails with the reason of the signal. */
  async over(signal: AbortSignal): Promise<void> {
    while (this.now) await unlessAborted(this.now.answer.promise, signal);
  }

  /** One after the other, and the run begins nothing meanwhile. */
  hold(live: LiveRun, work: () => Promise<void>): Promise<void> {
    const { scope } = live.run;
    const finished = this.#chain.then(() => (scope.isOver ? undefined : work()));
    this.#chain = finished.catch(() => undefined);
    scope.loop.holdFor(finished);
    return finished;
  }

  async stopAt(live: LiveRun, of: Partial<Pick<Stop, 'item' | 'error' | 'isOpen' | 'rule' | 'script'>>, where: Pick<DebugPlace, 'at' | 'step'> & Partial<DebugPlace>, why: { readonly reason: DebugReason; readonly breakpoints: readonly number[]; readonly text?: string }): Promise<Stop & { readonly how: DebugResume }> {
    const place: DebugPlace = { run: live.id, flow: live.run.scope.plan.flowId, ...(of.item && { payload: of.item.head }), ...where };
    const answer = Promise.withResolvers<DebugResume>();
    const hold = (one: LiveRun): void => {
      one.run.scope.watchdog.pause();
      one.run.scope.loop.holdFor(answer.promise.then(() => undefined));
    };
    const isInside = place.at === 'work' || place.at === 'page' || place.at === 'failure';
    const stop: Stop = { live, place, answer, hold, isOpen: false, ...of, ...(isInside && of.item && { trail: follow(live.id, { inWork: of.item.payload.id }) }) };
    if (this.isDetached || live.run.scope.isOver) return { ...stop, how: { how: 'continue' } };
    this.now = stop;
    this.stride = { kind: 'run' };
    for (const one of this.runs.values()) hold(one);
    this.#tell({ type: 'stopped', place, ...why });
    const how = await answer.promise;
    this.now = undefined;
    for (const one of this.runs.values()) one.run.scope.watchdog.goOn();
    this.#tell({ type: 'continued' });
    // What was changed meanwhile is in `stop`.
    return Object.assign(stop, { how });
  }

  async hitAt(live: LiveRun, step: StepWork, at: DebugAt | undefined, item: Item | undefined, more: Readonly<Record<string, unknown>> = {}, filter?: DebugFilter, page?: number): Promise<Hit> {
    const wanted = filter && this.points.filter(filter);
    const port = typeof more['port'] === 'string' ? more['port'] : undefined;
    const points = at === undefined ? [] : this.points.at({ flow: live.run.scope.plan.flowId, step: step.id, at, ...(port !== undefined && { port }) });
    const scopes: readonly [DebugScopeOf, DebugScopeOf] = [scopeOf(live, item, more), scopeOf(live, item, more, true)];
    const hit = await this.points.hit(points, live.run, ...scopes, page);
    const also = wanted ? await this.points.hit([wanted], live.run, ...scopes) : undefined;
    this.log(live, step.id, item, hit.logs);
    return also ? { stops: [...hit.stops, ...also.stops], logs: [] } : hit;
  }

  /** To the console and to the log of the run. */
  log(live: LiveRun, step: string, item: Item | undefined, logs: readonly string[]): void {
    const { recorder, plan } = live.run.scope;
    for (const text of logs) {
      this.#tell({ type: 'output', category: 'stdout', text, flow: plan.flowId, step });
      recorder.log('info', text, { debugger: true }, step, item?.payload.id);
    }
  }

  /** Where a run ends that was gone after, whatever begins next in the one that called it is. */
  strideWithout(id: string, caller: string | undefined): void {
    const stride = this.stride;
    const run = stride.kind === 'called' ? stride.follow.run : stride.kind === 'run' ? undefined : stride.run;
    if (run !== id) return;
    this.stride = caller === undefined ? { kind: 'run' } : { kind: 'any', run: caller };
  }
}
