import { decodeText, FlowError, type Payload, type ScriptStop } from '../../plugins/sdk/index.ts';
import { isTextType } from '../model/body-window.ts';
import type { DebugPlace, DebugResume } from '../model/debug.ts';
import { withValueAt } from '../model/debug-values.ts';
import type { RunError, RunEvent, StateRead } from '../model/run-event.ts';
import type { DebugScopeOf } from './debug-points.ts';
import type { DebuggedRun } from './debug.ts';
import { seen } from './debug-seen.ts';
import { Sent } from './debug-sent.ts';
import { readFar } from './far-body.ts';
import type { Stride } from './debug-steps.ts';
import { bodyOf, isJson, type PayloadBody } from './payload.ts';
import type { Item } from './recorder.ts';
import type { StepWork } from './step.ts';

/** A stop of a payload, until it goes on. */
export interface Stop {
  readonly live: LiveRun;
  readonly place: DebugPlace;
  readonly answer: PromiseWithResolvers<DebugResume>;
  /** Lets a run that began meanwhile wait as well. */
  hold(run: LiveRun): void;
  /** As it was changed last. */
  item?: Item;
  readonly error?: RunError;
  /** Its payload can be changed. */
  readonly isOpen: boolean;
  readonly rule?: { readonly record: unknown; readonly target: unknown; readonly sources: unknown; readonly to: string };
  /** Where what it has in work goes, while it stands in the middle of a step. */
  trail?: Stride;
  /** In a script of the step. */
  readonly script?: ScriptStop;
  isMoved?: boolean;
  /** It is to be done once more. */
  isAgain?: boolean;
}

export interface Given {
  readonly port: string;
  readonly item: Item;
}

/** A run that is debugged, with what was seen of it. */
export class LiveRun {
  readonly id: string;
  readonly run: DebuggedRun;
  readonly caller: string | undefined;
  /** A person is changing a variable. */
  isChanging = false;
  /** Run → the step that started it. */
  readonly called = new Map<string, string>();
  /** Run → the payload that it was started with. */
  readonly started = new Map<string, string>();
  /** What steps read of caches, pools and cursors: the last of each. */
  readonly reads = new Map<string, StateRead[]>();
  readonly pages = new Map<string, number>();
  readonly sent = new Sent();
  readonly #given = new Map<string, { count: number; readonly last: Given[] }>();

  constructor(run: DebuggedRun, caller: string | undefined) {
    this.id = run.scope.options.run.id;
    this.run = run;
    this.caller = caller;
  }

  take(event: RunEvent): void {
    this.sent.take(event);
    if (event.type === 'state') {
      const { read, step } = event;
      if (read.op === 'flow-start') this.called.set(String(read.answer), step);
      const known = this.reads.get(step) ?? [];
      this.reads.set(step, known);
      if (known.push(read) > readsKept) known.shift();
    } else if (event.type === 'page') this.pages.set(event.step, event.index + 1);
    else if (event.type === 'payload-done') this.#given.delete(`${event.step} ${event.payload}`);
  }

  gave(step: string, port: string, item: Item, from: string | undefined): void {
    this.sent.gave(step, item.payload.id, from);
    const key = `${step} ${from ?? step}`;
    const known = this.#given.get(key) ?? { count: 0, last: [] };
    this.#given.set(key, known);
    known.count++;
    if (known.last.push({ port, item }) > givenKept) known.last.shift();
  }

  /** What a step has given of a payload in work. */
  givenOf(step: string, payload: string | undefined): readonly Given[] {
    return this.#given.get(`${step} ${payload ?? step}`)?.last ?? [];
  }

  isMap(step: string): boolean {
    const work = this.run.steps.get(step);
    return work !== undefined && isMap(work);
  }

  /** The payload that a step has in work: the one of this id, else the oldest. */
  inWork(step: string, payload?: string): Item | undefined {
    const tasks = this.run.steps.get(step)?.inWork ?? [];
    return (tasks.find((task) => task.payload === payload) ?? tasks[0])?.item;
  }

  /** A step at work, the last in the flow; else one where payloads wait. */
  busiest(): { readonly step: string; readonly item?: Item } | undefined {
    const steps = [...this.run.steps.values()];
    const step = steps.findLast(({ inWork }) => inWork.length > 0) ?? steps.findLast(({ waiting }) => waiting > 0);
    const item = step?.inWork[0]?.item;
    return step && { step: step.id, ...(item && { item }) };
  }

