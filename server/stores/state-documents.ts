import { FlowError, type CachedDocument } from '../../plugins/sdk/index.ts';
import { isJson } from '../engine/payload.ts';

/** A document as a row holds it. `format`: 0 JSON, 1 text, 2 bytes. */
export interface Printed {
  readonly mediaType: string;
  readonly meta: string;
  readonly format: 0 | 1 | 2;
  readonly body: string | Uint8Array;
  /** What it takes of the room of its cache. */
  readonly bytes: number;
}

export interface StoredBody {
  readonly format: number;
  readonly body: string | Uint8Array | null;
}

/** Fails with `DATA_INVALID` where the body is no JSON. */
export function printDocument(key: string, { body, mediaType, meta }: CachedDocument): Printed {
  const [format, printed] = body instanceof Uint8Array ? ([2, body] as const) : typeof body === 'string' && !isJson(mediaType) ? ([1, body] as const) : ([0, printJson(body)] as const);
  const metaText = JSON.stringify(meta);
  return { mediaType, meta: metaText, format, body: printed, bytes: lengthOf(printed) + lengthOf(metaText) + lengthOf(key) };
}

export function readBody({ format, body }: StoredBody): unknown {
  return format === 0 ? JSON.parse(body as string) : body;
}

export function printJson(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The value cannot be kept: it is no JSON (${(cause as Error).message}).`, { cause });
  }
  throw new FlowError('DATA_INVALID', `The value cannot be kept: ${typeof value} is no JSON.`);
}

const lengthOf = (text: string | Uint8Array): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.byteLength);
