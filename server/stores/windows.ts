import { open } from 'node:fs/promises';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import type { BodyEntry, BodyWindow } from '../model/api.ts';
import { isJson } from '../engine/payload.ts';
import type { BodyFound, BodyResults, FindRequest, QueryRequest } from '../model/body-find.ts';
import { documentWindow, isTextType, type WindowRequest } from '../model/body-window.ts';
import { pointerNames } from '../model/json.ts';
import { createCache } from '../model/lru.ts';
import type { Blobs } from './blobs.ts';
import { findInBody, type FindLimits } from './find-in-body.ts';
import { describePlace, openJsonDocument, scalarAt, type JsonDocument, type JsonLimits } from './json-document.ts';
import type { QueryLimits } from './json-query.ts';
import type { ByteSource } from './json-scan.ts';
import { openQueries } from './query-body.ts';
import { bytesWindow } from './text-window.ts';

export interface WindowBody {
  readonly hash: string;
  readonly size: number;
  readonly mediaType: string;
  /** Where it does not lie in a file. */
  readonly bytes?: Uint8Array;
}

/** Windows of bodies of any size. Small documents are parsed and kept for the next window; big ones are scanned, and what was learnt of them is kept. */
export interface Windows {
  /** `undefined`: there is nothing at the path. */
  read(body: WindowBody, window: WindowRequest): Promise<BodyWindow | undefined>;
  /** Where a text stands. Fails with `DATA_INVALID` in what is neither JSON nor a text. */
  find(body: WindowBody, request: FindRequest): Promise<BodyFound>;
  /** What a JSONPath finds. Fails with `CONFIG_PATH`, with `DATA_INVALID` in what is no JSON, with `DATA_TOO_LARGE` where a filter would have to see too much. */
  query(body: WindowBody, request: QueryRequest): Promise<BodyResults>;
}

export interface WindowLimits extends JsonLimits, FindLimits, QueryLimits {
  readonly parsedBytes?: number;
}

/** Documents up to this size are parsed as a whole. */
const parsedBytes = 4 * 1024 * 1024;
const mostEntries = 1_000;
const longestValue = 64 * 1024;

export function openWindows(blobs: Pick<Blobs, 'pathOf'>, limits: WindowLimits = {}): Windows {
  const parsed = createCache<{ readonly document: unknown } | 'text'>(4);
  const scanned = createCache<JsonDocument>(16);
  const queries = openQueries(limits);
  const parsedOf = async (body: WindowBody): Promise<{ readonly document: unknown } | 'text'> => parsed.get(body.hash) ?? parsed.add(body.hash, parse(await wholeOf(body, blobs)));
  const scannedOf = ({ hash }: WindowBody): JsonDocument => scanned.get(hash) ?? scanned.add(hash, openJsonDocument(limits));
  const isSmall = ({ size }: WindowBody): boolean => size <= (limits.parsedBytes ?? parsedBytes);
  const isDocument = async (body: WindowBody): Promise<boolean> => isJson(body.mediaType) && (!isSmall(body) || (await parsedOf(body)) !== 'text');

  const readParsed = async (body: WindowBody, window: WindowRequest): Promise<BodyWindow | undefined> => {
    const found = await parsedOf(body);
    if (found === 'text') return withSource(body, blobs, (source) => bytesWindow(source, body, window, true));
    return documentWindow(body, found.document, window);
  };

  const readScanned = (body: WindowBody, window: WindowRequest): Promise<BodyWindow | undefined> =>
    withSource(body, blobs, async (source) => {
      const document = scannedOf(body);
      const place = await document.find(source, pointerNames(window.path));
      if (!place) return undefined;
      const head = { hash: body.hash, size: body.size, mediaType: body.mediaType, kind: place.kind, count: place.count, offset: window.offset };
      if (place.kind !== 'object' && place.kind !== 'array') return { ...head, entries: [], ...(await scalarAt(source, document, place, longestValue)) };
      const children = await document.children(source, place, window.offset, Math.min(mostEntries, window.limit));
      const entries: BodyEntry[] = [];
      for (const child of children) {
        const key = child.keyEnd > 0 ? (JSON.parse((await source.read(child.keyStart, child.keyEnd)).toString()) as string) : String(child.index);
        entries.push({ key, ...(await describePlace(source, document, child)) });
      }
      return { ...head, entries };
    });

  return {
    async read(body, request) {
      const window = { path: request.path, offset: Math.max(0, Math.trunc(request.offset) || 0), limit: Math.max(0, Math.trunc(request.limit) || 0) };
      if (!isJson(body.mediaType)) return window.path === '' ? withSource(body, blobs, (source) => bytesWindow(source, body, window, isTextType(body.mediaType))) : undefined;
      return isSmall(body) ? readParsed(body, window) : readScanned(body, window);
    },
    async find(body, request) {
      const form = (await isDocument(body)) ? 'json' : 'plain';
      if (form === 'plain' && !isTextType(body.mediaType)) throw new FlowError('DATA_INVALID', `A body of the type ${body.mediaType} cannot be searched: it is neither JSON nor a text.`);
      return withSource(body, blobs, (source) => findInBody(source, form, request, limits));
    },
    async query(body, request) {
      if (!(await isDocument(body))) throw new FlowError('DATA_INVALID', `A body of the type ${body.mediaType} cannot be queried: it is no JSON document.`);
      return withSource(body, blobs, (source) => queries(body.hash, source, scannedOf(body), request));
    },
  };
}

function parse(bytes: Uint8Array): { readonly document: unknown } | 'text' {
  try {
    return { document: parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return 'text';
  }
}

const wholeOf = (body: WindowBody, blobs: Pick<Blobs, 'pathOf'>): Promise<Uint8Array> => withSource(body, blobs, (source) => source.read(0, body.size));

async function withSource<T>(body: WindowBody, blobs: Pick<Blobs, 'pathOf'>, work: (source: ByteSource) => Promise<T>): Promise<T> {
  if (body.bytes) {
    const bytes = Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
    return work({ size: bytes.length, read: async (start, end) => bytes.subarray(start, end) });
  }
  const file = await open(blobs.pathOf(body.hash));
  try {
    return await work({ size: body.size, read: pieces(async (start, end) => readRange(file, start, end)), fill: (buffer, start) => fillFrom(file, buffer, start) });
  } finally {
    await file.close();
  }
}

async function readRange(file: Awaited<ReturnType<typeof open>>, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, end - start));
  return buffer.subarray(0, await fillFrom(file, buffer, start));
}

async function fillFrom(file: Awaited<ReturnType<typeof open>>, buffer: Buffer, start: number): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

/** Answers small reads from the piece that was read last: the entries of a page lie side by side. */
function pieces(read: (start: number, end: number) => Promise<Buffer>): (start: number, end: number) => Promise<Buffer> {
  let piece: Buffer = Buffer.alloc(0);
  let at = 0;
  return async (start, end) => {
    if (start >= at && end <= at + piece.length) return piece.subarray(start - at, end - at);
    piece = await read(start, end - start < 64 * 1024 ? start + 64 * 1024 : end);
    at = start;
    return piece.subarray(0, end - start);
  };
}
