import { decodeText, FlowError, parseJson, type HttpResponse, type RecordConverter } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { checkWriting, wantedOf } from './answer-type.ts';
import { mediaTypeOf } from './http.ts';
import { isJson } from './payload.ts';
import type { ConverterOf } from './request-body.ts';
import { checkUnpacked, unpack } from './unpack.ts';

/** An answer as a JSON document, where it is written in another format that is known; else as it is. Fails with `REMOTE_FORMAT`, `REMOTE_TOO_LARGE`. */
export type Decode = (response: HttpResponse, options?: { /** Something in it is wanted, so that a text alone will not do. */ readonly isNeeded?: boolean }) => Promise<HttpResponse>;

export interface DecoderOptions {
  readonly endpoint: Pick<EndpointManifest, 'decoder' | 'body' | 'headers' | 'examples'>;
  /** Headers of the connector. */
  readonly shared: Readonly<Record<string, string>>;
  /** Of the endpoint. */
  readonly name: string;
  readonly converter: ConverterOf;
  /** Of an answer that is unpacked. */
  readonly maxBytes: number;
}

/** Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`. */
export async function openDecoder({ endpoint, shared, name, converter, maxBytes }: DecoderOptions): Promise<Decode> {
  const { decoder } = endpoint;
  const wanted = wantedOf(endpoint, shared);
  const declared = decoder && (await converter(decoder.type, decoder.settings));
  const decode: Decode = async (response, { isNeeded = false } = {}) => {
    const { body, headers } = response;
    checkWriting(response, wanted, name);
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) return response;
    const mediaType = mediaTypeOf(headers);
    const type = converterOf(mediaType);
    if (!declared && body instanceof Uint8Array && (isJson(mediaType) || (isNeeded && type === undefined))) checkUnpacked(body, name, mediaType);
    if (!declared && !isNeeded) return response;
    const reader = declared ?? (type === undefined ? undefined : await converter(type));
    if (body.length === 0) return response;
    if (!reader) return unnamedJson(response, body);
    // A text was read already, whatever encoding the settings or the document name.
    const document = await read(reader, await unpack(bytesOf(body), name, maxBytes), { name, isUtf8: typeof body === 'string' });
    return { ...response, headers: { ...headers, 'content-type': 'application/json' }, body: document };
  };
  return once(decode);
}

/** Rules, paths of the paging and the records read the same answer: it is decoded once, and kept no longer than itself. */
function once(decode: Decode): Decode {
  const known = { needed: new WeakMap<HttpResponse, Promise<HttpResponse>>(), usual: new WeakMap<HttpResponse, Promise<HttpResponse>>() };
  return (response, options = {}) => {
    const decoded = known[options.isNeeded ? 'needed' : 'usual'];
    const document = decoded.get(response) ?? decode(response, options);
    decoded.set(response, document);
    return document;
  };
}

/** The answer as expressions read it: as a document, or as it came where it is none, such as the page of a proxy. */
export async function readable(response: HttpResponse, decode: Decode): Promise<HttpResponse> {
  try {
    return await decode(response, { isNeeded: true });
  } catch (error) {
    if (FlowError.is(error)) return response;
    throw error;
  }
}

/** Some servers do not say that they send JSON. What is none stays as it is: who wants it says why. */
function unnamedJson(response: HttpResponse, body: string | Uint8Array): HttpResponse {
  try {
    const text = typeof body === 'string' ? body : decodeText(body, { what: 'The answer' });
    return /^\uFEFF?\s*[[{]/.test(text) ? { ...response, headers: { ...response.headers, 'content-type': 'application/json' }, body: parseJson(text) } : response;
  } catch {
    return response;
  }
}

/** The converter of a media type that is text and no JSON. */
export function converterOf(mediaType: string): string | undefined {
  if (isJson(mediaType)) return undefined;
  if (mediaType.endsWith('+xml') || mediaType === 'text/xml' || mediaType === 'application/xml') return 'xml';
  if (mediaType === 'text/csv' || mediaType === 'application/csv') return 'csv';
  if (mediaType === 'text/tab-separated-values') return 'tsv';
  return ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/json-seq'].includes(mediaType) ? 'ndjson' : undefined;
}

/** Of several documents, the records of all of them. */
async function read(reader: RecordConverter, documents: readonly Uint8Array[], { name, isUtf8 }: { readonly name: string; readonly isUtf8: boolean }): Promise<unknown> {
  const records: unknown[] = [];
  const source = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  try {
    for (const bytes of documents) for await (const record of reader.decode(source(bytes), { isUtf8 })) records.push(record);
  } catch (cause) {
    if (!FlowError.is(cause)) throw cause;
    throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" cannot be read: ${cause.message}`, { cause, details: cause.details, remedy: 'Look at the whole answer in the run: it is broken, was cut, or is written otherwise than "decoder" of the endpoint says.' });
  }
  // A document that is no list is one record, as that of XML.
  return isDocument(reader) && records.length === 1 && isObject(records[0]) ? records[0] : records;
}

const isDocument = ({ mediaType }: RecordConverter): boolean => mediaType === 'application/xml' || mediaType === 'application/json';

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? new TextEncoder().encode(body) : body);
