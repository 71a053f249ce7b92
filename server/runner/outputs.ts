import type { Payload } from '../../plugins/sdk/index.ts';
import { bodyOf } from '../engine/payload.ts';

const mostOutputs = 100;
const mostBytes = 1024 * 1024;

/** Collects what leaves a flow, for its result: the first bodies, none of them long. */
export function collectOutputs(): { add(payload: Payload): void; readonly bodies: readonly unknown[] } {
  const bodies: unknown[] = [];
  return {
    bodies,
    add(payload) {
      if (bodies.length < mostOutputs) bodies.push(shown(payload));
    },
  };
}

function shown(payload: Payload): unknown {
  const body = bodyOf(payload);
  switch (body.kind) {
    case 'json':
      return sizeWithin(body.value, mostBytes) < mostBytes ? body.value : { $cut: 'The body is longer than 1 MB: see the run.' };
    case 'text':
      return body.text.slice(0, mostBytes);
    case 'bytes':
      return Buffer.from(body.bytes.subarray(0, mostBytes * 0.75)).toString('base64');
    case 'stream':
      return { $cut: 'The body is a stream: see the run.' };
  }
}

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
