import { FlowError, type HttpResponse, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { compilePath } from '../model/path.ts';
import type { EndpointLink } from './endpoint-link.ts';
import { mediaTypeOf } from './http.ts';
import { childId, isJson, withId } from './payload.ts';
import { asFlowError } from './run-error.ts';

export interface DeliverOptions extends EndpointLink {
  readonly endpoint: EndpointManifest;
}

/** Sends a payload, or each of its records, and gives a payload with each answer. Items that the other system refuses are given up one by one. */
export async function* deliver(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext): AsyncGenerator<Payload> {
  if (options.endpoint.per !== 'record') {
    const response = await post(options, payload, params, context, payload.id);
    await giveUpItems(options, response, payload, context);
    yield answerOf(payload, response);
    return;
  }
  const document = await payload.json();
  const records: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const [index, body] of records.entries()) {
    const record = childOf(payload, options.step, index, body);
    try {
      const response = await post(options, record, params, context, `${payload.id}:${index}`);
      await giveUpItems(options, response, record, context);
      yield answerOf(payload, response);
    } catch (thrown) {
      const error = asFlowError(thrown);
      const isRefused = error.code === 'REMOTE_REJECTED';
      if (context.signal.aborted || error.code === 'INTERNAL' || (index === 0 && !isRefused)) throw error;
      if (isRefused) {
        context.fail(record, error);
        continue;
      }
      // The records before this one are through: only the rest may be sent again.
      context.fail(childOf(payload, options.step, records.length, records.slice(index)), error);
      return;
    }
  }
}

async function post(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext, origin: string): Promise<HttpResponse> {
  const { idempotencyHeader } = options.endpoint;
  const request = await options.template.build(await options.inputOf(payload, params, context));
  const headers = idempotencyHeader === undefined ? request.headers : { ...request.headers, [idempotencyHeader.toLowerCase()]: `${options.run}:${options.step}:${origin}` };
  const { response } = await options.send({ ...request, headers }, context, context.signal);
  return response;
}

async function giveUpItems({ endpoint: { itemErrors }, name, step }: DeliverOptions, response: HttpResponse, payload: Payload, context: PayloadContext): Promise<void> {
  if (!itemErrors) return;
  const found = compilePath(itemErrors.path).all(response.body);
  const errors = found.length === 1 && Array.isArray(found[0]) ? (found[0] as unknown[]) : found.filter((item) => item !== null);
  if (errors.length === 0) return;
  const document = isJson(payload.mediaType) ? await payload.json() : undefined;
  const items: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const item of errors) {
    const index = Number(compilePath(itemErrors.index).get(item));
    const message = compilePath(itemErrors.message).get(item);
    if (!Number.isInteger(index) || index < 0 || index >= items.length) throw new FlowError('REMOTE_FORMAT', `"${name}" names a failed item that was not sent: ${JSON.stringify(item).slice(0, 200)}.`, { details: { endpoint: name } });
    const text = typeof message === 'string' ? message : JSON.stringify(message ?? item);
    const error = new FlowError('REMOTE_REJECTED', `"${name}" refused item ${index + 1} of ${items.length}: ${text}`, { details: { endpoint: name, index, answer: item } });
    context.fail(childOf(payload, step, index, items[index]), error);
  }
}

/** An id of its own: the payload itself goes on beside it. */
const childOf = (payload: Payload, step: string, index: number, body: unknown): Payload => withId(payload.with({ body }), childId(payload.id, `${step}!`, index));

function answerOf(payload: Payload, { body, headers }: HttpResponse): Payload {
  const mediaType = mediaTypeOf(headers);
  if (typeof body === 'string' && (body === '' || isJson(mediaType) || mediaType === '')) return payload.with({ body, mediaType: 'text/plain' });
  return payload.with({ body, mediaType: mediaType || 'application/octet-stream' });
}
