import { availableParallelism, totalmem } from 'node:os';
import { Worker, type MessagePort } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { ConnectionState, StateHost } from '../engine/host.ts';
import { debugMethods, type DebugEvent, type DebugTarget } from '../model/debug.ts';
import type { CaseReport, TestReport } from '../model/test-report.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Lease } from '../stores/queue.ts';
import type { SecretValues } from '../stores/redact.ts';
import { threadFile } from '../stores/thread-file.ts';
import { createCalls, type Calls } from './calls.ts';
import type { Dispatcher } from './dispatch.ts';
import { connectionMethods } from './executor-connections.ts';
import type { ControlMethods, ExecutorMethods, ExecutorStart } from './executor-protocol.ts';
import type { Executors, Outcome, RunWants } from './executors.ts';
import type { RunnerLog } from './log.ts';

export interface ExecutorPoolOptions {
  readonly root: string;
  readonly usual: 'draft' | 'deployed';
  readonly recordings: () => Recordings;
  readonly dispatcher: () => Dispatcher;
  readonly connections: ConnectionState;
  readonly notify: StateHost['notify'];
  readonly log: RunnerLog;
  readonly values: SecretValues;
  readonly editorSecrets: ReadonlyMap<string, string>;
  /** Changes whenever files of the workspace have. */
  readonly files: () => string;
  readonly limits?: ExecutorLimits;
}

export interface ExecutorLimits {
  /** Default as many as the machine has cores. */
  readonly threads?: number;
  /** How long a thread may be silent before it is ended. */
  readonly stuckMs?: number;
  /** How long a run that is to be stopped may keep its thread from answering; default 3,000. */
  readonly stopMs?: number;
  /** Heap of a thread, in megabytes. */
  readonly megabytes?: number;
  /** How long a thread lives without work. */
  readonly idleMs?: number;
}

const usual = { stuckMs: 30_000, idleMs: 300_000, stopMs: 3_000 };
const lookMs = 500;
const closeMs = 2_000;
/** Of a replay or tests that nobody waits for any more, to end by itself. */
const leaveMs = 1_000;

interface Thread {
  readonly worker: Worker;
  readonly calls: Calls<ExecutorMethods>;
  readonly beat: Int32Array;
  readonly runs: Set<string>;
  /** Who debugs runs here, and is told what happens. */
  readonly debugs: Map<string, (event: DebugEvent) => void>;
  /** Who waits for tests here, one at a time. */
  onCase?: ((report: CaseReport) => void) | undefined;
  /** For a run that has ended a thread before: nothing else is put there. */
  readonly isForOne: boolean;
  isReady: boolean;
  secrets: string;
  lastBeat: number;
  seenAt: number;
  idle: NodeJS.Timeout | undefined;
  death?: { readonly cause: 'stuck' | 'memory' | 'crashed'; readonly message: string; readonly isCulprit: boolean };
}

