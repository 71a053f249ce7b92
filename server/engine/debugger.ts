import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugAt, DebugEvent, DebugFilter, DebugPlace, DebugReason, DebugRef, DebugResume, DebugSetup, DebugTarget, DebugValue } from '../model/debug.ts';
import type { RunEvent } from '../model/run-event.ts';
import { DebugPoints, type DebugScopeOf, type Hit } from './debug-points.ts';
import { DebugLook } from './debug-look.ts';
import { walkMap } from './debug-rules.ts';
import { isMap, LiveRun, scopeOf, type Stop } from './debug-run.ts';
import { done, follow, isStrideOver, loopAround, loopAt, passed, type Stride } from './debug-steps.ts';
import { changedItem, typedMeta } from './debug-change.ts';
import type { Debug } from './debug.ts';
import type { Item } from './recorder.ts';
import { toRunError } from './run-error.ts';
import type { StepWork } from './step.ts';

export interface DebuggerOptions {
  /** At the first payload that begins. */
  readonly stopOnEntry?: boolean;
  /** Never fails. */
  readonly tell: (event: DebugEvent) => void;
}

/**
 * Stops runs, one stop at a time, and holds all of them meanwhile: whatever else would begin waits in its place, so that no order changes; what is already on its
 * way to another system comes back, and waits then. Time limits do not count while it stands.
 */
export class Debugger implements Pick<DebugTarget, 'resume' | 'pause' | 'threads' | 'stack' | 'scopes' | 'values' | 'bytes' | 'evaluate' | 'targets' | 'set' | 'move' | 'restart' | 'setup' | 'detach'> {
  readonly #tell: DebuggerOptions['tell'];
  readonly #points: DebugPoints;
  readonly #runs = new Map<string, LiveRun>();
  readonly #look: DebugLook;
  /** What was decided of a payload in front of a step. */
  readonly #decided = new WeakMap<Item, Item | 'moved'>();
  /** Payloads that were changed on their way to a step. */
  readonly #changed = new Map<string, Item>();
  #chain: Promise<void> = Promise.resolve();
  #stride: Stride;
  #reason: DebugReason = 'step';
  #stop: Stop | undefined;
  #isDetached = false;

  constructor({ stopOnEntry = false, tell }: DebuggerOptions) {
    this.#tell = tell;
    this.#points = new DebugPoints((text) => this.#tell({ type: 'output', category: 'stderr', text }));
    this.#look = new DebugLook(this.#runs, this.#points, () => this.#stop);
    this.#stride = stopOnEntry ? { kind: 'any' } : { kind: 'run' };
    if (stopOnEntry) this.#reason = 'entry';
  }

