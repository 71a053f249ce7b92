import { FlowError } from '../../plugins/sdk/index.ts';
import { noStops } from '../model/debug.ts';
import type { DebugEvaluated, DebugFrame, DebugRef, DebugResume, DebugRoot, DebugScope, DebugSetup, DebugTarget, DebugThread, DebugValue, DebugWindow } from '../model/debug.ts';
import { rowOf, sizeOf, valueAt, windowOf, withValueAt } from '../model/debug-values.ts';
import type { Flow } from '../model/flow.ts';
import { isObject } from '../model/json.ts';
import { readFile } from '../model/read.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { Runner } from '../runner/contract.ts';
import type { ForkOptions } from '../runner/past-runs.ts';
import type { RunDetail } from '../model/api.ts';
import { invalid } from './arguments.ts';
import { longestBody, PastBodies } from './past-bodies.ts';
import { PastEvents } from './past-events.ts';

/** The recording of a run; `undefined` where there is none. */
export function openPast(host: PastHost, run: string): PastRun | undefined {
  const recorded = host.archive.run(run);
  if (!recorded) return undefined;
  const { steps = {}, variables = {} } = (readFile('flow', recorded.flow, recorded.flowText).value ?? {}) as Partial<Flow>;
  const titles = Object.fromEntries(Object.entries(steps).map(([id, { title = id }]) => [id, title]));
  const defaults = Object.fromEntries(Object.entries(variables).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])));
  return new PastRun(host, { run, flow: recorded.flow, titles, defaults });
}

/** Where recordings are read. */
export interface PastHost extends Pick<Runner, 'evaluate'> {
  readonly archive: Pick<Runner['archive'], 'body' | 'window'> & { run(run: string): Pick<RunDetail, 'flow' | 'flowText'> | undefined };
  readonly debug: Pick<Runner['debug'], 'events'>;
}

/** A place of a recording: a payload begins at a step, leaves it, or fails. */
export type Moment = Extract<RunEvent, { type: 'payload-in' | 'payload-out' | 'payload-failed' }> & { readonly seq: number };

export type { PastRun };

type Reached = 'moment' | 'beginning' | 'end';

/**
 * A run as it was at a moment of its recording. Going back and forth changes nothing; what is changed here counts where the run is gone on with from here.
 * Everything is masked as it was recorded, so that nothing is masked here.
 */
class PastRun implements DebugTarget {
  readonly run: string;
  readonly flow: string;
  readonly #host: PastHost;
  readonly #titles: Readonly<Record<string, string>>;
  /** Of the flow variables. */
  readonly #defaults: Readonly<Record<string, unknown>>;
  #setup: DebugSetup = noStops;
  #at: Moment | undefined;
  #changes: NonNullable<ForkOptions['changes']>[number][] = [];
  #changedVariables: Readonly<Record<string, unknown>> = {};
  readonly #bodies: PastBodies;
  readonly #events: PastEvents;

  constructor(host: PastHost, { run, flow, titles, defaults }: { readonly run: string; readonly flow: string; readonly titles: Readonly<Record<string, string>>; readonly defaults: Readonly<Record<string, unknown>> }) {
    this.#host = host;
    this.#bodies = new PastBodies(host.archive, run);
    this.#events = new PastEvents(host.debug, run);
    this.run = run;
    this.flow = flow;
    this.#titles = titles;
    this.#defaults = defaults;
  }

  get moment(): Moment | undefined {
    return this.#at;
  }