/** Threads that run flows: begun when they are needed, ended when they are not, or do not answer any more. */
export function createExecutorPool(options: ExecutorPoolOptions): Executors {
  const { recordings, editorSecrets, files } = options;
  const { threads: most = Math.max(1, availableParallelism()), stuckMs = usual.stuckMs, idleMs = usual.idleMs, stopMs = usual.stopMs } = options.limits ?? {};
  const threads = new Set<Thread>();
  const runs = new Map<string, { readonly thread: Thread; readonly wants: RunWants }>();
  /** Runs that are alone in their threads, and those that wait for it. */
  let alone = 0;
  /** Runs that were given to this pool and have not come back. */
  const known = new Set<string>();
  /** Runs that are to be stopped: since when, in milliseconds of `performance`, and why. Also before their thread knows of them. */
  const stopping = new Map<string, { readonly since: number; readonly why: 'stop' | 'release' }>();
  const lonely: (() => void)[] = [];
  let lookTimer: NodeJS.Timeout | undefined;
  let lookedAt = 0;

  const begin = (isForOne: boolean): Thread => {
    const thread: Thread = startThread(options, isForOne, (run) => runs.get(run)?.wants, (value, owner) => {
      for (const other of threads) if (other !== thread) other.calls.tell('conceal', { value, ...(owner !== undefined && { owner }) });
    }, bury);
    threads.add(thread);
    thread.idle = setTimeout(() => void retire(thread), idleMs).unref();
    lookTimer ??= setInterval(look, lookMs).unref();
    return thread;
  };
  const bury = (thread: Thread, cause: 'stuck' | 'memory' | 'crashed', message: string): void => {
    if (!threads.delete(thread)) return;
    clearTimeout(thread.idle);
    thread.death = { cause, message, isCulprit: thread.runs.size === 1 };
    thread.calls.close(new FlowError('INTERNAL', message));
    for (const tell of thread.debugs.values()) tell({ type: 'output', category: 'important', text: message });
    void thread.worker.terminate();
  };
  const retire = async (thread: Thread): Promise<void> => {
    threads.delete(thread);
    clearTimeout(thread.idle);
    const timeUp = Promise.withResolvers<void>();
    const timer = setTimeout(timeUp.resolve, closeMs);
    await Promise.race([thread.calls.call('close', {}).catch(() => undefined), timeUp.promise]);
    clearTimeout(timer);
    await thread.worker.terminate();
  };
  /** One that has nothing to do, else the one with the least to do; then another begins for those to come, as long as there may be more. Nobody waits for it who need not. */
  const pick = (): Thread => {
    const shared = [...threads].filter(({ isForOne }) => !isForOne).sort((left, right) => left.runs.size - right.runs.size);
    const ready = shared.find(({ isReady }) => isReady);
    if (ready?.runs.size === 0) return ready;
    const isOneComing = shared.some(({ isReady }) => !isReady);
    const next = shared.length < most && !isOneComing ? begin(false) : undefined;
    return ready ?? shared[0] ?? next!;
  };
  const isStopping = (thread: Thread, now: number): boolean => [...thread.runs].some((run) => stopping.get(run)?.why === 'stop' && now - stopping.get(run)!.since > stopMs);
  /** A thread whose number does not grow any more does not come to its timers. */
  const look = (): void => {
    const now = performance.now();
    // Where we ourselves did not come to ours, the machine was asleep, or too busy for anybody.
    const isLate = now - lookedAt > 4 * lookMs;
    lookedAt = now;
    for (const thread of Array.from(threads)) {
      const beat = Atomics.load(thread.beat, 0);
      if (beat !== thread.lastBeat || isLate || thread.runs.size === 0) thread.seenAt = now;
      else if (now - thread.seenAt > (isStopping(thread, now) ? stopMs : stuckMs)) bury(thread, 'stuck', `A thread that runs flows did nothing but one thing for ${Math.round((now - thread.seenAt) / 1_000)} s and was ended.`);
      thread.lastBeat = beat;
    }
    if (threads.size > 0) return;
    clearInterval(lookTimer);
    lookTimer = undefined;
  };

  const rest = (thread: Thread): void => {
    if (thread.debugs.size > 0) return;
    thread.worker.unref();
    if (thread.isForOne) void retire(thread);
    else thread.idle = setTimeout(() => void retire(thread), idleMs).unref();
  };

  const runIn = async (thread: Thread, lease: Lease, wants: RunWants): Promise<Outcome> => {
    const { run } = lease;
    clearTimeout(thread.idle);
    thread.runs.add(run);
    thread.worker.ref();
    runs.set(run, { thread, wants });
    shareSecrets(thread, editorSecrets);
    try {
      const ended = thread.calls.call('run', { lease, files: files(), isWatched: recordings().isWatched(run), hasCaller: wants.reply !== undefined, ...(wants.outputs && { outputs: wants.outputs }), ...(wants.outputsTo !== undefined && { outputsTo: wants.outputsTo }), ...(wants.debug !== undefined && { debug: wants.debug }) });
      const wanted = stopping.get(run);
      if (wanted) thread.calls.tell('stop', { run, why: wanted.why });
      return await ended;
    } catch (error) {
      if (thread.death && thread.isReady) return { type: 'died', ...thread.death };
      if (thread.isReady) {
        options.log.error(`A thread that runs flows could not say what became of the run ${run}: ${(error as Error).message}`);
        return { type: 'unrecorded' };
      }
      options.log.error(`A thread that runs flows could not begin: ${thread.death?.message ?? (error as Error).message}`);
      bury(thread, 'crashed', (error as Error).message);
      return { type: 'unbegun' };
    } finally {
      thread.runs.delete(run);
      if (runs.get(run)?.thread === thread) runs.delete(run);
      if (thread.runs.size === 0 && threads.has(thread)) rest(thread);
    }
  };

  const inOwn = async <T>(work: (thread: Thread) => Promise<T>): Promise<T> => {
    if (alone >= most) await new Promise<void>((resolve) => lonely.push(resolve));
    alone++;
    try {
      return await work(begin(true));
    } finally {
      alone--;
      lonely.shift()?.();
    }
  };
  /** Something that is no run of the queue: a replay, tests. */
  const askIn = async <T>(thread: Thread, name: string, ask: (calls: Thread['calls']) => Promise<T>, signal: AbortSignal): Promise<T> => {
    clearTimeout(thread.idle);
    thread.runs.add(name);
    thread.worker.ref();
    shareSecrets(thread, editorSecrets);
    const leave = (): void => {
      thread.calls.tell('leave', {});
      setTimeout(() => bury(thread, 'crashed', 'Nobody waits for it any more.'), leaveMs).unref();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      signal.throwIfAborted();
      return await ask(thread.calls);
    } catch (error) {
      signal.throwIfAborted();
      throw thread.death ? new FlowError('RUN_STUCK', thread.death.message) : error;
    } finally {
      signal.removeEventListener('abort', leave);
      thread.runs.delete(name);
      if (threads.has(thread)) rest(thread);
    }
  };
  const threadOf = (debug: string | undefined): Thread | undefined => (debug === undefined ? undefined : [...threads].find(({ debugs }) => debugs.has(debug)));

  return {
    async run(lease, wants) {
      known.add(lease.run);
      try {
        const debugged = threadOf(wants.debug);
        if (debugged) return await runIn(debugged, lease, wants);
        return await (lease.strikes === 0 ? runIn(pick(), lease, wants) : inOwn((thread) => runIn(thread, lease, wants)));
      } finally {
        stopping.delete(lease.run);
        known.delete(lease.run);
      }
    },
    stop(run, why) {
      if (!known.has(run)) return;
      stopping.set(run, { since: stopping.get(run)?.since ?? performance.now(), why });
      runs.get(run)?.thread.calls.tell('stop', { run, why });
    },
    replay: (request, signal) => inOwn((thread) => askIn(thread, `replay ${request.run}`, (calls) => calls.call('replay', { request, files: files() }), signal)),
    test(request, signal, onCase) {
      const ask = (thread: Thread): Promise<TestReport> => {
        thread.onCase = onCase;
        return askIn(thread, 'tests', (calls) => calls.call('test', { request, files: files() }), signal);
      };
      const debugged = threadOf(request.debug);
      return debugged ? ask(debugged) : inOwn(ask);
    },
    debug(place, tell) {
      const { id } = place;
      const thread = begin(true);
      clearTimeout(thread.idle);
      thread.worker.ref();
      thread.debugs.set(id, tell);
      shareSecrets(thread, editorSecrets);
      thread.calls.tell('openDebug', place);
      const close = async (): Promise<void> => {
        await thread.calls.call('closeDebug', { id }).catch(() => undefined);
        thread.debugs.delete(id);
        if (thread.runs.size === 0 && threads.has(thread)) rest(thread);
      };
      return { target: remoteTarget((method, args) => thread.calls.call('debug', { id, method, args })), [Symbol.asyncDispose]: close };
    },
    elsewhere: {
      has: (run) => runs.has(run),
      watch: (run) => runs.get(run)?.thread.calls.tell('watch', { run, isOn: true }),
      unwatch: (run) => runs.get(run)?.thread.calls.tell('watch', { run, isOn: false }),
      settle: async (run) => runs.get(run)?.thread.calls.call('settle', {}),
    },
    async [Symbol.asyncDispose]() {
      clearInterval(lookTimer);
      await Promise.all(Array.from(threads, retire));
    },
  };
}

