import { FlowError, type HttpResponse, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import type { Answer } from './connection.ts';
import { withKey, type EndpointLink } from './endpoint-link.ts';
import { jsonOf, mediaTypeOf } from './http.ts';
import { childId, isJson, withId } from './payload.ts';
import { asFlowError, errorKind } from './run-error.ts';
import type { Upsert } from './upsert.ts';

export interface DeliverOptions extends EndpointLink {
  readonly endpoint: EndpointManifest;
  readonly upsert?: Upsert | undefined;
}

/** What becomes of the answers: they are given, or what was sent goes on instead, or with each answer at a path in it. */
export interface Delivery {
  readonly passesInput?: boolean | undefined;
  readonly mergeAt?: string | undefined;
}

/** Where the sending goes on: the number of the next record or batch, and of the first that is sent and was not passed on. */
interface SendPlace {
  readonly next: number;
  readonly passed: number;
}

/**
 * Sends a payload, or its records one by one or in batches, and gives a payload with each answer, or what was sent where that is to be passed on. Items that the other system
 * refuses are given up one by one. What is through is neither sent again nor failed, whatever becomes of the rest.
 */
export async function* deliver(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext, { passesInput = false, mergeAt }: Delivery = {}): AsyncGenerator<Payload> {
  const parcels = await parcelsOf(options, payload);
  let { next, passed } = (context.resumed as SendPlace | undefined) ?? { next: 0, passed: 0 };
  const checkpoint = (withNext = false): void => {
    const from = next;
    context.checkpoint({ next, passed } satisfies SendPlace, { rest: () => parcels.part(from, parcels.count), withNext });
  };
  const passOn = (): Payload | undefined => {
    const part = parcels.part(passed, next);
    passed = next;
    if (part) checkpoint(true);
    return part;
  };
  if (next > 0) checkpoint();
  try {
    while (next < parcels.count) {
      const response = await sendOne(options, parcels, next, params, context);
      next++;
      if (response && !passesInput) {
        checkpoint(true);
        yield mergeAt === undefined ? answerOf(payload, response) : await merged(payload, parcels.at(next - 1).parcel, response, mergeAt, context);
      }
      checkpoint();
    }
  } catch (error) {
    const through = passesInput ? passOn() : undefined;
    if (through) yield through;
    throw error;
  }
  const through = passesInput ? (parcels.count === 0 ? payload : passOn()) : undefined;
  if (through) yield through;
}

interface Parcels {
  readonly count: number;
  /** With what stands for it in the key of its request. */
  at(index: number): { readonly parcel: Payload; readonly origin: string };
  /** From one number to before another: of all, the payload itself; of none, `undefined`. */
  part(from: number, to: number): Payload | undefined;
}

async function parcelsOf({ endpoint: { per = 'payload' }, step }: DeliverOptions, payload: Payload): Promise<Parcels> {
  if (per === 'payload') return { count: 1, at: () => ({ parcel: payload, origin: payload.id }), part: (from, to) => (from < to ? payload : undefined) };
  const document = await payload.json();
  const records: readonly unknown[] = Array.isArray(document) ? document : [document];
  const size = per === 'record' ? 1 : per.batch;
  const { whole, begin } = placeOf(payload.id);
  return {
    count: Math.ceil(records.length / size),
    at: (index) => ({ parcel: childOf(payload, step, index, per === 'record' ? records[index] : records.slice(index * size, (index + 1) * size)), origin: `${whole}:${begin + index * size}` }),
    part(from, to) {
      if (from >= to) return undefined;
      const part = records.slice(from * size, to * size);
      return part.length === records.length ? payload : withId(payload.with({ body: part }), `${whole}.${begin + from * size}`);
    },
  };
}

/**
 * The payload of which one may be a part, and the number of its first record there: a part has both in its id, since its records keep their keys when it is
 * sent again. Nobody knows what became of the one that was on its way.
 */
function placeOf(id: string): { readonly whole: string; readonly begin: number } {
  const [, whole = id, begin = '0'] = /^(.+)\.(\d+)$/.exec(id) ?? [];
  return { whole, begin: Number(begin) };
}

/** Gives the answer; none where the record was given up. */
async function sendOne(options: DeliverOptions, parcels: Parcels, index: number, params: unknown, context: PayloadContext): Promise<HttpResponse | undefined> {
  const { parcel, origin } = parcels.at(index);
  const isWhole = (options.endpoint.per ?? 'payload') === 'payload';
  let answer: Answer & { readonly link: EndpointLink };
  try {
    answer = await post(options, parcel, params, context, origin);
  } catch (thrown) {
    const error = asFlowError(thrown);
    // The record, or the batch, itself is at fault: it is refused, or no request can be made of it.
    if (isWhole || context.signal.aborted || errorKind(error.code) !== 'data') throw error;
    context.fail(parcel, error);
    return undefined;
  }
  // A failure that counts as none: it is through, but there is no answer to pass on.
  if (answer.meaning) return undefined;
  return readAnswer(options, answer, parcel, context).catch((error: unknown) => {
    if (isWhole || context.signal.aborted) throw error;
    // It was sent, and what comes behind it is sent as well: who sends the rest again must not send it twice.
    context.fail(parcel, asFlowError(error));
    return undefined;
  });
}

/** Items are named by the endpoint that takes them all: one that changes a single record names none. */
async function readAnswer(options: DeliverOptions, { response, link }: Answer & { readonly link: EndpointLink }, parcel: Payload, context: PayloadContext): Promise<HttpResponse> {
  if (link === options) await giveUpItems(options, response, parcel, context);
  return link.decode(response);
}

async function post(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext, origin: string): Promise<Answer & { readonly link: EndpointLink }> {
  const { link, params: given } = (await options.upsert?.find(payload, params, context)) ?? { link: options, params };
  const request = await link.template.build(await link.inputOf(payload, given, context));
  // A server that keeps keys must not take the change of what is there for the making of it.
  const key = link === options ? origin : `${origin}:${link.name}`;
  return { ...(await link.send(withKey(request, link, key), context, context.signal)), link };
}

async function giveUpItems({ endpoint: { itemErrors }, name, step, decode }: DeliverOptions, response: HttpResponse, payload: Payload, context: PayloadContext): Promise<void> {
  if (!itemErrors || isEmpty(response.body)) return;
  const document = isJson(payload.mediaType) ? await payload.json() : undefined;
  const items: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const [index, reasons] of refusedItems(itemErrors, name, await decode(response, { isNeeded: true }), items.length)) {
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

/**
 * What was sent with the answer at a path: in the record; in each of a list, where the answer is a list of as many. It is through whatever comes of that, so that
 * what cannot be put there is only told.
 */
async function merged(payload: Payload, parcel: Payload, response: HttpResponse, at: string, { log }: PayloadContext): Promise<Payload> {
  const { body } = response;
  const sent = isJson(parcel.mediaType) ? await parcel.json() : undefined;
  const path = compilePath(at);
  if (isObject(sent)) return payload.with({ body: path.set(sent, body) });
  if (Array.isArray(sent) && Array.isArray(body) && sent.length === body.length && sent.every(isObject)) return payload.with({ body: sent.map((item, index) => path.set(item, (body as unknown[])[index])) });
  log.warn(`An answer could not be put at ${JSON.stringify(at)} of what was sent: that is ${Array.isArray(sent) ? `a list of ${sent.length}, and the answer no list of as many objects` : 'no object'}. It goes on as it was sent.`);
  return payload.with({ body: sent ?? (await parcel.text()), mediaType: parcel.mediaType });
}
