import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowError, Payload } from '../../plugins/sdk/index.ts';
import type { NumberedRunEvent, PayloadHead, RunEvent, RunHead } from '../model/run-event.ts';
import { openArchive, type Archive } from './archive.ts';
import { openBlobs } from './blobs.ts';
import { openForReading, openForWriting, prepareStateFolder, stateFolder, storageFailed } from './database.ts';
import { keepBodies, type Keeper, type Recording } from './keep-bodies.ts';
import { isAlive, takeLease, type Lease } from './leases.ts';
import { recordRun, type OwnRunRecording, type RunRecording } from './record-run.ts';
import { recoverRuns } from './recover.ts';
import { createMasker, type Masker, type SecretValues } from './redact.ts';
import type { RunRow } from './write-ops.ts';
import { openWriter } from './writer.ts';

/** The recordings of a workspace, in `.patchbay/`. Several processes may have them open at once. */
export interface Recordings extends AsyncDisposable {
  readonly archive: Archive;
  /**
   * Records a new run as queued; resolves when that would survive a crash. Where there is a run with the same key in the same trigger, nothing is recorded.
   * Fails with `STORAGE_FAILED`.
   */
  begin(run: NewRun): Promise<{ readonly recording: RunRecording } | { readonly duplicate: string }>;
  /** See `Runner.subscribe`. */
  subscribe(run: string | undefined, listener: (event: NumberedRunEvent) => void, options?: { readonly afterSeq?: number }): () => void;
  /** The run, while this process records it. */
  live(run: string): RunRecording | undefined;
  /** Deletes what is older or more than the limits say; in the background. */
  prune(limits: { readonly days: number; readonly megabytes: number }): void;
}

export interface NewRun {
  readonly head: Omit<RunHead, 'payload'>;
  readonly payload?: Payload;
  readonly flowText: string;
  readonly seed: number;
  readonly key?: string;
  readonly recording: Recording;
  /** Names of redacted fields. */
  readonly redact: readonly string[];
  /** Called when something of the run could not be recorded. */
  readonly lost: (error: FlowError) => void;
}

/** Whether anything was ever recorded in a workspace. Opening its recordings would make them. */
export const hasRecordings = (root: string): boolean => existsSync(join(stateFolder(root), databaseName));

const databaseName = 'patchbay.db';

/** Fails with `STORAGE_FAILED`. `now`: milliseconds since the epoch. */
export function openRecordings(root: string, options: { readonly secrets: SecretValues; readonly now: () => number }): Recordings {
  const folder = prepareStateFolder(root);
  const file = join(folder, databaseName);
  const leaseFolder = join(folder, 'runners');
  const blobs = openBlobs(join(folder, 'blobs'));
  const lease = openLease(leaseFolder);
  recoverOnce(file, leaseFolder, options.now());
  const runs = new Map<string, OwnRunRecording>();
  const byNumber = new Map<number, { readonly recording: OwnRunRecording; readonly lost: (error: FlowError) => void }>();
  const watchers = createWatchers();
  const writer = openWriter({
    file, blobFolder: blobs.folder,
    failed(error, numbers) {
      for (const number of numbers) {
        const run = byNumber.get(number);
        if (run?.recording.lost) continue;
        run?.recording.lose(error);
        run?.lost(error);
      }
    },
  });
  const reader = openForReading(file);
  const archive = openArchive(reader, blobs, (id) => runs.get(id)?.state());
  const maskers = new Map<string, Masker>();
  const replay = createReplay({ archive, live: (id) => runs.has(id), watchers, flush: () => writer.flush() });
  let lastNumber = 0;

  const maskerOf = (redact: readonly string[]): Masker => {
    const key = JSON.stringify(redact);
    const known = maskers.get(key) ?? createMasker(options.secrets, redact);
    maskers.set(key, known);
    return known;
  };

  const prepare = (run: NewRun): { readonly recording: OwnRunRecording; readonly number: number; readonly queued: NumberedRunEvent } => {
    const number = ++lastNumber;
    const masker = maskerOf(run.redact);
    const store = (hash: string, mediaType: string, size: number, data: string | Uint8Array): void => writer.push(['body', number, hash, mediaType, size, data], data.length);
    // An accepted run must be there after a crash, so its input is kept where only failures are, too. Its body can be handed over only after the row of the run.
    const early: Parameters<typeof store>[] = [];
    const inputKeeper = keepBodies({ recording: run.recording === 'errors' ? 'full' : run.recording, masker, store: (...body) => void early.push(body) });
    const head: RunHead = { ...run.head, ...(run.payload && { payload: headOf(run.payload, inputKeeper) }) };
    writer.push(['accept', number, rowOf(run, head, lease.owner, masker)], run.flowText.length);
    for (const body of early) store(...body);
    const recording = recordRun({ number, head, recording: run.recording, bodies: keepBodies({ recording: run.recording, masker, store }), masker, writer, listener: watchers.tell });
    return { recording, number, queued: recording.queue() };
  };

  const forget = async (id: string, number: number, recording: OwnRunRecording): Promise<void> => {
    await recording.ended;
    runs.delete(id);
    byNumber.delete(number);
  };

  const begin: Recordings['begin'] = async (run) => {
    const { recording, number, queued } = prepare(run);
    const { id } = recording.head;
    // Without a recording there is nothing to wait for, unless the key has to be looked up.
    if (run.recording !== 'none' || run.key !== undefined) await writer.flush(true);
    const duplicate = writer.duplicateOf(number);
    if (duplicate !== undefined) {
      writer.push(['end', number], 0);
      return { duplicate };
    }
    runs.set(id, recording);
    byNumber.set(number, { recording, lost: run.lost });
    void forget(id, number, recording);
    watchers.tell(queued);
    return { recording };
  };

  return {
    archive, begin,
    live: (id) => runs.get(id),
    subscribe: (run, listener, { afterSeq } = {}) => {
      if (run === undefined) return watchers.add('', listener);
      if (afterSeq === undefined) return watchers.add(run, listener);
      return replay(run, listener, afterSeq);
    },
    prune: (limits) => writer.prune({ ...limits, now: options.now() }),
    async [Symbol.asyncDispose]() {
      await writer.close();
      reader.close();
      lease[Symbol.dispose]();
    },
  };
}

