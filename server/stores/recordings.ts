import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import { createCache } from '../model/lru.ts';
import type { NumberedRunEvent, RunHead } from '../model/run-event.ts';
import { accepting, type NewRun } from './accept.ts';
import { openArchive, type Archive } from './archive.ts';
import { openBlobs } from './blobs.ts';
import { isUnwritable, openForReading, openForWriting, prepareStateFolder, stateFolder, storageFailed } from './database.ts';
import { faultPoint } from './fault-point.ts';
import { keepBodies, type Recording } from './keep-bodies.ts';
import { isAlive, takeLease, type Lease as OwnerLease } from './leases.ts';
import { openJournal } from './journal.ts';
import { bodyBytes, pastOf, readLeased, type LeasedRun } from './leased-run.ts';
import { openOperations, type Operations } from './operations.ts';
import type { PruneLimits } from './prune.ts';
import { removeStrayInputs } from './inputs.ts';
import { doQueueCall } from './queue-calls.ts';
import { createQueue } from './queue-sqlite.ts';
import type { Lease, Queue } from './queue.ts';
import { failedOf, readPast, resumptionsOf, type PastRun } from './past-run.ts';
import { recordRun, type OwnRunRecording, type RunRecording } from './record-run.ts';
import { createMasker, type Masker, type SecretValues } from './redact.ts';
import type { Seal } from './seal.ts';
import { readRunFile, writeRunFile } from './run-file.ts';
import { searchBodies, type BodySearch, type BodySearchResult } from './search-bodies.ts';
import { createWatchers, follow, type Elsewhere } from './watchers.ts';
import { openWriter, refuseToWrite } from './writer.ts';

export type { NewRun } from './accept.ts';
export type { LeasedRun } from './leased-run.ts';

/** The recordings of a workspace, in `.patchbay/`, and the queue of its runs. Several processes, and several threads of each, may have them open at once. */
export interface Recordings extends AsyncDisposable {
  /** The folder could only be read when they were opened: whatever writes fails. */
  readonly isReadOnly: boolean;
  readonly archive: Archive;
  readonly queue: Queue;
  readonly operations: Operations;
  /**
   * Records a new run as queued; resolves when that would survive a crash. Where there is a run with the same key in the same trigger, or one that it must not
   * overlap, nothing is recorded. Fails with `STORAGE_FAILED`.
   */
  accept(run: NewRun): Promise<{ readonly accepted: RunHead } | { readonly duplicate: string } | { readonly skipped: string }>;
  /** A run that is over, as a file. Fails with `RUN_STOPPED`; `undefined`: there is no such run. */
  export(run: string): AsyncIterable<Uint8Array> | undefined;
  /** Takes up a run out of a file. Says which it is, and whether it was there already. Fails with `DATA_INVALID`, `CONFIG_VERSION`, `STORAGE_FAILED`. */
  import(bytes: Uint8Array): Promise<{ readonly run: string; readonly isNew: boolean }>;
  /** Reads what a leased run begins with. Fails with `RUN_STOPPED` where the lease is no longer good. */
  leased(lease: Pick<Lease, 'run' | 'fence'>): LeasedRun;
  /** What a run began with. */
  past(run: string): PastRun | undefined;
  /** See `resumptionsOf`. */
  resumptions(run: Pick<RunHead, 'flow' | 'id'>): ReturnType<typeof resumptionsOf>;
  /** See `failedOf`. */
  failed(run: string, payloads: readonly string[]): ReadonlySet<string>;
  /** A recorded body by its name; the true one, where that was sealed. Fails with `STORAGE_FAILED` where it is gone, with `RUN_INTERRUPTED` where it could not be sealed. */
  bytes(hash: string, sealed?: string): Promise<Uint8Array>;
  /** A run as far as it was recorded, so that it can go on. */
  journal(run: string): Journal;
  /** Begins to record a leased run, or goes on. */
  record(run: LeasedRun, options: RecordOptions): RunRecording;
  /** See `Runner.subscribe`. */
  subscribe(run: string | undefined, listener: (event: NumberedRunEvent) => void, options?: { readonly afterSeq?: number }): () => void;
  /** Whether somebody listens to this run. */
  isWatched(run: string): boolean;
  /** Hands an event of another thread to those who listen here. */
  relay(event: NumberedRunEvent): void;
  /** Resolves when everything recorded here so far can be read. */
  flush(): Promise<void>;
  /** Another thread records through the writer of this one. */
  connect(port: MessagePort): void;
  /** Looks into recorded bodies. See `searchBodies`. */
  search(search: BodySearch): Promise<BodySearchResult>;
  /** Deletes what is older or more than the limits say; in the background. */
  prune(limits: Omit<PruneLimits, 'now'>): void;
}