  setVariable([name, ...path]: readonly (string | number)[], value: unknown, step: string): void {
    const { scope } = this.run;
    if (typeof name !== 'string') throw new FlowError('API_INVALID', 'Flow variables have names.');
    const next = withValueAt(scope.variables[name], path, value);
    this.isChanging = true;
    try {
      this.run.setVariable(name, next);
      const { value: shown, sealed } = scope.recorder.keepValue<Readonly<Record<string, unknown>>>({ [name]: next });
      scope.recorder.log('warn', `Somebody has changed the flow variable ${JSON.stringify(name)}, in the debugger.`, { debugger: true, changed: name }, step, undefined);
      scope.recorder.write({ type: 'variable', step, name, value: Object.values(shown)[0], ...(sealed !== undefined && { sealed }), at: scope.host.clock.now() });
    } finally {
      this.isChanging = false;
    }
  }

  /** A payload that stood in front of a step goes on in front of another: for the recording, that step has passed it on to nobody. */
  moved(from: string, { head, payload }: Item, to: string): void {
    const { recorder, host } = this.run.scope;
    const at = host.clock.now();
    this.sent.keeping(payload.id, () => {
      recorder.write({ type: 'payload-in', step: from, payload: head, attempt: 1, at });
      recorder.log('warn', `Somebody has moved the payload on to the step ${JSON.stringify(to)}, in the debugger: this step has not done anything with it.`, { debugger: true, to }, from, payload.id);
      recorder.write({ type: 'payload-done', step: from, payload: payload.id, at, durationMs: 0 });
      recorder.write({ type: 'payload-given', step: to, payload: head, outputs: 0, at });
    });
  }
}

/** What a person sees of a payload's body: nothing is read for it. */
export function shownBody(payload: Payload): unknown {
  const body = bodyOf(payload);
  if (body.kind === 'json') return body.value;
  if (body.kind === 'text') return body.text;
  return body.kind === 'bytes' ? (readableText(payload) ?? `(${body.bytes.byteLength} bytes)`) : `(${body.size < 0 ? 'a stream' : `${body.size} bytes`}, read by the step as it needs them)`;
}

/** The text of bytes whose media type says that they are one, as a step reads it; `undefined` where they are none. */
export function readableText(payload: Payload): string | undefined {
  const body = bodyOf(payload);
  if (body.kind !== 'bytes' || !isTextType(payload.mediaType)) return undefined;
  if (!texts.has(body)) texts.set(body, decoded(body.bytes, payload.mediaType));
  return texts.get(body);
}

/** A stop is looked at again and again. */
const texts = new WeakMap<PayloadBody, string | undefined>();

function decoded(bytes: Uint8Array, mediaType: string): string | undefined {
  try {
    return decodeText(bytes, { mediaType, what: 'It' });
  } catch {
    return undefined;
  }
}

/** What an expression sees where a payload stands. `isShown`: people see what comes of it, so that it is made of what they may see. */
export function scopeOf({ run: { scope } }: LiveRun, item: Item | undefined, more: Readonly<Record<string, unknown>> = {}, isShown = false, signal?: AbortSignal): DebugScopeOf {
  const mask = <T>(value: T): T => (isShown ? (scope.host.bodies.said ?? scope.host.bodies.mask)(value) : value);
  return async (roots, paths) => {
    const { run, now, relativeTo } = scope.options;
    return {
      ...(roots.has('payload') && item && { payload: isShown && item.head.size > mostMasked ? seen(await bodyFor(item, paths, signal), mask) : mask(await bodyFor(item, paths, signal)) }), ...(roots.has('meta') && item && { meta: mask(item.payload.meta) }),
      ...(roots.has('flow') && { flow: mask({ ...scope.variables }) }), ...(roots.has('env') && { env: mask(scope.host.workspace.env) }),
      run: { id: run.id, flow: run.flow, trigger: run.trigger }, now: new Date(now ?? relativeTo ?? run.queuedAt).toISOString(), ...mask(more),
    };
  };
}

/** A stream that comes from elsewhere can be read once, by the step that it goes to. */
async function bodyFor({ payload }: Item, paths: readonly string[], signal: AbortSignal | undefined): Promise<unknown> {
  const body = bodyOf(payload);
  const { kind } = body;
  if (kind === 'stream' && body.window && isJson(payload.mediaType)) return readFar(body, paths, signal);
  return kind === 'stream' || kind === 'json' || !isJson(payload.mediaType) ? shownBody(payload) : payload.json().catch(() => shownBody(payload));
}

/** The script file of a script step. */
export function scriptOf({ planned: { shape, settings } }: StepWork): string | undefined {
  const { script } = settings as { readonly script?: unknown };
  return shape?.type === 'script' && typeof script === 'string' ? script : undefined;
}

export const isMap = ({ planned: { shape } }: StepWork): boolean => shape?.type === 'map';

/** Longer payloads are masked as they are looked at. */
const mostMasked = 65_536;
const readsKept = 50;
const givenKept = 100;
