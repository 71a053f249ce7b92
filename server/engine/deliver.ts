import { FlowError, partId, placeOf, withChanges, type HttpResponse, type Payload, type PayloadContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import type { Answer } from './connection.ts';
import { withKey, type EndpointLink } from './endpoint-link.ts';
import { jsonOf, mediaTypeOf } from './http.ts';
import { bytesOf, childId, isJson, withId } from './payload.ts';
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
  /** Numbers of the records that were given up and would be passed on otherwise. */
  readonly refused?: readonly number[];
}

/**
 * Sends a payload, or its records one by one or in batches, and gives a payload with each answer, or what was sent where that is to be passed on. Items that the other system
 * refuses are given up one by one, and go no further. What is through is neither sent again nor failed, whatever becomes of the rest.
 */
export async function* deliver(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext, { passesInput = false, mergeAt }: Delivery = {}): AsyncGenerator<Payload> {
  const parcels = await parcelsOf(options, payload);
  const place = (context.resumed as SendPlace | undefined) ?? { next: 0, passed: 0 };
  let { next, passed } = place;
  let refused = new Set(place.refused);
  const checkpoint = (withNext = false): void => {
    const from = next;
    context.checkpoint({ next, passed, ...(refused.size > 0 && { refused: [...refused] }) } satisfies SendPlace, { rest: () => parcels.rest(from), withNext });
  };
  const passOn = (): Payload | undefined => {
    const part = parcels.through(passed, next, refused);
    passed = next;
    refused = new Set();
    if (part) checkpoint(true);
    return part;
  };
  if (next > 0) checkpoint();
  if (mergeAt !== undefined) checkPlace(mergeAt);
  try {
    while (next < parcels.count) {
      const sent = await sendOne(options, parcels, next, params, context);
      const first = next * parcels.size;
      if (passesInput) for (const index of sent.refused) refused.add(first + index);
      next++;
      const answer = sent.response && !passesInput ? await answerTo(payload, parcels.at(next - 1).parcel, { ...sent, response: sent.response }, mergeAt, context) : undefined;
      if (answer) {
        checkpoint(true);
        yield answer;
      }
      const early = refused.size >= mostRefused ? passOn() : undefined;
      if (early) yield early;
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

/** Each checkpoint names them: before they are too many, what is through goes on as a part of the payload. */
const mostRefused = 200;

interface Parcels {
  readonly count: number;
  /** Records of one, at most. */
  readonly size: number;
  /** With what stands for it in the key of its request. */
  at(index: number): { readonly parcel: Payload; readonly origin: string };
  /** The same error, which says which of the records it is about, where there are others. `item`: the only one of them, counted in the parcel. */
  told(index: number, error: FlowError, item?: number): FlowError;
  /** Those from a number on; `undefined` where there are none. */
  rest(from: number): Payload | undefined;
  /** From one number to before another, without some of the records: of all, the payload itself; of none, `undefined`. */
  through(from: number, to: number, without: ReadonlySet<number>): Payload | undefined;
}

async function parcelsOf({ endpoint: { per = 'payload', itemErrors }, step }: DeliverOptions, payload: Payload): Promise<Parcels> {
  const document = per !== 'payload' || (itemErrors && isJson(payload.mediaType)) ? await payload.json() : undefined;
  const records: readonly unknown[] = Array.isArray(document) ? document : [document];
  const size = per === 'payload' ? records.length : per === 'record' ? 1 : per.batch;
  const count = per === 'payload' ? 1 : Math.ceil(records.length / size);
  const { whole, begin } = placeOf(payload.id);
  return {
    count, size,
    at(index) {
      if (per === 'payload') return { parcel: payload, origin: payload.id };
      return { parcel: childOf(payload, step, index, per === 'record' ? records[index] : records.slice(index * size, (index + 1) * size)), origin: `${whole}:${begin + index * size}` };
    },
    told(index, error, item) {
      if (count === 1) return error;
      const first = begin + index * size + (item ?? 0);
      const last = item === undefined ? begin + Math.min((index + 1) * size, records.length) : first + 1;
      return withChanges(error, { message: `${last - first === 1 ? `Record ${last}` : `Records ${first + 1} to ${last}`} of ${begin + records.length}: ${error.message}`, details: { record: first } });
    },
    rest(from) {
      if (from >= count) return undefined;
      return from === 0 ? payload : withId(payload.with({ body: records.slice(from * size) }), partId(payload.id, from * size));
    },
    through(from, to, without) {
      if (from >= to) return undefined;
      if (without.size === 0 && from === 0 && to === count) return payload;
      const part = records.slice(from * size, to * size).filter((_, index) => !without.has(from * size + index));
      return part.length === 0 ? undefined : payload.with({ body: Array.isArray(document) ? part : part[0] });
    },
  };
}

interface Sent {
  /** None where all was given up, or a failure counts as none. */
  readonly response?: HttpResponse;
  /** Numbers of the records that were given up, within the parcel. */
  readonly refused: readonly number[];
}

async function sendOne(options: DeliverOptions, parcels: Parcels, index: number, params: unknown, context: PayloadContext): Promise<Sent> {
  const { parcel, origin } = parcels.at(index);
  const isWhole = (options.endpoint.per ?? 'payload') === 'payload';
  const all = Array.from({ length: parcels.size }, (_, at) => at);
  let answer: Answer & { readonly link: EndpointLink };
  try {
    answer = await post(options, parcel, params, context, origin);
  } catch (thrown) {
    const error = asFlowError(thrown);
    // The record, or the batch, itself is at fault: it is refused, or no request can be made of it.
    if (isWhole || context.signal.aborted || errorKind(error.code) !== 'data') throw error;
    context.fail(parcel, parcels.told(index, error));
    return { refused: all };
  }
  // A failure that counts as none: it is through, but there is no answer to pass on.
  if (answer.meaning) return { refused: [] };
  try {
    return await readAnswer(options, answer, parcel, (failed, error, item) => context.fail(failed, parcels.told(index, error, item)));
  } catch (error) {
    if (isWhole || context.signal.aborted) throw error;
    // It was sent, and what comes behind it is sent as well: who sends the rest again must not send it twice.
    context.fail(parcel, parcels.told(index, asFlowError(error)));
    return { refused: all };
  }
}

/** Gives up an item of a parcel. */
type GiveUp = (failed: Payload, error: FlowError, item: number) => void;

/** Items are named by the endpoint that takes them all: one that changes a single record names none. */
async function readAnswer(options: DeliverOptions, { response, link }: Answer & { readonly link: EndpointLink }, parcel: Payload, fail: GiveUp): Promise<Sent> {
  const refused = link === options ? await giveUpItems(options, response, parcel, fail) : [];
  return { response: await link.decode(response), refused };
}

async function post(options: DeliverOptions, payload: Payload, params: unknown, context: PayloadContext, origin: string): Promise<Answer & { readonly link: EndpointLink }> {
  const { link, params: given } = (await options.upsert?.find(payload, params, context)) ?? { link: options, params };
  const request = await link.template.build(await link.inputOf(payload, given, context));
  // A server that keeps keys must not take the change of what is there for the making of it.
  const key = link === options ? origin : `${origin}:${link.name}`;
  return { ...(await link.send(withKey(request, link, key), context, context.signal)), link };
}

async function giveUpItems({ endpoint: { itemErrors }, name, step, decode }: DeliverOptions, response: HttpResponse, payload: Payload, fail: GiveUp): Promise<readonly number[]> {
  if (!itemErrors || isEmpty(response.body)) return [];
  const document = isJson(payload.mediaType) ? await payload.json() : undefined;
  const items: readonly unknown[] = Array.isArray(document) ? document : [document];
  const refused = refusedItems(itemErrors, name, await decode(response, { isNeeded: true }), items.length);
  for (const [index, reasons] of refused) {
    const text = reasons.map(({ message }) => message).join('; ');
    const error = new FlowError('REMOTE_REJECTED', `"${name}" refused item ${index + 1} of ${items.length}: ${text}`, { details: { endpoint: name, index, answers: reasons.map(({ answer }) => answer) } });
    fail(childOf(payload, step, index, items[index]), error, index);
  }
  return [...refused.keys()];
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

/** The answer, or what was sent with it; `undefined` where nothing of that got through. */
async function answerTo(payload: Payload, parcel: Payload, { response, refused }: Sent & { readonly response: HttpResponse }, mergeAt: string | undefined, context: PayloadContext): Promise<Payload | undefined> {
  if (mergeAt === undefined) return answerOf(payload, response);
  const given = await merged(payload, parcel, response, mergeAt, context);
  if (refused.length === 0) return given;
  const document = await given.json();
  const left = Array.isArray(document) ? document.filter((_, index) => !refused.includes(index)) : [];
  return left.length === 0 ? undefined : given.with({ body: left });
}

/** Before anything is sent: where no answer could ever be put. Fails with `CONFIG_PATH`. */
function checkPlace(at: string): void {
  try {
    compilePath(at).set({}, null);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw new FlowError('CONFIG_PATH', `No answer can be put at ${JSON.stringify(at)}: ${error.message}`, { cause: error });
  }
}

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
  const unfit = (why: string): void => log.warn(`An answer could not be put at ${JSON.stringify(at)} of what was sent: ${why}. It goes on as it was sent.`);
  try {
    if (isObject(sent)) return payload.with({ body: path.set(sent, body) });
    if (Array.isArray(sent) && Array.isArray(body) && sent.length === body.length && sent.every(isObject)) return payload.with({ body: sent.map((item, index) => path.set(item, (body as unknown[])[index])) });
    unfit(`that is ${Array.isArray(sent) ? `a list of ${sent.length}, and the answer no list of as many objects` : 'no object'}`);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    unfit(error.message.replace(/\.$/, ''));
  }
  return payload.with({ body: sent ?? (parcel.isText ? await parcel.text() : await bytesOf(parcel)), mediaType: parcel.mediaType });
}
