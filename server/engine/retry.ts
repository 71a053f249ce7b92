import type { EndpointRetry } from '../model/connector-rules.ts';

export interface RetryPlan {
  /** Further attempts after the first. */
  readonly attempts: number;
  /** It may be made twice. */
  readonly isRepeatable: boolean;
  /** Further attempts where a rule says that the request may be made again, whatever its method is. */
  readonly whenTold: number;
  readonly statuses: ReadonlySet<number>;
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly backoff: 'constant' | 'linear' | 'exponential';
  /** Part of the delay by which it differs at random. */
  readonly jitter: number;
  /** Of a pause that the other system asks for; one that is longer fails the request. */
  readonly maxRetryAfterMs: number;
  /** Of all attempts and pauses together. */
  readonly maxTotalMs: number;
}

const defaultStatuses = [408, 425, 429, 500, 502, 503, 504];
/** Requests with these may be made twice, where nothing else is said. */
export const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** `own` is the endpoint's, `shared` that of the connector: the latter never makes a request repeatable that is not. */
export function planRetry(endpoint: { readonly method: string; readonly idempotent?: boolean; readonly idempotencyHeader?: string }, own: EndpointRetry | undefined, shared: EndpointRetry | undefined): RetryPlan {
  const isRepeatable = endpoint.idempotent ?? (idempotentMethods.has(endpoint.method) || endpoint.idempotencyHeader !== undefined);
  const { statuses = defaultStatuses, delayMs = 500, maxDelayMs = 30_000, backoff: growth = 'exponential', jitter = 0.2, maxRetryAfterMs = 600_000, maxTotalMs = 1_800_000 } = { ...shared, ...own };
  const whenTold = own?.attempts ?? shared?.attempts ?? 2;
  return { isRepeatable, attempts: own?.attempts ?? (isRepeatable ? whenTold : 0), whenTold, statuses: new Set(statuses), delayMs, maxDelayMs, backoff: growth, jitter, maxRetryAfterMs, maxTotalMs };
}

/** Milliseconds before further attempt `n` (from 1), never beyond the longest. `random` is in [0, 1). */
export function backoff({ delayMs, maxDelayMs, backoff: growth, jitter }: RetryPlan, n: number, random: number): number {
  const factor = growth === 'constant' ? 1 : growth === 'linear' ? n : 2 ** (n - 1);
  return Math.min(maxDelayMs, Math.round(delayMs * factor * (1 - jitter + 2 * jitter * random)));
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; `undefined` where there is none that can be read. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse finds a date in almost anything: of "in 5" it makes the first of May 2001.
  const time = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d:\d\d|^\d{4}-\d\d-\d\dT/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