export interface RecordOptions {
  readonly recording: Recording;
  /** Names of redacted fields. */
  readonly redact: readonly string[];
  /** What was recorded before goes, but the acceptance; otherwise the recording goes on behind it. */
  readonly isAnew: boolean;
  /** The flow as it runs, where it is not what it was when the run was accepted. */
  readonly flow?: { readonly version: string; readonly text: string };
  /** Called when something of the run could not be recorded, or its lease is no longer good. */
  readonly lost: (error: FlowError) => void;
}

export interface RecordingsOptions {
  readonly secrets: SecretValues;
  readonly now: () => number;
  readonly seal: Seal;
  /** In a thread of a process that has them open: the process's owner, and how to reach its writer. */
  readonly within?: { readonly owner: string; attach(port: MessagePort): void };
  /** Runs that other threads of this process record. */
  readonly elsewhere?: Elsewhere;
}

/** Whether anything was ever recorded in a workspace. Opening its recordings would make them. */
export const hasRecordings = (root: string): boolean => existsSync(join(stateFolder(root), databaseName));

/** Runs name fields of their own. */
const mostMaskers = 256;

const databaseName = 'patchbay.db';

/** Where the folder may only be read, so may the recordings: whatever writes fails. Fails with `STORAGE_FAILED`. `now`: milliseconds since the epoch. */
export function openRecordings(root: string, options: RecordingsOptions): Recordings {
  const { secrets, within, elsewhere, seal } = options;
  const folder = within ? stateFolder(root) : folderOf(root);
  const file = join(folder, databaseName);
  const leaseFolder = join(folder, 'runners');
  const blobs = openBlobs(join(folder, 'blobs'));
  const lease = within ? undefined : openLease(leaseFolder, existsSync(file));
  const unwritable = lease && 'unwritable' in lease ? lease.unwritable : undefined;
  const owner = within?.owner ?? (lease && 'owner' in lease ? lease.owner : '');
  const isOwnerAlive = (name: string): boolean => isAlive(leaseFolder, name);
  if (!within && !unwritable) recoverOnce(file, owner, isOwnerAlive, options.now());
  const runs = new Map<string, OwnRunRecording>();
  const byNumber = new Map<number, { readonly recording: OwnRunRecording; readonly lost: (error: FlowError) => void }>();
  const watchers = createWatchers(elsewhere);
  const writer = unwritable ? refuseToWrite(unwritable) : openWriter({
    file, blobFolder: blobs.folder, ...(within && { attach: within.attach }),
    failed(error, numbers) {
      for (const number of numbers === 'all' ? [...byNumber.keys()] : numbers) {
        const run = byNumber.get(number);
        if (run?.recording.lost) continue;
        run?.recording.lose(error);
        run?.lost(error);
      }
    },
  });
  const reader = openForReading(file, unwritable !== undefined);
  const archive = openArchive(reader, blobs, (id) => runs.get(id)?.state());
  const maskers = createCache<Masker>(mostMaskers);
  let lastNumber = 0;

  const maskerOf = (redact: readonly string[]): Masker => {
    const key = JSON.stringify(redact);
    return maskers.get(key) ?? maskers.add(key, createMasker(secrets, redact));
  };
  const forget = async (id: string, number: number, recording: OwnRunRecording): Promise<void> => {
    await recording.ended;
    if (runs.get(id) === recording) runs.delete(id);
    byNumber.delete(number);
  };

  return {
    isReadOnly: unwritable !== undefined,
    archive,
    operations: openOperations(reader, writer),
    queue: createQueue({ owner, reader, writer, isAlive: isOwnerAlive }),
    async accept(run) {
      const { op, bytes, queued } = accepting(++lastNumber, run, { owner, masker: maskerOf(run.redact), seal });
      const refusal = await writer.accept(op, bytes);
      if (refusal?.[1] === 'duplicate') return { duplicate: refusal[2] };
      if (refusal?.[1] === 'skipped') return { skipped: refusal[2] };
      faultPoint('accept-before-answer');
      watchers.tell(queued);
      return { accepted: queued.event.run };
    },
    export(run) {
      const detail = archive.run(run);
      return detail && writeRunFile(archive, detail, readPast(run, reader, openJournal(run, { reader, blobs, seal }))?.recorded ?? {});
    },
    async import(bytes) {
      const { row, content, bytes: size } = await readRunFile(bytes);
      const number = ++lastNumber;
      const refusal = await writer.accept(['accept', number, row, content(number)], size);
      return { run: row.id, isNew: refusal === undefined };
    },
    past: (run) => readPast(run, reader, openJournal(run, { reader, blobs, seal })),
    resumptions: (run) => resumptionsOf(run, reader),
    failed: (run, payloads) => failedOf(run, payloads, reader),
    async bytes(hash, sealed) {
      if (sealed === undefined) return bodyBytes(reader, blobs, hash);
      if (sealed === '') throw new FlowError('RUN_INTERRUPTED', 'The body is masked in the recording, and the true one could not be kept.');
      return seal.open(await bodyBytes(reader, blobs, sealed));
    },
    journal: (run) => openJournal(run, { reader, blobs, seal }),
    leased: (given) => readLeased(given, { reader, blobs, seal }),
    record(run, { recording: level, redact, isAnew, flow, lost }) {
      const number = ++lastNumber;
      const { head, lastSeq } = run;
      const masker = maskerOf(redact);
      writer.push(['open', number, { id: head.id, fence: run.fence, ...(isAnew && { isAnew }), ...(flow && { flow }) }], flow?.text.length ?? 0);
      faultPoint('run-opened');
      const bodies = keepBodies({ recording: level, masker, seal, settled: () => writer.flush(), store: (hash, mediaType, size, data) => writer.push(['body', number, hash, mediaType, size, data], data.length) });
      const before = isAnew || lastSeq <= 1 ? undefined : pastOf(openJournal(head.id, { reader, blobs, seal }));
      const recording = recordRun({ number, head, recording: level, bodies, writer, listener: watchers.tell, lastSeq, ...(before && { before }) });
      runs.set(head.id, recording);
      byNumber.set(number, { recording, lost });
      void forget(head.id, number, recording);
      return recording;
    },
    subscribe: (run, listener, { afterSeq } = {}) => {
      if (run === undefined) return watchers.add('', listener);
      if (afterSeq === undefined) return watchers.add(run, listener);
      const isHere = (): boolean => runs.has(run) || elsewhere?.has(run) === true;
      const settle = async (): Promise<void> => { await Promise.all([writer.flush(), elsewhere?.settle(run)]); };
      return follow(run, listener, afterSeq, { archive, watchers, isHere, settle });
    },
    isWatched: watchers.has,
    relay: watchers.tell,
    flush: () => writer.flush(),
    connect: (port) => writer.connect(port),
    search: (search) => searchBodies(search, { reader, blobs, archive }),
    prune(limits) {
      if (unwritable) return;
      removeStrayInputs(root, archive.isOpen);
      writer.prune({ ...limits, now: options.now() });
    },
    async [Symbol.asyncDispose]() {
      for (const recording of runs.values()) recording.rest();
      await writer.close();
      reader.close();
      if (lease && 'owner' in lease) lease[Symbol.dispose]();
    },
  };
}

