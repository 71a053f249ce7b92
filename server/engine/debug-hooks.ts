import type { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugFilter } from '../model/debug.ts';
import type { RunEvent } from '../model/run-event.ts';
import { walkMap } from './debug-rules.ts';
import { isMap, scopeOf, scriptOf, type LiveRun } from './debug-run.ts';
import type { DebugScripts } from './debug-scripts.ts';
import { done, follow, isStrideOver, passed } from './debug-steps.ts';
import type { DebugStops } from './debug-stops.ts';
import type { Item } from './recorder.ts';
import { toRunError } from './run-error.ts';
import type { StepWork } from './step.ts';

/** What happens in runs, and whether something stops there. See `Debug`. */
export class DebugHooks {
  readonly #stops: DebugStops;
  readonly #scripts: DebugScripts;
  /** What was decided of a payload in front of a step. */
  readonly #decided = new WeakMap<Item, Item | 'moved'>();
  /** Payloads that were changed on their way to a step. */
  readonly #changed = new Map<string, Item>();

  constructor(stops: DebugStops, scripts: DebugScripts) {
    this.#stops = stops;
    this.#scripts = scripts;
  }

  /** A payload that was passed on already begins with something else. */
  change(run: string, item: Item): void {
    this.#changed.set(keyOf(run, item), item);
  }

