import { FlowError, type ValueContext } from '../../plugins/sdk/index.ts';
import type { IncrementalUse } from '../model/connector.ts';
import { compareCursors, type CursorValue } from '../model/cursor-order.ts';
import { compileTemplate, type CompiledValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { slicingRoots } from '../model/expression-roots.ts';
import { compilePath } from '../model/path.ts';
import { inFile } from './credentials.ts';
import { cursorMinus, cursorPlus, floorCursor, grainOf, readCursor, writeCursor, type CursorFormat } from './cursor-values.ts';
import type { CursorStart, SeenRecord } from './host.ts';
import type { KnownVersions } from './known-versions.ts';
import { childId } from './payload.ts';

/** Where a reading of one slice begins and ends; the end does not belong to it. */
export interface Bounds {
  readonly from?: CursorValue;
  readonly to?: CursorValue;
}

/** A range that somebody asks for instead of what is new. */
export interface ReadRange {
  readonly from?: unknown;
  readonly to?: unknown;
}

/** What a reading has come to. */
export interface Taken {
  readonly records: readonly unknown[];
  /** Versions of records that were not known. */
  readonly seen: readonly SeenRecord[];
  /** The newest value so far. */
  readonly newest?: CursorValue;
}

export interface Incremental {
  readonly use: IncrementalUse;
  /** Fails with `CONFIG_INVALID` where a bound cannot be read, or the first window has no beginning. */
  bounds(scope: Scope, context: ValueContext, start: Pick<CursorStart, 'value'> | undefined, range: ReadRange | undefined): Promise<Bounds>;
  /** The next bounds to ask for, from a value on; the whole where there are no windows. */
  window(bounds: Bounds, from: CursorValue | undefined): Bounds;
  /** The root `cursor` for a window. */
  scopeOf(window: Bounds): Readonly<Record<string, string | number>>;
  /** Those of the records are added to `known`. Fails with `REMOTE_FORMAT` where records that should be sorted are not. */
  take(records: readonly unknown[], known: KnownVersions, newest: CursorValue | undefined): Taken;
  /** What is remembered when everything up to `newest` got through. */
  reached(newest: CursorValue, bounds: Bounds): { readonly value: CursorValue; readonly keepFrom: CursorValue };
}

/** Where `incremental` of an endpoint stands. */
export interface IncrementalPlace {
  readonly endpoint: string;
  readonly file: string;
  readonly pointer: string;
}

/** The expressions are resolved when reading begins. Fails with `CONFIG_EXPRESSION`, `CONFIG_PATH`. */
export async function compileIncremental(use: IncrementalUse, env: ExpressionEnv, { endpoint, file, pointer }: IncrementalPlace): Promise<Incremental> {
  const { kind = 'datetime', format = 'date-time', isStartIncluded = true, isEndIncluded = false, isSorted = false, step } = use;
  const sent: CursorFormat = { kind, format };
  const given: CursorFormat = { kind, format: use.recordFormat ?? format };
  const path = compilePath(use.path);
  const key = use.key === undefined ? undefined : compilePath(use.key);
  const [start, end] = await Promise.all([use.start, use.end].map((text) => (text === undefined ? undefined : compileTemplate(text, { ...env, roots: slicingRoots }))));
  const lookback = (use.lookback ?? 0) * (kind === 'datetime' ? 1000 : 1);
  const grain = grainOf(sent);
  const order = (one: CursorValue, other: CursorValue): number => compareCursors(kind, one, other);
  const ownBound = (key: 'start' | 'end', scope: Scope, context: ValueContext): Promise<CursorValue | undefined> =>
    inFile(file, `${pointer}/${key}`, async () => boundOf(await valueOf(key === 'start' ? start : end, scope, context), sent, `"${key}"`));
  const keepFrom = (value: CursorValue): CursorValue => floorCursor(cursorMinus(value, lookback, sent), sent);

  return {
    use,
    async bounds(scope, context, cursor, range) {
      const from = isGiven(range?.from) ? boundOf(range.from, sent, 'beginning of the range') : cursor?.value !== undefined ? keepFrom(cursor.value) : await ownBound('start', scope, context);
      const to = isGiven(range?.to) ? boundOf(range.to, sent, 'end of the range') : ((await ownBound('end', scope, context)) ?? (kind === 'datetime' ? context.now : undefined));
      if (step && (from === undefined || to === undefined)) throw new FlowError('CONFIG_INVALID', `The endpoint "${endpoint}" is read in windows, so it needs ${from === undefined ? 'a start: "incremental.start"' : 'an end: "incremental.end"'}.`, { details: { endpoint }, place: { file, pointer } });
      return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    },
    window(bounds, from = bounds.from) {
      if (!step || from === undefined || bounds.to === undefined) return bounds;
      const next = cursorPlus(from, step, kind);
      return { from, to: order(next, bounds.to) < 0 ? next : order(from, bounds.to) < 0 ? bounds.to : from };
    },
    scopeOf: ({ from, to }) => ({
      ...(from !== undefined && { from: writeCursor(isStartIncluded ? from : cursorMinus(from, grain, sent), sent) }),
      ...(to !== undefined && { to: writeCursor(isEndIncluded ? latest(order, cursorMinus(to, grain, sent), from) : to, sent) }),
    }),
    take(records, known, before) {
      const seen: SeenRecord[] = [];
      let newest = before;
      let count = 0;
      const isLeft = (record: unknown): boolean => {
        const raw = path.get(record);
        const value = readCursor(raw, given);
        if (value === undefined) return true;
        if (isSorted && newest !== undefined && order(value, newest) < 0) throw disorder(endpoint, use.path, raw);
        newest = latest(order, value, newest);
        const name = key && nameOf(key.get(record), record);
        if (name === undefined) return true;
        if (known.has(name)) return false;
        known.add(name);
        seen.push([name, value, count]);
        return true;
      };
      const left = records.filter((record) => {
        const isKept = isLeft(record);
        if (isKept) count++;
        return isKept;
      });
      return { records: left.length === records.length ? records : left, seen, ...(newest !== undefined && { newest }) };
    },
    reached(newest, { to }) {
      // A time in the future must not hide what comes before it; and what changed since the run began may not have been read.
      const value = to !== undefined && order(newest, to) > 0 ? to : newest;
      return { value, keepFrom: keepFrom(value) };
    },
  };
}

/** Whether windows are left after one. */
export const isOver = ({ to }: Bounds, window: Bounds, { use: { step, kind = 'datetime' } }: Incremental): boolean => !step || to === undefined || window.to === undefined || compareCursors(kind, window.to, to) >= 0;

/** All of a record counts: it may have been changed twice within what the other system takes for one moment. */
const nameOf = (key: unknown, record: unknown): string | undefined => (key === undefined || key === null || key === '' ? undefined : childId(JSON.stringify(record), JSON.stringify(key), 0));

const isGiven = (value: unknown): value is string | number => value !== undefined && value !== null && value !== '';

/** Whether a range has a bound: then it counts, and not the cursor. */
export const isRange = (range: ReadRange | undefined): range is ReadRange => isGiven(range?.from) || isGiven(range?.to);

async function valueOf(template: CompiledValue | undefined, scope: Scope, context: ValueContext): Promise<unknown> {
  try {
    return await template?.evaluate(scope, context);
  } catch (error) {
    // A parameter that may be left out.
    if (FlowError.is(error, 'DATA_MISSING') && /^params\b/.test(String(error.details['missing']))) return undefined;
    throw error;
  }
}

function boundOf(value: unknown, format: CursorFormat, what: string): CursorValue | undefined {
  if (!isGiven(value)) return undefined;
  // Whatever the other system wants, people write dates.
  const found = readCursor(value, format) ?? (format.kind === 'datetime' ? readCursor(value, { kind: 'datetime', format: 'date-time' }) : undefined);
  if (found === undefined) throw new FlowError('CONFIG_INVALID', `The ${what} is ${JSON.stringify(value)}, which is no ${format.kind === 'datetime' ? 'time. Write it as 2024-01-31 or 2024-01-31T12:00:00Z' : format.kind}.`);
  return found;
}

const latest = (order: (one: CursorValue, other: CursorValue) => number, one: CursorValue, other: CursorValue | undefined): CursorValue => (other === undefined || order(one, other) > 0 ? one : other);

const disorder = (endpoint: string, path: string, raw: unknown): FlowError =>
  new FlowError('REMOTE_FORMAT', `The records of "${endpoint}" do not come with the oldest first: ${JSON.stringify(raw)} at ${JSON.stringify(path)} comes after a newer one. Turn off "isSorted" in its connector.`, { details: { endpoint } });

