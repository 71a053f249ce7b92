import type { DatabaseSync } from 'node:sqlite';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { PayloadMatch, RunFilter, RunSummary } from '../model/api.ts';
import { compilePath } from '../model/path.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { Archive } from './archive.ts';
import type { Blobs } from './blobs.ts';
import { eventKinds } from './migrations.ts';
import { statement } from './statements.ts';

/** Either `text`, or `path` and `value`. */
export interface BodySearch extends RunFilter {
  readonly text?: string;
  readonly path?: string;
  readonly value?: string;
  readonly cursor?: string;
  readonly limit?: number;
  /** How long it may take; default 2,000. */
  readonly budgetMs?: number;
}

export interface BodySearchResult {
  readonly items: readonly PayloadMatch[];
  readonly cursor?: string;
  readonly runs: number;
  readonly skipped: number;
}

/** Looks into one body. `undefined`: it is too long for that. */
type Look = (body: BodyRow) => Promise<boolean | undefined>;

interface BodyRow {
  readonly hash: Uint8Array;
  readonly size: number;
  readonly data: Uint8Array | null;
  readonly media_type: string;
}

const defaults = { limit: 20, budgetMs: 2_000 };
const runsAtOnce = 50;
const namesAtOnce = 500;
/** Longer documents are not read as such: everything else would wait. */
const longestDocument = 8 * 1024 * 1024;

/**
 * Looks through the recorded bodies of runs, the newest run first, until so many are found or the time is used up; the cursor says where to go on, also in the
 * middle of a run. One body is in memory at a time. There is no index of what is in bodies: it would be as big as they are. Fails with `CONFIG_PATH`.
 */
export async function searchBodies(search: BodySearch, { reader, blobs, archive }: { readonly reader: DatabaseSync; readonly blobs: Blobs; readonly archive: Archive }): Promise<BodySearchResult> {
  const { text, path, value, cursor, limit = defaults.limit, budgetMs = defaults.budgetMs, ...filter } = search;
  const look = path !== undefined && value !== undefined ? atPath(blobs, path, value) : holding(blobs, text ?? '');
  const until = performance.now() + budgetMs;
  /** Many runs share bodies. */
  const known = new Map<number, boolean | undefined>();
  const items: PayloadMatch[] = [];
  const skipped = new Set<number>();
  let runs = 0;
  let looks = 0;
  const begin = cursor === undefined ? undefined : placeIn(cursor);
  for (let before = begin?.before ?? Number.MAX_SAFE_INTEGER; ;) {
    const page = archive.runsBefore(filter, before, runsAtOnce);
    for (const { number, ...run } of page) {
      if (items.length >= limit) return { items, cursor: String(before), runs, skipped: skipped.size };
      let last = begin?.run === number ? begin.body : 0;
      for (const { id, mediaType } of bodiesOf(reader, number, last)) {
        // At least one with each call, or it would never end.
        if (looks++ > 0 && performance.now() > until) return { items, cursor: `${number}.${last}`, runs, skipped: skipped.size };
        if (!known.has(id)) {
          const body = bodyRow(reader, id);
          known.set(id, body ? await look({ ...body, media_type: mediaType }) : false);
          await new Promise(setImmediate);
        }
        last = id;
        const found = known.get(id);
        if (found === undefined) skipped.add(id);
        if (!found) continue;
        items.push(placeOf(reader, number, run, { hash: hashOf(reader, id), mediaType }));
        break;
      }
      before = number;
      runs++;
    }
    if (page.length < runsAtOnce) return { items, runs, skipped: skipped.size };
  }
}

/** Of a cursor: see `searchCursor`. */
function placeIn(cursor: string): { readonly before: number; readonly run?: number; readonly body: number } {
  const [run, body] = cursor.split('.').map(Number) as [number, number | undefined];
  return body === undefined ? { before: run, body: 0 } : { before: run + 1, run, body };
}

/** Names of the bodies of a run, in an order that stays; few at a time, since others write meanwhile. */
function* bodiesOf(reader: DatabaseSync, run: number, after: number): Generator<{ readonly id: number; readonly mediaType: string }> {
  for (let last = after; ;) {
    const names = statement(reader, 'SELECT body AS id, media_type AS mediaType FROM body_refs WHERE run = ? AND body > ? ORDER BY body LIMIT ?').all(run, last, namesAtOnce) as { id: number; mediaType: string }[];
    yield* names;
    if (names.length < namesAtOnce) return;
    last = names.at(-1)!.id;
  }
}

/** `undefined` where it was cleaned up meanwhile. */
const bodyRow = (reader: DatabaseSync, id: number): Omit<BodyRow, 'media_type'> | undefined => statement(reader, 'SELECT hash, size, data FROM bodies WHERE id = ?').get(id) as Omit<BodyRow, 'media_type'> | undefined;

const hashOf = (reader: DatabaseSync, id: number): string => Buffer.from((statement(reader, 'SELECT hash FROM bodies WHERE id = ?').get(id) as { hash?: Uint8Array } | undefined)?.hash ?? []).toString('hex');

/** A text in JSON stands there with its quotation marks and line ends escaped. */
function holding(blobs: Blobs, text: string): Look {
  const needles = [...new Set([text, JSON.stringify(text).slice(1, -1)])].map((form) => Buffer.from(form));
  const longest = Math.max(...needles.map(({ length }) => length));
  return async ({ hash, data }) => {
    if (data) return needles.some((needle) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes(needle));
    let rest = Buffer.alloc(0);
    try {
      for await (const chunk of blobs.read(Buffer.from(hash).toString('hex'))) {
        const bytes = Buffer.concat([rest, chunk]);
        if (needles.some((needle) => bytes.includes(needle))) return true;
        rest = bytes.subarray(Math.max(0, bytes.length - longest + 1));
      }
    } catch {
      // It was cleaned up meanwhile.
    }
    return false;
  };
}

function atPath(blobs: Blobs, query: string, value: string): Look {
  const path = compilePath(query);
  return async (body) => {
    if (!/json/.test(body.media_type)) return false;
    if (body.size > longestDocument) return undefined;
    try {
      const bytes = body.data ?? (await readWhole(blobs, Buffer.from(body.hash).toString('hex')));
      return path.all(parseJson(Buffer.from(bytes).toString('utf8'))).some((found) => (typeof found === 'string' ? found : JSON.stringify(found)) === value);
    } catch {
      // It is gone, or no JSON in spite of its type.
      return false;
    }
  };
}

async function readWhole(blobs: Blobs, hash: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.read(hash)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sides: Readonly<Record<number, PayloadMatch['side']>> = { [eventKinds.in]: 'in', [eventKinds.out]: 'out', [eventKinds.failed]: 'failed', [eventKinds.exchange]: 'exchange' };

/** Where the body came up first in the run. */
function placeOf(reader: DatabaseSync, number: number, run: RunSummary, { hash: body, mediaType }: { readonly hash: string; readonly mediaType: string }): PayloadMatch {
  const row = statement(reader, `SELECT kind, step, json FROM events WHERE run = ? AND (kind BETWEEN ${eventKinds.in} AND ${eventKinds.exchange} OR seq = 1) AND instr(json, ?) > 0 ORDER BY seq LIMIT 1`).get(number, body) as { kind: number; step: string | null; json: string } | undefined;
  const event = row && (JSON.parse(row.json) as RunEvent);
  const payload = event && 'payload' in event ? (typeof event.payload === 'string' ? event.payload : event.payload?.id) : undefined;
  return { run, side: (row && sides[row.kind]) ?? 'input', body, mediaType, ...(row?.step != null && { step: row.step }), ...(payload !== undefined && { payload }) };
}
