import type { HttpRequest, Payload, PayloadContext } from '../../plugins/sdk/index.ts';
import type { Answer } from './connection.ts';
import type { EngineHost, EventSink } from './host.ts';
import type { RequestInput, RequestTemplate } from './request-template.ts';
/** An endpoint of an instance as a step uses it: what receiving and sending share. */
export interface EndpointLink {
    readonly host: EngineHost;
    /** Of the endpoint. */
    readonly name: string;
    readonly instance: string;
    readonly run: string;
    readonly step: string;
    readonly emit: EventSink;
    readonly template: RequestTemplate;
    /** Header that carries the key of a request, if any. */
    readonly idempotencyHeader?: string | undefined;
    /** Completes the params and gives what the templates may name. Fails with `CONFIG_INVALID` for params that do not fit. */
    inputOf(payload: Payload, params: unknown, context: PayloadContext): Promise<RequestInput>;
    send(request: HttpRequest, context: PayloadContext, signal: AbortSignal): Promise<Answer>;
}
/** The request with its key, where the endpoint wants one: the same on every attempt, another for everything else. `origin`: what is sent, or asked for. */
export declare function withKey(request: HttpRequest, { idempotencyHeader, run, step }: EndpointLink, origin: string): HttpRequest;
