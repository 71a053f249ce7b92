import type { HttpRequest, HttpResponse } from '../../plugins/sdk/index.ts';
import type { RateLimit } from '../model/connector-rules.ts';
import { type AnswerEnv } from './answer-value.ts';
import type { ConnectionState } from './host.ts';
/** A rate limit of a connector or an endpoint, ready to be heeded. */
export interface OpenLimit {
    /** Who has the same key shares it. */
    readonly key: string;
    readonly limit: RateLimit;
    /** Milliseconds until there is budget for another such request, as an answer says; `undefined` where there is, or it says nothing. */
    pauseOf?(response: HttpResponse): Promise<number | undefined>;
}
/** `owner`: whose limits they are, where they do not name a pool. Fails with `CONFIG_EXPRESSION`. */
export declare const openLimits: (limits: readonly RateLimit[], owner: string, env: AnswerEnv) => Promise<readonly OpenLimit[]>;
/** Waits until all limits let a request through, the longest first. Gives what is to be called when the request is over. Fails with the reason of the signal. */
export declare function passLimits(connections: ConnectionState, limits: readonly OpenLimit[], request: HttpRequest, signal: AbortSignal): Promise<() => void>;
/** Lets the connection pause where an answer says that its budget is spent; not for longer than `mostMs`: what is asked then is refused by the other system, with the reason. */
export declare function heedBudgets(connections: ConnectionState, limits: readonly OpenLimit[], { request, response, now, mostMs }: {
    readonly request: HttpRequest;
    readonly response: HttpResponse;
    readonly now: number;
    readonly mostMs: number;
}): Promise<void>;
