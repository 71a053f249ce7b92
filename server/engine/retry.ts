import type { EndpointRetry } from '../model/connector.ts';

export interface RetryPlan {
  /** Further attempts after the first. */
  readonly attempts: number;
  readonly statuses: ReadonlySet<number>;
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Of a pause that the other system asks for; one that is longer fails the request. */
  readonly maxRetryAfterMs: number;
}

const defaultStatuses = [408, 425, 429, 500, 502, 503, 504];
const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** `own` is the endpoint's, `shared` that of the connector: the latter never makes a request repeatable that is not. */
export function planRetry(endpoint: { readonly method: string; readonly idempotent?: boolean; readonly idempotencyHeader?: string }, own: EndpointRetry | undefined, shared: EndpointRetry | undefined): RetryPlan {
  const isRepeatable = endpoint.idempotent ?? (idempotentMethods.has(endpoint.method) || endpoint.idempotencyHeader !== undefined);
  const { statuses = defaultStatuses, delayMs = 500, maxDelayMs = 30_000, maxRetryAfterMs = 600_000 } = { ...shared, ...own };
  return { attempts: own?.attempts ?? (isRepeatable ? (shared?.attempts ?? 2) : 0), statuses: new Set(statuses), delayMs, maxDelayMs, maxRetryAfterMs };
}

/** Milliseconds before further attempt `n` (from 1): doubled each time, ± 20 %, never beyond the longest. `random` is in [0, 1). */
export const backoff = (plan: RetryPlan, n: number, random: number): number => Math.min(plan.maxDelayMs, Math.round(plan.delayMs * 2 ** (n - 1) * (0.8 + 0.4 * random)));

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; `undefined` where there is none that can be read. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse finds a date in almost anything: of "in 5" it makes the first of May 2001.
  const time = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d:\d\d|^\d{4}-\d\d-\d\dT/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
