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
  /** Completes the params and gives what the templates may name. Fails with `CONFIG_INVALID` for params that do not fit. */
  inputOf(payload: Payload, params: unknown, context: PayloadContext): Promise<RequestInput>;
  send(request: HttpRequest, context: PayloadContext, signal: AbortSignal): Promise<Answer>;
}