  before(live: LiveRun, step: StepWork, item: Item): Item | 'held' | 'moved' {
    const decided = this.#decided.get(item);
    if (decided) {
      this.#decided.delete(item);
      return decided;
    }
    const key = keyOf(live.id, item);
    const given = this.#changed.get(key) ?? item;
    this.#changed.delete(key);
    const caller = live.caller === undefined ? undefined : { run: live.caller, payload: this.#stops.runs.get(live.caller)?.started.get(live.id) };
    const isStride = isStrideOver(this.#stops.stride, { run: live.id, caller, step: step.id, payload: item.payload.id });
    const { plan } = live.run.scope;
    const points = this.#stops.points.at({ flow: plan.flowId, step: step.id, at: 'before' });
    const hasRules = isMap(step) && this.#stops.points.at({ flow: plan.flowId, step: step.id, at: 'rule' }).length > 0;
    if (!isStride && points.length === 0 && !hasRules) return given;
    void this.#stops.hold(live, async () => this.#decide(live, step, item, given, isStride, hasRules));
    return 'held';
  }

  async #decide(live: LiveRun, step: StepWork, item: Item, given: Item, isStride: boolean, hasRules: boolean): Promise<void> {
    const hit = await this.#stops.hitAt(live, step, 'before', given);
    let now = given;
    let isEntered = false;
    let isScriptEntered = false;
    if (isStride || hit.stops.length > 0) {
      const reason = hit.stops.length > 0 ? 'breakpoint' : this.#stops.reason;
      const stop = await this.#stops.stopAt(live, { item: given, isOpen: true }, { at: 'before', step: step.id }, { reason, breakpoints: hit.stops });
      if (stop.isMoved) return void this.#decided.set(item, 'moved');
      now = stop.item!;
      const { how } = stop;
      isScriptEntered = how.how === 'in' && scriptOf(step) !== undefined && (how.target === undefined || how.target.into === 'script');
      isEntered = how.how === 'in' && isMap(step) && (how.target === undefined || how.target.into === 'rules');
    }
    this.#decided.set(item, now);
    if (isScriptEntered) this.#scripts.enter(live.id, step.id, now.payload.id);
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
        const points = this.#stops.points.at({ flow: plan.flowId, step: step.id, at: 'rule', rule });
        if (!isStepping && points.length === 0) continue;
        const more = { record: walk.records[record] };
        const { stops, logs } = await this.#stops.points.hit(points, live.run, scopeOf(live, item, more), scopeOf(live, item, more, true));
        this.#stops.log(live, step.id, item, logs);
        if (!isStepping && stops.length === 0) continue;
        const { target, sources } = await walk.at(record, rule).catch((error: unknown) => ({ target: undefined, sources: String((error as Error).message) }));
        const { how, isAgain } = await this.#stops.stopAt(live, { item, rule: { record: walk.records[record], target, sources, to: walk.rules[rule]!.to } }, { at: 'rule', step: step.id, rule, record }, { reason: stops.length > 0 ? 'breakpoint' : 'step', breakpoints: stops });
        if (how.how === 'out' || this.#stops.isDetached) {
          this.#stops.stride = how.how === 'out' ? follow(live.id, { inWork: item.payload.id }) : { kind: 'run' };
          return;
        }
        isStepping = how.how !== 'continue';
        if (isAgain) [record, rule] = [0, -1];
      }
    }
    if (isStepping) this.#stops.stride = follow(live.id, { inWork: item.payload.id });
  }

  after(live: LiveRun, step: StepWork, port: string, item: Item, from: string | undefined): void {
    const leads = step.ports.get(port) !== undefined;
    live.gave(step.id, port, item, from);
    for (const stride of [this.#stops.stride, this.#stops.now?.trail]) if (stride) passed(stride, { run: live.id, step: step.id, port, payload: item.payload.id, from, leads });
    if (this.#stops.points.at({ flow: live.run.scope.plan.flowId, step: step.id, at: 'after', port }).length === 0) return;
    void this.#stops.hold(live, async () => {
      const hit = await this.#stops.hitAt(live, step, 'after', item, { port });
      if (hit.stops.length > 0) await this.#stops.stopAt(live, { item, isOpen: leads }, { at: 'after', step: step.id, port }, { reason: 'breakpoint', breakpoints: hit.stops });
    });
  }

  failing(live: LiveRun, step: StepWork, item: Item | undefined, error: FlowError): Promise<Item | undefined> | undefined {
    const isCaught = step.catcherOf(error) !== undefined;
    const { plan, recorder } = live.run.scope;
    // A question, which only who debugs can answer.
    const isAsking = error.code === 'WRITE_UNCONFIRMED';
    if (!isAsking && !this.#stops.points.filter(isCaught ? 'caught' : 'unhandled') && this.#stops.points.at({ flow: plan.flowId, step: step.id, at: 'failure' }).length === 0) return undefined;
    const answer = Promise.withResolvers<Item | undefined>();
    const said = recorder.errorOf(error, step.id);
    void this.#stops.hold(live, async () => {
      try {
        const hit = await this.#stops.hitAt(live, step, 'failure', item, { error: toRunError(error, step.id) }, isCaught ? 'caught' : 'unhandled');
        if (!isAsking && hit.stops.length === 0) return;
        const stop = await this.#stops.stopAt(live, { ...(item && { item }), error: said, isOpen: item !== undefined }, { at: 'failure', step: step.id, error: said }, { reason: 'exception', breakpoints: hit.stops.filter((id) => id >= 0), text: `${said.code}: ${said.message}` });
        if (stop.isAgain) answer.resolve(stop.item);
      } finally {
        answer.resolve(undefined);
      }
    });
    return answer.promise;
  }

  event(live: LiveRun, event: RunEvent): Promise<void> | undefined {
    live.take(event);
    switch (event.type) {
      case 'payload-done':
        this.#stops.stride = done(this.#stops.stride, live.id, event.payload);
        if (this.#stops.now?.trail) this.#stops.now.trail = done(this.#stops.now.trail, live.id, event.payload);
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

  wrote(live: LiveRun, kind: 'cache' | 'pool', name: string, keys: readonly string[], step: string): Promise<void> | undefined {
    return this.#written(live, step, kind, name, keys, `${kind} ${name}: ${keys.length === 1 ? 'an entry was' : `${keys.length} entries were`} written`);
  }

  /** Stops in the middle of a step, where something has happened. */
  #notice(live: LiveRun, at: 'page' | 'work' | 'failure', id: string, scope: Readonly<Record<string, unknown>>, filter: DebugFilter | undefined, text: string, { page, payload }: { readonly page?: number; readonly payload?: string | undefined } = {}): Promise<void> | undefined {
    const step = live.run.steps.get(id);
    const wanted = filter && this.#stops.points.filter(filter);
    const points = at === 'work' ? [] : this.#stops.points.at({ flow: live.run.scope.plan.flowId, step: id, at });
    if (!step || (!wanted && points.length === 0)) return undefined;
    const item = live.inWork(id, payload);
    return this.#stops.hold(live, async () => {
      const hit = await this.#stops.hitAt(live, step, at === 'work' ? undefined : at, item, scope, filter, page);
      if (hit.stops.length > 0) await this.#stops.stopAt(live, { ...(item && { item }) }, { at, step: id }, { reason: filter ? 'exception' : 'breakpoint', breakpoints: hit.stops.filter((one) => one >= 0), text });
    });
  }

  #written(live: LiveRun, id: string, of: 'variable' | 'cache' | 'pool', name: string, keys: readonly string[], text: string): Promise<void> | undefined {
    const watches = this.#stops.points.watches(of, name, keys);
    if (watches.length === 0 || live.isChanging) return undefined;
    const item = live.inWork(id);
    return this.#stops.hold(live, async () => {
      const { stops } = await this.#stops.points.hit(watches, live.run, scopeOf(live, item), scopeOf(live, item, {}, true));
      if (stops.length > 0) await this.#stops.stopAt(live, { ...(item && { item }) }, { at: 'work', step: id }, { reason: 'data breakpoint', breakpoints: stops, text });
    });
  }
}

const keyOf = (run: string, { payload }: Item): string => `${run} ${payload.id}`;
