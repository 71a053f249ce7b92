import { Readable } from 'node:stream';
import { fakeRunner, type FakeOptions, type FakeRunner } from './fake-runner.ts';
import type { Runner } from '../../server/runner/contract.ts';
import { runProgram } from '../../server/cli/program.ts';
import type { OpenOptions, Terminal } from '../../server/cli/terminal.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly said: string;
  readonly runners: readonly FakeRunner[];
  readonly opened: readonly OpenOptions[];
}

export interface FakeTerminalOptions {
  readonly folder: string;
  readonly input?: string;
  readonly isTTY?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly hasColour?: boolean;
  readonly fake?: FakeOptions;
  readonly openError?: Error;
  /** Another runner than the one in memory. */
  readonly open?: (options: OpenOptions) => Promise<Runner>;
  /** Given what sends a signal to the command. */
  readonly signals?: (send: (signal: 'SIGINT' | 'SIGTERM') => void, runner: () => FakeRunner | undefined) => void;
  /** In place of the browser. */
  readonly openBrowser?: (url: string) => Promise<boolean>;
  /** In place of `input`, for what is written while the command works. */
  readonly stream?: Readable;
  /** Called with each line on stdout, while the command still works. */
  readonly onOut?: (text: string) => void;
}

/** Runs one command line in this process, on a runner in memory. */
export async function runFake(args: readonly string[], options: FakeTerminalOptions): Promise<Outcome> {
  let out = '';
  let said = '';
  const runners: FakeRunner[] = [];
  const opened: OpenOptions[] = [];
  const terminal: Terminal = {
    out: (text) => { out += text; options.onOut?.(text); },
    say: (text) => { said += text; },
    ...(options.openBrowser && { openBrowser: options.openBrowser }),
    input: Object.assign(options.stream ?? Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]), { isTTY: options.isTTY ?? false }),
    environment: options.environment ?? {}, folder: options.folder, isLive: false, hasColour: options.hasColour ?? false,
    onSignal(listener) {
      options.signals?.(listener, () => runners[0]);
      return () => {};
    },
    async openRunner(open) {
      if (options.openError) throw options.openError;
      opened.push(open);
      if (options.open) return options.open(open);
      const runner = fakeRunner({ ...options.fake, root: open.root });
      runners.push(runner);
      return runner;
    },
  };
  return { code: await runProgram(args, terminal), get out() { return out; }, get said() { return said; }, runners, opened };
}
