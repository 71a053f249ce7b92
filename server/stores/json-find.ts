import { isInEscape, type FindPattern } from './find-pattern.ts';
import type { ByteSource } from './json-scan.ts';

/** Where a search stands: between two values or keys of a document. */
export interface JsonPlace {
  readonly at: number;
  /** What comes next is a key. */
  readonly isKey: boolean;
  /** What is open, from the outside in. */
  readonly open: readonly OpenEntry[];
}

/** The entry of an open object or array that the search is in. Both ends of the key are 0 in an array; in an object that was just opened it starts at -1. */
export interface OpenEntry {
  readonly index: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

export interface JsonHit {
  readonly side: 'key' | 'value';
  readonly open: readonly OpenEntry[];
  /** The key or value, without quotation marks. */
  readonly start: number;
  readonly end: number;
  /** Where in it the text stands first. */
  readonly hit: number;
}

export interface JsonFindOptions {
  readonly from: JsonPlace;
  readonly find: FindPattern;
  /** False ends the search after this one. */
  readonly found: (hit: JsonHit) => boolean;
  /** Asked between two pieces of the document; true ends the search there. */
  readonly isDue: () => boolean;
  readonly chunkBytes?: number;
}

export const startOfJson: JsonPlace = { at: 0, isKey: false, open: [] };

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const defaultChunk = 512 * 1024;

/**
 * Finds a text in the keys and values of a document, in its order; each key or value once. Nothing is parsed, and one piece of the document is in memory at a
 * time. Gives where it has stopped, `undefined` at the end of the document.
 */
export async function findInJson(source: ByteSource, { from, find, found, isDue, chunkBytes = defaultChunk }: JsonFindOptions): Promise<JsonPlace | undefined> {
  // Plain lists of numbers, because they change with each value of a hundred megabytes.
  const indexes = from.open.map(({ index }) => index);
  const keyStarts = from.open.map(({ keyStart }) => keyStart);
  const keyEnds = from.open.map(({ keyEnd }) => keyEnd);
  let { isKey } = from;
  let at = from.at;
  const openNow = (): OpenEntry[] => indexes.map((index, depth) => ({ index, keyStart: keyStarts[depth]!, keyEnd: keyEnds[depth]! }));
  const inObject = (): boolean => (keyStarts.at(-1) ?? 0) !== 0;
  /** Passes a key or value; `hit` is -1 where the text does not stand in it. */
  const pass = (start: number, end: number, hit: number): boolean => {
    const side = isKey ? 'key' : 'value';
    if (isKey) {
      keyStarts[keyStarts.length - 1] = start - 1;
      keyEnds[keyEnds.length - 1] = end + 1;
      isKey = false;
    }
    return hit < 0 || found({ side, open: openNow(), start, end, hit });
  };
  const placeAt = (place: number): JsonPlace => ({ at: place, isKey, open: openNow() });

  for (let isFirst = true; at < source.size; isFirst = false) {
    if (!isFirst && isDue()) return placeAt(at);
    const base = at;
    const chunk = await source.read(base, Math.min(source.size, base + chunkBytes));
    if (chunk.length === 0) return undefined;
    const isLast = base + chunk.length >= source.size;
    const seeker = seekerIn(chunk.toString('latin1'), find);
    let i = 0;
    let isCut = false;
    while (i < chunk.length) {
      const byte = chunk[i]!;
      if (byte === QUOTE || (byte !== COMMA && byte !== COLON && byte !== OPEN_OBJECT && byte !== OPEN_ARRAY && byte !== CLOSE_OBJECT && byte !== CLOSE_ARRAY && byte > 0x20)) {
        const isText = byte === QUOTE;
        const start = isText ? i + 1 : i;
        let end = isText ? endOfText(chunk, start) : endOfScalar(chunk, start);
        if (end >= chunk.length && !isLast) {
          isCut = true;
          break;
        }
        end = Math.min(end, chunk.length);
        i = isText ? end + 1 : end;
        const hit = seeker(start, end);
        if (!pass(base + start, base + end, hit < 0 ? -1 : base + hit)) return placeAt(Math.min(source.size, base + i));
        continue;
      }
      if (byte === COMMA) {
        if (indexes.length > 0) indexes[indexes.length - 1]!++;
        isKey = inObject();
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        indexes.push(0);
        keyStarts.push(byte === OPEN_OBJECT ? -1 : 0);
        keyEnds.push(0);
        isKey = byte === OPEN_OBJECT;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        indexes.pop();
        keyStarts.pop();
        keyEnds.pop();
        isKey = false;
      }
      i++;
    }
    at = base + i;
    if (!isCut || i > 0) continue;
    // It is longer than what is read at once.
    const long = await seekLong(source, base, find, chunkBytes);
    at = Math.min(source.size, long.isText ? long.end + 1 : long.end);
    if (!pass(long.start, long.end, long.hit)) return placeAt(at);
  }
  return undefined;
}

function endOfText(chunk: Buffer, start: number): number {
  let at = start;
  while (at < chunk.length && chunk[at] !== QUOTE) at += chunk[at] === BACKSLASH ? 2 : 1;
  return at;
}

function endOfScalar(chunk: Buffer, start: number): number {
  let at = start;
  while (at < chunk.length && chunk[at]! > 0x20 && chunk[at] !== COMMA && chunk[at] !== CLOSE_OBJECT && chunk[at] !== CLOSE_ARRAY) at++;
  return at;
}

/** Says where the text stands first between two places; -1: nowhere. The places only go forward. */
function seekerIn(bytes: string, { pattern }: FindPattern): (start: number, end: number) => number {
  let hitAt = -1;
  let hitEnd = 0;
  const seek = (from: number): void => {
    pattern.lastIndex = from;
    const match = pattern.exec(bytes);
    hitAt = match ? match.index : Number.POSITIVE_INFINITY;
    hitEnd = match ? match.index + match[0].length : 0;
  };
  return (start, end) => {
    for (let from = start; ; from = hitAt + 1) {
      if (hitAt < from) seek(from);
      if (hitAt >= end) return -1;
      if (hitEnd <= end && !isInEscape(bytes.slice(Math.max(start, hitAt - 64), hitAt), Math.min(64, hitAt - start))) return hitAt;
    }
  };
}

/** Looks through a text or number that is longer than what is read at once, in pieces that overlap by as much as the text has. */
async function seekLong(source: ByteSource, place: number, find: FindPattern, chunkBytes: number): Promise<{ readonly isText: boolean; readonly start: number; readonly end: number; readonly hit: number }> {
  const isText = (await source.read(place, place + 1))[0] === QUOTE;
  const start = isText ? place + 1 : place;
  const overlap = find.longest + 64;
  let hit = -1;
  for (let at = start; at < source.size; ) {
    const from = Math.max(start, at - overlap);
    const chunk = await source.read(from, Math.min(source.size, at + chunkBytes));
    const end = isText ? endOfText(chunk, at - from) : endOfScalar(chunk, at - from);
    const isOver = end < chunk.length;
    const inPiece = hit < 0 ? seekerIn(chunk.toString('latin1'), find)(0, Math.min(end, chunk.length)) : -1;
    if (inPiece >= 0) hit = from + inPiece;
    if (isOver) return { isText, start, end: from + end, hit };
    // An escape may end in the next piece.
    at = from + end;
  }
  return { isText, start, end: source.size, hit };
}