function startThread(
  { root, usual: serves, recordings, dispatcher, connections, notify, log, values, editorSecrets, limits = {} }: ExecutorPoolOptions, isForOne: boolean,
  wantsOf: (run: string) => RunWants | undefined, conceal: (value: string, owner: string | undefined) => void, died: (thread: Thread, cause: 'memory' | 'crashed', message: string) => void,
): Thread {
  const beat = new SharedArrayBuffer(4);
  const start: ExecutorStart = { root, usual: serves, owner: recordings().queue.owner, editorSecrets: [...editorSecrets], beat };
  const worker = new Worker(threadFile(import.meta.dirname, 'executor-thread'), {
    workerData: start, execArgv: [], name: 'patchbay flows', stdout: true, resourceLimits: { maxOldGenerationSizeMb: limits.megabytes ?? usualMegabytes(limits.threads ?? availableParallelism()), maxYoungGenerationSizeMb: 48 },
  });
  // Stdout belongs to the data of the process, not to plugins.
  // Not piped: each pipe would leave its listeners at the one stream, and Node.js warns of more than ten.
  worker.stdout.on('data', (bytes: Uint8Array) => process.stderr.write(bytes));
  const { ended, ...connecting } = connectionMethods(connections, () => thread.calls);
  const methods: ControlMethods = {
    ready: () => { thread.isReady = true; },
    events({ events }) {
      for (const event of events) recordings().relay(event);
    },
    reply: ({ run, reply }) => wantsOf(run)?.reply?.(reply),
    expect: ({ run, caller }) => dispatcher().expect(run, { outputs: 'payloads' }, caller),
    caseEnded: ({ report }) => thread.onCase?.(report),
    debugEvent: ({ id, event }) => thread.debugs.get(id)?.(event),
    wake: () => dispatcher().wake(),
    wait: ({ run, parked }) => dispatcher().wait(run, parked),
    conceal({ value, owner }) {
      values.add(value, owner);
      conceal(value, owner);
    },
    log: ({ level, message, fields }) => log[level](message, fields),
    notify: ({ group, message, place }) => notify(group, message, place),
    ...connecting,
  };
  const thread: Thread = { worker, isForOne, beat: new Int32Array(beat), runs: new Set(), debugs: new Map(), isReady: false, secrets: JSON.stringify([...editorSecrets]), lastBeat: 0, seenAt: performance.now(), idle: undefined, calls: createCalls<ExecutorMethods>(worker, methods) };
  worker.on('message', (message: { readonly attach?: MessagePort }) => { if (message.attach) recordings().connect(message.attach); });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') died(thread, 'memory', 'A thread that runs flows has taken more memory than it may have.');
    else died(thread, 'crashed', `A thread that runs flows has ended: ${error.message}.`);
  });
  worker.on('exit', ended);
  worker.on('exit', (code) => died(thread, 'crashed', `A thread that runs flows has ended with code ${code}.`));
  worker.unref();
  return thread;
}

const remoteTarget = (call: (method: keyof DebugTarget, args: readonly unknown[]) => Promise<unknown>): DebugTarget =>
  Object.fromEntries(debugMethods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)])) as unknown as DebugTarget;

/** The editor may have given other secrets since the thread began. */
function shareSecrets(thread: Thread, editorSecrets: ReadonlyMap<string, string>): void {
  const entries = [...editorSecrets];
  const secrets = JSON.stringify(entries);
  if (secrets === thread.secrets) return;
  thread.secrets = secrets;
  thread.calls.tell('editorSecrets', { entries });
}

/** All threads together leave room for the rest of the machine. */
const usualMegabytes = (threads: number): number => Math.max(512, Math.min(4_096, Math.floor((totalmem() / 2 ** 20 / 2) / Math.max(1, threads))));
