import type { Payload } from '../../plugins/sdk/index.ts';
import { bodyOf } from '../engine/payload.ts';
import type { Masker } from '../stores/redact.ts';
import type { PlainPayload } from './executors.ts';

const mostOutputs = 100;
const mostBytes = 1024 * 1024;
/** Of all of them: they are kept until the run ends. */
const mostBytesTogether = 4 * 1024 * 1024;

/** Collects what leaves a flow, for its result: the first bodies, none of them long, masked as they are in the recording. */
export function collectOutputs(masker: Pick<Masker, 'value' | 'text' | 'bytes'>): { add(payload: Payload): void; readonly bodies: readonly unknown[] } {
  const bodies: unknown[] = [];
  let left = mostBytesTogether;
  return {
    bodies,
    add(payload) {
      if (bodies.length >= mostOutputs) return;
      const { value, size } = shown(payload, Math.min(left, mostBytes), masker);
      left -= size;
      bodies.push(value);
    },
  };
}

/** Collects what leaves a flow, for another flow that waits for it: whole, or not at all where it is more than a little. */
export function collectPayloads(): { add(payload: Payload): void; readonly all: readonly PlainPayload[] | undefined } {
  let all: PlainPayload[] | undefined = [];
  let left = mostBytesTogether;
  return {
    get all() {
      return all;
    },
    add(payload) {
      const body = bodyOf(payload);
      if (body.kind === 'stream') all = undefined;
      else left -= body.kind === 'json' ? sizeWithin(body.value, left) : body.kind === 'text' ? body.text.length : body.bytes.length;
      if (left <= 0) all = undefined;
      const { mediaType, meta } = payload;
      if (body.kind !== 'stream') all?.push({ mediaType, meta, body: body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.bytes });
    },
  };
}

function shown(payload: Payload, limit: number, masker: Parameters<typeof collectOutputs>[0]): { readonly value: unknown; readonly size: number } {
  const body = bodyOf(payload);
  switch (body.kind) {
    case 'json': {
      const size = sizeWithin(body.value, limit);
      return size < limit ? { value: masker.value(body.value), size } : cut('The body is too long to be shown here: see the run.');
    }
    case 'text':
      return { value: masker.text(body.text, payload.mediaType).slice(0, limit), size: Math.min(body.text.length, limit) };
    case 'bytes':
      return { value: Buffer.from(masker.bytes(body.bytes, payload.mediaType).subarray(0, limit * 0.75)).toString('base64'), size: Math.min(body.bytes.length, limit) };
    case 'stream':
      return cut('The body is a stream: see the run.');
  }
}

const cut = (reason: string): { readonly value: unknown; readonly size: number } => ({ value: { $cut: reason }, size: 0 });

/** About as long as the JSON of a value; stops counting at the limit. */
function sizeWithin(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 2;
  for (const [key, item] of Object.entries(value)) {
    size += (Array.isArray(value) ? 1 : key.length + 4) + sizeWithin(item, limit - size);
    if (size >= limit) return size;
  }
  return size;
}
