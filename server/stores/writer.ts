import { Worker } from 'node:worker_threads';
import type { FlowError } from '../../plugins/sdk/index.ts';
import { storageFailed } from './database.ts';
import { threadFile } from './thread-file.ts';
import type { PruneLimits } from './prune.ts';
import type { WriteAnswer, WriteBatch, WriteOp } from './write-ops.ts';

/** Hands what is recorded to the writing thread, in groups. */
export interface Writer {
  push(op: WriteOp, bytes: number): void;
  /** Grows when what was pushed is sent: until then an operation may still be changed. */
  readonly generation: number;
  /** Resolves when everything pushed so far is in the database; `isDurable`: and would survive a power cut. Fails with `STORAGE_FAILED`. */
  flush(isDurable?: boolean): Promise<void>;
  /** Where too much waits for the disk: a promise of room. The recording slows the run then, instead of filling the memory. */
  room(): Promise<void> | undefined;
  /** The run that was there already with the key of this one; known once the flush after its acceptance has resolved. */
  duplicateOf(run: number): string | undefined;
  /** Deletes what is over the limits, in the writing thread, a little at a time. */
  prune(limits: PruneLimits): void;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly file: string;
  readonly blobFolder: string;
  /** Called for each lost group, with the runs that lost something. */
  readonly failed: (error: FlowError, runs: ReadonlySet<number>) => void;
}

/** Bytes that may wait for the disk; writers wait until half of it is gone. */
const mostPending = 12 * 1024 * 1024;
/** Operations of one message. */
const mostOps = 512;
/** How long an operation that nobody waits for may wait for others. */
const groupMs = 3;

interface Sent {
  readonly bytes: number;
  readonly runs: ReadonlySet<number>;
  readonly settle: PromiseWithResolvers<void>;
}

export function openWriter({ file, blobFolder, failed }: WriterOptions): Writer {
  let worker: Worker | undefined;
  let ops: WriteOp[] = [];
  let bytes = 0;
  let isDurable = false;
  let lastId = 0;
  let pending = 0;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const sent = new Map<number, Sent>();
  const duplicates = new Map<number, string>();
  let room: PromiseWithResolvers<void> | undefined;
  let next = Promise.withResolvers<void>();
  next.promise.catch(() => undefined);

  const start = (): Worker => {
    const started = new Worker(threadFile(import.meta.dirname, 'writer-worker'), { workerData: { file, blobFolder }, execArgv: [], name: 'patchbay recordings', resourceLimits: { maxYoungGenerationSizeMb: 4 } });
    started.on('message', answer);
    started.on('error', (error) => lose(started, error));
    started.on('exit', (code) => lose(started, new Error(`the writing thread ended with code ${code}`)));
    started.unref();
    return started;
  };

  const settle = (id: number, error?: FlowError): void => {
    const group = sent.get(id);
    if (!group) return;
    sent.delete(id);
    pending -= group.bytes;
    if (pending <= mostPending / 2) {
      room?.resolve();
      room = undefined;
    }
    if (sent.size === 0) worker?.unref();
    if (!error) return group.settle.resolve();
    group.settle.reject(error);
    failed(error, group.runs);
  };

  const answer = (message: WriteAnswer): void => {
    if ('failure' in message) return settle(message.id, storageFailed(message.failure, file));
    for (const [run, existing] of message.duplicates) duplicates.set(run, existing);
    settle(message.id);
  };

  const lose = (lost: Worker, error: Error): void => {
    if (worker !== lost) return;
    worker = undefined;
    const reason = storageFailed(error, file);
    for (const id of Array.from(sent.keys())) settle(id, reason);
  };

  const post = (): void => {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = immediate = undefined;
    if (ops.length === 0) return;
    const batch: WriteBatch = { id: ++lastId, ops, isDurable };
    sent.set(batch.id, { bytes, runs: new Set(ops.map((op) => op[1])), settle: next });
    ops = [];
    bytes = 0;
    isDurable = false;
    next = Promise.withResolvers<void>();
    next.promise.catch(() => undefined);
    worker ??= start();
    worker.ref();
    worker.postMessage(batch, []);
  };

  // It takes a while to start; the first run need not wait for all of it.
  worker = start();

  return {
    get generation() {
      return lastId;
    },
    push(op, size) {
      ops.push(op);
      bytes += size + 64;
      pending += size + 64;
      if (op[0] === 'end') duplicates.delete(op[1]);
      if (ops.length >= mostOps || bytes > 1024 * 1024) post();
      else if (!immediate) timer ??= setTimeout(post, groupMs);
    },
    flush(durable = false) {
      if (ops.length === 0 && sent.size === 0) return Promise.resolve();
      if (ops.length === 0) return [...sent.values()].at(-1)!.settle.promise;
      isDurable ||= durable;
      immediate ??= setImmediate(post);
      return next.promise;
    },
    room() {
      if (pending <= mostPending) return undefined;
      post();
      room ??= Promise.withResolvers<void>();
      return room.promise;
    },
    duplicateOf: (run) => duplicates.get(run),
    prune(limits) {
      worker ??= start();
      worker.postMessage({ prune: limits }, []);
    },
    async close() {
      post();
      await Promise.allSettled([...sent.values()].map(({ settle }) => settle.promise));
      const closing = worker;
      worker = undefined;
      if (!closing) return;
      closing.ref();
      const ended = new Promise((resolve) => closing.once('exit', resolve));
      closing.postMessage('close', []);
      await ended;
    },
  };
}
