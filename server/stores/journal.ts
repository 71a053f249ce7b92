import type { DatabaseSync } from 'node:sqlite';
import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { createPayload, isJson } from '../engine/payload.ts';
import type { Journal, JournalRow } from '../engine/resume.ts';
import type { PayloadHead, RunEvent } from '../model/run-event.ts';
import { isMarked } from './accept.ts';
import type { Blobs } from './blobs.ts';
import { bodyBytes, bodyFrom } from './leased-run.ts';
import type { Seal } from './seal.ts';

export interface JournalOptions {
  readonly reader: DatabaseSync;
  readonly blobs: Blobs;
  readonly seal: Seal;
}

/** The recording of a run as the engine goes on from it: every event, and true bodies where what can be looked at is masked. */
export function openJournal(run: string, { reader, blobs, seal }: JournalOptions): Journal {
  const bytesOf = async (head: PayloadHead): Promise<Uint8Array | undefined> => {
    if (head.sealed !== undefined) return head.sealed === '' ? undefined : seal.open(await bodyBytes(reader, blobs, head.sealed));
    if (head.body !== '') return bodyBytes(reader, blobs, head.body);
    return head.size === 0 ? new Uint8Array() : undefined;
  };
  const value: Journal['value'] = async (sealed) => JSON.parse(Buffer.from(seal.open(await bodyBytes(reader, blobs, sealed))).toString('utf8')) as unknown;
  return {
    value,
    *rows(): Generator<JournalRow> {
      // A statement of its own: others read while this one is on its way.
      const statement = reader.prepare('SELECT seq, json, duration_ms FROM events WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY seq');
      for (const row of statement.iterate(run)) {
        const { seq, json, duration_ms: durationMs } = row as { readonly seq: number; readonly json: string; readonly duration_ms: number | null };
        const event = JSON.parse(json) as RunEvent;
        yield { seq, event, isDone: durationMs !== null, ...(event.type === 'variable' && !event.sealed && isMarked(json) && { isMasked: true }) };
      }
    },
    async load(head): Promise<Payload | undefined> {
      if (head.meta && !head.sealedMeta && isMarked(JSON.stringify(head.meta))) throw new FlowError('RUN_INTERRUPTED', `The metadata of the payload ${head.id} are masked in the recording, and the true ones were not kept, so nothing can go on with it.`, { details: { payload: head.id } });
      const bytes = await bytesOf(head);
      const meta = head.sealedMeta ? ((await value(head.sealedMeta)) as PayloadHead['meta']) : head.meta;
      return bytes && createPayload({ id: head.id, mediaType: head.mediaType, ...(meta && { meta }), body: isJson(head.mediaType) || head.isText ? bodyFrom(bytes, head.mediaType) : bytes });
    },
  };
}
