import type { Readable } from 'node:stream';
import type { Runner } from '../runner/contract.ts';
import { who } from './who.ts';

/** What a command may touch. Tests give their own. */
export interface Terminal {
  /** Data for scripts; nothing else goes to stdout. */
  out(text: string): void;
  /** Resolves when its reader has taken what was written, for data of any length. */
  drained?(): Promise<void>;
  /** Words for people. */
  say(text: string): void;
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  /** People look at stderr: colours and a line that is drawn again and again make sense. */
  readonly isLive: boolean;
  readonly hasColour: boolean;
  /** Calls back when the process is asked to end, instead of ending it. Gives what takes that back. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  openRunner(options: OpenOptions): Promise<Runner>;
  /** Gives whether the browser of the person was opened. Not there where nothing may be opened. */
  openBrowser?(url: string): Promise<boolean>;
}

export interface OpenOptions {
  readonly root: string;
  readonly environment?: string;
  readonly dev?: boolean;
  readonly isServer?: boolean;
  readonly serves?: 'draft' | 'deployed';
  readonly isProductionConfirmed?: boolean;
  /** Where senders of webhooks reach it. */
  readonly publicUrl?: () => string | undefined;
  /** Milliseconds that runs get when the runner is closed. */
  readonly drainMs?: number;
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  const isDumb = env.TERM === 'dumb';
  // The reader of a pipe may leave early (`| head`): that is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error; });
  return {
    out: (text) => void stdout.write(text),
    drained: () => drained(stdout),
    say: (text) => void stderr.write(text),
    input: stdin, environment: env,
    // `npm --prefix … run patchbay` changes the folder; who called it means the one where he is.
    folder: env.npm_lifecycle_event === 'patchbay' && env.INIT_CWD ? env.INIT_CWD : process.cwd(),
    isLive: Boolean(stderr.isTTY) && !isDumb && !env.CI,
    hasColour: env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : !env.NO_COLOR && Boolean(stderr.isTTY) && !isDumb,
    onSignal(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => { for (const signal of signals) process.off(signal, listener); };
    },
    openBrowser: async (url) => (await import('./open-browser.ts')).openBrowser(url, env),
    async openRunner({ isServer, ...options }) {
      const [{ openRunner }, { stderrLog, silentLog }] = await Promise.all([import('../runner/runner.ts'), import('../runner/log.ts')]);
      return openRunner({ ...options, ...(isServer ? { log: stderrLog(), executors: {}, actor: 'API' } : { log: silentLog, actor: who({ environment: env }) }) });
    },
  };
}

/** Nobody waits for a reader that has left. */
async function drained(stdout: NodeJS.WriteStream): Promise<void> {
  if (!stdout.writableNeedDrain || stdout.destroyed) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ['drain', 'close', 'error']) stdout.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stdout.on(event, go);
  });
}

/** Text of others, such as a file's, must not steer the terminal: its control characters are shown as the escapes that JSON has for them. */
export const withoutControls = (text: string): string => text.replaceAll(/(?![\t\n])\p{Cc}/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export const paint = ({ hasColour }: Pick<Terminal, 'hasColour'>, style: keyof typeof styles, text: string): string => (hasColour ? `\u{1B}[${styles[style]}m${text}\u{1B}[0m` : text);

/** Rows in columns, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell ?? '')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = head.map((_, column) => rows.length > 0 && rows.every((row) => row[column] === undefined || typeof row[column] === 'number'));
  return cells.map((row) => `${row.map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ').trimEnd()}\n`).join('');
}

/** JSON for scripts. */
export const writeJson = ({ out }: Pick<Terminal, 'out'>, value: unknown): void => out(`${JSON.stringify(value)}\n`);

/** A value for people and pipes: a text as it is, everything else as JSON. */
export const writeValue = (terminal: Pick<Terminal, 'out'>, value: unknown, isJson: boolean | undefined): void =>
  isJson ? writeJson(terminal, value ?? null) : terminal.out(`${typeof value === 'string' ? value : JSON.stringify(value ?? null, undefined, 2)}\n`);
