import { FlowError } from '../../plugins/sdk/index.ts';
import { compileTemplate, type CompiledValue, type ExpressionEnv } from '../model/expression.ts';
import { conditionTemplate, debugExpressionRoots, logTemplate, noStops, parseHits, type DebugAt, type DebugBreakpoint, type DebugFilter, type DebugSetup, type DebugWatch } from '../model/debug.ts';
import { isSomething } from '../model/json.ts';
import { expressionEnv, openContext } from './open-context.ts';
import type { DebuggedRun } from './debug.ts';
import { asFlowError } from './run-error.ts';

/** Roots of an expression with their values; each is asked for only where the expression names it, and of a long payload only what it reads of it. */
export type DebugScopeOf = (roots: ReadonlySet<string>, payloadPaths: readonly string[]) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/** What a payload met on its way. */
export interface Hit {
  /** Breakpoints at which it stops. */
  readonly stops: readonly number[];
  /** What log points say. */
  readonly logs: readonly string[];
}

interface Place {
  readonly flow: string;
  readonly step: string;
  readonly at: DebugAt;
  readonly port?: string;
  readonly rule?: number;
  /** Of `page`. */
  readonly page?: number;
}

/** The breakpoints of a debugger: which of them lie at a place, and which of those count. Hits are counted as long as a breakpoint stays as it is. */
export class DebugPoints {
  #setup: DebugSetup = noStops;
  #hits = new Map<string, number>();
  readonly #compiled = new Map<string, Promise<CompiledValue>>();
  readonly #say: (text: string) => void;
  readonly #said = new Set<string>();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  set(setup: DebugSetup): void {
    const kept = new Set([...setup.breakpoints, ...setup.watches].map(keyOf));
    this.#hits = new Map([...this.#hits].filter(([key]) => kept.has(key)));
    this.#setup = setup;
  }

  clear(): void {
    this.set(noStops);
  }

  at(place: Place): readonly DebugBreakpoint[] {
    return this.#setup.breakpoints.filter((point) => point.step === place.step && point.at === place.at && point.flow === place.flow && (point.port === undefined || point.port === place.port) && (point.rule === undefined || place.rule === undefined || point.rule === place.rule));
  }

  get scripts(): DebugSetup['scripts'] {
    return this.#setup.scripts;
  }

  watches(of: DebugWatch['of'], name: string, keys: readonly string[]): readonly DebugWatch[] {
    return this.#setup.watches.filter((watch) => watch.of === of && watch.name === name && (watch.key === undefined || keys.includes(watch.key)));
  }

  filter(filter: DebugFilter): DebugSetup['filters'][number] | undefined {
    return this.#setup.filters.find((one) => one.filter === filter);
  }

  /** Which of these count now. A condition that cannot be evaluated does not hold; that is said once. */
  async hit(points: readonly (DebugBreakpoint | DebugWatch | (DebugSetup['filters'][number] & { readonly id?: undefined; readonly hits?: undefined }))[], run: DebuggedRun, scope: DebugScopeOf, shown: DebugScopeOf, page?: number): Promise<Hit> {
    const stops: number[] = [];
    const logs: string[] = [];
    for (const point of points) {
      if (point.condition !== undefined && !(await this.#holds(point.condition, run, scope))) continue;
      const hits = point.hits === undefined ? undefined : parseHits(point.hits);
      const key = point.id === undefined ? '' : keyOf(point);
      const count = page ?? (this.#hits.get(key) ?? 0) + 1;
      this.#hits.set(key, count);
      if (hits && !hits(count)) continue;
      if ('log' in point && point.log !== undefined) logs.push(await this.#text(point.log, run, shown));
      else stops.push(point.id ?? -1);
    }
    return { stops, logs };
  }

  async evaluate(template: string, run: DebuggedRun, scopeOf: DebugScopeOf): Promise<unknown> {
    const value = await this.#compile(template, run);
    const { clock } = run.scope.host;
    return value.evaluate(await scopeOf(value.roots, value.payloadPaths), { now: clock.now(), random: () => 0.5 });
  }

  async #holds(condition: string, run: DebuggedRun, scope: DebugScopeOf): Promise<boolean> {
    try {
      const value = await this.evaluate(conditionTemplate(condition), run, scope);
      return isSomething(value);
    } catch (error) {
      const text = `The condition ${JSON.stringify(condition)} cannot be evaluated, so it does not hold: ${asFlowError(error).message}`;
      if (!FlowError.is(error, 'DATA_MISSING') && !this.#said.has(text)) this.#say(text);
      this.#said.add(text);
      return false;
    }
  }

  async #text(log: string, run: DebuggedRun, scope: DebugScopeOf): Promise<string> {
    try {
      const value = await this.evaluate(logTemplate(log), run, scope);
      return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
    } catch (error) {
      return `${log} (${asFlowError(error).message})`;
    }
  }

  #compile(template: string, { scope: { host, plan } }: DebuggedRun): Promise<CompiledValue> {
    const key = `${plan.flowId} ${template}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const env: ExpressionEnv = { ...expressionEnv(host, openContext(host)), roots: debugExpressionRoots };
    const made = compileTemplate(template, env);
    if (this.#compiled.size >= mostCompiled) this.#compiled.clear();
    this.#compiled.set(key, made);
    made.catch(() => this.#compiled.delete(key));
    return made;
  }
}

const mostCompiled = 500;

const keyOf = (point: DebugBreakpoint | DebugWatch): string => JSON.stringify({ ...point, id: 'of' in point ? `watch ${point.name} ${point.key ?? ''}` : undefined });
