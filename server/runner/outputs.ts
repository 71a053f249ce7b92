import type { Payload } from '../../plugins/sdk/index.ts';
import { bodyOf, type PayloadBody } from '../engine/payload.ts';
import type { Masker } from '../stores/redact.ts';
import type { PlainPayload } from './executors.ts';
import { sizeWithin } from './json-pieces.ts';
import { textOf } from './output-file.ts';

const mostOutputs = 100;
const mostBytes = 1024 * 1024;
/** Of all of them: they are kept until the run ends. */
const mostBytesTogether = 4 * 1024 * 1024;

/** Collects what leaves a flow, for its result: the first bodies, none of them long, masked as they are in the recording. What is not there says so. */
export function collectOutputs(masker: Pick<Masker, 'value' | 'text' | 'bytes'>): { add(payload: Payload, step: string): void; readonly bodies: readonly unknown[]; /** How many came after those. */ readonly more: number } {
  const bodies: unknown[] = [];
  let left = mostBytesTogether;
  let more = 0;
  return {
    bodies,
    get more() {
      return more;
    },
    add(payload, step) {
      if (bodies.length >= mostOutputs) return void more++;
      const { value, size } = shown(payload, step, Math.min(left, mostBytes), masker);
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

function shown(payload: Payload, step: string, limit: number, masker: Parameters<typeof collectOutputs>[0]): { readonly value: unknown; readonly size: number } {
  const { mediaType } = payload;
  const body = bodyOf(payload);
  const cut = { value: cutBody(body, payload.id, step), size: 0 };
  switch (body.kind) {
    case 'json': {
      const size = sizeWithin(body.value, limit);
      return size < limit ? { value: masker.value(body.value), size } : cut;
    }
    case 'text': {
      const size = body.text.length;
      return size < limit ? { value: masker.text(body.text, mediaType), size } : cut;
    }
    case 'bytes': {
      const size = body.bytes.length * (4 / 3);
      return size < limit ? { value: bytesValue(masker.bytes(body.bytes, mediaType), mediaType), size } : cut;
    }
    case 'stream':
      return cut;
  }
}

/** Bytes as JSON has them: texts as texts. */
function bytesValue(bytes: Uint8Array, mediaType: string): unknown {
  const text = textOf(bytes, mediaType);
  return text === undefined ? { $base64: Buffer.from(bytes).toString('base64'), mediaType } : text;
}

/** What stands in place of a body that is too long to be listed. */
function cutBody(body: PayloadBody, payload: string, step: string): unknown {
  const reason = body.kind === 'stream' ? 'The body is a stream, which no recording keeps: only `patchbay run --json` prints it.' : 'The body is too long to be listed here. `patchbay run --json` prints it; the recording has it, at the side "out" of the step.';
  return { $cut: reason, step, payload };
}