  /** How a run is debugged. `caller`: the run whose step started it. */
  of(id: string, caller?: string): Debug {
    const live = (): LiveRun => this.#runs.get(id)!;
    return {
      opened: (run) => {
        const opened = new LiveRun(run, caller);
        this.#runs.set(id, opened);
        run.scope.signal.addEventListener('abort', () => { if (this.#stop?.live === opened) this.#goOn({ how: 'continue' }); });
        if (this.#stop) this.#stop.hold(opened);
        this.#tell({ type: 'run-began', run: id, flow: run.scope.plan.flowId, ...(caller !== undefined && { caller }) });
      },
      before: (step, item) => this.#before(live(), step, item),
      after: (step, port, item, from) => this.#after(live(), step, port, item, from),
      failing: (step, item, error) => this.#failing(live(), step, item, error),
      event: (event) => (this.#runs.has(id) ? this.#event(live(), event) : undefined),
      wrote: (kind, name, keys, step) => (this.#runs.has(id) ? this.#wrote(live(), kind, name, keys, step) : undefined),
      ended: () => {
        this.#runs.delete(id);
        this.#strideWithout(id, caller);
        this.#tell({ type: 'run-ended', run: id });
      },
    };
  }

  async setup(setup: DebugSetup): Promise<void> {
    if (!this.#isDetached) this.#points.set(setup);
  }

  async resume(how: DebugResume): Promise<void> {
    const stop = this.#stopped();
    this.#reason = 'step';
    this.#stride = stop.place.at === 'rule' ? { kind: 'run' } : strideOf(how, stop);
    this.#goOn(how);
  }

  async pause(): Promise<void> {
    if (this.#stop || this.#isDetached) return;
    this.#reason = 'pause';
    const live = [...this.#runs.values()].at(-1);
    const busy = live?.busiest();
    if (!live || !busy) {
      this.#stride = { kind: 'any' };
      return;
    }
    void this.#hold(live, async () => {
      await this.#stopAt(live, { ...(busy.item && { item: busy.item }) }, { at: 'work', step: busy.step }, { reason: 'pause', breakpoints: [] });
    });
  }

  threads: DebugTarget['threads'] = async () => this.#look.threads();
  stack: DebugTarget['stack'] = async (thread) => this.#look.stack(thread);
  scopes: DebugTarget['scopes'] = async (thread, frame) => this.#look.scopes(thread, frame);
  values: DebugTarget['values'] = async (ref, window) => this.#look.values(ref, window);
  bytes: DebugTarget['bytes'] = async (ref, window) => this.#look.bytes(ref, window);
  evaluate: DebugTarget['evaluate'] = async (thread, frame, expression, options) => this.#look.evaluate(thread, frame, expression, options);
  targets: DebugTarget['targets'] = async () => this.#look.targets(this.#stopped());

  async set(ref: DebugRef, value: unknown): Promise<DebugValue> {
    const stop = this.#stopped();
    const { live } = stop;
    const frame = this.#look.frame(ref.thread, ref.frame);
    if (ref.root === 'variables') {
      frame.live.setVariable(ref.path, value, frame.step ?? stop.place.step);
      return this.#look.row(ref);
    }
    const isTop = ref.thread === 1 && frame.item === stop.item;
    if ((ref.root !== 'payload' && ref.root !== 'meta') || !isTop || !stop.item || !stop.isOpen) {
      throw new FlowError('API_INVALID', `This cannot be changed where the run stands: ${stop.item ? `the step ${JSON.stringify(stop.place.step)} has taken its payload already` : 'there is no payload'}.`, { remedy: 'Stop in front of the step, and change the payload or a flow variable there.' });
    }
    stop.item = changedItem(live.run, stop.item, ref.root, ref.path, ref.root === 'meta' ? typedMeta(value) : value, stop.place.step);
    if (stop.place.at === 'after') this.#changed.set(keyOf(live.id, stop.item), stop.item);
    return this.#look.row(ref);
  }

  async move(to: string): Promise<void> {
    const stop = this.#stopped();
    const { live, item, place } = stop;
    if (place.at !== 'before' || !item) throw new FlowError('API_INVALID', 'Only a payload that stands in front of a step can go on at another one.', { remedy: 'Go on to the next step first.' });
    const target = live.run.steps.get(to);
    if (!target || target.isEnded) throw new FlowError('API_INVALID', target ? `Nothing can come to the step ${JSON.stringify(to)} any more: it has ended.` : `The step ${JSON.stringify(to)} is not part of this run.`, { details: { step: to } });
    live.moved(place.step, item, to);
    stop.isMoved = true;
    target.offer(item);
    this.#stride = follow(live.id, { waiting: item.payload.id });
    this.#reason = 'goto';
    this.#goOn({ how: 'next' });
  }

  async restart(): Promise<void> {
    const stop = this.#stopped();
    const { at } = stop.place;
    if (at === 'failure' && stop.isOpen) {
      stop.isAgain = true;
      this.#stride = { kind: 'run' };
      this.#goOn({ how: 'continue' });
    } else if (at === 'rule') {
      stop.isAgain = true;
      this.#goOn({ how: 'next' });
    } else if (at === 'before') this.#tell({ type: 'stopped', place: stop.place, reason: 'restart', breakpoints: [] });
    else throw new FlowError('API_INVALID', `What the step ${JSON.stringify(stop.place.step)} has given is on its way: it cannot take its payload once more.`, { remedy: 'Step back to it, and go on from there: what was sent is not sent again.' });
  }

  async detach(): Promise<void> {
    this.#isDetached = true;
    this.#points.clear();
    this.#stride = { kind: 'run' };
    this.#goOn({ how: 'continue' });
  }

  #stopped(): Stop {
    if (!this.#stop) throw new FlowError('API_INVALID', 'The run is not stopped.', { remedy: 'Pause it first.' });
    return this.#stop;
  }

  #goOn(how: DebugResume): void {
    this.#stop?.answer.resolve(how);
  }

  /** One after the other, and the run begins nothing meanwhile. */
  #hold(live: LiveRun, work: () => Promise<void>): Promise<void> {
    const { scope } = live.run;
    const finished = this.#chain.then(() => (scope.isOver ? undefined : work()));
    this.#chain = finished.catch(() => undefined);
    scope.loop.holdFor(finished);
    return finished;
  }

  async #stopAt(live: LiveRun, of: Partial<Pick<Stop, 'item' | 'error' | 'isOpen' | 'rule'>>, where: Pick<DebugPlace, 'at' | 'step'> & Partial<DebugPlace>, why: { readonly reason: DebugReason; readonly breakpoints: readonly number[]; readonly text?: string }): Promise<Stop & { readonly how: DebugResume }> {
    const place: DebugPlace = { run: live.id, flow: live.run.scope.plan.flowId, ...(of.item && { payload: of.item.head }), ...where };
    const answer = Promise.withResolvers<DebugResume>();
    const hold = (one: LiveRun): void => {
      one.run.scope.watchdog.pause();
      one.run.scope.loop.holdFor(answer.promise.then(() => undefined));
    };
    const isInside = place.at === 'work' || place.at === 'page' || place.at === 'failure';
    const stop: Stop = { live, place, answer, hold, isOpen: false, ...of, ...(isInside && of.item && { trail: follow(live.id, { inWork: of.item.payload.id }) }) };
    if (this.#isDetached || live.run.scope.isOver) return { ...stop, how: { how: 'continue' } };
    this.#stop = stop;
    this.#stride = { kind: 'run' };
    for (const one of this.#runs.values()) hold(one);
    this.#tell({ type: 'stopped', place, ...why });
    const how = await answer.promise;
    this.#stop = undefined;
    for (const one of this.#runs.values()) one.run.scope.watchdog.goOn();
    this.#tell({ type: 'continued' });
    // What was changed meanwhile is in `stop`.
    return Object.assign(stop, { how });
  }

  #before(live: LiveRun, step: StepWork, item: Item): Item | 'held' | 'moved' {
    const decided = this.#decided.get(item);
    if (decided) {
      this.#decided.delete(item);
      return decided;
    }
    const key = keyOf(live.id, item);
    const given = this.#changed.get(key) ?? item;
    this.#changed.delete(key);
    const isStride = isStrideOver(this.#stride, { run: live.id, caller: live.caller, step: step.id, payload: item.payload.id });
    const { plan } = live.run.scope;
    const points = this.#points.at({ flow: plan.flowId, step: step.id, at: 'before' });
    const hasRules = isMap(step) && this.#points.at({ flow: plan.flowId, step: step.id, at: 'rule' }).length > 0;
    if (!isStride && points.length === 0 && !hasRules) return given;
    void this.#hold(live, async () => this.#decide(live, step, item, given, isStride, hasRules));
    return 'held';
  }

  async #decide(live: LiveRun, step: StepWork, item: Item, given: Item, isStride: boolean, hasRules: boolean): Promise<void> {
    const hit = await this.#hitAt(live, step, 'before', given);
    let now = given;
    let isEntered = false;
    if (isStride || hit.stops.length > 0) {
      const reason = hit.stops.length > 0 ? 'breakpoint' : this.#reason;
      const stop = await this.#stopAt(live, { item: given, isOpen: true }, { at: 'before', step: step.id }, { reason, breakpoints: hit.stops });
      if (stop.isMoved) return void this.#decided.set(item, 'moved');
      now = stop.item!;
      const { how } = stop;
      isEntered = how.how === 'in' && isMap(step) && (how.target === undefined || how.target.into === 'rules');
    }
    this.#decided.set(item, now);
    if (isEntered || hasRules) await this.#walk(live, step, now, isEntered);
  }

  /** In front of a map step: rule by rule, as far as somebody wants to see it. */
  async #walk(live: LiveRun, step: StepWork, item: Item, isEntered: boolean): Promise<void> {
    const walk = await walkMap(live.run, step, item.payload).catch(() => undefined);
    // It fails in the step itself, with all that is said of it there.
    if (!walk) return;
    const { plan } = live.run.scope;
    let isStepping = isEntered;
    for (let record = 0; record < walk.records.length; record++) {
      for (let rule = 0; rule < walk.rules.length; rule++) {
        const points = this.#points.at({ flow: plan.flowId, step: step.id, at: 'rule', rule });
        if (!isStepping && points.length === 0) continue;
        const more = { record: walk.records[record] };
        const { stops, logs } = await this.#points.hit(points, live.run, scopeOf(live, item, more), scopeOf(live, item, more, true));
        this.#log(live, step.id, item, logs);
        if (!isStepping && stops.length === 0) continue;
        const { target, sources } = await walk.at(record, rule).catch((error: unknown) => ({ target: undefined, sources: String((error as Error).message) }));
        const { how, isAgain } = await this.#stopAt(live, { item, rule: { record: walk.records[record], target, sources, to: walk.rules[rule]!.to } }, { at: 'rule', step: step.id, rule, record }, { reason: stops.length > 0 ? 'breakpoint' : 'step', breakpoints: stops });
        if (how.how === 'out' || this.#isDetached) {
          this.#stride = how.how === 'out' ? follow(live.id, { inWork: item.payload.id }) : { kind: 'run' };
          return;
        }
        isStepping = how.how !== 'continue';
        if (isAgain) [record, rule] = [0, -1];
      }
    }
    if (isStepping) this.#stride = follow(live.id, { inWork: item.payload.id });
  }

  #after(live: LiveRun, step: StepWork, port: string, item: Item, from: string | undefined): void {
    const leads = step.ports.get(port) !== undefined;
    live.gave(step.id, port, item, from);
    for (const stride of [this.#stride, this.#stop?.trail]) if (stride) passed(stride, { run: live.id, step: step.id, port, payload: item.payload.id, from, leads });
    if (this.#points.at({ flow: live.run.scope.plan.flowId, step: step.id, at: 'after', port }).length === 0) return;
    void this.#hold(live, async () => {
      const hit = await this.#hitAt(live, step, 'after', item, { port });
      if (hit.stops.length > 0) await this.#stopAt(live, { item, isOpen: leads }, { at: 'after', step: step.id, port }, { reason: 'breakpoint', breakpoints: hit.stops });
    });
  }

  #failing(live: LiveRun, step: StepWork, item: Item | undefined, error: FlowError): Promise<Item | undefined> | undefined {
    const isCaught = step.catcherOf(error) !== undefined;
    const { plan, recorder } = live.run.scope;
    if (!this.#points.filter(isCaught ? 'caught' : 'unhandled') && this.#points.at({ flow: plan.flowId, step: step.id, at: 'failure' }).length === 0) return undefined;
    const answer = Promise.withResolvers<Item | undefined>();
    const said = recorder.errorOf(error, step.id);
    void this.#hold(live, async () => {
      try {
        const hit = await this.#hitAt(live, step, 'failure', item, { error: toRunError(error, step.id) }, isCaught ? 'caught' : 'unhandled');
        if (hit.stops.length === 0) return;
        const stop = await this.#stopAt(live, { ...(item && { item }), error: said, isOpen: item !== undefined }, { at: 'failure', step: step.id, error: said }, { reason: 'exception', breakpoints: hit.stops.filter((id) => id >= 0), text: `${said.code}: ${said.message}` });
        if (stop.isAgain) answer.resolve(stop.item);
      } finally {
        answer.resolve(undefined);
      }
    });
    return answer.promise;
  }

  #event(live: LiveRun, event: RunEvent): Promise<void> | undefined {
    live.take(event);
    switch (event.type) {
      case 'payload-done':
        this.#stride = done(this.#stride, live.id, event.payload);
        if (this.#stop?.trail) this.#stop.trail = done(this.#stop.trail, live.id, event.payload);
        return undefined;
      case 'page': {
        if (event.endpoint !== undefined) return undefined;
        return this.#notice(live, 'page', event.step, { page: { index: event.index + 1, records: event.records } }, undefined, `Page ${event.index + 1}: ${event.records} records${event.stop === undefined ? '' : `; the last one (${event.stop})`}`, { page: event.index + 1 });
      }
      case 'exchange': {
        const { status = 0, method, url } = event.exchange;
        return event.step !== undefined && status >= 400 ? this.#notice(live, 'work', event.step, { status }, 'http', `${status} ${method} ${url}`, { payload: event.payload }) : undefined;
      }
      case 'attempt-failed':
        return this.#notice(live, 'work', event.step, { error: event.error }, 'retry', `Attempt ${event.attempt} has failed: ${event.error.message}`, { payload: event.payload });
      case 'payload-failed':
        return event.from === undefined ? undefined : this.#notice(live, 'failure', event.step, { error: event.error }, event.caughtBy === undefined ? 'unhandled' : 'caught', `${event.error.code}: ${event.error.message}`, { payload: event.from });
      case 'log':
        return event.step !== undefined && event.level === 'warn' && live.isMap(event.step) ? this.#notice(live, 'work', event.step, {}, 'warning', event.message, { payload: event.payload }) : undefined;
      case 'variable':
        return this.#written(live, event.step, 'variable', event.name, [], `${event.name} was written`);
      default:
        return undefined;
    }
  }

  #wrote(live: LiveRun, kind: 'cache' | 'pool', name: string, keys: readonly string[], step: string): Promise<void> | undefined {
    return this.#written(live, step, kind, name, keys, `${kind} ${name}: ${keys.length === 1 ? 'an entry was' : `${keys.length} entries were`} written`);
  }

  /** Stops in the middle of a step, where something has happened. */
  #notice(live: LiveRun, at: 'page' | 'work' | 'failure', id: string, scope: Readonly<Record<string, unknown>>, filter: DebugFilter | undefined, text: string, { page, payload }: { readonly page?: number; readonly payload?: string | undefined } = {}): Promise<void> | undefined {
    const step = live.run.steps.get(id);
    const wanted = filter && this.#points.filter(filter);
    const points = at === 'work' ? [] : this.#points.at({ flow: live.run.scope.plan.flowId, step: id, at });
    if (!step || (!wanted && points.length === 0)) return undefined;
    const item = live.inWork(id, payload);
    return this.#hold(live, async () => {
      const hit = await this.#hitAt(live, step, at === 'work' ? undefined : at, item, scope, filter, page);
      if (hit.stops.length > 0) await this.#stopAt(live, { ...(item && { item }) }, { at, step: id }, { reason: filter ? 'exception' : 'breakpoint', breakpoints: hit.stops.filter((one) => one >= 0), text });
    });
  }

  #written(live: LiveRun, id: string, of: 'variable' | 'cache' | 'pool', name: string, keys: readonly string[], text: string): Promise<void> | undefined {
    const watches = this.#points.watches(of, name, keys);
    if (watches.length === 0 || live.isChanging) return undefined;
    const item = live.inWork(id);
    return this.#hold(live, async () => {
      const { stops } = await this.#points.hit(watches, live.run, scopeOf(live, item), scopeOf(live, item, {}, true));
      if (stops.length > 0) await this.#stopAt(live, { ...(item && { item }) }, { at: 'work', step: id }, { reason: 'data breakpoint', breakpoints: stops, text });
    });
  }

  async #hitAt(live: LiveRun, step: StepWork, at: DebugAt | undefined, item: Item | undefined, more: Readonly<Record<string, unknown>> = {}, filter?: DebugFilter, page?: number): Promise<Hit> {
    const wanted = filter && this.#points.filter(filter);
    const port = typeof more['port'] === 'string' ? more['port'] : undefined;
    const points = at === undefined ? [] : this.#points.at({ flow: live.run.scope.plan.flowId, step: step.id, at, ...(port !== undefined && { port }) });
    const scopes: readonly [DebugScopeOf, DebugScopeOf] = [scopeOf(live, item, more), scopeOf(live, item, more, true)];
    const hit = await this.#points.hit(points, live.run, ...scopes, page);
    const also = wanted ? await this.#points.hit([wanted], live.run, ...scopes) : undefined;
    this.#log(live, step.id, item, hit.logs);
    return also ? { stops: [...hit.stops, ...also.stops], logs: [] } : hit;
  }

  /** To the console and to the log of the run. */
  #log(live: LiveRun, step: string, item: Item | undefined, logs: readonly string[]): void {
    const { recorder, plan } = live.run.scope;
    for (const text of logs) {
      this.#tell({ type: 'output', category: 'stdout', text, flow: plan.flowId, step });
      recorder.log('info', text, { debugger: true }, step, item?.payload.id);
    }
  }

  /** Where a run ends that was gone after, whatever begins next in the one that called it is. */
  #strideWithout(id: string, caller: string | undefined): void {
    const stride = this.#stride;
    const run = stride.kind === 'called' ? stride.follow.run : stride.kind === 'run' ? undefined : stride.run;
    if (run !== id) return;
    this.#stride = caller === undefined ? { kind: 'run' } : { kind: 'any', run: caller };
  }
}

function strideOf(how: DebugResume, { live, place, item, trail }: Stop): Stride {
  const { plan } = live.run.scope;
  const payload = item?.payload.id;
  if (how.how === 'continue') return { kind: 'run' };
  if (how.how === 'out') {
    const loop = loopAround(plan, place.step);
    if (loop && loop.after.size > 0) return { kind: 'any', run: live.id, only: loop.after };
    return live.caller === undefined ? { kind: 'run' } : { kind: 'any', run: live.caller };
  }
  if (payload === undefined) return { kind: 'any', run: live.id };
  if (trail) return trail;
  const loop = how.how === 'next' && place.at === 'before' ? loopAt(plan, place.step) : undefined;
  const skip = how.how === 'in' && how.target?.into === 'item' ? how.target.item - 1 : 0;
  const where = place.at === 'after' ? { waiting: payload } : { inWork: payload };
  const followed = follow(live.id, where, { skip, ...(loop && { loop }) });
  return how.how === 'in' ? { kind: 'called', by: live.id, follow: followed } : followed;
}

const keyOf = (run: string, { payload }: Item): string => `${run} ${payload.id}`;
