import { parseJson } from '../../plugins/sdk/index.ts';
import type { PayloadHead } from '../model/run-event.ts';
import type { StuckPart, StuckPayload, ThroughReader } from './got-through.ts';

/** Text of a recorded body; `undefined` where it was not kept, or is too long. */
export type ReadBody = (payload: PayloadHead) => Promise<string | undefined>;

/**
 * Of pages that did not get through as a whole, the places of the records that did not. A page is absent where that cannot be told of one of its parts:
 * the bodies were not kept, or a step between made other records, so that nobody knows which of them these are.
 */
export async function stuckRecords(reader: Pick<ThroughReader, 'stuck' | 'sourceOf'>, read: ReadBody): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const found = new Map<string, ReadonlySet<number>>();
  for (const [name, stuck] of reader.stuck()) {
    const places = await placesIn(stuck, reader, read);
    if (places) found.set(name, places);
  }
  return found;
}

async function placesIn({ page, parts }: StuckPayload, reader: Pick<ThroughReader, 'sourceOf'>, read: ReadBody): Promise<ReadonlySet<number> | undefined> {
  const records = await recordsOf(page, read);
  const wanted = new Set<string>();
  for (const part of parts) {
    const own = await recordsBefore(part, page, reader, read);
    if (!own) return undefined;
    for (const record of own) wanted.add(record);
  }
  const known = new Set(records);
  if (!records || ![...wanted].every((record) => known.has(record))) return undefined;
  // Of records that look alike, all count.
  return new Set(records.flatMap((record, index) => (wanted.has(record) ? [index] : [])));
}

/** The records of the page that those of the part were made of, one by one. */
async function recordsBefore({ part, work }: StuckPart, page: PayloadHead, { sourceOf }: Pick<ThroughReader, 'sourceOf'>, read: ReadBody): Promise<readonly string[] | undefined> {
  let found = await recordsOf(part, read);
  for (let at = work, steps = 0; found && !(at.id === page.id && at.body === page.body);) {
    const source = sourceOf(at);
    if (!source?.way || ++steps > mostSteps) return undefined;
    if (source.way === 'mapped') found = await sourcesOf(found, at, source.payload, read);
    at = source.payload;
  }
  return found;
}

async function sourcesOf(found: readonly string[], made: PayloadHead, source: PayloadHead, read: ReadBody): Promise<readonly string[] | undefined> {
  const [after, before] = [await recordsOf(made, read), await recordsOf(source, read)];
  const wanted = new Set(found);
  const known = new Set(after);
  if (!after || before?.length !== after.length || !found.every((record) => known.has(record))) return undefined;
  return before.filter((_, index) => wanted.has(after[index]!));
}

/** A run that goes on may lead a payload through the same steps again. */
const mostSteps = 1000;

async function recordsOf(payload: PayloadHead, read: ReadBody): Promise<readonly string[] | undefined> {
  const text = payload.body === '' ? undefined : await read(payload);
  if (text === undefined) return undefined;
  try {
    const document = parseJson(text);
    return (Array.isArray(document) ? (document as unknown[]) : [document]).map((record) => JSON.stringify(record));
  } catch {
    // It is no JSON.
    return undefined;
  }
}
