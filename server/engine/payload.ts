import type { BodyWindow } from '../model/api.ts';
import type { WindowRequest } from '../model/body-window.ts';
import { brokenJson } from '../model/syntax-errors.ts';
import { decodeText, FlowError, parseJson, type Payload, type PayloadChange } from '../../plugins/sdk/index.ts';

export interface PayloadInit {
  readonly id: string;
  /** A JSON value; text or bytes where `mediaType` says that it is not JSON. */
  readonly body: unknown;
  readonly mediaType?: string;
  readonly meta?: Readonly<Record<string, string>>;
}

export interface StreamInit {
  readonly id: string;
  readonly mediaType: string;
  readonly meta?: Readonly<Record<string, string>>;
  /** Bytes, -1 where it is not known. */
  readonly size: number;
  /** Opens the stream from its beginning, each time that it is called. */
  open(): AsyncIterable<Uint8Array>;
  /** Part of a JSON document, without reading the rest of it. `undefined`: there is nothing at the path. */
  window?(request: WindowRequest): Promise<BodyWindow | undefined>;
  /** The bytes are a text in UTF-8, whatever stands in it. */
  readonly isText?: boolean;
  /** Longest body that `json` and `text` read; default 64 MB. */
  readonly maxBytes?: number;
}

/** What a payload holds, for those who keep it: the value itself, never a copy. */
export type PayloadBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'stream'; readonly size: number; readonly isText?: boolean; open(): AsyncIterable<Uint8Array>; readonly window?: StreamInit['window'] };

export const isJson = (mediaType: string): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');

export function createPayload(init: PayloadInit): Payload {
  const mediaType = init.mediaType ?? 'application/json';
  return new Document(init.id, mediaType, checkedMeta(init.meta), asBody(init.body, mediaType), DEFAULT_MAX_BYTES);
}

export function streamPayload(init: StreamInit): Payload {
  const body: PayloadBody = { kind: 'stream', size: init.size, open: () => init.open(), ...(init.isText && { isText: true }), ...(init.window && { window: init.window }) };
  return new Document(init.id, init.mediaType, checkedMeta(init.meta), body, init.maxBytes ?? DEFAULT_MAX_BYTES);
}

/** The body without waiting and without a copy. */
export function bodyOf(payload: Payload): PayloadBody {
  if (payload instanceof Document) return payload.body;
  throw new FlowError('INTERNAL', 'A payload was not made by the engine: plugins use `payload.with` or `context.create`.');
}

/** All bytes of a payload as they are. Same limit as `json`. */
export async function bytesOf(payload: Payload): Promise<Uint8Array> {
  const body = bodyOf(payload);
  if (body.kind === 'bytes') return body.bytes;
  return body.kind === 'stream' ? (payload as Document).readAll(body) : new TextEncoder().encode(await payload.text());
}

/** The same payload under another id. */
export function withId(payload: Payload, id: string): Payload {
  if (!(payload instanceof Document) || payload.id === id) return payload;
  return new Document(id, payload.mediaType, payload.meta, payload.body, payload.maxBytes);
}

/**
 * The id of a payload made from another: the same on every attempt and replay. 64 bits; two different origins share an id with a
 * probability of 3e-8 among a million payloads. Called for every payload of every step: it makes no text but the id.
 */
export function childId(parent: string, step: string, index: number): string {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < parent.length; i++) {
    const code = parent.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  // What no text has, so that `ab` and `c` are not `a` and `bc`.
  a = Math.imul(a ^ 0x10000, 2654435761);
  b = Math.imul(b ^ 0x10000, 1597334677);
  for (let i = 0; i < step.length; i++) {
    const code = step.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ 0x20000, 2654435761);
  b = Math.imul(b ^ 0x20000, 1597334677);
  a = Math.imul(a ^ index, 2654435761);
  b = Math.imul(b ^ index, 1597334677);
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return String.fromCharCode(
    digit(a >>> 30), digit(a >>> 25), digit(a >>> 20), digit(a >>> 15), digit(a >>> 10), digit(a >>> 5), digit(a),
    digit(b >>> 30), digit(b >>> 25), digit(b >>> 20), digit(b >>> 15), digit(b >>> 10), digit(b >>> 5), digit(b),
  );
}

