import type { DatabaseSync } from 'node:sqlite';
import { readFile } from 'node:fs/promises';
import { deserialize } from 'node:v8';
import { FlowError, parseJson, type Payload } from '../../plugins/sdk/index.ts';
import { createPayload, isJson } from '../engine/payload.ts';
import type { Journal } from '../engine/resume.ts';
import { countEvent, type PayloadHead, type RunHead, type StepCounts } from '../model/run-event.ts';
import type { SealedRun } from './accept.ts';
import type { Blobs } from './blobs.ts';
import type { Lease, RunRequest } from './queue.ts';
import type { Seal } from './seal.ts';
import { statement } from './statements.ts';

/** A run that was leased, as its acceptance has recorded it. */
export interface LeasedRun {
  readonly fence: number;
  readonly head: RunHead;
  readonly flowText: string;
  readonly seed: number;
  readonly request: RunRequest;
  /** Of the deployed flow; absent: the draft. */
  readonly version?: string;
  /** The number of its last event: more than 1 where it was at work before. */
  readonly lastSeq: number;
  /** The payload that it begins with, as it came, unless it is a file (`request.file`). Fails with `STORAGE_FAILED` where it is gone, with `SECRET_MISSING` where it cannot be decrypted. */
  input(): Promise<Payload | undefined>;
}

interface Row {
  readonly number: number;
  readonly id: string;
  readonly flow: string;
  readonly flow_version: string;
  readonly flow_text: string;
  readonly trigger: string;
  readonly environment: string | null;
  readonly queued_at: number;
  readonly seed: number;
  readonly input: string | null;
  readonly origin: string | null;
  readonly version: string | null;
  readonly request: string;
  readonly sealed: Uint8Array | null;
  readonly last_seq: number | null;
}

export interface LeasedOptions {
  readonly reader: DatabaseSync;
  readonly blobs: Blobs;
  readonly seal: Seal;
}

export function readLeased({ run, fence }: Pick<Lease, 'run' | 'fence'>, { reader, blobs, seal }: LeasedOptions): LeasedRun {
  const row = statement(reader, `
    SELECT number, id, flow, flow_version, (SELECT text FROM flow_texts WHERE version = flow_version) AS flow_text, trigger, environment, queued_at, seed, input, origin, version, request, sealed,
      (SELECT MAX(seq) FROM events WHERE run = number) AS last_seq
    FROM runs WHERE id = ? AND fence = ?`).get(run, fence) as unknown as Row | undefined;
  if (!row) throw new FlowError('RUN_STOPPED', 'Another runner has taken the run over.');
  const sealed = row.sealed === null ? undefined : (deserialize(seal.open(row.sealed)) as SealedRun);
  const payload = row.input === null ? undefined : (JSON.parse(row.input) as PayloadHead);
  const head: RunHead = {
    id: row.id, flow: row.flow, flowVersion: row.flow_version, trigger: row.trigger, queuedAt: row.queued_at,
    ...(row.environment !== null && { environment: row.environment }), ...(payload && { payload }), ...(row.origin !== null && { origin: JSON.parse(row.origin) }),
  };
  const request = sealed?.request ?? (JSON.parse(row.request) as RunRequest);
  return {
    fence, head, flowText: row.flow_text, seed: row.seed, request, lastSeq: row.last_seq ?? 1,
    ...(row.version !== null && { version: row.version }),
    async input() {
      if (!payload) return undefined;
      if (sealed?.payload) return createPayload({ id: payload.id, ...sealed.payload });
      if (payload.body === '') return undefined;
      const bytes = await bodyBytes(reader, blobs, payload.body);
      return createPayload({ id: payload.id, mediaType: payload.mediaType, ...(payload.meta && { meta: payload.meta }), body: request.isBinary ? bytes : bodyFrom(bytes, payload.mediaType) });
    },
  };
}

export async function bodyBytes(reader: DatabaseSync, blobs: Blobs, hash: string): Promise<Uint8Array> {
  const row = statement(reader, 'SELECT data FROM bodies WHERE hash = ?').get(Buffer.from(hash, 'hex')) as { data: Uint8Array | null } | undefined;
  if (row?.data) return row.data;
  try {
    return await readFile(blobs.pathOf(hash));
  } catch (cause) {
    throw new FlowError('STORAGE_FAILED', `The payload of the run is gone: ${(cause as Error).message}.`, { cause });
  }
}

/** Bytes where they are no JSON, whatever their type says. */
export function bodyFrom(bytes: Uint8Array, mediaType: string): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (!isJson(mediaType)) return text;
  try {
    return parseJson(text);
  } catch {
    return bytes;
  }
}

/** A run as far as it was recorded. */
export interface Past {
  readonly failedPayloads: number;
  readonly startedAt?: number;
  readonly steps: Readonly<Record<string, StepCounts>>;
  /** Step and payload, as `arrivalKey` says → the number of the event with which it came, of those that no step has come to its end with. */
  readonly arrivals: ReadonlyMap<string, number>;
}

export const arrivalKey = (step: string, payload: string): string => `${step} ${payload}`;

/** By its events: its last checkpoint may be older than they are. */
export function pastOf(journal: Journal): Past {
  let steps: Readonly<Record<string, StepCounts>> = {};
  let failedPayloads = 0;
  let startedAt: number | undefined;
  const arrivals = new Map<string, number>();
  for (const { seq, event, isDone } of journal.rows()) {
    steps = countEvent(steps, event);
    if (event.type === 'run-started') startedAt ??= event.at;
    else if (event.type === 'payload-failed') failedPayloads++;
    else if (event.type === 'payload-in') {
      // The first of its attempts here: what another run has left begins with a later one.
      const key = arrivalKey(event.step, event.payload.id);
      if (isDone) arrivals.delete(key);
      else if (!arrivals.has(key)) arrivals.set(key, seq);
    }
  }
  return { failedPayloads, steps, arrivals, ...(startedAt !== undefined && { startedAt }) };
}
