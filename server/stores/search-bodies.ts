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
  readonly id: number;
  readonly hash: Uint8Array;
  readonly size: number;
  readonly data: Uint8Array | null;
  readonly media_type: string;
}

const defaults = { limit: 20, budgetMs: 2_000 };
const runsAtOnce = 50;
/** Longer documents are not read as such: everything else would wait. */
const longestDocument = 8 * 1024 * 1024;

/**
 * Looks through the recorded bodies of runs, the newest run first, until so many are found or the time is used up; the cursor says where to go on. There is no
 * index of what is in bodies: it would be as big as they are. Fails with `CONFIG_PATH`.
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
  for (let before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor); ;) {
    const page = archive.runsBefore(filter, before, runsAtOnce);
    for (const { number, ...run } of page) {
      // At least one with each call, or it would never end.
      if (runs > 0 && (items.length >= limit || performance.now() > until)) return { items, cursor: String(before), runs, skipped: skipped.size };
      for (const body of statement(reader, 'SELECT b.id, b.hash, b.size, b.data, r.media_type FROM body_refs r JOIN bodies b ON b.id = r.body WHERE r.run = ? ORDER BY b.id').all(number) as unknown as BodyRow[]) {
        if (!known.has(body.id)) {
          known.set(body.id, await look(body));
          await new Promise(setImmediate);
        }
        const found = known.get(body.id);
        if (found === undefined) skipped.add(body.id);
        if (!found) continue;
        items.push(placeOf(reader, number, run, body));
        break;
      }
      before = number;
      runs++;
    }
    if (page.length < runsAtOnce) return { items, runs, skipped: skipped.size };
  }
}

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
function placeOf(reader: DatabaseSync, number: number, run: RunSummary, { hash, media_type: mediaType }: BodyRow): PayloadMatch {
  const body = Buffer.from(hash).toString('hex');
  const row = statement(reader, `SELECT kind, step, json FROM events WHERE run = ? AND (kind BETWEEN ${eventKinds.in} AND ${eventKinds.exchange} OR seq = 1) AND instr(json, ?) > 0 ORDER BY seq LIMIT 1`).get(number, body) as { kind: number; step: string | null; json: string } | undefined;
  const event = row && (JSON.parse(row.json) as RunEvent);
  const payload = event && 'payload' in event ? (typeof event.payload === 'string' ? event.payload : event.payload?.id) : undefined;
  return { run, side: (row && sides[row.kind]) ?? 'input', body, mediaType, ...(row?.step != null && { step: row.step }), ...(payload !== undefined && { payload }) };
}
