import { open } from 'node:fs/promises';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { BodyEntry, BodyWindow } from '../model/api.ts';
import { isJson } from '../engine/payload.ts';
import { documentWindow, keysOf, kindOfValue, type WindowRequest } from '../model/body-window.ts';
import { createCache } from '../model/lru.ts';
import type { Blobs } from './blobs.ts';
import { openJsonDocument, type JsonDocument, type JsonLimits } from './json-document.ts';
import type { ByteSource, Child, JsonKind } from './json-scan.ts';
import { bytesWindow, isTextType } from './text-window.ts';

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
}

/** Documents up to this size are parsed as a whole. */
const parsedBytes = 4 * 1024 * 1024;
const mostEntries = 1_000;
const longestValue = 64 * 1024;
const longestEntry = 1024;

export function openWindows(blobs: Pick<Blobs, 'pathOf'>, limits: JsonLimits & { readonly parsedBytes?: number } = {}): Windows {
  const parsed = createCache<{ readonly document: unknown } | 'text'>(4);
  const scanned = createCache<JsonDocument>(16);

  const readParsed = async (body: WindowBody, window: WindowRequest): Promise<BodyWindow | undefined> => {
    const found = parsed.get(body.hash) ?? parsed.add(body.hash, parse(await wholeOf(body, blobs)));
    if (found === 'text') return withSource(body, blobs, (source) => bytesWindow(source, body, window, true));
    return documentWindow(body, found.document, window);
  };

  const readScanned = (body: WindowBody, window: WindowRequest): Promise<BodyWindow | undefined> =>
    withSource(body, blobs, async (source) => {
      const document = scanned.get(body.hash) ?? scanned.add(body.hash, openJsonDocument(limits));
      // A number that is too long for one is a text: its kind is told by the value.
      const scalarAt = async (place: Child, most: number): Promise<{ kind: JsonKind; value: unknown; cut?: true }> => {
        const found = await document.value(source, place, most);
        return { kind: kindOfValue(found.value), ...found };
      };
      const place = await document.find(source, keysOf(window.path));
      if (!place) return undefined;
      const head = { hash: body.hash, size: body.size, mediaType: body.mediaType, kind: place.kind, count: place.count, offset: window.offset };
      if (place.kind !== 'object' && place.kind !== 'array') return { ...head, entries: [], ...(await scalarAt(place, longestValue)) };
      const children = await document.children(source, place, window.offset, Math.min(mostEntries, window.limit));
      const entries: BodyEntry[] = [];
      for (const child of children) {
        const key = child.keyEnd > 0 ? (JSON.parse((await source.read(child.keyStart, child.keyEnd)).toString()) as string) : String(child.index);
        const isScalar = child.kind !== 'object' && child.kind !== 'array';
        entries.push({ key, kind: child.kind, ...(isScalar ? await scalarAt(child, longestEntry) : { count: child.count }) });
      }
      return { ...head, entries };
    });

  return {
    async read(body, request) {
      const window = { path: request.path, offset: Math.max(0, Math.trunc(request.offset) || 0), limit: Math.max(0, Math.trunc(request.limit) || 0) };
      if (!isJson(body.mediaType)) return window.path === '' ? withSource(body, blobs, (source) => bytesWindow(source, body, window, isTextType(body.mediaType))) : undefined;
      return body.size <= (limits.parsedBytes ?? parsedBytes) ? readParsed(body, window) : readScanned(body, window);
    },
  };
}

function parse(bytes: Uint8Array): { readonly document: unknown } | 'text' {
  try {
    return { document: parseJson(new TextDecoder().decode(bytes)) };
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
    return await work({ size: body.size, read: pieces(async (start, end) => readRange(file, start, end)) });
  } finally {
    await file.close();
  }
}

async function readRange(file: Awaited<ReturnType<typeof open>>, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, end - start));
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
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
