import { FlowError, placeOf, type CallContext, type ErrorCode, type ExchangeAnswer, type Payload } from '../../sdk/index.ts';

/** A message that is to be sent. */
export interface Outgoing {
  /** The same on every attempt, also after a crash. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Without parameters. */
  readonly mediaType: string;
  /** The document, where it is JSON. */
  readonly value?: unknown;
}

/** Fields of the params of every sending endpoint. */
export const sendingFields = {
  each: {
    enum: ['payload', 'record'], default: 'payload', title: 'One message per', description: 'What becomes one message.',
    enumDescriptions: ['The whole payload.', 'Each item of a payload that is a list; one that the broker refuses fails alone.'],
  },
  body: { title: 'Body', description: 'What is sent instead of the payload, such as `{{ payload.message }}`. A text is sent as it stands, other values as JSON.', 'x-expression': true },
} as const;

export interface Sending<N> {
  /** The broker takes a message of the same id once. */
  readonly isUnique?: boolean;
  /** Below the address of the instance, percent-encoded. */
  readonly target: string;
  /**
   * Sends one message and waits for what the broker confirms, whose facts it gives. A message that the broker refuses for good fails with `REMOTE_REJECTED` or
   * `DATA_INVALID`; whatever else fails, fails the call.
   */
  publish(client: N, message: Outgoing, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
}

interface Place {
  readonly next: number;
  readonly sent: number;
}

interface Refusal {
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string | undefined;
}

const remedyOf = ({ remedy }: { readonly remedy?: string | undefined }): { readonly remedy?: string } => (remedy === undefined ? {} : { remedy });

const batchSize = 100;
const mostBytes = 64 * 2 ** 20;

/** Sends a payload, and gives one with what the broker has confirmed: `{sent, refused, messages: [{id, …}]}`. Goes on behind the last batch that is through. */
export async function* send<N>(payload: Payload, { each, body }: { readonly each: 'payload' | 'record'; readonly body?: unknown }, context: CallContext<N>, sending: Sending<N>): AsyncGenerator<Payload> {
  const messages = each === 'record' ? await recordsOf(payload, body) : undefined;
  if (!messages) {
    const message = body === undefined ? await wholeOf(payload) : messageOf(body, payload.id);
    const { facts, refused } = await exchange(context, [message], sending);
    const [refusal] = refused;
    if (refusal) throw new FlowError(refusal.code, refusal.message, remedyOf(refusal));
    yield payload.with({ body: { sent: 1, refused: 0, messages: facts }, mediaType: 'application/json' });
    return;
  }
  // What `body` makes of a payload are no records of it: the payload goes on, or fails, as a whole. Sent again, they have the same ids.
  const isOwn = body === undefined;
  const { next: first, sent: before } = (context.resumed as Place | undefined) ?? { next: 0, sent: 0 };
  const confirmed: unknown[] = [];
  let sent = before;
  for (let at = first; at < messages.length; at += batchSize) {
    const batch = messages.slice(at, at + batchSize);
    const { facts, refused } = await exchange(context, batch, sending);
    for (const { index, code, message, remedy } of refused) context.fail(payload.with({ body: batch[index]!.value, mediaType: 'application/json' }), new FlowError(code, `Record ${at + index + 1} of ${messages.length}: ${message}`, { details: { index: at + index }, ...remedyOf({ remedy }) }), isOwn ? { record: at + index } : {});
    sent += facts.length;
    confirmed.push(...facts);
    const next = at + batch.length;
    const rest = (): Payload | undefined => (next >= messages.length ? undefined : isOwn ? payload.with({ body: messages.slice(next).map(({ value }) => value) }) : payload);
    context.checkpoint({ next, sent }, { rest, ...(isOwn && { done: next }) });
  }
  yield payload.with({ body: { sent, refused: messages.length - sent, messages: confirmed }, mediaType: 'application/json' });
}

async function exchange<N>(context: CallContext<N>, messages: readonly Outgoing[], { target, publish, isUnique = false }: Sending<N>): Promise<{ readonly facts: readonly unknown[]; readonly refused: readonly Refusal[] }> {
  const [only] = messages;
  const isOne = messages.length === 1;
  const answer = await context.exchange({
    method: 'PUBLISH', target, changes: true, isRepeatable: isUnique,
    ...(isOne ? { body: only!.bytes, mediaType: only!.mediaType } : { body: messages.map(({ value }) => value) }),
  }, async (client, signal): Promise<ExchangeAnswer> => {
    const refused: Refusal[] = [];
    const facts = await Promise.all(messages.map(async (message, index) => {
      try {
        return { id: message.id, ...(await publish(client, message, signal)) };
      } catch (error) {
        if (!FlowError.is(error, 'REMOTE_REJECTED') && !FlowError.is(error, 'DATA_INVALID')) throw error;
        refused.push({ index, code: error.code, message: error.message, ...remedyOf(error) });
        return undefined;
      }
    }));
    return { body: { facts: facts.filter((fact) => fact !== undefined), refused: refused.sort((a, b) => a.index - b.index) } };
  });
  return answer.body as { readonly facts: readonly unknown[]; readonly refused: readonly Refusal[] };
}

async function recordsOf(payload: Payload, body: unknown): Promise<readonly Outgoing[]> {
  const given = body ?? (await payload.json());
  const { whole, begin } = placeOf(payload.id);
  return (Array.isArray(given) ? given : [given]).map((record, index) => messageOf(record, `${whole}-${begin + index}`));
}

async function wholeOf(payload: Payload): Promise<Outgoing> {
  if (/^application\/json$|\+json$/.test(payload.mediaType)) {
    const value = await payload.json();
    return { id: payload.id, bytes: encoder.encode(JSON.stringify(value)), mediaType: payload.mediaType, value };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of payload.bytes()) {
    size += chunk.length;
    if (size > mostBytes) throw new FlowError('DATA_TOO_LARGE', `A message of more than ${mostBytes} bytes cannot be sent.`);
    chunks.push(chunk);
  }
  return { id: payload.id, bytes: Buffer.concat(chunks), mediaType: payload.mediaType };
}

function messageOf(value: unknown, id: string): Outgoing {
  if (typeof value === 'string') return { id, bytes: encoder.encode(value), mediaType: 'text/plain', value };
  return { id, bytes: encoder.encode(JSON.stringify(value ?? null)), mediaType: 'application/json', value };
}

const encoder = new TextEncoder();