/** One that may only be read stays as it is. */
function folderOf(root: string): string {
  try {
    return prepareStateFolder(root);
  } catch (error) {
    if (hasRecordings(root) && FlowError.is(error) && isUnwritable(error)) return stateFolder(root);
    throw error;
  }
}

/** Where there is something to read that may only be read, nobody who only reads needs a lease. */
function openLease(folder: string, isThere: boolean): OwnerLease | { readonly unwritable: FlowError } {
  try {
    return takeLease(folder, randomUUID());
  } catch (error) {
    const failure = storageFailed(error, folder);
    if (isThere && isUnwritable(failure)) return { unwritable: failure };
    throw failure;
  }
}

/** Brings the database to the newest schema, and puts the runs of the dead back into the queue. */
function recoverOnce(file: string, own: string, isOwnerAlive: (owner: string) => boolean, now: number): void {
  const database = openForWriting(file);
  try {
    const owners = (database.prepare("SELECT DISTINCT owner FROM runs WHERE owner <> ''").all() as { owner: string }[]).map(({ owner }) => owner).filter((owner) => owner !== own && !isOwnerAlive(owner));
    if (owners.length === 0) return;
    database.exec('BEGIN IMMEDIATE');
    doQueueCall(database, { type: 'requeue', owners, now });
    faultPoint('requeue-before-commit');
    database.exec('COMMIT');
    faultPoint('requeue-committed');
  } catch (error) {
    throw storageFailed(error, file);
  } finally {
    database.close();
  }
}
