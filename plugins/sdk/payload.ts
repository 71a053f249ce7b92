/** One immutable document on its way through a flow. Whoever reads a body must not change it. */
export interface Payload {
  /** Derived from the payload it came from, the step and the place among its outputs, so that it is the same on every attempt and replay. */
  readonly id: string;
  /** IANA media type without parameters, such as `application/json`, `application/x-ndjson` or `text/csv`. */
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
  /** The body is a text or a JSON value, whose `bytes` are UTF-8; not bytes or a stream, which are as they came, but for those of which the encoding was known. */
  readonly isText: boolean;
  /** The parsed document. Fails with `DATA_INVALID` where the body is not JSON, with `DATA_TOO_LARGE` where a stream is longer than the limit. */
  json(): Promise<unknown>;
  /** The body as text: bytes are read as `decodeText` does, which fails with `DATA_INVALID` rather than to replace anything. Same limit as `json`. */
  text(): Promise<string>;
  /** The body as bytes, in chunks and without a limit. May be called again: a stream is opened anew. */
  bytes(): AsyncIterable<Uint8Array>;
  /** A copy with another body, media type or metadata (merged; `undefined` removes a key). The original stays as it was. */
  with(change: PayloadChange): Payload;
}

export interface PayloadChange {
  /** A JSON value; text or bytes where `mediaType` says that it is not JSON. */
  readonly body?: unknown;
  /** Instead of a body, one that is read piece by piece. `open` opens it from its beginning each time, and gives the same bytes each time. */
  readonly stream?: { /** Bytes. */ readonly size: number; open(): AsyncIterable<Uint8Array> };
  readonly mediaType?: string;
  readonly meta?: Readonly<Record<string, string | undefined>>;
}
