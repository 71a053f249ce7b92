import { FlowError, type ScriptDebug, type ScriptStop, type ScriptStride } from '../../plugins/sdk/index.ts';
import { parseHits, type DebugEvent, type DebugResume, type DebugScriptPoint } from '../model/debug.ts';
import type { LiveRun } from './debug-run.ts';
import type { DebugStops } from './debug-stops.ts';

/** Scripts of a debug session: where they stop, and who is told. */
export class DebugScripts {
  readonly #stops: DebugStops;
  readonly #tell: (event: DebugEvent) => void;
  readonly #session = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** Payloads with which somebody wants to go into the script of a step. */
  readonly #entries = new Set<string>();
  readonly #hits = new Map<string, number>();
  readonly #refused = new Set<string>();

  constructor(stops: DebugStops, tell: (event: DebugEvent) => void) {
    this.#stops = stops;
    this.#tell = tell;
  }

  of(live: LiveRun, step: string, payload: string): ScriptDebug {
    const entry = `${live.id} ${step} ${payload}`;
    const at = (file: string): readonly DebugScriptPoint[] => this.#stops.points.scripts.filter((point) => point.file === file);
    return {
      session: this.#session.signal,
      wants: (file) => !this.#session.signal.aborted && (this.#entries.has(entry) || at(file).length > 0),
      takeEntry: () => this.#entries.delete(entry),
      lines: (file) => [...new Set(at(file).map(({ line }) => line))],
      onChange: (changed) => {
        this.#listeners.add(changed);
        return () => void this.#listeners.delete(changed);
      },
      stopped: async (stop) => {
        let stride: ScriptStride = 'continue';
        await this.#stops.hold(live, async () => { stride = await this.#stand(live, step, payload, stop); }).catch(() => undefined);
        return stride;
      },
      refuse: (reason) => {
        this.#entries.delete(entry);
        if (!this.#refused.has(reason)) this.#tell({ type: 'output', category: 'stderr', text: reason, flow: live.run.scope.plan.flowId, step });
        this.#refused.add(reason);
      },
    };
  }

  enter(run: string, step: string, payload: string): void {
    this.#entries.add(`${run} ${step} ${payload}`);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Nothing stops any more. */
  end(): void {
    this.#entries.clear();
    this.changed();
    this.#session.abort();
  }

  async #stand(live: LiveRun, step: string, payload: string, stop: ScriptStop): Promise<ScriptStride> {
    const [frame] = stop.frames;
    if (!frame) return 'continue';
    const points = stop.isBreakpoint ? this.#stops.points.scripts.filter(({ file, line }) => file === frame.file && line === frame.line) : [];
    const hits: number[] = [];
    for (const point of points) {
      if (!(await this.#counts(point, stop))) continue;
      if (point.log === undefined) hits.push(point.id);
      else this.#stops.log(live, step, live.inWork(step, payload), [await textOf(point.log, stop)]);
    }
    if (points.length > 0 && hits.length === 0) return 'continue';
    const item = live.inWork(step, payload);
    const { how } = await this.#stops.stopAt(live, { ...(item && { item }), script: stop }, { at: 'work', step }, { reason: hits.length > 0 ? 'breakpoint' : 'step', breakpoints: hits });
    return strideOf(how);
  }

  async #counts(point: DebugScriptPoint, stop: ScriptStop): Promise<boolean> {
    if (point.condition !== undefined && !(await this.#holds(point.condition, stop))) return false;
    const key = JSON.stringify({ ...point, id: undefined });
    const count = (this.#hits.get(key) ?? 0) + 1;
    this.#hits.set(key, count);
    return point.hits === undefined || (parseHits(point.hits)?.(count) ?? false);
  }

  async #holds(condition: string, stop: ScriptStop): Promise<boolean> {
    try {
      const { kind, value } = await stop.evaluate(0, condition);
      return kind === 'array' || kind === 'object' || kind === 'other' || Boolean(value);
    } catch (error) {
      const text = `The condition ${JSON.stringify(condition)} cannot be evaluated, so it does not hold: ${(error as Error).message}`;
      if (!this.#refused.has(text)) this.#tell({ type: 'output', category: 'stderr', text });
      this.#refused.add(text);
      return false;
    }
  }
}

const strideOf = ({ how }: DebugResume): ScriptStride => how;

/** What stands in braces is evaluated. */
async function textOf(log: string, stop: ScriptStop): Promise<string> {
  const parts = await Promise.all(log.split(/\{([^{}]+)\}/).map(async (part, index) => {
    if (index % 2 === 0) return part;
    try {
      const { value, text } = await stop.evaluate(0, part);
      return typeof value === 'string' ? value : (text ?? JSON.stringify(value) ?? 'undefined');
    } catch (error) {
      return `{${part}: ${FlowError.is(error) ? error.message : 'it cannot be evaluated'}}`;
    }
  }));
  return parts.join('');
}
