import type { BodyWindow } from '../../server/model/api.ts';
import { toPointer, type Segments } from './payload-path.ts';
import type { LoadWindow } from './payload-tree.ts';

const chunkBytes = 65_536;
const contextBytes = 1_000;
/** No browser draws longer lines well. */
const lineLength = 2_000;
const entriesAtOnce = 100;

/** A text or binary body, read from its start as far as it was looked at. */
export interface Excerpt {
  readonly lines: readonly string[];
  readonly bytes: number;
  readonly size: number;
  readonly complete: boolean;
  /** Some of its bytes are no UTF-8. */
  readonly isFaulty?: boolean;
  /** Number of the first line, where it is not 1. */
  readonly firstLine?: number;
  /** The line that a search has led to, by its place in `lines`. */
  readonly found?: number;
}

/** What the first window of a text holds. */
export const startExcerpt = (first: BodyWindow): Excerpt => extend({ lines: [], bytes: 0, size: first.size, complete: false }, first);

/** What stands around a line that was found, from a little before it on. */
export async function excerptAt(load: LoadWindow, { line, offset }: { readonly line: number; readonly offset: number }, size: number): Promise<Excerpt> {
  const start = Math.max(0, offset - contextBytes);
  const before = offset > start ? String((await load({ path: '', offset: start, limit: offset - start })).value ?? '') : '';
  // In the middle of a very long line, or of one that was cut at its start, nothing stands before.
  const whole = !before.endsWith('\n') ? '' : start > 0 ? before.slice(before.indexOf('\n') + 1) : before;
  const lines = whole === '' ? [''] : toLines(whole);
  const found = lines.length - 1;
  return extend({ lines, bytes: offset, size, complete: false, firstLine: line - found, found }, await load({ path: '', offset, limit: chunkBytes }));
}

/** The next 64 KB. */
export async function readOn(excerpt: Excerpt, load: LoadWindow): Promise<Excerpt> {
  const window = await load({ path: '', offset: excerpt.bytes, limit: chunkBytes });
  // A host that cannot read from the middle gives the start again: then there is no more to show.
  return window.offset === excerpt.bytes ? extend(excerpt, window) : { ...excerpt, complete: true };
}

/** A value, or of what there was too much: of entries, or of one text, of which a window has no more than its start. */
export type Collected = { readonly value: unknown } | { readonly tooMuch: 'entries' | 'text' };

/** A value and all that is in it, for the clipboard and the text view, where it has no more than `limit` entries. */
export async function collect(load: LoadWindow, segments: Segments, limit: number): Promise<Collected> {
  const budget = { left: limit };
  return collectAt(load, segments, budget);
}

async function collectAt(load: LoadWindow, segments: Segments, budget: { left: number }): Promise<Collected> {
  const window = await load({ path: toPointer(segments), offset: 0, limit: entriesAtOnce });
  if (window.kind !== 'object' && window.kind !== 'array') return window.cut ? { tooMuch: 'text' } : { value: window.value };
  budget.left -= window.count;
  if (budget.left < 0) return { tooMuch: 'entries' };
  const values: [string, unknown][] = [];
  for (let page = window; ;) {
    for (const entry of page.entries) {
      const deeper = entry.cut || ((entry.kind === 'object' || entry.kind === 'array') && entry.count !== 0);
      const place = [...segments, window.kind === 'array' ? values.length : entry.key];
      const empty = entry.kind === 'array' ? [] : entry.kind === 'object' ? {} : entry.value;
      const inner = deeper ? await collectAt(load, place, budget) : { value: empty };
      if ('tooMuch' in inner) return inner;
      values.push([entry.key, inner.value]);
    }
    if (values.length >= window.count || page.entries.length === 0) break;
    page = await load({ path: toPointer(segments), offset: values.length, limit: entriesAtOnce });
  }
  return { value: window.kind === 'array' ? values.map(([, value]) => value) : Object.fromEntries(values) };
}

/** Text as lines to draw; a very long line goes on in the next one. */
export function toLines(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (line.length <= lineLength) return [line];
    const parts: string[] = [];
    for (let at = 0; at < line.length; at += lineLength) parts.push(line.slice(at, at + lineLength));
    return parts;
  });
}

/** `00000010  48 65 6c 6c 6f …  Hello` */
export function toHexLines(bytes: Uint8Array, start: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const shown = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${(start + at).toString(16).padStart(8, '0')}  ${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}  ${shown}`);
  }
  return lines;
}

function extend(excerpt: Excerpt, window: BodyWindow): Excerpt {
  const text = typeof window.value === 'string' ? window.value : window.value === undefined ? '' : JSON.stringify(window.value);
  if (window.kind === 'binary') {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return done(excerpt, toHexLines(bytes, excerpt.bytes), bytes.length, window);
  }
  const lines = toLines(text);
  // The chunk begins where the last line of the one before was cut.
  const first = (excerpt.lines.at(-1) ?? '') + (lines[0] ?? '');
  const joined = toLines(lines.length > 1 ? first.replace(/\r$/, '') : first);
  return done({ ...excerpt, lines: excerpt.lines.slice(0, -1) }, [...joined, ...lines.slice(1)], window.faulty?.bytes ?? new TextEncoder().encode(text).length, window);
}

function done(excerpt: Excerpt, lines: readonly string[], bytes: number, window: BodyWindow): Excerpt {
  const read = excerpt.bytes + bytes;
  return { ...excerpt, lines: [...excerpt.lines, ...lines], bytes: read, size: window.size, complete: !window.cut || bytes === 0, ...(window.faulty && { isFaulty: true }) };
}
