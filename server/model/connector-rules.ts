/** What an answer, or the lack of one, means: the first rule that fits counts. Those of an endpoint come before those of the connector, and both before what holds without them. */
export interface ErrorRule {
  /** For people: the log names the rule by it. */
  readonly title?: string;
  readonly when: ErrorMatch;
  readonly action: ErrorAction;
  /** With `fail`: who must act; default by the status. */
  readonly as?: 'config' | 'auth' | 'remote' | 'data';
  /** Template of the message, such as `{{ response.error.message }}`; default the beginning of the answer. */
  readonly message?: string;
  /** Further attempts with `retry`; default those of `retry`, or 2 where the method is not idempotent. */
  readonly attempts?: number;
}

/** All that is given must hold. */
export interface ErrorMatch {
  /** 429, `"5xx"` or `"500-599"`. */
  readonly status?: readonly (number | string)[];
  /** Stands somewhere in the body. */
  readonly text?: string;
  /** Names of headers with a text that their value holds; an empty text: the header is there. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `{{ response.x }}`, `{{ headers.x }}`, `{{ status }}`; what is not there is not true. */
  readonly expression?: string;
  /** There was no answer. */
  readonly network?: readonly ('unreachable' | 'timeout')[];
}

/**
 * `success`: the answer is one of success. `ignore`: nothing came, or was taken, and that is no failure. `retry`: another attempt after a pause.
 * `wait`: all requests of the connection pause, then another attempt. `renew`: another attempt with a new token. `stop-paging`, `reset-paging`: there are no
 * more pages, or paging begins anew. `fail`: no further attempt. `fail-run`: no try-catch of the flow takes it either, so that the run fails.
 * `retry-run`: the same, and the whole run is done again, three times at most.
 */
export type ErrorAction = 'success' | 'ignore' | 'retry' | 'wait' | 'renew' | 'stop-paging' | 'reset-paging' | 'fail' | 'fail-run' | 'retry-run';

/** How long an answer asks to wait, beside `Retry-After`. The longest that is found counts. */
export interface WaitSource {
  /** Template: `{{ headers["x-rate-limit-reset"] }}`, `{{ response.retry_in }}`. */
  readonly value: string;
  /** Expression whose first group is the number or the time. */
  readonly pattern?: string;
  /** What it is; default `seconds`. */
  readonly as?: 'seconds' | 'milliseconds' | 'epoch-seconds' | 'epoch-milliseconds' | 'date';
}

export interface EndpointRetry {
  /** Further attempts of one request; default 2 for idempotent methods, else 0. */
  readonly attempts?: number;
  /** Statuses that are worth another attempt; default 408, 425, 429, 500, 502, 503, 504. */
  readonly statuses?: readonly number[];
  readonly delayMs?: number;
  readonly maxDelayMs?: number;
  /** How the delay grows; default `exponential`. */
  readonly backoff?: 'constant' | 'linear' | 'exponential';
  /** Part of the delay by which it differs at random, 0 to 1; default 0.2. */
  readonly jitter?: number;
  /** Longest pause that is waited for where the other system asks for one (`Retry-After`); default 10 minutes. */
  readonly maxRetryAfterMs?: number;
  /** Of all attempts and pauses of a request together; default 30 minutes. */
  readonly maxTotalMs?: number;
  readonly waits?: readonly WaitSource[];
}

export interface RateLimit {
  /** Requests, or units of weight, in a window. */
  readonly requests?: number;
  readonly perMs?: number;
  /** Whether a window begins with every request or when the one before it ends; default `moving`. */
  readonly window?: 'moving' | 'fixed';
  /** Most requests under way at a time. */
  readonly concurrency?: number;
  /** Requests that it counts; default all. */
  readonly match?: RequestMatch;
  /** What a request counts, by the first that fits; default 1. */
  readonly weights?: readonly { readonly match: RequestMatch; readonly weight: number }[];
  /** Name of a pool: everybody who names it shares it, whatever the instance and the connector. */
  readonly pool?: string;
  /** What answers say of the budget. */
  readonly budget?: RateBudget;
}

/** All that is given must hold. */
export interface RequestMatch {
  readonly methods?: readonly string[];
  /** Of the address, with `*` for any characters. */
  readonly path?: string;
}

/** Templates over an answer. Nothing is done where one of them is not there. */
export interface RateBudget {
  /** How much is left: `{{ headers["x-ratelimit-remaining"] }}`. */
  readonly remaining: string;
  /** When there is a whole budget again: `{{ headers["x-ratelimit-reset"] }}`. */
  readonly reset?: Pick<WaitSource, 'pattern' | 'as'> & { readonly value: string };
  /** How much comes back in a second, instead of `reset`: GraphQL servers that count costs say so. */
  readonly perSecond?: string;
  /** What a request such as this one costs; default 1. */
  readonly cost?: string;
}
