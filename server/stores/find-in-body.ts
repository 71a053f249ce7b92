import type { BodyFound, BodyMatch, FindRequest } from '../model/body-find.ts';
import { pointerOf } from '../model/json.ts';
import { findPattern, isInEscape, type FindPattern } from './find-pattern.ts';
import { findInJson, startOfJson, type JsonHit, type JsonPlace, type OpenEntry } from './json-find.ts';
import type { ByteSource } from './json-scan.ts';
import { findInLines, startOfLines, type LineHit, type LinePlace } from './line-find.ts';

export interface FindLimits {
  /** How long one call looks; default 250. */
  readonly budgetMs?: number;
  readonly chunkBytes?: number;
}

/** Looks on in a body for as long as a call may take. */
export async function findInBody(source: ByteSource, form: 'json' | 'plain', { text, cursor, skip = 0, limit = 100 }: FindRequest, { budgetMs = 250, ...chunk }: FindLimits = {}): Promise<BodyFound> {
  const until = performance.now() + budgetMs;
  const find = findPattern(text, form);
  const hits: (JsonHit | LineHit)[] = [];
  let skipped = 0;
  const options = {
    find, ...chunk,
    isDue: () => performance.now() > until,
    found(hit: JsonHit | LineHit) {
      if (skipped < skip) skipped++;
      else hits.push(hit);
      return hits.length < limit;
    },
  };
  const stopped = form === 'json'
    ? jsonCursor(await findInJson(source, { ...options, from: cursor === undefined ? startOfJson : readJsonCursor(cursor) }))
    : lineCursor(await findInLines(source, { ...options, from: cursor === undefined ? startOfLines : readLineCursor(cursor) }));
  const matches: BodyMatch[] = [];
  const keys = new Map<number, string>();
  for (const hit of hits) matches.push('side' in hit ? await describeJson(source, hit, find, keys) : await describeLine(source, hit, find));
  return { matches, skipped, ...(stopped !== undefined && { cursor: stopped }) };
}

async function describeJson(source: ByteSource, hit: JsonHit, find: FindPattern, keys: Map<number, string>): Promise<BodyMatch> {
  const path: (string | number)[] = [];
  for (const entry of hit.open) path.push(entry.keyEnd > 0 ? await keyOf(source, entry, keys) : entry.index);
  return { pointer: pointerOf(path), side: hit.side, excerpt: await excerptOf(source, hit, find, 'json') };
}

/** Most of them are those of the match before. */
async function keyOf(source: ByteSource, { keyStart, keyEnd }: OpenEntry, keys: Map<number, string>): Promise<string> {
  const known = keys.get(keyStart);
  if (known !== undefined) return known;
  const key = unescape((await source.read(keyStart + 1, keyEnd - 1)).toString());
  keys.set(keyStart, key);
  return key;
}

async function describeLine(source: ByteSource, { line, lineStart, offset, hit }: LineHit, find: FindPattern): Promise<BodyMatch> {
  // A part of a long line may begin in the middle of a letter.
  const start = await source.read(offset, Math.min(source.size, offset + 4));
  const aligned = offset + Math.max(0, start.findIndex((byte) => (byte & 0xc0) !== 0x80));
  return { pointer: '', side: 'line', line, offset: aligned, excerpt: await excerptOf(source, { start: lineStart, end: source.size, hit }, find, 'plain') };
}

const around = 60;

/** The text with what stands before and after it, in one line. */
async function excerptOf(source: ByteSource, { start, end, hit }: Pick<JsonHit, 'start' | 'end' | 'hit'>, { longest }: FindPattern, form: 'json' | 'plain'): Promise<string> {
  const from = Math.max(start, hit - around);
  const to = Math.min(end, hit + longest + around);
  const bytes = await source.read(from, to);
  const latin = bytes.toString('latin1');
  const isMiddle = (at: number): boolean => (bytes[at]! & 0xc0) === 0x80 || (form === 'json' && isInEscape(latin, at));
  let first = 0;
  if (from > start) while (first < hit - from && isMiddle(first)) first++;
  const whole = bytes.subarray(first).toString();
  const text = to < end ? whole.replace(/\uFFFD+$/, '') : whole;
  if (form === 'plain') {
    const [line] = text.split(/\r?\n/, 1) as [string];
    return `${from > start ? '…' : ''}${line}${to < end && line.length === text.length ? '…' : ''}`;
  }
  return `${from > start ? '…' : ''}${unescape(to < end ? text.replace(/\\(?:u[\da-f]{0,3})?$/i, '') : text)}${to < end ? '…' : ''}`;
}

const unescape = (text: string): string => text.replaceAll(/\\(?:u([\da-f]{4})|(.))/gi, (_, code: string | undefined, letter: string) => (code === undefined ? (escaped[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16))));
const escaped: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

// A cursor is where the search stands, in numbers.
const jsonCursor = (place: JsonPlace | undefined): string | undefined => place && [place.at, place.isKey ? 1 : 0, ...place.open.flatMap(({ index, keyStart, keyEnd }) => [index, keyStart, keyEnd])].join('.');

function readJsonCursor(cursor: string): JsonPlace {
  const [at = 0, isKey = 0, ...rest] = cursor.split('.').map(Number);
  return { at, isKey: isKey === 1, open: Array.from({ length: Math.floor(rest.length / 3) }, (_, depth) => ({ index: rest[depth * 3]!, keyStart: rest[depth * 3 + 1]!, keyEnd: rest[depth * 3 + 2]! })) };
}

const lineCursor = (place: LinePlace | undefined): string | undefined => place && [place.at, place.line, place.lineStart, place.last].join('.');

function readLineCursor(cursor: string): LinePlace {
  const [at = 0, line = 1, lineStart = 0, last = -1] = cursor.split('.').map(Number);
  return { at, line, lineStart, last };
}
