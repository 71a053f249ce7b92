import { FlowError, type ExchangeAnswer, type ExchangeRequest, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointRetry } from '../model/connector-rules.ts';
import type { EngineHost, RawResponse } from './host.ts';
import { mediaTypeOf, type ScopedHttp } from './http.ts';
import { isJson } from './payload.ts';
import type { Opened } from './protocol-instance.ts';
import { askRepeatedly } from './protocol-retry.ts';
import type { Session } from './protocol-session.ts';
import { planRetry } from './retry.ts';
import { ofPlugin } from './run-error.ts';
import { within } from './within.ts';

interface Asked extends Opened {
  readonly connector: string;
  readonly retry?: EndpointRetry | undefined;
  readonly defaults?: EndpointRetry | undefined;
  readonly isIdempotent?: boolean;
}

/** Asks as often as the retry of the endpoint says, and records it as a request of the step. */
export async function exchange(host: EngineHost, { address, connector, retry, defaults, isIdempotent = false }: Asked, session: Session, context: PayloadContext, request: ExchangeRequest, perform: (client: never, signal: AbortSignal) => Promise<ExchangeAnswer>): Promise<ExchangeAnswer> {
  const { method, target = '', changes = false, isRepeatable = isIdempotent, timeoutMs = 30_000, graceMs = 0 } = request;
  const sent = request.body === undefined ? undefined : bytesOf(request.body, request.mediaType);
  const via = async (signal: AbortSignal, onTurn: () => void): Promise<RawResponse> => {
    const client = await session.client(timeoutMs, signal, onTurn);
    const answer = await within(host, timeoutMs + graceMs, signal, `${method} ${address}${target}`, timeoutMs, (own) => ofPlugin(() => perform(client, own)), request.timeoutMs === undefined ? undefined : 'Raise `timeoutMs` of the endpoint, or ask for less at once.');
    const { bytes, mediaType } = answer.body === undefined ? { bytes: new Uint8Array(), mediaType: '' } : bytesOf(answer.body, answer.mediaType);
    const body = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
    const { responseBytes } = host.workspace.limits;
    if (body.length > responseBytes) throw new FlowError('REMOTE_TOO_LARGE', `The answer of ${address} is longer than ${responseBytes} bytes.`, { details: { address } });
    return { status: 200, headers: { ...answer.fields, ...(mediaType && { 'content-type': mediaType }) }, body };
  };
  const http = context.http as ScopedHttp;
  const plan = planRetry({ method, idempotent: true }, retry, defaults);
  const response = await askRepeatedly(host, { plan, isRepeatable, signal: context.signal, random: () => context.random(), renew: session.renew }, (attempt) =>
    http.send({ method, url: `${address}${target}`, headers: sent ? { 'content-type': sent.mediaType } : {}, ...(sent && { body: sent.bytes }), timeoutMs }, { connector, via, changes, ...(changes && !isRepeatable && { isUnrepeatable: true }), ...(attempt > 1 && { attempt }) }));
  const { 'content-type': _type, ...fields } = response.headers;
  const mediaType = mediaTypeOf(response.headers);
  return { ...(mediaType && { body: response.body, mediaType }), fields };
}

const encoder = new TextEncoder();

function bytesOf(body: unknown, mediaType?: string): { readonly bytes: string | Uint8Array; readonly mediaType: string } {
  if (body instanceof Uint8Array) return { bytes: body, mediaType: mediaType ?? 'application/octet-stream' };
  if (typeof body === 'string' && !(mediaType && isJson(mediaType))) return { bytes: body, mediaType: mediaType ?? 'text/plain; charset=utf-8' };
  return { bytes: JSON.stringify(body), mediaType: mediaType ?? 'application/json' };
}
