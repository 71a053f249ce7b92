import { FlowError } from '../../plugins/sdk/index.ts';
import { conditionTemplate, type DebugEvaluated, type DebugFrame, type DebugRef, type DebugResume, type DebugRoot, type DebugScope, type DebugThread, type DebugValue, type DebugWindow } from '../model/debug.ts';
import { rowOf, sizeOf, valueAt, windowOf, type Mask } from '../model/debug-values.ts';
import { isObject } from '../model/json.ts';
import { isMap, readableText, scopeOf, scriptOf, shownBody, type LiveRun, type Stop } from './debug-run.ts';
import { scriptEvaluated, scriptScopes, scriptSet, scriptValues } from './debug-script-values.ts';
import type { DebugStops } from './debug-stops.ts';
import { bytesOf, mostBytes } from './debug-bytes.ts';
import { shortJson } from './debug-seen.ts';
import { streamAt, streamBytes, streamOf, streamSize, streamValues } from './debug-stream.ts';
import { bodyOf } from './payload.ts';
import type { Item } from './recorder.ts';

/** A line of a stack, with what can be seen there. */
export interface Frame {
  readonly live: LiveRun;
  /** Absent for the flow itself. */
  readonly step?: string;
  readonly item?: Item | undefined;
  readonly stop?: Stop;
  readonly isRule?: boolean;
  /** Number of the frame of the script. */
  readonly script?: number;
}

type Target = NonNullable<Extract<DebugResume, { how: 'in' }>['target']>;

/** What can be seen of runs: the first thread is what was stopped, the others the steps that have something to do beside it. */
export class DebugLook {
  readonly #stops: Pick<DebugStops, 'runs' | 'points' | 'now'>;
  readonly #threads = new Map<string, number>();

  constructor(stops: Pick<DebugStops, 'runs' | 'points' | 'now'>) {
    this.#stops = stops;
  }

