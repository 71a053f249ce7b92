import { exactJson } from './exact-json.js';

/** Params of every listening endpoint. */
export const listeningFields = {
  format: {
    enum: ['auto', 'json', 'text', 'bytes'], default: 'auto', title: 'Format', description: 'How the body of a message is read.',
    enumDescriptions: ['Objects and lists of JSON as such, then text, then bytes.', 'As JSON.', 'As text.', 'As it is.'],
  },
  prefetch: { type: 'integer', minimum: 1, maximum: 10_000, default: 100, title: 'Messages at once', description: 'Messages that may be on their way to a run and are not acknowledged yet; no more are asked for meanwhile.' },
  overlap: {
    enum: ['parallel', 'queue', 'skip'], default: 'parallel', title: 'When a run is under way', description: 'What a message does while another run of this trigger is queued or at work.',
    enumDescriptions: ['Its run starts beside it.', 'Its run waits: one after the other, in the order of the messages.', 'No run starts, and the message is acknowledged all the same.'],
  },
};

/** Messages on their way to a run. `failed`: told what settling one throws; the message then comes again by itself. */
export function createInFlight(failed) {
  const open = new Set();
  const waiting = new Set();
  const settle = async (id, what) => {
    try {
      await what();
    } catch (error) {
      failed(error);
    } finally {
      open.delete(id);
      for (const wake of waiting) wake();
    }
  };
  const below = async (count, signal) => {
    while (open.size >= count && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers();
      waiting.add(resolve);
      signal.addEventListener('abort', resolve, { once: true });
      await promise;
      waiting.delete(resolve);
      signal.removeEventListener('abort', resolve);
    }
  };
  return {
    get size() { return open.size; },
    /** `taken`: its run is durably queued, or none is wanted. `refused`: no run could be accepted. */
    event({ body, meta, key }, { format, overlap }, { taken, refused }) {
      const id = Symbol('message');
      open.add(id);
      return { payload: { ...payloadOf(body, format), meta }, overlap, key, accepted: () => void settle(id, taken), skipped: () => void settle(id, taken), failed: (error) => void settle(id, () => refused(error)) };
    },
    /** Resolves when there are fewer than so many, or when the signal aborts. */
    below,
    settled: (ms) => below(1, AbortSignal.timeout(ms)),
  };
}

/** A body that is not what it should be comes as the text or the bytes that it is, so that the run shows it. */
export function payloadOf(bytes, format) {
  const text = format === 'bytes' ? undefined : textOf(bytes);
  if (text === undefined) return { body: bytes, mediaType: 'application/octet-stream' };
  if (format === 'json' || (format === 'auto' && /^\s*[[{]/.test(text))) {
    try {
      return { body: exactJson(text), mediaType: 'application/json' };
    } catch {
      // It is shown as it came.
    }
  }
  return { body: text, mediaType: 'text/plain' };
}

function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
