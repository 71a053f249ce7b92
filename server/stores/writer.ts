import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import { storageFailed } from './database.ts';
import { threadFile } from './thread-file.ts';
import type { PruneLimits } from './prune.ts';
import type { OperationCall, OperationResults } from './operation-calls.ts';
import type { QueueCall, QueueResults } from './queue-calls.ts';
import type { Refusal, WriteAnswer, WriteBatch, WriteCall, WriteOp } from './write-ops.ts';

/** Hands what is recorded to the writing thread, in groups. */
export interface Writer {
  push(op: WriteOp, bytes: number): void;
  /** Grows when what was pushed is sent: until then an operation may still be changed. */
  readonly generation: number;
  /** Hands over what was pushed, without waiting for more: this thread may not come to it any more. */
  post(): void;
  /** Resolves when everything pushed so far is in the database. Fails with `STORAGE_FAILED`. */
  flush(): Promise<void>;
  /** Where too much waits for the disk: a promise of room. The recording slows the run then, instead of filling the memory. */
  room(): Promise<void> | undefined;
  /** Writes a run that is accepted, for good when it resolves. Gives why it was not. */
  accept(op: WriteOp & { 0: 'accept' }, bytes: number): Promise<Refusal | undefined>;
  /** Done after everything pushed so far. Fails with `STORAGE_FAILED`. */
  call<C extends QueueCall | OperationCall>(call: C): Promise<(QueueResults & OperationResults)[C['type']]>;
  /** Another thread writes through this one from now on. */
  connect(port: MessagePort): void;
  /** Deletes what is over the limits, in the writing thread, a little at a time. */
  prune(limits: PruneLimits): void;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly file: string;
  readonly blobFolder: string;
  /** Called for each lost group, with the runs that lost something, and for runs whose lease is no longer good. */
  readonly failed: (error: FlowError, runs: ReadonlySet<number> | 'all') => void;
  /** Hands a port to the writing thread of the process; without it, that thread is ours. */
  readonly attach?: (port: MessagePort) => void;
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

type Thread = Worker | MessagePort;

/** For recordings that may only be read. */
export function refuseToWrite(reason: FlowError): Writer {
  const refuse = async (): Promise<never> => { throw reason; };
  const nothing = (): void => undefined;
  return { push: nothing, post: nothing, generation: 0, flush: async () => undefined, room: () => undefined, accept: refuse, call: refuse, connect: (port) => port.close(), prune: nothing, close: async () => undefined };
}

export function openWriter({ file, blobFolder, failed, attach }: WriterOptions): Writer {
  let worker: Thread | undefined;
  let ops: WriteOp[] = [];
  let bytes = 0;
  let isDurable = false;
  let lastId = 0;
  let pending = 0;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const sent = new Map<number, Sent>();
  const accepting = new Map<number, (refusal: Refusal) => void>();
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  let room: PromiseWithResolvers<void> | undefined;
  let next = Promise.withResolvers<void>();
  next.promise.catch(() => undefined);

  const start = (): Thread => {
    if (attach) {
      const { port1, port2 } = new MessageChannel();
      attach(port1);
      port2.on('message', answer);
      port2.on('close', () => lose(port2, new Error('the writing thread has ended')));
      port2.unref();
      return port2;
    }
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
    rest();
    if (!error) return group.settle.resolve();
    group.settle.reject(error);
    failed(error, group.runs);
  };

  const rest = (): void => {
    if (sent.size === 0 && calls.size === 0) worker?.unref();
  };

  const answer = (message: WriteAnswer): void => {
    if ('result' in message) {
      calls.get(message.id)?.resolve(message.result);
      calls.delete(message.id);
      return rest();
    }
    if ('failure' in message) return fail(message.id, storageFailed(message.failure, file));
    const fenced = new Set<number>();
    for (const refusal of message.refusals) {
      if (refusal[1] === 'fenced') fenced.add(refusal[0]);
      else accepting.get(refusal[0])?.(refusal);
    }
    settle(message.id);
    if (fenced.size > 0) failed(new FlowError('RUN_STOPPED', 'Another runner has taken the run over.'), fenced);
  };

  const fail = (id: number, reason: FlowError): void => {
    settle(id, reason);
    calls.get(id)?.reject(reason);
    calls.delete(id);
    rest();
  };

  const lose = (lost: Thread, error: Error): void => {
    if (worker !== lost) return;
    worker = undefined;
    const reason = storageFailed(error, file);
    for (const id of [...sent.keys(), ...calls.keys()]) fail(id, reason);
    // The next thread knows nothing of the runs that are open.
    failed(reason, 'all');
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

  const push = (op: WriteOp, size: number): void => {
    ops.push(op);
    bytes += size + 64;
    pending += size + 64;
    if (ops.length >= mostOps || bytes > 1024 * 1024) post();
    else if (!immediate) timer ??= setTimeout(post, groupMs);
  };
  const flush = (): Promise<void> => {
    if (ops.length === 0 && sent.size === 0) return Promise.resolve();
    if (ops.length === 0) return [...sent.values()].at(-1)!.settle.promise;
    immediate ??= setImmediate(post);
    return next.promise;
  };

  return {
    get generation() {
      return lastId;
    },
    push, flush, post,
    async accept(op, size) {
      let refusal: Refusal | undefined;
      accepting.set(op[1], (given) => { refusal = given; });
      try {
        const written = next.promise;
        isDurable = true;
        push(op, size);
        if (ops.length > 0) immediate ??= setImmediate(post);
        await written;
        return refusal;
      } finally {
        accepting.delete(op[1]);
      }
    },
    call(call) {
      post();
      worker ??= start();
      worker.ref();
      const message: WriteCall = { id: ++lastId, call };
      const { promise, ...settlers } = Promise.withResolvers<unknown>();
      calls.set(message.id, { promise, ...settlers });
      worker.postMessage(message, []);
      return promise as Promise<never>;
    },
    connect(port) {
      worker ??= start();
      worker.postMessage({ connect: port }, [port]);
    },
    room() {
      if (pending <= mostPending) return undefined;
      post();
      room ??= Promise.withResolvers<void>();
      return room.promise;
    },
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
      if (!(closing instanceof Worker)) return closing.close();
      closing.ref();
      const ended = new Promise((resolve) => closing.once('exit', resolve));
      closing.postMessage('close', []);
      await ended;
    },
  };
}