  threads(): readonly DebugThread[] {
    const stop = this.#stops.now;
    const first = stop?.live ?? [...this.#stops.runs.values()].at(-1);
    const threads: DebugThread[] = first ? [{ id: 1, name: nameOf(first) }] : [];
    if (!stop) return threads;
    for (const { live, step, inWork, waiting } of this.#busy(stop)) {
      const page = live.pages.get(step);
      const parts = [...(page === undefined ? [] : [`page ${page}`]), ...(inWork > 0 ? [`${inWork} in work`] : []), ...(waiting > 0 ? [`${waiting} waiting`] : [])];
      threads.push({ id: this.#threadOf(live.id, step), name: `${titleOf(live, step)}: ${parts.join(', ')}` });
    }
    return threads;
  }

  stack(thread: number): readonly DebugFrame[] {
    return this.#frames(thread).map((frame): DebugFrame => {
      const { live, step, stop, isRule } = frame;
      const common = { run: live.id, flow: live.run.scope.plan.flowId };
      const inScript = frame.script === undefined ? undefined : stop?.script?.frames[frame.script];
      if (inScript) return { ...common, ...(step !== undefined && { step }), script: inScript, name: inScript.name, canRestart: false };
      if (step === undefined) return { ...common, name: nameOf(live), canRestart: false };
      const title = titleOf(live, step);
      if (isRule) return { ...common, step, rule: stop!.place.rule!, name: `Rule ${stop!.place.rule! + 1} → ${stop!.rule!.to}, record ${stop!.place.record! + 1}`, canRestart: true };
      const { at, port } = stop?.place ?? {};
      const suffix = at === 'after' ? ` (after ${port})` : at === 'failure' ? ' (failed)' : '';
      return { ...common, step, name: title + suffix, canRestart: stop !== undefined && (at === 'before' || (at === 'failure' && stop.isOpen)) };
    });
  }

  frame(thread: number, index: number): Frame {
    const frame = this.#frames(thread)[index];
    if (!frame) throw new FlowError('API_INVALID', 'There is no such frame: the run has gone on since.', { remedy: 'Ask for the stack again.' });
    return frame;
  }

  async scopes(thread: number, index: number): Promise<readonly DebugScope[]> {
    const frame = this.frame(thread, index);
    if (frame.script !== undefined) return scriptScopes(frame.stop!.script!, frame.script);
    const of = (name: string, root: DebugRoot): DebugScope => ({ name, root, ...sizeOf(this.#root(frame, root)) });
    const variables = of('Flow variables', 'variables');
    if (frame.step === undefined) return [variables];
    const rule = frame.isRule ? [of('Record', 'record'), of('Target so far', 'target')] : [];
    const error = frame.stop?.error ? [of('Error', 'error')] : [];
    const stream = streamOf(frame.item);
    const payload = frame.item ? [{ ...of('Payload', 'payload'), ...(stream && (await streamSize(stream))), name: payloadName(frame.item) }] : [];
    return [...error, ...rule, ...payload, of('Output so far', 'outputs'), of('Meta', 'meta'), variables, of('Cache & de-dupe hits', 'hits'), ...(instanceOf(frame) === undefined ? [] : [of('Connection', 'connection')])];
  }

  async values({ thread, frame: index, root, path }: DebugRef, window: DebugWindow): Promise<readonly DebugValue[]> {
    const frame = this.frame(thread, index);
    if (frame.script !== undefined && root === 'script') return scriptValues(frame.stop!.script!, frame.script, path, window, maskOf(frame.live));
    const stream = root === 'payload' ? streamOf(frame.item) : undefined;
    if (stream) return streamValues(stream, path, window, maskOf(frame.live));
    const binary = path.length === 0 && root === 'payload' ? binaryOf(frame) : undefined;
    if (binary) return window.filter === 'indexed' ? [] : [{ key: root, name: root, text: `(${binary.byteLength} bytes)`, type: 'bytes', indexed: 0, named: 0, isWhole: true, hasBytes: true }];
    return windowOf(this.#root(frame, root), path, window, maskOf(frame.live), root);
  }

  async bytes({ thread, frame: index, root, path }: DebugRef, window: { readonly offset: number; readonly count: number }): Promise<Uint8Array> {
    const frame = this.frame(thread, index);
    const mask = maskOf(frame.live);
    const stream = root === 'payload' && path.length === 0 ? streamOf(frame.item) : undefined;
    if (stream) return bytesOf(root, await streamBytes(stream, { offset: window.offset, count: Math.min(window.count, mostBytes) }), mask, { offset: 0, count: window.count });
    const value = path.length === 0 && root === 'payload' ? (binaryOf(frame) ?? this.#root(frame, root)) : valueAt(this.#root(frame, root), path, mask);
    return bytesOf(path.at(-1) ?? root, value, mask, window);
  }

  async setInScript({ thread, frame: index, path }: DebugRef, value: unknown): Promise<DebugValue> {
    const { live, stop, script } = this.frame(thread, index);
    return scriptSet(stop!.script!, script!, path, value, maskOf(live));
  }

  row({ thread, frame: index, root, path }: DebugRef): DebugValue {
    const frame = this.frame(thread, index);
    const mask = maskOf(frame.live);
    const parent = valueAt(this.#root(frame, root), path.slice(0, -1), mask);
    const key = path.at(-1);
    return key === undefined ? rowOf('payload', parent, mask) : rowOf(key, (parent as Readonly<Record<string | number, unknown>>)[key], mask);
  }

  async evaluate(thread: number, index: number, expression: string, { full = false }: { readonly full?: boolean } = {}): Promise<DebugEvaluated> {
    const frame = this.frame(thread, index);
    if (frame.script !== undefined) return scriptEvaluated(frame.stop!.script!, frame.script, expression, full, maskOf(frame.live));
    const stream = streamOf(frame.item);
    const far = stream && (await streamAt(stream, expression, maskOf(frame.live)));
    if (far) return far;
    const more = { ...(frame.stop?.error && { error: frame.stop.error }), ...(frame.isRule && { record: frame.stop!.rule!.record }) };
    const { host } = frame.live.run.scope;
    const late = new AbortController();
    const mostMs = stream ? longestReadMs : longestMs;
    const limit = (host.clock.alarm?.(mostMs, late.signal) ?? host.clock.sleep(mostMs, late.signal)).then(() => { throw new FlowError('API_INVALID', `It takes longer than ${mostMs} ms.`, { remedy: 'Look at a part of it.' }); });
    limit.catch(() => undefined);
    try {
      const value = await Promise.race([this.#stops.points.evaluate(conditionTemplate(expression), frame.live.run, scopeOf(frame.live, frame.item, more, true, late.signal)), limit]);
      const row = rowOf('result', value, maskOf(frame.live), undefined, full ? Number.MAX_SAFE_INTEGER : undefined);
      if (!isObject(value) && !Array.isArray(value)) return row;
      const text = full ? JSON.stringify(value) : shortJson(value, longestSent);
      return { ...row, ...(full && text !== undefined && { text }), ...(text !== undefined && text.length <= longestSent && { value: JSON.parse(text) as unknown }) };
    } finally {
      late.abort();
    }
  }

  targets({ live, place, item }: Stop): readonly { readonly label: string; readonly target: Target }[] {
    const step = live.run.steps.get(place.step);
    if (!step || place.at !== 'before') return [];
    const { settings, shape } = step.planned;
    const { flow } = settings as { readonly flow?: unknown };
    if (shape?.type === 'run-flow') return [{ label: `Sub-flow ${String(flow)}`, target: { into: 'flow' } }];
    const script = scriptOf(step);
    if (script !== undefined) return [{ label: `Script ${script}`, target: { into: 'script' } }];
    if (isMap(step)) return [{ label: 'The rules of the map', target: { into: 'rules' } }];
    const body = item && bodyOf(item.payload);
    const records = item?.head.records ?? (body?.kind === 'json' && Array.isArray(body.value) ? body.value.length : 0);
    return Array.from({ length: Math.min(records, mostItems) }, (_, index) => ({ label: `Item ${index + 1} of ${records}`, target: { into: 'item', item: index + 1 } }));
  }

  #frames(thread: number): readonly Frame[] {
    const stop = this.#stops.now;
    if (thread !== 1) {
      const busy = stop && this.#busy(stop).find(({ live, step }) => this.#threadOf(live.id, step) === thread);
      if (!busy) throw new FlowError('API_INVALID', `There is no thread ${thread}${stop ? '' : ': nothing is stopped'}.`, { remedy: 'Ask for the threads again.' });
      return [{ live: busy.live, step: busy.step, item: busy.live.inWork(busy.step) }, ...this.#callers(busy.live), { live: this.#outermost(busy.live) }];
    }
    if (!stop) return [];
    const { live, place, item } = stop;
    const own: Frame = { live, step: place.step, item, stop };
    return [...(stop.script?.frames ?? []).map((_, script) => ({ ...own, script })), ...(stop.rule ? [{ ...own, isRule: true }] : []), own, ...this.#callers(live), { live: this.#outermost(live) }];
  }

  #callers({ id, caller }: LiveRun): readonly Frame[] {
    const live = caller === undefined ? undefined : this.#stops.runs.get(caller);
    if (!live) return [];
    const step = live.called.get(id) ?? live.busiest()?.step;
    return [...(step === undefined ? [] : [{ live, step, item: live.inWork(step) }]), ...this.#callers(live)];
  }

  #outermost(live: LiveRun): LiveRun {
    const caller = live.caller === undefined ? undefined : this.#stops.runs.get(live.caller);
    return caller ? this.#outermost(caller) : live;
  }

  /** Steps that have something to do beside what was stopped. */
  #busy(stop: Stop): readonly { readonly live: LiveRun; readonly step: string; readonly inWork: number; readonly waiting: number }[] {
    const callers = new Set(this.#callers(stop.live).map(({ live, step }) => `${live.id} ${step}`));
    return [...this.#stops.runs.values()].flatMap((live) => [...live.run.steps.values()].flatMap(({ id, inWork, waiting }) => {
      const isStopped = live === stop.live && id === stop.place.step;
      const others = { inWork: inWork.length - (isStopped && stop.place.at !== 'before' && inWork.length > 0 ? 1 : 0), waiting: waiting - (isStopped && stop.place.at === 'before' ? 1 : 0) };
      return (others.inWork > 0 || others.waiting > 0) && !callers.has(`${live.id} ${id}`) ? [{ live, step: id, ...others }] : [];
    }));
  }

  #threadOf(run: string, step: string): number {
    const key = `${run} ${step}`;
    const known = this.#threads.get(key) ?? this.#threads.size + 2;
    this.#threads.set(key, known);
    return known;
  }

  #root(frame: Frame, root: DebugRoot): unknown {
    const { live, step = '', item, stop } = frame;
    switch (root) {
      case 'payload': return item && shownBody(item.payload);
      case 'meta': return item && { ...item.payload.meta };
      case 'variables': return { ...live.run.scope.variables };
      case 'record': return stop?.rule?.record;
      case 'target': return stop?.rule?.target;
      case 'error': return stop?.error;
      case 'hits': return (live.reads.get(step) ?? []).map(({ op, name, answer }) => ({ op, name, answer }));
      case 'outputs': return live.givenOf(step, stop?.place.at === 'after' ? live.inWork(step)?.payload.id : item?.payload.id).map(({ port, item: given }) => ({ port, body: shownBody(given.payload), meta: given.payload.meta }));
      case 'connection': return connectionOf(frame);
    }
  }
}

function binaryOf({ item }: Frame): Uint8Array | undefined {
  const body = item && bodyOf(item.payload);
  return body?.kind === 'bytes' && readableText(item!.payload) === undefined ? body.bytes : undefined;
}

const instanceOf = ({ live, step }: Frame): string | undefined => {
  const { instance } = (live.run.steps.get(step ?? '')?.planned.settings ?? {}) as { readonly instance?: unknown };
  return typeof instance === 'string' ? instance : undefined;
};

/** Secrets stand in it by name. */
function connectionOf(frame: Frame): unknown {
  const id = instanceOf(frame);
  const found = id === undefined ? undefined : frame.live.run.scope.host.workspace.instance(id);
  if (!found) return { instance: id };
  const { credentials, ...shown } = found;
  const hidden = (value: unknown): unknown => (isObject(value) && typeof value['$secret'] === 'string' ? `•••• (secret ${value['$secret']})` : '••••');
  return { ...shown, credentials: Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, hidden(value)])) };
}

const maskOf = ({ run: { scope: { host: { bodies } } } }: LiveRun): Mask => (value) => (bodies.said ?? bodies.mask)(value);

const nameOf = ({ run: { scope } }: LiveRun): string => scope.plan.flow.title ?? scope.plan.flowId;
const titleOf = ({ run: { scope } }: LiveRun, step: string): string => scope.plan.flow.steps[step]?.title ?? step;

function payloadName({ head: { records, size } }: Item): string {
  const parts = [...(records === undefined ? [] : [`${records} items`]), ...(size >= 0 ? [size < 1_024 ? `${size} bytes` : size < 1_048_576 ? `${(size / 1_024).toFixed(1)} KB` : `${(size / 1_048_576).toFixed(1)} MB`] : [])];
  return parts.length > 0 ? `Payload (${parts.join(', ')})` : 'Payload';
}

const longestMs = 250;
/** Of a payload that is read for it. */
const longestReadMs = 5_000;
const longestSent = 65_536;
const mostItems = 10;
