import type { FindPattern } from './find-pattern.ts';
import type { ByteSource } from './json-scan.ts';

/** Where a search stands in a text. */
export interface LinePlace {
  readonly at: number;
  /** The line that this is in, from 1, and where it begins. */
  readonly line: number;
  readonly lineStart: number;
  /** Where the piece begins that was found last; -1: none. */
  readonly last: number;
}

export interface LineHit {
  readonly line: number;
  readonly lineStart: number;
  /** Where the line begins, or the piece of it: very long lines are found in pieces. */
  readonly offset: number;
  readonly hit: number;
}

export interface LineFindOptions {
  readonly from: LinePlace;
  readonly find: FindPattern;
  /** False ends the search after this one. */
  readonly found: (hit: LineHit) => boolean;
  readonly isDue: () => boolean;
  readonly chunkBytes?: number;
}

export const startOfLines: LinePlace = { at: 0, line: 1, lineStart: 0, last: -1 };

const pieceBytes = 2_000;
const defaultChunk = 512 * 1024;

/** Finds the lines of a text that hold another one, each once. Gives where it has stopped, `undefined` at the end. */
export async function findInLines(source: ByteSource, { from, find: { pattern, longest }, found, isDue, chunkBytes = defaultChunk }: LineFindOptions): Promise<LinePlace | undefined> {
  let { at, line, lineStart, last } = from;
  for (let isFirst = true; at < source.size; isFirst = false) {
    if (!isFirst && isDue()) return { at, line, lineStart, last };
    const base = at;
    const chunk = await source.read(base, Math.min(source.size, base + chunkBytes + longest));
    if (chunk.length === 0) return undefined;
    const bytes = chunk.toString('latin1');
    const goTo = (place: number): void => {
      for (let next = bytes.indexOf('\n', at - base); next >= 0 && base + next < place; next = bytes.indexOf('\n', next + 1)) {
        line++;
        lineStart = base + next + 1;
      }
      at = place;
    };
    // A match that the end of the piece may cut belongs to the next one.
    const end = base + chunk.length >= source.size ? source.size : base + chunk.length - longest + 1;
    for (pattern.lastIndex = 0; ;) {
      const match = pattern.exec(bytes);
      if (!match || base + match.index >= end) break;
      const hit = base + match.index;
      goTo(hit);
      const offset = lineStart + Math.floor((hit - lineStart) / pieceBytes) * pieceBytes;
      if (offset === last) continue;
      last = offset;
      if (!found({ line, lineStart, offset, hit })) return { at: hit, line, lineStart, last };
    }
    goTo(end);
  }
  return undefined;
}
