import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugEvent, DebugRef, DebugResume, DebugSetup, DebugTarget, DebugValue, SendAgain } from '../model/debug.ts';
import { printPath } from '../model/path.ts';
import { checkSentAgain } from '../model/sent-again.ts';
import { changedItem, typedMeta } from './debug-change.ts';
import { DebugHooks } from './debug-hooks.ts';
import { DebugLook } from './debug-look.ts';
import { DebugPoints } from './debug-points.ts';
import { LiveRun, type Stop } from './debug-run.ts';
import { DebugScripts } from './debug-scripts.ts';
import { follow, leadsTo, loopAround, loopAt, type Stride } from './debug-steps.ts';
import { DebugStops } from './debug-stops.ts';
import type { Debug } from './debug.ts';

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
  readonly #stops: DebugStops;
  readonly #scripts: DebugScripts;
  readonly #hooks: DebugHooks;
  readonly #look: DebugLook;

  constructor({ stopOnEntry = false, tell }: DebuggerOptions) {
    const points = new DebugPoints((text) => tell({ type: 'output', category: 'stderr', text }));
    this.#tell = tell;
    this.#stops = new DebugStops(points, tell);
    this.#scripts = new DebugScripts(this.#stops, tell);
    this.#hooks = new DebugHooks(this.#stops, this.#scripts);
    this.#look = new DebugLook(this.#stops);
    if (stopOnEntry) [this.#stops.stride, this.#stops.reason] = [{ kind: 'any' }, 'entry'];
  }

  /** How a run is debugged. `caller`: the run whose step started it. */
  of(id: string, caller?: string): Debug {
    const live = (): LiveRun => this.#stops.runs.get(id)!;
    const stops = this.#stops;
    return {
      opened: (run) => {
        const opened = new LiveRun(run, caller);
        this.#stops.runs.set(id, opened);
        run.scope.signal.addEventListener('abort', () => { if (this.#stops.now?.live === opened) this.#stops.goOn({ how: 'continue' }); });
        this.#stops.now?.hold(opened);
        this.#tell({ type: 'run-began', run: id, flow: run.scope.plan.flowId, ...(caller !== undefined && { caller }) });
      },
      before: (step, item) => this.#hooks.before(live(), step, item),
      after: (step, port, item, from) => this.#hooks.after(live(), step, port, item, from),
      failing: (step, item, error) => this.#hooks.failing(live(), step, item, error),
      event: (event) => (this.#stops.runs.has(id) ? this.#hooks.event(live(), event) : undefined),
      wrote: (kind, name, keys, step) => (this.#stops.runs.has(id) ? this.#hooks.wrote(live(), kind, name, keys, step) : undefined),
      starts: (run, payload) => void this.#stops.runs.get(id)?.started.set(run, payload),
      script: (step, payload) => this.#scripts.of(live(), step, payload),
      get isStanding() { return stops.now !== undefined; },
      stood: (signal) => stops.over(signal),
      ended: () => {
        this.#stops.runs.delete(id);
        this.#stops.strideWithout(id, caller);
        this.#tell({ type: 'run-ended', run: id });
      },
    };
  }

  async setup(setup: DebugSetup): Promise<void> {
    if (this.#stops.isDetached) return;
    this.#stops.points.set(setup);
    this.#scripts.changed();
  }

  async resume(how: DebugResume): Promise<void> {
    const stop = this.#stops.standing;
    this.#stops.reason = 'step';
    this.#stops.stride = stop.place.at === 'rule' ? { kind: 'run' } : stop.script && how.how !== 'continue' ? (stop.trail ?? { kind: 'run' }) : strideOf(how, stop);
    this.#stops.goOn(how);
  }

  async pause(): Promise<void> {
    if (this.#stops.now || this.#stops.isDetached) return;
    this.#stops.reason = 'pause';
    const live = [...this.#stops.runs.values()].at(-1);
    const busy = live?.busiest();
    if (!live || !busy) {
      this.#stops.stride = { kind: 'any' };
      return;
    }
    void this.#stops.hold(live, async () => {
      await this.#stops.stopAt(live, { ...(busy.item && { item: busy.item }) }, { at: 'work', step: busy.step }, { reason: 'pause', breakpoints: [] });
    });
  }

  threads: DebugTarget['threads'] = async () => this.#look.threads();
  stack: DebugTarget['stack'] = async (thread) => this.#look.stack(thread);
  scopes: DebugTarget['scopes'] = async (thread, frame) => this.#look.scopes(thread, frame);
  values: DebugTarget['values'] = async (ref, window) => this.#look.values(ref, window);
  bytes: DebugTarget['bytes'] = async (ref, window) => this.#look.bytes(ref, window);
  evaluate: DebugTarget['evaluate'] = async (thread, frame, expression, options) => this.#look.evaluate(thread, frame, expression, options);
  targets: DebugTarget['targets'] = async () => this.#look.targets(this.#stops.standing);

  async set(ref: DebugRef, value: unknown): Promise<DebugValue> {
    const stop = this.#stops.standing;
    const { live } = stop;
    const frame = this.#look.frame(ref.thread, ref.frame);
    if (ref.root === 'script' && frame.script !== undefined) {
      const row = await this.#look.setInScript(ref, value);
      const { file, name } = stop.script!.frames[frame.script]!;
      live.run.scope.recorder.log('warn', `Somebody has changed ${printPath(ref.path.slice(1))} in ${name} of ${file}, in the debugger.`, { debugger: true, changed: printPath(ref.path.slice(1)) }, stop.place.step, stop.item?.payload.id);
      return row;
    }
    if (ref.root === 'variables') {
      frame.live.setVariable(ref.path, value, frame.step ?? stop.place.step);
      return this.#look.row(ref);
    }
    const isTop = ref.thread === 1 && frame.item === stop.item;
    if ((ref.root !== 'payload' && ref.root !== 'meta') || !isTop || !stop.item || !stop.isOpen) {
      throw new FlowError('API_INVALID', `This cannot be changed where the run stands: ${stop.item ? `the step ${JSON.stringify(stop.place.step)} has taken its payload already` : 'there is no payload'}.`, { remedy: 'Stop in front of the step, and change the payload or a flow variable there.' });
    }
    stop.item = changedItem(live.run, stop.item, ref.root, ref.path, ref.root === 'meta' ? typedMeta(value) : value, stop.place.step);
    if (stop.place.at === 'after') this.#hooks.change(live.id, stop.item);
    return this.#look.row(ref);
  }

  async move(to: string, { isConfirmed = false }: SendAgain = {}): Promise<void> {
    const stop = this.#stops.standing;
    const { live, item, place } = stop;
    if (place.at !== 'before' || !item) throw new FlowError('API_INVALID', 'Only a payload that stands in front of a step can go on at another one.', { remedy: 'Go on to the next step first.' });
    const target = live.run.steps.get(to);
    if (!target || target.isEnded) throw new FlowError('API_INVALID', target ? `Nothing can come to the step ${JSON.stringify(to)} any more: it has ended.` : `The step ${JSON.stringify(to)} is not part of this run.`, { details: { step: to } });
    const ahead = leadsTo(live.run.scope.plan, to);
    checkSentAgain([...live.sent.of(item.payload.id)].filter((step) => ahead.has(step)), isConfirmed);
    live.moved(place.step, item, to);
    stop.isMoved = true;
    target.offer(item);
    this.#stops.stride = follow(live.id, { waiting: item.payload.id });
    this.#stops.reason = 'goto';
    this.#stops.goOn({ how: 'next' });
  }

  async restart({ isConfirmed = false }: SendAgain = {}): Promise<void> {
    const stop = this.#stops.standing;
    const { at, step } = stop.place;
    if (at === 'failure' && stop.isOpen) {
      const { id } = stop.item!.payload;
      checkSentAgain(stop.error?.code === 'WRITE_UNCONFIRMED' || stop.live.sent.of(id).has(step) ? [step] : [], isConfirmed);
      if (isConfirmed) stop.live.run.scope.host.transport.confirm?.(step, id);
      stop.isAgain = true;
      this.#stops.stride = { kind: 'run' };
      this.#stops.goOn({ how: 'continue' });
    } else if (at === 'rule') {
      stop.isAgain = true;
      this.#stops.goOn({ how: 'next' });
    } else if (at === 'before') this.#tell({ type: 'stopped', place: stop.place, reason: 'restart', breakpoints: [] });
    else throw new FlowError('API_INVALID', `What the step ${JSON.stringify(stop.place.step)} has given is on its way: it cannot take its payload once more.`, { remedy: 'Step back to it, and go on from there: what was sent is not sent again.' });
  }

  async detach(): Promise<void> {
    this.#stops.isDetached = true;
    this.#stops.points.clear();
    this.#scripts.end();
    this.#stops.stride = { kind: 'run' };
    this.#stops.goOn({ how: 'continue' });
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
  return how.how === 'in' ? { kind: 'called', by: live.id, payload, follow: followed } : followed;
}