function digit(bits: number): number {
  const value = bits & 31;
  return value < 10 ? value + 48 : value + 87;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

// A class, because millions of them are made and a prototype costs less than six closures each.
class Document implements Payload {
  readonly id: string;
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly body: PayloadBody;
  readonly maxBytes: number;
  #parsed: { value: unknown } | undefined;

  constructor(id: string, mediaType: string, meta: Readonly<Record<string, string>>, body: PayloadBody, maxBytes: number) {
    this.id = id;
    this.mediaType = mediaType;
    this.meta = meta;
    this.body = body;
    this.maxBytes = maxBytes;
  }

  get isText(): boolean {
    const { body } = this;
    return body.kind === 'text' || body.kind === 'json' || (body.kind === 'stream' && body.isText === true);
  }

  async json(): Promise<unknown> {
    if (this.body.kind === 'json') return this.body.value;
    if (this.#parsed) return this.#parsed.value;
    if (!isJson(this.mediaType)) {
      throw new FlowError('DATA_INVALID', `The payload is ${this.mediaType}, not JSON. Put a convert or split step before this one.`, { details: { payload: this.id } });
    }
    const text = await this.text();
    try {
      this.#parsed = { value: parseJson(text) };
    } catch (cause) {
      const { message, remedy, at } = brokenJson(text, 'The payload');
      throw new FlowError('DATA_INVALID', message, { cause, remedy, details: { payload: this.id, ...at } });
    }
    return this.#parsed.value;
  }

  async text(): Promise<string> {
    const { body } = this;
    if (body.kind === 'text') return body.text;
    if (body.kind === 'json') return JSON.stringify(body.value) ?? 'null';
    return decodeText(body.kind === 'bytes' ? body.bytes : await this.readAll(body), { mediaType: this.isText ? 'text/plain; charset=utf-8' : this.mediaType, what: `The payload (${this.mediaType})` });
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    const { body } = this;
    if (body.kind === 'stream') yield* body.open();
    else if (body.kind === 'bytes') yield body.bytes;
    else yield new TextEncoder().encode(body.kind === 'text' ? body.text : (JSON.stringify(body.value) ?? 'null'));
  }

  with(change: PayloadChange): Payload {
    const hasBody = 'body' in change;
    let mediaType = change.mediaType ?? this.mediaType;
    // A JSON value put into a text payload makes it a JSON payload: nobody means "[object Object]".
    if (hasBody && change.mediaType === undefined && !isJson(mediaType) && typeof change.body !== 'string' && !(change.body instanceof Uint8Array)) mediaType = 'application/json';
    const body: PayloadBody = change.stream ? { kind: 'stream', ...change.stream } : hasBody ? asBody(change.body, mediaType) : this.body;
    return new Document(this.id, mediaType, change.meta ? mergeMeta(this.meta, change.meta) : this.meta, body, this.maxBytes);
  }

  async readAll(body: PayloadBody & { kind: 'stream' }): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const checkSize = (bytes: number): void => {
      if (bytes > this.maxBytes) throw new FlowError('DATA_TOO_LARGE', `The payload is longer than ${this.maxBytes} bytes, and this step needs it as a whole.`, { details: { payload: this.id } });
    };
    checkSize(body.size);
    for await (const chunk of body.open()) {
      size += chunk.byteLength;
      checkSize(size);
      chunks.push(chunk);
    }
    const all = new Uint8Array(size);
    let offset = 0;
    for (const chunk of chunks) {
      all.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return all;
  }
}

function asBody(body: unknown, mediaType: string): PayloadBody {
  if (body instanceof Uint8Array) return { kind: 'bytes', bytes: body };
  if (isJson(mediaType)) return { kind: 'json', value: body === undefined ? null : body };
  return { kind: 'text', text: typeof body === 'string' ? body : JSON.stringify(body) };
}

const MAX_META_BYTES = 10_240;
const NO_META: Readonly<Record<string, string>> = Object.freeze({});

function mergeMeta(old: Readonly<Record<string, string>>, change: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const merged: Record<string, string> = { ...old };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) delete merged[key];
    else merged[key] = String(value);
  }
  return checkedMeta(merged);
}

function checkedMeta(meta: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (!meta) return NO_META;
  let text = '';
  for (const key in meta) text += key + meta[key]!;
  // No letter takes more than three bytes, and most metadata are short.
  const size = text.length * 3 > MAX_META_BYTES ? new TextEncoder().encode(text).length : 0;
  if (size > MAX_META_BYTES) throw new FlowError('DATA_TOO_LARGE', `The metadata of a payload are ${size} bytes long; ${MAX_META_BYTES} are allowed.`, { remedy: 'Keep less in the metadata: they are for short texts about the payload.' });
  return meta;
}
