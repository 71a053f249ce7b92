import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What the runner needs to start. It goes over stdin as one JSON line: arguments and environments can be read by other processes. */
export interface RunnerStart {
  readonly root: string;
  readonly token: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Where senders of webhooks reach the runner; empty where no setting says it. */
  readonly publicUrl?: string;
}

export interface RunnerProcessOptions {
  /** Node, or VS Code itself, which is Node where `ELECTRON_RUN_AS_NODE` is set. */
  readonly node: string;
  /** File of the runner. */
  readonly script: string;
  readonly start: () => Promise<RunnerStart>;
  readonly log: (level: 'info' | 'error', line: string) => void;
  /** Called when the runner is ready, first and after each restart. */
  readonly ready: (address: RunnerAddress) => void;
  /** Called when the runner died by itself; it is started again after `retryInMs`. */
  readonly died: (reason: string, retryInMs: number) => void;
  /** First pause before a restart; each further one is twice as long, up to 30 s. */
  readonly pauseMs?: number;
  /** How long a runner may take until it names its address. */
  readonly startTimeoutMs?: number;
}

export interface RunnerAddress {
  readonly url: string;
  readonly token: string;
  /** The port that was wanted, where another program has it: the address may be another one next time. */
  readonly taken?: number;
}

/** One runner of one workspace folder: started on first need, started again when it dies, ended with its owner. */
export interface RunnerProcess extends AsyncDisposable {
  /** The address of the living runner; starts one where there is none. Fails where it does not start. */
  address(): Promise<RunnerAddress>;
  /** Hands a secret to the living runner. Does nothing where none lives: the next start has it. */
  setSecret(name: string, value: string | undefined): void;
  /** The same with the public address. */
  setPublicUrl(publicUrl: string): void;
  restart(): Promise<RunnerAddress>;
  /** Process id, while it lives. */
  pid(): number | undefined;
}

interface Life {
  readonly child: ChildProcessWithoutNullStreams;
  readonly address: Promise<RunnerAddress>;
  readonly ended: Promise<string>;
}

const longestPauseMs = 30_000;
/** A runner that lived this long is taken for sound, so its next pause is a short one again. */
const soundAfterMs = 60_000;

export function runnerProcess(options: RunnerProcessOptions): RunnerProcess {
  const firstPauseMs = options.pauseMs ?? 500;
  let current: Promise<Life> | undefined;
  let living: Life | undefined;
  let pauseMs = firstPauseMs;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const begin = (): Promise<Life> => {
    clearTimeout(timer);
    const starting = launch(options).then((life) => {
      living = life;
      if (isClosed) life.child.kill();
      void watch(life, starting);
      return life;
    });
    starting.catch(() => { if (current === starting) current = undefined; });
    return starting;
  };

  async function watch(life: Life, own: Promise<Life>): Promise<void> {
    const bornAt = performance.now();
    const wasReady = await life.address.then((own) => { options.ready(own); return true; }, () => false);
    const reason = await life.ended;
    if (living === life) living = undefined;
    if (current !== own) return;
    current = undefined;
    // A runner that never came up is not tried again by itself: who asked for it is told why.
    if (isClosed || !wasReady) return;
    if (performance.now() - bornAt > soundAfterMs) pauseMs = firstPauseMs;
    options.died(reason, pauseMs);
    timer = setTimeout(() => void address().catch((error: Error) => options.log('error', error.message)), pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  async function address(): Promise<RunnerAddress> {
    if (isClosed) throw new Error('The runner is closed, because its folder or VS Code is being closed.');
    return (await (current ??= begin())).address;
  }

  async function end(): Promise<void> {
    clearTimeout(timer);
    const old = current;
    current = undefined;
    const life = await old?.catch(() => undefined);
    if (life) await stop(life);
  }

  return {
    address,
    setSecret: (name, value) => void living?.child.stdin.write(`${JSON.stringify({ secret: { name, value } })}\n`),
    setPublicUrl: (publicUrl) => void living?.child.stdin.write(`${JSON.stringify({ publicUrl })}\n`),
    restart: async () => { await end(); pauseMs = firstPauseMs; return address(); },
    pid: () => living?.child.pid,
    [Symbol.asyncDispose]: async () => { isClosed = true; await end(); },
  };
}

async function launch(options: RunnerProcessOptions): Promise<Life> {
  const start = await options.start();
  const child = spawn(options.node, [options.script], { cwd: start.root, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: 'pipe' });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The runner could not be started with ${options.node}: ${error.message}.`));
    child.once('close', (code, signal) => resolve(`The runner ended with ${signal ? `signal ${signal}` : `code ${code}`}.`));
  });
  // A write to a runner that has just died must not take the editor's process down; `ended` tells of the death.
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(start)}\n`);
  createInterface({ input: child.stderr }).on('line', (line) => options.log('info', line));
  return { child, ended, address: firstAddress(child, ended, start.token, options) };
}

function firstAddress(child: ChildProcessWithoutNullStreams, ended: Promise<string>, token: string, options: RunnerProcessOptions): Promise<RunnerAddress> {
  const { startTimeoutMs = 15_000 } = options;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error(`The runner did not answer within ${startTimeoutMs / 1000} s. See the output "Patchbay Runner".`)); child.kill('SIGKILL'); }, startTimeoutMs);
    const fail = (reason: string): void => { clearTimeout(timer); reject(new Error(`${reason} See the output "Patchbay Runner".`)); };
    void ended.then(fail);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const place = placeOf(line);
      if (!place) return options.log('info', line);
      clearTimeout(timer);
      resolve({ ...place, token });
    });
  });
}

function placeOf(line: string): Omit<RunnerAddress, 'token'> | undefined {
  try {
    const { url, taken } = JSON.parse(line) as { url?: unknown; taken?: unknown };
    return typeof url === 'string' ? { url, ...(typeof taken === 'number' && { taken }) } : undefined;
  } catch {
    return undefined;
  }
}

/** Closing stdin and SIGTERM let the runner finish what it writes; after 5 s it is ended. */
async function stop({ child, ended }: Life): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.stdin.end();
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}
