import { type Http, type HttpRequest, type HttpResponse, type TlsIdentity } from '../../plugins/sdk/index.ts';
import type { EngineHost, EventSink, RawResponse } from './host.ts';
export interface HttpScope {
    readonly step?: string;
    readonly payload?: string;
    /** Of the payload at the step, from 1. */
    readonly attempt: number;
    readonly signal: AbortSignal;
    readonly emit: EventSink;
}
/** What the engine's own callers may say beside the request. */
export interface SendOptions {
    /** Number of this attempt at the request, from 1. */
    readonly attempt?: number;
    /** Ends this request only. */
    readonly signal?: AbortSignal;
    /** The request before it was signed: what signing added or changed is not recorded. */
    readonly unsigned?: HttpRequest;
    /** Neither body is recorded: a token is asked for. */
    readonly confidential?: boolean;
    /** Of the instance that is asked. */
    readonly connector?: string;
    /** Its answer is waited for even where the run is stopped meanwhile; only its time limit ends it. */
    readonly isCompleted?: boolean;
    /** How it is sent where that is not by HTTP; of the request only what is recorded counts. */
    readonly via?: (signal: AbortSignal) => Promise<RawResponse>;
    /** Where it is not by HTTP: something may be changed by it. */
    readonly changes?: boolean;
    /** Of the client. */
    readonly tls?: TlsIdentity;
}
export interface ScopedHttp extends Http {
    send(request: HttpRequest, options?: SendOptions): Promise<SizedResponse>;
}
export interface SizedResponse extends HttpResponse {
    /** Bytes of the body as it came. */
    readonly size: number;
}
export declare const DEFAULT_TIMEOUT_MS = 30000;
/** The way out for one attempt of one payload: every request becomes one `exchange` event, masked, with its bodies kept. */
export declare function scopedHttp(host: EngineHost, scope: HttpScope): ScopedHttp;
/** Media type of an answer without parameters, in lower case; `''` where it does not say. */
export declare const mediaTypeOf: (headers: Readonly<Record<string, string>>) => string;
/** The JSON of an answer. Some servers do not say that they send it, others say so of an error page. Fails with `REMOTE_FORMAT`. */
export declare function jsonOf({ headers, body }: HttpResponse, endpoint: string): unknown;
/** Hides what signing added to the request; scheme words such as `Bearer` stay. */
export declare function unsignedView(request: HttpRequest, unsigned: HttpRequest | undefined): {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
};
