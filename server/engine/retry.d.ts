import type { EndpointRetry } from '../model/connector-rules.ts';
export interface RetryPlan {
    /** Further attempts after the first. */
    readonly attempts: number;
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
/** `own` is the endpoint's, `shared` that of the connector: the latter never makes a request repeatable that is not. */
export declare function planRetry(endpoint: {
    readonly method: string;
    readonly idempotent?: boolean;
    readonly idempotencyHeader?: string;
}, own: EndpointRetry | undefined, shared: EndpointRetry | undefined): RetryPlan;
/** Milliseconds before further attempt `n` (from 1), never beyond the longest. `random` is in [0, 1). */
export declare function backoff({ delayMs, maxDelayMs, backoff: growth, jitter }: RetryPlan, n: number, random: number): number;
/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; `undefined` where there is none that can be read. */
export declare function retryAfter(header: string | undefined, now: number): number | undefined;
