import { FlowError, type ScriptWorld } from '../../sdk/index.ts';
import { answerer } from './answer.ts';
import type { CompiledScript } from './compile.ts';
import { encodeFrame, frameReader, type Frame } from './frames.ts';
import { placeIn, scriptInvalid } from './invalid.ts';
import { launch, type Child } from './launch.ts';
import { canReadMemory, residentBytes, watchMemory } from './memory.ts';
import { readBatch, type BatchResults } from './results.ts';
import { inspectedWall, wallNames } from './self-test.ts';
import { sourceStack, type ModuleLines } from './stack.ts';

/** A child process that can run scripts. It does one thing at a time. */
export interface Sandbox {
  /** Fails with `SCRIPT_INVALID`, or as `run` does. */
  load(script: CompiledScript, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Loads it where it is not yet. */
  prepare(script: CompiledScript, signal: AbortSignal): Promise<void>;
  /**
   * Runs the script on inputs given as JSON texts and hands over the results of some of them at a time, in order.
   * Fails with `SCRIPT_TIMEOUT`, `SCRIPT_MEMORY`, `SCRIPT_CRASHED` or the signal's reason; the process has ended then.
   */
  run(script: CompiledScript, inputs: readonly string[], options: RunOptions): Promise<void>;
  end(): void;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly alive: boolean;
  readonly pid: number;
  /** Holds on to so much memory, or is so old, that a fresh process is the better choice. */
  readonly worn: boolean;
  /** Whether it keeps the host process from ending. */
  hold(busy: boolean): void;
  /** Somebody looks at what it does, or does so no longer: time limits do not count meanwhile, and begin anew. */
  stand(isStanding: boolean): void;
  /** Address of its debugger, of a child that is inspected. */
  inspector(): Promise<string>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Report after each input. */
  readonly single: boolean;
  /** See `Script`. */
  readonly areColumns: boolean;
  /** Place of the first input among those of the call. */
  readonly first: number;
  readonly world: Partial<ScriptWorld>;
  /** Milliseconds until the next results must be there; asked again after each. */
  readonly limitMs: () => number;
  readonly take: (results: BatchResults) => void;
}

export interface SandboxOptions {
  readonly source: Buffer;
  readonly memoryMb: number;
  readonly node?: string | undefined;
  /** Its scripts are debugged. */
  readonly isInspected?: boolean;
}

interface Exchange {
  /** Says whether the exchange is over; `heard` where the frame is part of it, and brings its end no nearer. */
  readonly answer: (frame: Frame) => boolean | 'heard';
  readonly limitMs: () => number;
  readonly file: string;
  /** What it does not do in time. */
  readonly verb: 'start' | 'load' | 'finish';
}

/** A file that has not said what it exports by then never will: whoever checks a workspace need not wait for the time limit of its steps. */
export const mostLoadMs = 5_000;
const bootMs = 30_000;
/** Far below the processor time that the kernel grants a child. */
const maxAgeMs = 15 * 60_000;
const startedIn = 'the script process';

/** Starts a child and has it test its walls. Fails with `SANDBOX_UNSAFE` where one does not hold or the process does not start. */
export async function openSandbox({ source, memoryMb, node, isInspected = false }: SandboxOptions): Promise<Sandbox> {
  const child = launch(source, { memoryMb, node, isInspected });
  const line = connect(child);
  let held: unknown;
  try {
    await line.exchange(undefined, { file: startedIn, verb: 'start', limitMs: () => bootMs, answer: ({ head }) => (head['type'] === 'ready' ? ((held = head['held']), true) : false) });
  } catch (cause) {
    throw new FlowError('SANDBOX_UNSAFE', `The process for scripts did not start: ${line.complaint() || (cause as Error).message}`, { cause });
  }
  const open = wallNames.filter((name) => !(isInspected && name === inspectedWall) && !(Array.isArray(held) && held.includes(name)));
  if (open.length > 0) {
    line.end(new FlowError('SANDBOX_UNSAFE', ''));
    throw new FlowError('SANDBOX_UNSAFE', `Scripts do not run here, because a script that broke out could: ${open.join(', ')}. Node.js ${process.versions.node} does not enforce its limits.`, { details: { open } });
  }
  const baseline = residentBytes(child.pid as number) ?? 64 * 1024 * 1024;
  line.limitMemory(baseline + memoryMb * 1024 * 1024, memoryMb);
  if (!canReadMemory) line.send({ type: 'report-memory' });
  return sandboxOf(line, child, { baseline, memoryMb });
}


function sandboxOf(line: Line, child: Child, { baseline, memoryMb }: { baseline: number; memoryMb: number }): Sandbox {
  const loaded = new Set<number>();
  const openedAt = performance.now();
  const pid = child.pid as number;
  let calls = 0;

  const load: Sandbox['load'] = async ({ id, file, contract, code, columnOffset, packages }, timeoutMs, signal) => {
    let problem: unknown;
    await line.exchange([{ type: 'load', script: id, file, contract, columnOffset, packages: packages.code.length, memoryBytes: memoryMb * 1024 * 1024 }, packages.code + code], {
      file, verb: 'load', limitMs: () => timeoutMs,
      answer: ({ head, body }) => {
        if (head['script'] !== id || (head['type'] !== 'loaded' && head['type'] !== 'invalid')) return false;
        if (head['type'] === 'invalid') problem = JSON.parse(body);
        return true;
      },
    }, signal);
    if (problem !== undefined) throw invalid(file, problem, packages.modules);
    loaded.add(id);
  };

  const run: Sandbox['run'] = async (script, inputs, options) => {
    const { signal, single, areColumns, limitMs, take, first, world } = options;
    const isNew = !loaded.has(script.id);
    if (isNew) await load(script, Math.max(limitMs(), mostLoadMs), signal);
    const call = ++calls;
    let left = inputs.length;
    let forgotten = false;
    const questions = answerer(world, (question, body) => line.send({ type: 'answer', call, question }, body), line.stand);
    await line.exchange([{ type: 'run', script: script.id, call, single, areColumns, first, now: world.now ?? -1, seed: world.seed ?? -1 }, `[${inputs.join(',')}]`], {
      file: script.file, verb: 'finish', limitMs,
      answer: ({ head, body }) => {
        if (head['call'] !== call) return false;
        // Only what it was told in an earlier call can have been forgotten.
        if (head['type'] === 'forgotten') return (forgotten = !isNew && left === inputs.length);
        if (head['type'] === 'ask') return questions.take(body);
        if (head['type'] !== 'rows') return false;
        const results = readBatch(body, left, script.file);
        left -= results.outputs.length;
        take(head['floating'] === 0 ? results : { ...results, logs: [...results.logs, [0, 'warn', floatingText]] });
        return left === 0;
      },
    }, signal).finally(() => questions.end());
    if (!forgotten) return;
    loaded.delete(script.id);
    await run(script, inputs, options);
  };

  return {
    load, run,
    prepare: async (script, signal) => { if (!loaded.has(script.id)) await load(script, mostLoadMs, signal); },
    stand: (isStanding) => line.stand(isStanding),
    inspector: () => line.inspector,
    end: () => line.end(new FlowError('SCRIPT_CRASHED', 'The process for scripts was ended.')),
    ended: line.ended,
    pid,
    get alive() {
      return line.alive();
    },
    get worn() {
      return performance.now() - openedAt > maxAgeMs || (residentBytes(pid) ?? line.lastBytes()) > baseline + memoryMb * 512 * 1024;
    },
    hold(busy) {
      for (const part of [child, child.stdin, child.stdout, child.stderr] as { ref?(): void; unref?(): void }[]) {
        if (busy) part.ref?.();
        else part.unref?.();
      }
    },
  };
}

interface Line {
  send(head: Frame['head'], body?: string): void;
  exchange(message: readonly [Frame['head'], string] | undefined, exchange: Exchange, signal?: AbortSignal): Promise<void>;
  end(reason: Error): void;
  limitMemory(bytes: number, memoryMb: number): void;
  stand(isStanding: boolean): void;
  readonly inspector: Promise<string>;
  readonly ended: Promise<void>;
  alive(): boolean;
  complaint(): string;
  lastBytes(): number;
}

/** Watches over a child: every way in which it can misbehave ends it with an error that says why. */
function connect(child: Child): Line {
  const ended = Promise.withResolvers<void>();
  let over: Error | undefined;
  let current: (Exchange & { readonly resolve: () => void; readonly reject: (error: Error) => void; restart(): void; pause(): void }) | undefined;
  let limit = Number.POSITIVE_INFINITY;
  let limitMb = 0;
  let lastBytes = 0;
  let complaint = '';

  const inspector = Promise.withResolvers<string>();
  inspector.promise.catch(() => undefined);

  const end = (reason: Error): void => {
    if (over) return;
    over = reason;
    inspector.reject(reason);
    child.kill('SIGKILL');
    current?.reject(reason);
  };
  const crash = (what: string): void => end(new FlowError('SCRIPT_CRASHED', `${subject(current?.file)} ended its process: ${what}.`, fileOf(current?.file)));
  const outOfMemory = (): void => end(new FlowError('SCRIPT_MEMORY', `${subject(current?.file)} needed more than ${limitMb} MB of memory.`, { ...fileOf(current?.file), details: { memoryMb: limitMb } }));
  const checkMemory = (bytes: unknown): void => {
    if (typeof bytes !== 'number') return;
    lastBytes = bytes;
    if (bytes > limit) outOfMemory();
  };

  const read = frameReader((frame) => {
    if (over) return;
    checkMemory(frame.head['bytes']);
    if (frame.head['type'] === 'memory') return;
    if (!current) throw new Error('it spoke without being asked');
    const answer = current.answer(frame);
    if (answer === 'heard') return;
    if (answer) current.resolve();
    else if (frame.head['type'] === 'rows') current.restart();
    else throw new Error('it gave an answer to another question');
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (over) return;
    try {
      read(chunk);
    } catch (error) {
      crash(`what it sent cannot be read (${(error as Error).message.slice(0, 200)})`);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 4_096) complaint += chunk.toString('latin1').slice(0, 4_096);
    const [, address] = /^Debugger listening on (ws:\/\/127\.0\.0\.1:\S+)$/m.exec(complaint) ?? [];
    if (address !== undefined) inspector.resolve(address);
  });
  child.on('error', (error) => {
    crash(error.message);
    ended.resolve();
  });
  child.on('close', (code, signal) => {
    if (/out of memory|allocation failed/i.test(complaint)) outOfMemory();
    crash(signal ? `it was stopped by ${signal}` : `it ended with code ${code}`);
    ended.resolve();
  });

  return {
    send: (head, body) => void child.stdin.write(encodeFrame(head, body)),
    async exchange(message, exchange, signal) {
      if (over) throw over;
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const expire = (): void => end(new FlowError('SCRIPT_TIMEOUT', `${subject(exchange.file)} did not ${exchange.verb} within ${exchange.limitMs()} ms.`, { ...fileOf(exchange.file), details: { limitMs: exchange.limitMs() } }));
      let timer = setTimeout(expire, exchange.limitMs());
      const restart = (): void => {
        clearTimeout(timer);
        timer = setTimeout(expire, exchange.limitMs());
      };
      const abort = (): void => end(signal?.reason instanceof Error ? signal.reason : new FlowError('RUN_STOPPED', 'The run was stopped.', { cause: signal?.reason }));
      const stopWatch = child.pid === undefined || limit === Number.POSITIVE_INFINITY ? () => {} : watchMemory(child.pid, checkMemory);
      signal?.addEventListener('abort', abort, { once: true });
      current = { ...exchange, resolve, reject, restart, pause: () => clearTimeout(timer) };
      if (message) child.stdin.write(encodeFrame(...message));
      try {
        await promise;
      } finally {
        current = undefined;
        clearTimeout(timer);
        stopWatch();
        signal?.removeEventListener('abort', abort);
      }
    },
    end,
    limitMemory(bytes, memoryMb) {
      limit = bytes;
      limitMb = memoryMb;
    },
    stand(isStanding) {
      if (isStanding) current?.pause();
      else current?.restart();
    },
    inspector: inspector.promise,
    ended: ended.promise,
    alive: () => over === undefined,
    complaint: () => complaint.trim().slice(0, 300),
    lastBytes: () => lastBytes,
  };
}

const floatingText = 'A promise of the script failed and nobody waited for it, so its error is lost: write `await` before it, or handle it with `catch`.';

const fileOf = (file: string | undefined): { readonly place?: { readonly file: string } } => (file === undefined || file === startedIn ? {} : { place: { file } });
const subject = (file: string | undefined): string => (file === undefined || file === startedIn ? 'The script' : `The script ${file}`);

/** The child's word on why a script cannot be used. Its fields are checked, since the top level of the script has already run. */
function invalid(file: string, problem: unknown, modules: readonly ModuleLines[]): FlowError {
  const { message, stack } = problem as { message?: unknown; stack?: unknown };
  const said = String(message).slice(0, 2_000);
  if (typeof stack !== 'string') return scriptInvalid(file, said);
  const { text, origin } = sourceStack(stack, file, modules);
  return scriptInvalid(file, origin ? `${said} (${origin.file}, line ${origin.line})` : said, placeIn(text, file));
}
