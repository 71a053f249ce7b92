import type { HttpRequest, HttpResponse } from '../../plugins/sdk/index.ts';
import type { RateBudget, RateLimit, RequestMatch } from '../model/connector-rules.ts';
import { compileAnswer, compileWait, type AnswerEnv } from './answer-value.ts';
import type { ConnectionState } from './host.ts';
import { laneOf } from './lanes.ts';

/** A rate limit of a connector or an endpoint, ready to be heeded. */
export interface OpenLimit {
  /** Who has the same key shares it. */
  readonly key: string;
  readonly limit: RateLimit;
  /** Milliseconds until there is budget for another such request, as an answer says; `undefined` where there is, or it says nothing. */
  pauseOf?(response: HttpResponse): Promise<number | undefined>;
}

/** `owner`: whose limits they are, where they do not name a pool. Fails with `CONFIG_EXPRESSION`. */
export const openLimits = (limits: readonly RateLimit[], owner: string, env: AnswerEnv): Promise<readonly OpenLimit[]> =>
  Promise.all(limits.map(async (limit, index) => ({
    limit, key: limit.pool === undefined ? `${owner} #${index}` : `pool ${limit.pool}`,
    ...(limit.budget && { pauseOf: await compileBudget(limit.budget, env) }),
  })));

/** Waits until all limits let a request through, the longest first. Gives what is to be called when the request is over. Fails with the reason of the signal. */
export async function passLimits(connections: ConnectionState, limits: readonly OpenLimit[], request: HttpRequest, signal: AbortSignal): Promise<() => void> {
  const held: string[] = [];
  const leave = (): void => held.splice(0).forEach((key) => connections.done(key));
  try {
    for (const { key, limit, weight } of entriesOf(limits, request)) {
      await connections.admit(key, limit, signal, weight);
      if (limit.concurrency !== undefined) held.push(key);
    }
    return leave;
  } catch (error) {
    leave();
    throw error;
  }
}

interface Entry {
  readonly key: string;
  readonly limit: RateLimit;
  readonly weight: number;
}

/**
 * What a request enters, each window once, as heavily as it counts anywhere: an endpoint may name the pool that its connector has named already. A place among
 * those under way is taken once per pool, with the last of its windows: a second one would wait for the first for ever.
 */
function entriesOf(limits: readonly OpenLimit[], request: HttpRequest): readonly Entry[] {
  const windows = new Map<string, Entry>();
  const places = new Map<string, number>();
  for (const { key, limit: { concurrency, ...limit } } of limits) {
    const weight = fits(limit.match, request) ? (limit.weights?.find(({ match }) => fits(match, request))?.weight ?? 1) : 0;
    if (weight === 0) continue;
    const name = `${key} ${laneOf(limit)}`;
    windows.set(name, { key, limit, weight: Math.max(weight, windows.get(name)?.weight ?? 0) });
    if (concurrency !== undefined) places.set(key, Math.min(concurrency, places.get(key) ?? Infinity));
  }
  // Whoever waits for a long window must not have a place in a short one meanwhile.
  const entries = [...windows.values()].toSorted((a, b) => (b.limit.perMs ?? 0) - (a.limit.perMs ?? 0));
  for (const [key, concurrency] of places) {
    const last = entries.findLastIndex((entry) => entry.key === key);
    entries[last] = { ...entries[last]!, limit: { ...entries[last]!.limit, concurrency } };
  }
  return entries;
}

/** Lets the connection pause where an answer says that its budget is spent; not for longer than `mostMs`: what is asked then is refused by the other system, with the reason. */
export async function heedBudgets(connections: ConnectionState, limits: readonly OpenLimit[], { request, response, now, mostMs }: { readonly request: HttpRequest; readonly response: HttpResponse; readonly now: number; readonly mostMs: number }): Promise<void> {
  for (const { key, limit, pauseOf } of limits) {
    const pause = pauseOf && fits(limit.match, request) ? await pauseOf(response) : undefined;
    if (pause !== undefined && pause <= mostMs) connections.pauseUntil(key, now + pause);
  }
}

async function compileBudget({ remaining, reset, perSecond, cost }: RateBudget, env: AnswerEnv): Promise<(response: HttpResponse) => Promise<number | undefined>> {
  const [left, rate, price] = await Promise.all([remaining, perSecond, cost].map((text) => (text === undefined ? undefined : compileAnswer(text, env))));
  const whole = reset && (await compileWait(reset, env));
  return async (response) => {
    const have = numberOf(await left!(response));
    const need = (price && numberOf(await price(response))) ?? 1;
    if (have === undefined || have >= need) return undefined;
    const perS = rate && numberOf(await rate(response));
    return perS !== undefined && perS > 0 ? Math.ceil(((need - have) / perS) * 1000) : whole?.(response);
  };
}

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
};

function fits(match: RequestMatch | undefined, { method, url }: HttpRequest): boolean {
  if (match?.methods && !match.methods.includes(method)) return false;
  return match?.path === undefined || pathFits(match.path, new URL(url).pathname);
}

/** The parts between the `*` must follow one another. */
function pathFits(pattern: string, path: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return path === first;
  const last = rest.pop()!;
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}
