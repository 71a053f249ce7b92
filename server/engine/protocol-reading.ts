import { FlowError, type CallContext, type CheckpointOptions, type Endpoint, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { CursorValue } from '../model/cursor-order.ts';
import type { ExpressionEnv, Scope } from '../model/expression.ts';
import { pointerOf } from '../model/json.ts';
import type { ProtocolEndpoint } from '../model/protocol.ts';
import { connectorFile, inFile } from './credentials.ts';
import { withoutNumbers, type Cursor, type ResolvedInstance } from './host.ts';
import { compileIncremental, isOver, isRange, type Bounds, type Incremental, type ReadRange } from './incremental.ts';
import { knownVersions } from './known-versions.ts';
import { childId } from './payload.ts';

/** Reading what is new from an endpoint of another protocol than HTTP. */
export interface ProtocolReading {
  readonly name: string;
  readonly step: string;
  readonly incremental: Incremental;
  /** Of an endpoint whose payloads are no lists of records. */
  readonly recordOf?: Endpoint['recordOf'];
  /** Where there is none, everything is read, and nothing is remembered. */
  readonly cursor?: Cursor | undefined;
}

/** Undefined where everything is read each time. Fails as `compileIncremental` does. */
export async function openProtocolReading(use: { readonly instance: ResolvedInstance; readonly endpoint: string }, { incremental, direction }: ProtocolEndpoint, env: ExpressionEnv, more: Pick<ProtocolReading, 'step' | 'cursor' | 'recordOf'>): Promise<ProtocolReading | undefined> {
  if (!incremental || direction !== 'receive') return undefined;
  const place = { endpoint: use.endpoint, file: connectorFile(use.instance), pointer: pointerOf(['endpoints', use.endpoint, 'incremental']) };
  return { name: use.endpoint, ...more, incremental: await inFile(place.file, place.pointer, () => compileIncremental(incremental, env, place)) };
}

interface ReadingCall {
  readonly payload: Payload;
  readonly context: PayloadContext;
  readonly scope: Scope;
  readonly range: ReadRange | undefined;
  /** What the call goes on from, and what it says to go on from. */
  readonly place: Pick<CallContext<never>, 'resumed' | 'checkpoint'>;
}

/** Plain JSON. */
interface State {
  readonly bounds: Bounds;
  readonly version: number;
  /** Of the next mark. */
  readonly seq: number;
  /** Payloads so far. */
  readonly given: number;
  /** Where the window in work begins. */
  readonly window?: CursorValue;
  readonly newest?: CursorValue;
  /** Of the endpoint, within the window. */
  readonly place?: unknown;
}

/**
 * The payloads of one window after the other, without the records that are known. `ask`: the endpoint, for a window; it is asked again from its own state.
 * Fails as `Incremental` does, and with `CONFIG_INVALID` where a payload holds no records.
 */
export async function* readIncrementally({ name, step, incremental, recordOf, cursor: kept }: ProtocolReading, { payload, context, scope, range, place }: ReadingCall, ask: (scope: Scope, place: ReadingCall['place']) => AsyncIterable<Payload>): AsyncGenerator<Payload> {
  const { use: { kind = 'datetime', isSorted = false }, reached } = incremental;
  const cursor = isRange(range) ? undefined : kept;
  const from = place.resumed as State | undefined;
  const start = await cursor?.begin({ input: payload.id, seq: from?.seq ?? 0 });
  const known = knownVersions(start?.seen.map(([version]) => version) ?? []);
  let state: State = from ?? { bounds: await incremental.bounds(scope, context, start, range), version: start?.version ?? 0, seq: 0, given: 0 };
  const { bounds, version } = state;
  const mark = async (given: Partial<Parameters<Cursor['mark']>[0]>, isThrough: boolean): Promise<void> => {
    const { seq, newest } = state;
    await cursor?.mark({ input: payload.id, seq, version, kind, seen: [], ...(isThrough && newest !== undefined && reached(newest, bounds)), ...given });
    state = { ...state, seq: seq + 1 };
  };
  /** What counts with the next output: only then it is known what that is. */
  let withNext: { readonly place: unknown; readonly options: CheckpointOptions } | undefined;
  let isWarned = false;
  for (let isLast = false; !isLast;) {
    const window = incremental.window(bounds, state.window);
    isLast = isOver(bounds, window, incremental);
    const own: ReadingCall['place'] = { resumed: state.place, checkpoint(given, options = {}) {
        if (options.withNext) withNext = { place: given, options };
        else place.checkpoint({ ...state, place: given }, options);
      } };
    for await (const output of ask({ ...scope, cursor: incremental.scopeOf(window) }, own)) {
      const next = withNext;
      withNext = undefined;
      const records: unknown = recordOf ? [recordOf(output)] : await output.json();
      if (!Array.isArray(records)) throw new FlowError('CONFIG_INVALID', `The endpoint "${name}" gives no list of records, so nobody can say which of them are new.`, { details: { endpoint: name }, remedy: 'Take "incremental" away from it, or name a call that gives rows or files.' });
      const taken = incremental.take(records, known, state.newest);
      if (records.length > 0 && taken.newest === undefined && !isWarned) {
        isWarned = true;
        context.log.warn(`Nothing of "${name}" has a ${kind} at ${JSON.stringify(incremental.use.path)}: the cursor stays where it is.`, { endpoint: name });
      }
      state = { ...state, ...(taken.newest !== undefined && { newest: taken.newest }) };
      if (taken.records.length === 0) {
        if (next) place.checkpoint({ ...state, place: next.place });
        continue;
      }
      await mark({ payload: childId(payload.id, step, state.given), seen: recordOf ? withoutNumbers(taken.seen) : taken.seen }, isSorted);
      state = { ...state, given: state.given + 1 };
      if (next) place.checkpoint({ ...state, place: next.place }, next.options);
      yield recordOf !== undefined || taken.records === records ? output : output.with({ body: taken.records });
    }
    // Everything before is through where all of its pages are.
    await mark({}, true);
    const { place: _, ...rest } = state;
    state = { ...rest, ...(window.to !== undefined && { window: window.to }) };
    if (!isLast) place.checkpoint(state);
  }
}