  /** Goes to the moment before, or to the last at which a breakpoint stops. */
  async back(isFar: boolean): Promise<Reached> {
    let before = this.#at?.seq ?? Number.MAX_SAFE_INTEGER;
    let first: Moment | undefined;
    for (;;) {
      const chunk = await this.#momentsBefore(before);
      const found = chunk.findLast((moment) => (isFar ? this.#stops(moment) : moment.type !== 'payload-out'));
      if (found) return this.#go(found, 'moment');
      first = chunk.find(({ type }) => type === 'payload-in') ?? first;
      if (chunk.length === 0) break;
      before = chunk[0]!.seq;
    }
    return first ? this.#go(first, 'beginning') : 'beginning';
  }

  /** Goes to the next moment, or to the next at which a breakpoint stops. */
  async forth(isFar: boolean): Promise<Reached> {
    for (let after = this.#at?.seq ?? 0; ;) {
      const events = await this.#events.after(after);
      const found = momentsOf(events).find((moment) => (isFar ? this.#stops(moment) : moment.type !== 'payload-out'));
      if (found) return this.#go(found, 'moment');
      const last = events.at(-1);
      if (!last) return 'end';
      after = last.seq;
    }
  }

  /** What a run that goes on from here begins with. */
  fork(): ForkOptions {
    if (this.#at?.type !== 'payload-in') throw invalid('A run goes on from where a payload begins at a step.', 'Step back to that first.');
    return { seq: this.#at.seq, ...(this.#changes.length > 0 && { changes: this.#changes }), ...(Object.keys(this.#changedVariables).length > 0 && { variables: this.#changedVariables }) };
  }

  async setup(setup: DebugSetup): Promise<void> {
    this.#setup = setup;
  }

  async threads(): Promise<readonly DebugThread[]> {
    return [{ id: 1, name: `REPLAY of the run ${this.run}` }];
  }

  async stack(thread: number): Promise<readonly DebugFrame[]> {
    if (thread !== 1) throw invalid(`There is no thread ${thread}: a recording has one.`, 'Ask for the threads again.');
    const at = this.#at;
    const flow: DebugFrame = { name: this.flow, run: this.run, flow: this.flow, canRestart: false };
    if (!at) return [flow];
    const suffix = at.type === 'payload-out' ? ` (after ${at.port})` : at.type === 'payload-failed' ? ' (failed)' : '';
    return [{ name: `${this.#titles[at.step] ?? at.step}${suffix}`, run: this.run, flow: this.flow, step: at.step, canRestart: at.type === 'payload-in' }, flow];
  }

  async scopes(_thread: number, frame: number): Promise<readonly DebugScope[]> {
    const variables = { name: 'Flow variables', root: 'variables' as const, ...sizeOf(await this.#variables()) };
    if (frame > 0 || !this.#at) return [variables];
    const of = async (name: string, root: DebugRoot): Promise<DebugScope> => ({ name, root, ...sizeOf(await this.#root(root)) });
    const isLong = this.#at.payload.size > longestBody;
    const payload = isLong ? { name: 'Payload', root: 'payload' as const, indexed: this.#at.payload.records ?? 0, named: this.#at.payload.records === undefined ? 1 : 0 } : await of('Payload', 'payload');
    return [...(this.#at.type === 'payload-failed' ? [await of('Error', 'error')] : []), payload, await of('Output so far', 'outputs'), await of('Meta', 'meta'), variables, await of('Cache & de-dupe hits', 'hits')];
  }

  async values({ root, path }: DebugRef, window: DebugWindow): Promise<readonly DebugValue[]> {
    const { payload } = this.#at ?? {};
    if (root === 'payload' && payload && payload.size > longestBody) return this.#bodies.rows(payload, path, window);
    const rows = windowOf(await this.#root(root), path, window, plain, root);
    return root === 'payload' ? rows.map((row) => (row.isWhole ? { ...row, hasBytes: true } : row)) : rows;
  }

  async bytes({ root, path }: DebugRef, window: { readonly offset: number; readonly count: number }): Promise<Uint8Array> {
    const { payload } = this.#at ?? {};
    if (root === 'payload' && path.length === 0 && payload && !payload.mediaType.endsWith('json')) return this.#bodies.bytes(payload, window);
    const value = valueAt(await this.#root(root), path, plain);
    if (typeof value !== 'string') throw invalid('This has no bytes.', 'Look at its entries.');
    return new Uint8Array(Buffer.from(value).subarray(window.offset, window.offset + window.count));
  }

  async evaluate(_thread: number, _frame: number, expression: string, { full = false }: { readonly full?: boolean } = {}): Promise<DebugEvaluated> {
    const far = this.#at && this.#bodies.far(this.#at.payload);
    const scope = { ...(!far && { payload: await this.#root('payload') }), meta: await this.#root('meta'), flow: await this.#variables(), ...(this.#at?.type === 'payload-failed' && { error: this.#at.error }) };
    const value = await this.#host.evaluate(expression, scope, far);
    const row = rowOf('result', value, plain, undefined, full ? Number.MAX_SAFE_INTEGER : undefined);
    if (!isObject(value) && !Array.isArray(value)) return row;
    const text = JSON.stringify(value);
    return { ...row, ...(full && { text }), ...(text.length <= longestSent && { value }) };
  }

  async set({ root, path }: DebugRef, value: unknown): Promise<DebugValue> {
    if (root === 'variables') {
      const [name, ...rest] = path;
      this.#changedVariables = { ...this.#changedVariables, [String(name)]: withValueAt((await this.#variables())[String(name)], rest, value) };
    } else if ((root === 'payload' || root === 'meta') && this.#at?.type === 'payload-in') {
      if (this.#at.payload.size > longestBody) throw invalid(`The payload is longer than ${longestBody / 1024 ** 2} MB, and cannot be changed here.`, 'Change it in a run that goes on from here.');
      this.#changes.push({ of: root, path, value });
    } else throw invalid('This cannot be changed here.', 'Go to where a payload begins at a step, and change it there.');
    const parent = valueAt(await this.#root(root), path.slice(0, -1), plain);
    const key = path.at(-1);
    return key === undefined ? rowOf('payload', parent, plain) : rowOf(key, (parent as Readonly<Record<string | number, unknown>>)[key], plain);
  }

  async targets(): Promise<[]> {
    return [];
  }

  async resume(_how: DebugResume): Promise<void> {}
  async pause(): Promise<void> {}
  async detach(): Promise<void> {}

  async move(): Promise<void> {
    throw invalid('What has happened has happened.', 'Go on from here first: *Restart Frame*.');
  }

  async restart(): Promise<void> {
    throw new FlowError('INTERNAL', 'The session goes on from here.');
  }

  #go(moment: Moment, reached: Reached): Reached {
    this.#at = moment;
    this.#changes = [];
    this.#changedVariables = {};
    return reached;
  }

  /** Breakpoints with conditions stop as those without: what was true then is not known of every moment. */
  #stops(moment: Moment): boolean {
    const at = moment.type === 'payload-in' ? 'before' : moment.type === 'payload-out' ? 'after' : 'failure';
    const isFailure = moment.type === 'payload-failed' && this.#setup.filters.some(({ filter }) => filter === (moment.caughtBy === undefined ? 'unhandled' : 'caught'));
    return isFailure || this.#setup.breakpoints.some((point) => point.flow === this.flow && point.step === moment.step && point.at === at && point.log === undefined && (point.port === undefined || (moment.type === 'payload-out' && point.port === moment.port)));
  }

  async #momentsBefore(seq: number): Promise<readonly Moment[]> {
    // From the end of a run that is over.
    for (let before = seq === Number.MAX_SAFE_INTEGER ? (await this.#events.last()) + 1 : seq; ;) {
      const events = await this.#events.before(before);
      const moments = momentsOf(events);
      if (moments.length > 0 || events.length === 0) return moments;
      before = events[0]!.seq;
    }
  }

  async #variables(): Promise<Readonly<Record<string, unknown>>> {
    const { variables } = await this.#events.seen(this.#at?.seq ?? 0);
    return { ...this.#defaults, ...variables, ...this.#changedVariables };
  }

  async #root(root: DebugRoot): Promise<unknown> {
    const at = this.#at;
    if (!at) return undefined;
    switch (root) {
      case 'payload': return this.#changed('payload', await this.#bodies.value(at.payload));
      case 'meta': return this.#changed('meta', { ...at.payload.meta });
      case 'variables': return this.#variables();
      case 'error': return at.type === 'payload-failed' ? at.error : undefined;
      case 'outputs': return this.#outputs(at);
      case 'hits': return (await this.#events.seen(at.seq)).reads(at.step).map(({ op, name, answer }) => ({ op, name, answer }));
      default: return undefined;
    }
  }

  async #outputs(at: Moment): Promise<unknown> {
    const given = (await this.#events.seen(at.seq)).outputs(at.step, at.type === 'payload-out' ? at.from : at.payload.id);
    return Promise.all(given.map(async ({ port, payload }) => ({ port, body: await this.#bodies.value(payload), meta: payload.meta ?? {} })));
  }

  #changed(of: 'payload' | 'meta', value: unknown): unknown {
    return this.#changes.filter((change) => change.of === of).reduce((changed, { path, value: next }) => withValueAt(changed, path, next), value);
  }
}

function momentsOf(events: readonly { readonly seq: number; readonly event: RunEvent }[]): readonly Moment[] {
  return events.flatMap(({ seq, event }) => (event.type === 'payload-in' || event.type === 'payload-out' || event.type === 'payload-failed' ? [{ ...event, seq }] : []));
}

/** It was masked when it was recorded. */
const plain = <T>(value: T): T => value;

const longestSent = 65_536;
