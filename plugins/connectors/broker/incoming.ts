import { parseJson, type Awaitable, type TriggerEvent } from '../../sdk/index.ts';

/** A message as a broker has delivered it. */
export interface Delivery {
  readonly body: Uint8Array;
  /** As the sender has declared it, with its parameters. */
  readonly contentType: string | undefined;
  /** What is known beside the body; what is undefined is left out. */
  readonly meta: Readonly<Record<string, string | undefined>>;
  /** Two deliveries with the same key are of one message. */
  readonly key: string | undefined;
}

/** Fields of the params of every listening endpoint. */
export const listeningFields = {
  format: {
    enum: ['auto', 'json', 'text', 'bytes'], default: 'auto', title: 'Format', description: 'How the body of a message is read.',
    enumDescriptions: ['By its content type; without one, objects and lists of JSON are read as such, then text, then bytes.', 'As JSON, whatever the message says.', 'As text.', 'As it is.'],
  },
  prefetch: { type: 'integer', minimum: 1, maximum: 10_000, default: 100, title: 'Messages at once', description: 'Messages that may be on their way to a run and are not acknowledged yet; the broker delivers no more meanwhile.' },
  overlap: {
    enum: ['parallel', 'queue', 'skip'], default: 'parallel', title: 'When a run is under way', description: 'What a message does while another run of this trigger is queued or at work.',
    enumDescriptions: ['Its run starts beside it.', 'Its run waits: one after the other, in the order of the messages.', 'No run starts, and the message is acknowledged all the same.'],
  },
  mostDeliveries: { type: 'integer', minimum: 0, maximum: 1_000_000, default: 0, title: 'Deliveries at most', description: 'Deliveries of one message for which no run could be accepted, before it is given up as described for the broker. 0: it is delivered again without end.' },
} as const;

export type Format = 'auto' | 'json' | 'text' | 'bytes';

/** The payload of a message. A body that is not what it is said to be comes as the text or the bytes that it is, so that the run shows it. */
export function payloadOf({ body, contentType, meta }: Delivery, format: Format): NonNullable<TriggerEvent['payload']> {
  const known = Object.fromEntries(Object.entries(meta).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const declared = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (format === 'bytes') return { body, mediaType: declared || 'application/octet-stream', meta: known };
  const text = textOf(body);
  if (text === undefined) return { body, mediaType: isTextual(declared) || isJson(declared) || declared === '' ? 'application/octet-stream' : declared, meta: known };
  if (format === 'json' || (format === 'auto' && (isJson(declared) || (declared === '' && /^\s*[[{]/.test(text))))) {
    const parsed = read(text);
    return parsed ? { body: parsed.value, mediaType: 'application/json', meta: known } : { body: text, mediaType: 'text/plain', meta: known };
  }
  if (format === 'auto' && declared !== '' && !isTextual(declared)) return { body, mediaType: declared, meta: known };
  return { body: text, mediaType: isTextual(declared) ? declared : 'text/plain', meta: known };
}

/** What becomes of a delivery. */
export interface Outcome {
  /** Its run is durably queued, or was, or none is wanted: it may be forgotten. */
  taken(): Awaitable<void>;
  /** No run could be accepted: it is to be delivered again. */
  refused(error: Error): Awaitable<void>;
}

/** Deliveries on their way to a run. */
export interface InFlight {
  readonly size: number;
  event(delivery: Delivery, options: { readonly format: Format; readonly overlap: NonNullable<TriggerEvent['overlap']> }, outcome: Outcome): TriggerEvent;
  /** Resolves when there are fewer than so many, or when the signal aborts. */
  below(count: number, signal: AbortSignal): Promise<void>;
  /** Waits until all are settled, but not longer. `sleep` is the clock of the system: the listener's own has ended by then. */
  settled(ms: number): Promise<void>;
}

/** `failed`: told what an outcome throws, which is a broken connection in general. */
export function createInFlight(failed: (error: Error) => void): InFlight {
  const open = new Set<symbol>();
  const waiting = new Set<() => void>();
  const settle = async (id: symbol, what: () => Awaitable<void>): Promise<void> => {
    try {
      await what();
    } catch (error) {
      failed(error as Error);
    } finally {
      open.delete(id);
      for (const wake of waiting) wake();
    }
  };
  const below = async (count: number, signal: AbortSignal): Promise<void> => {
    while (open.size >= count && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      const leave = (): void => resolve();
      signal.addEventListener('abort', leave, { once: true });
      await promise;
      signal.removeEventListener('abort', leave);
      waiting.delete(resolve);
    }
  };
  return {
    get size() { return open.size; },
    event(delivery, { format, overlap }, { taken, refused }) {
      const id = Symbol('delivery');
      open.add(id);
      const run = (what: () => Awaitable<void>): void => void settle(id, what);
      return {
        payload: payloadOf(delivery, format), overlap, ...(delivery.key !== undefined && { key: delivery.key }),
        accepted: () => run(taken), skipped: () => run(taken), failed: (error) => run(() => refused(error)),
      };
    },
    below,
    settled: (ms) => below(1, AbortSignal.timeout(ms)),
  };
}

/** Milliseconds before a message is delivered again for which `times` attempts have failed. */
export const pauseBefore = (times: number): number => Math.min(30_000, 500 * 2 ** Math.min(times, 10));

export const isGivenUp = (mostDeliveries: number, times: number): boolean => mostDeliveries > 0 && times >= mostDeliveries;

/** Names of headers as metadata: `header.x`. */
export const headerMeta = (headers: Readonly<Record<string, unknown>> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [`header.${name}`, typeof value === 'object' ? JSON.stringify(value) : String(value)]));

const isJson = (mediaType: string): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');
const isTextual = (mediaType: string): boolean => mediaType.startsWith('text/') || mediaType === 'application/xml' || mediaType.endsWith('+xml') || mediaType === 'application/x-ndjson';

function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function read(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
