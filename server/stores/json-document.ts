import { parseJson } from '../../plugins/sdk/index.ts';
import type { BodyEntry } from '../model/api.ts';
import { kindOfValue } from '../model/body-window.ts';
import { scanChildren, type ByteSource, type Child, type JsonKind } from './json-scan.ts';

export interface JsonLimits {
  /** One entry in so many is remembered, as a place to begin. */
  readonly stride?: number;
  /** Entries longer than this are remembered and jumped over. */
  readonly bigBytes?: number;
  readonly chunkBytes?: number;
}

/** What was learnt of one big JSON document: each object or array in it is scanned once, then any page of it is near a place that is known. */
export interface JsonDocument {
  find(source: ByteSource, keys: readonly string[]): Promise<Child | undefined>;
  /** Entries of an object or array. */
  children(source: ByteSource, place: Child, offset: number, limit: number): Promise<Child[]>;
  /** The entry of an object. */
  child(source: ByteSource, place: Child, key: string): Promise<Child | undefined>;
  /** The value of a scalar; texts are cut after `most` letters. */
  value(source: ByteSource, place: Child, most: number): Promise<{ value: unknown; cut?: true }>;
}

interface Index {
  readonly count: number;
  /** Where every `stride`-th entry begins. */
  readonly places: readonly number[];
  /** Long entries by the place of their value. */
  readonly big: ReadonlyMap<number, Child>;
}

export function openJsonDocument({ stride = 64, bigBytes = 64 * 1024, chunkBytes }: JsonLimits = {}): JsonDocument {
  const indexes = new Map<number, Promise<Index>>();
  let root: Promise<Child | undefined> | undefined;
  const chunk = chunkBytes === undefined ? {} : { chunkBytes };

  const indexOf = (source: ByteSource, place: Child): Promise<Index> => {
    const known = indexes.get(place.start);
    if (known) return known;
    const index = build(source, place);
    indexes.set(place.start, index);
    // A failed read is not remembered.
    index.catch(() => indexes.delete(place.start));
    return index;
  };

  const build = async (source: ByteSource, place: Child): Promise<Index> => {
    const places: number[] = [];
    const big = new Map<number, Child>();
    let count = 0;
    await scanChildren(source, {
      start: place.start + 1, index: 0, inObject: place.kind === 'object', ...chunk,
      child(child) {
        if (count % stride === 0) places.push(child.keyEnd > 0 ? child.keyStart : child.start);
        if (child.end - child.start > bigBytes) big.set(child.start, child);
        count++;
        return true;
      },
    });
    return { count, places, big };
  };

  const children = async (source: ByteSource, place: Child, offset: number, limit: number): Promise<Child[]> => {
    if (limit === 0 || offset >= place.count) return [];
    const index = await indexOf(source, place);
    const near = Math.floor(offset / stride);
    const start = index.places[near];
    if (start === undefined) return [];
    const found: Child[] = [];
    await scanChildren(source, {
      start, index: near * stride, inObject: place.kind === 'object', known: index.big, ...chunk,
      child(child) {
        if (child.index >= offset) found.push(child);
        return found.length < limit;
      },
    });
    return found;
  };

  const childByKey = async (source: ByteSource, place: Child, key: string): Promise<Child | undefined> => {
    const index = await indexOf(source, place);
    const quoted = JSON.stringify(key);
    const keys: Child[] = [];
    // Keys are compared after the scan, which does not wait: those of the same length in bytes, and those with escapes, which may be any length.
    const bytes = Buffer.byteLength(quoted);
    await scanChildren(source, { start: place.start + 1, index: 0, inObject: true, known: index.big, ...chunk, child: (child) => (child.keyEnd - child.keyStart >= bytes && keys.push(child), true) });
    for (const child of keys) if ((JSON.parse((await source.read(child.keyStart, child.keyEnd)).toString()) as string) === key) return child;
    return undefined;
  };

  return {
    async find(source, keys) {
      root ??= findRoot(source, chunk);
      let place = await root;
      for (const key of keys) {
        if (!place) return undefined;
        if (place.kind === 'object') place = await childByKey(source, place, key);
        else if (place.kind !== 'array' || !/^(0|[1-9]\d*)$/.test(key)) return undefined;
        else [place] = await children(source, place, Number(key), 1);
      }
      return place;
    },
    children,
    child: childByKey,
    async value(source, place, most) {
      if (place.kind !== 'string') return { value: tryParse((await source.read(place.start, Math.min(place.end, place.start + 4_096))).toString()) };
      // A letter is at most 6 bytes (an escape).
      const bytes = await source.read(place.start, Math.min(place.end, place.start + 2 + most * 6 + 12));
      const isWhole = bytes.length === place.end - place.start;
      const text = tryParse(isWhole ? bytes.toString() : `${bytes.toString().replace(/\uFFFD*$/, '').replace(/\\(u[\da-f]{0,3})?$/i, '')}"`);
      if (typeof text !== 'string') return { value: text };
      return text.length > most || !isWhole ? { value: text.slice(0, most), cut: true } : { value: text };
    },
  };
}

/** A number that is too long for one is a text: its kind is told by the value. */
export async function scalarAt(source: ByteSource, document: JsonDocument, place: Child, most: number): Promise<{ kind: JsonKind; value: unknown; cut?: true }> {
  const found = await document.value(source, place, most);
  return { kind: kindOfValue(found.value), ...found };
}

const longestEntry = 1024;

/** What is told of an entry. */
export const describePlace = async (source: ByteSource, document: JsonDocument, place: Child): Promise<Omit<BodyEntry, 'key'>> =>
  place.kind === 'object' || place.kind === 'array' ? { kind: place.kind, count: place.count } : scalarAt(source, document, place, longestEntry);

/** The document as the only entry of a list: the bracket that would end it is added. */
async function findRoot(source: ByteSource, chunk: { chunkBytes?: number }): Promise<Child | undefined> {
  const closed: ByteSource = {
    size: source.size + 1,
    read: async (start, end) => (end <= source.size ? source.read(start, end) : Buffer.concat([await source.read(start, source.size), Buffer.from(']')])),
    ...(source.fill && { fill: async (buffer: Buffer, start: number) => {
      const length = Math.min(await source.fill!(buffer, start), source.size - start);
      if (start + length < source.size || length === buffer.length) return length;
      buffer[length] = 0x5d;
      return length + 1;
    } }),
  };
  let found: Child | undefined;
  await scanChildren(closed, { start: 0, index: 0, inObject: false, ...chunk, child: (child) => ((found = child), false) });
  return found;
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
