import { FlowError, type HttpResponse, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { compilePath } from '../model/path.ts';
import type { EndpointLink } from './endpoint-link.ts';
import { jsonOf, mediaTypeOf } from './http.ts';
import { childId, isJson, withId } from './payload.ts';
import { asFlowError, errorKind } from './run-error.ts';

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
      // The record itself is at fault: it is refused, or no request can be made of it.
      const isItsOwn = errorKind(error.code) === 'data';
      if (context.signal.aborted || error.code === 'INTERNAL' || (index === 0 && !isItsOwn)) throw error;
      if (isItsOwn) {
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
  if (!itemErrors || isEmpty(response.body)) return;
  const document = isJson(payload.mediaType) ? await payload.json() : undefined;
  const items: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const [index, reasons] of refusedItems(itemErrors, name, response, items.length)) {
    const text = reasons.map(({ message }) => message).join('; ');
    const error = new FlowError('REMOTE_REJECTED', `"${name}" refused item ${index + 1} of ${items.length}: ${text}`, { details: { endpoint: name, index, answers: reasons.map(({ answer }) => answer) } });
    context.fail(childOf(payload, step, index, items[index]), error);
  }
}

/** By the number of the item: one that is refused for several reasons is given up once. All are read before any is given up. */
function refusedItems(paths: Required<EndpointManifest>['itemErrors'], name: string, response: HttpResponse, count: number): Map<number, { readonly message: string; readonly answer: unknown }[]> {
  const found = compilePath(paths.path).all(jsonOf(response, name));
  const errors = found.length === 1 && Array.isArray(found[0]) ? (found[0] as unknown[]) : found.filter((item) => item !== null);
  const refused = new Map<number, { message: string; answer: unknown }[]>();
  for (const answer of errors) {
    const number = compilePath(paths.index).get(answer);
    const index = typeof number === 'number' || (typeof number === 'string' && number.trim() !== '') ? Number(number) : Number.NaN;
    const message = compilePath(paths.message).get(answer) ?? answer;
    if (!Number.isInteger(index) || index < 0 || index >= count) throw new FlowError('REMOTE_FORMAT', `"${name}" names a failed item that was not sent: ${JSON.stringify(answer).slice(0, 200)}.`, { details: { endpoint: name } });
    const reasons = refused.get(index) ?? [];
    refused.set(index, [...reasons, { message: typeof message === 'string' ? message : JSON.stringify(message), answer }]);
  }
  return refused;
}

const isEmpty = (body: unknown): boolean => (typeof body === 'string' || body instanceof Uint8Array) && body.length === 0;

/** An id of its own: the payload itself goes on beside it. */
const childOf = (payload: Payload, step: string, index: number, body: unknown): Payload => withId(payload.with({ body }), childId(payload.id, `${step}!`, index));

function answerOf(payload: Payload, { body, headers }: HttpResponse): Payload {
  const mediaType = mediaTypeOf(headers);
  if (typeof body === 'string' && (body === '' || isJson(mediaType) || mediaType === '')) return payload.with({ body, mediaType: 'text/plain' });
  return payload.with({ body, mediaType: mediaType || 'application/octet-stream' });
}