const pollMs = 300;
const replayChunk = 500;

/** Recorded events first, then live ones. Those of a run that another process records are read from the database as they come. */
function createReplay({ archive, live, watchers, flush }: { readonly archive: Archive; live(id: string): boolean; readonly watchers: Watchers; flush(): Promise<void> }) {
  return (run: string, listener: (event: NumberedRunEvent) => void, afterSeq: number): (() => void) => {
    let last = afterSeq;
    let isOver = false;
    let waiting: NumberedRunEvent[] | undefined = [];
    let timer: NodeJS.Timeout | undefined;
    const deliver = (event: NumberedRunEvent): void => {
      if (isOver || event.seq <= last) return;
      last = event.seq;
      listener(event);
    };
    const stop = watchers.add(run, (event) => (waiting ? void waiting.push(event) : deliver(event)));
    const readRecorded = async (): Promise<void> => {
      for (;;) {
        const events = isOver ? [] : archive.events(run, last, replayChunk);
        for (const event of events) deliver(event);
        if (events.length < replayChunk) return;
        await new Promise(setImmediate);
      }
    };
    const poll = async (): Promise<void> => {
      await readRecorded();
      if (!isOver && archive.isOpen(run)) timer = setTimeout(() => void poll().catch(() => undefined), pollMs).unref();
    };
    const begin = async (): Promise<void> => {
      // What was emitted before this call is in the database then; what comes later waits.
      await flush().catch(() => undefined);
      await readRecorded();
      const missed = waiting ?? [];
      waiting = undefined;
      for (const event of missed) deliver(event);
      if (!live(run)) await poll();
    };
    // The recordings may be closed in the meantime; then there is nothing more to hear.
    begin().catch(() => undefined);
    return () => {
      isOver = true;
      clearTimeout(timer);
      stop();
    };
  };
}

interface Watchers {
  /** `run`: an id, or `''` for the beginnings and ends of all runs. */
  add(run: string, listener: (event: NumberedRunEvent) => void): () => void;
  tell(event: NumberedRunEvent): void;
}

function createWatchers(): Watchers {
  const listeners = new Map<string, Set<(event: NumberedRunEvent) => void>>();
  const isMilestone = (type: RunEvent['type']): boolean => type === 'run-queued' || type === 'run-started' || type === 'run-finished';
  return {
    add(run, listener) {
      // A wrapper of its own, so that the same function may listen twice.
      const own = (event: NumberedRunEvent): void => listener(event);
      const group = listeners.get(run) ?? new Set();
      listeners.set(run, group.add(own));
      return () => {
        group.delete(own);
        if (group.size === 0 && listeners.get(run) === group) listeners.delete(run);
      };
    },
    tell(event) {
      if (listeners.size === 0) return;
      for (const listener of listeners.get(event.run) ?? []) listener(event);
      if (isMilestone(event.event.type)) for (const listener of listeners.get('') ?? []) listener(event);
    },
  };
}

function headOf(payload: Payload, keeper: Keeper): PayloadHead {
  const { hash, size, records } = keeper.keep(payload);
  const meta = Object.keys(payload.meta).length > 0 ? { meta: payload.meta } : {};
  return { id: payload.id, mediaType: payload.mediaType, ...meta, body: hash, size, ...(records !== undefined && { records }) };
}

function rowOf(run: NewRun, head: RunHead, owner: string, masker: Masker): RunRow {
  const { id, flow, flowVersion, trigger, environment, queuedAt, payload } = head;
  return {
    id, flow, flowVersion, flowText: masker.secrets.replace(run.flowText), trigger, owner, queuedAt, seed: run.seed,
    ...(run.key !== undefined && { key: masker.secrets.replace(run.key) }), ...(environment !== undefined && { environment }), ...(payload && { input: JSON.stringify(masker.value(payload)) }),
  };
}

function openLease(folder: string): Lease {
  try {
    return takeLease(folder, randomUUID());
  } catch (error) {
    throw storageFailed(error, folder);
  }
}

function recoverOnce(file: string, leaseFolder: string, now: number): void {
  const database = openForWriting(file);
  try {
    recoverRuns(database, (owner) => isAlive(leaseFolder, owner), now);
  } catch (error) {
    throw storageFailed(error, file);
  } finally {
    database.close();
  }
}
