/** Bytes of a body, anywhere in it. */
export interface ByteSource {
  readonly size: number;
  read(start: number, end: number): Promise<Buffer>;
  /** Bytes from `start` on into a buffer that is there; gives how many. Where there is none, each part that is scanned is another buffer. */
  fill?(buffer: Buffer, start: number): Promise<number>;
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** An entry of an object or array: where it lies and what it is. Offsets count bytes of the document. */
export interface Child {
  readonly index: number;
  /** Place of the quoted key of an object's entry; both 0 in an array. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
  readonly kind: JsonKind;
  /** Entries of an object or array. */
  readonly count: number;
}

export interface ScanOptions {
  /** Where to begin: right after the opening bracket, or where an entry (its key, in an object) begins. */
  readonly start: number;
  readonly index: number;
  readonly inObject: boolean;
  /** Entries known already, by the place where their value starts: they are jumped over. */
  readonly known?: ReadonlyMap<number, Child>;
  /** False ends the scan. */
  readonly child: (child: Child) => boolean;
  readonly chunkBytes?: number;
}

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const defaultChunk = 512 * 1024;

/**
 * Finds the entries of one object or array without reading them: brackets and quotation marks are counted, nothing is parsed, so memory stays the same
 * however big the document is. Resolves at the closing bracket, at the end of the document, or when `child` has had enough.
 */
export async function scanChildren(source: ByteSource, options: ScanOptions): Promise<void> {
  const scanner = createScanner(options);
  const chunkBytes = options.chunkBytes ?? defaultChunk;
  // One for all of it: the scanner keeps nothing of a chunk.
  const buffer = source.fill && Buffer.allocUnsafeSlow(Math.min(chunkBytes, Math.max(0, source.size - options.start)));
  for (let at: number | undefined = options.start; at !== undefined && at < source.size; ) {
    const chunk: Buffer = buffer ? buffer.subarray(0, Math.min(await source.fill!(buffer, at), source.size - at)) : await source.read(at, Math.min(source.size, at + chunkBytes));
    if (chunk.length === 0) return;
    at = scanner(chunk, at);
  }
}

// One function over local numbers, because it runs for each byte of documents of a hundred megabytes.
function createScanner({ index: firstIndex, inObject, known, child }: ScanOptions): (chunk: Buffer, base: number) => number | undefined {
  let index = firstIndex;
  let depth = 1;
  let isText = false, isEscaped = false, isKey = inObject;
  let start = -1, keyStart = 0, keyEnd = 0, first = 0, commas = 0, isEmpty = true;

  /** Ends the entry that is being read, if there is one. */
  const finish = (end: number): boolean => {
    if (start < 0) return true;
    const entry: Child = { index, keyStart, keyEnd, start, end, kind: kindOf(first), count: isEmpty ? 0 : commas + 1 };
    index++;
    start = -1;
    return child(entry);
  };

  /** Gives where to read on; `undefined` at the end. */
  return (chunk, base) => {
    for (let i = 0; i < chunk.length; i++) {
      if (isText) {
        if (isEscaped) {
          isEscaped = false;
          continue;
        }
        while (i < chunk.length && chunk[i] !== QUOTE && chunk[i] !== BACKSLASH) i++;
        if (i === chunk.length) break;
        if (chunk[i] === BACKSLASH) isEscaped = true;
        else {
          isText = false;
          if (depth === 1 && isKey) keyEnd = base + i + 1;
        }
        continue;
      }
      const byte = chunk[i]!;
      if (byte === 0x20 || (byte <= 0x0d && byte >= 0x09)) continue;
      if (depth === 1) {
        if (byte === COMMA) {
          if (!finish(base + i)) return undefined;
          isKey = inObject;
          continue;
        }
        if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
          finish(base + i);
          return undefined;
        }
        if (byte === COLON && isKey) {
          isKey = false;
          continue;
        }
        if (isKey) {
          if (byte === QUOTE) {
            isText = true;
            keyStart = base + i;
          }
          continue;
        }
        if (start < 0) {
          const jump = known?.get(base + i);
          if (jump) {
            index++;
            // At its end stands the comma or the bracket that goes on from there.
            return child(jump) ? jump.end : undefined;
          }
          start = base + i;
          first = byte;
          commas = 0;
          isEmpty = true;
        }
      } else if (depth === 2) {
        if (byte === COMMA) {
          commas++;
          continue;
        }
        if (byte !== CLOSE_ARRAY && byte !== CLOSE_OBJECT) isEmpty = false;
      }
      if (byte === QUOTE) isText = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    }
    return base + chunk.length;
  };
}

const kindOf = (byte: number): JsonKind => {
  if (byte === OPEN_OBJECT) return 'object';
  if (byte === OPEN_ARRAY) return 'array';
  if (byte === QUOTE) return 'string';
  if (byte === 0x74 || byte === 0x66) return 'boolean';
  return byte === 0x6e ? 'null' : 'number';
};
