import { type Context, type HttpRequest, type HttpResponse, type Log, type PayloadContext } from '../../plugins/sdk/index.ts';
import { type Meaning } from './attempts.ts';
import type { Auth } from './credentials.ts';
import type { EngineHost } from './host.ts';
import { type OpenLimit } from './rate-limits.ts';
import { type RetryPlan } from './retry.ts';
import type { Judge, Verdict } from './verdict.ts';
/** An instance, ready to be spoken to. */
export interface Connection {
    /** Signs, sends, follows redirects, waits and tries again. Gives only answers of success, by their status or by a rule; all else is an error. */
    send(request: HttpRequest, call: ConnectionCall): Promise<Answer>;
}
export interface Answer {
    readonly response: HttpResponse;
    /** The address that answered, after redirects. */
    readonly url: string;
    /** Bytes of the body. */
    readonly size?: number;
    /** What it stands for, where a rule says so. */
    readonly meaning?: Meaning;
}
export interface ConnectionCall {
    readonly context: PayloadContext;
    /** Of the whole call: that of the context or one that ends with it. */
    readonly signal: AbortSignal;
    readonly retry: RetryPlan;
    /** Name of the endpoint, for messages. */
    readonly endpoint: string;
    readonly limits?: readonly OpenLimit[];
    /** What answers mean, before what their status says. */
    readonly judge?: Judge;
    /** Milliseconds that an answer asks to wait, beside `Retry-After`. */
    waitOf?(response: HttpResponse): Promise<number | undefined>;
    /** Looks at each answer first: gives what takes its place, and what it means where that is known. */
    after?(response: HttpResponse, request: HttpRequest): Promise<{
        readonly response: HttpResponse;
        readonly verdict?: Verdict;
    }>;
}
export interface ConnectionOptions {
    readonly instance: string;
    readonly connector: string;
    /** Credentials are sent to this origin only. */
    readonly origin: string;
    /** Further origins that may be asked, without credentials. */
    readonly allowedOrigins: ReadonlySet<string>;
    /** Sign the requests in this order. */
    readonly auth: readonly Auth[];
}
export declare function openConnection(host: EngineHost, options: ConnectionOptions): Connection;
/** For a login, which belongs to no run: nothing of it is recorded. */
export declare function loginContext(host: EngineHost, options: ConnectionOptions, method: Auth, log: Log, signal: AbortSignal): Context;
