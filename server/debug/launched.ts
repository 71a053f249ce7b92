import type { DebugEvent, DebugTarget } from '../model/debug.ts';
import type { CaseReport, TestReport } from '../model/test-report.ts';
import type { Runner, StartedRun, StartRun } from '../runner/contract.ts';
import type { DebuggedRuns } from '../runner/debugging.ts';
import type { TestOrder } from '../runner/executors.ts';
import type { ForkOptions } from '../runner/past-runs.ts';
import { invalid } from './arguments.ts';

export interface LaunchedOptions {
  readonly host: Pick<Runner, 'debug' | 'stop'>;
  readonly tell: (event: DebugEvent) => void;
  readonly say: (category: 'console' | 'stdout' | 'stderr', text: string) => void;
  /** What the session is about is over. */
  readonly ended: (exitCode: number) => void;
  readonly reported: (report: TestReport) => void;
}

/** What a session has launched, or waits for, until it is over. */
export class Launched {
  readonly #options: LaunchedOptions;
  /** Runs by their ids, with their ends. */
  readonly #runs = new Map<string, Promise<void>>();
  #debugged: DebuggedRuns | undefined;
  /** The run that the session is about. */
  #current: string | undefined;
  #tests: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(options: LaunchedOptions) {
    this.#options = options;
  }

  get target(): DebugTarget | undefined {
    return this.#debugged?.target;
  }

  /** `waitsFor`: a flow, or `*`, whose runs are debugged whoever starts them. */
  open(stopOnEntry: boolean, waitsFor?: string): void {
    if (this.#debugged) throw invalid('The session debugs something already.', 'Begin another session.');
    this.#debugged = this.#options.host.debug.open({ stopOnEntry, ...(waitsFor !== undefined && { waitsFor }) }, this.#options.tell);
  }

  async start(request: StartRun): Promise<void> {
    this.#follow(await this.#debugged!.start(request).catch(this.#failed));
  }

  /** Goes on from a place of a past run. What it has launched stands until nothing can be refused any more; then it ends, and `begins` is called. */
  async fork(run: string, options: ForkOptions, begins: () => Promise<void>): Promise<void> {
    const had = this.#debugged;
    if (!had) this.open(false);
    let hasEnded = false;
    const end = async (): Promise<void> => {
      hasEnded = this.#current !== undefined;
      await this.#stop();
      await begins();
    };
    try {
      this.#follow(await this.#debugged!.fork(run, { ...options, end }));
    } catch (error) {
      if (hasEnded) this.#failed(error);
      if (!had) await this.close(false);
      throw error;
    }
  }

  test(order: Pick<TestOrder, 'files' | 'cases'>): void {
    const { say, ended, reported } = this.#options;
    const abort = new AbortController();
    const isCurrent = (): boolean => this.#tests?.abort === abort;
    const over = (report: TestReport): void => {
      if (!isCurrent()) return;
      for (const one of report.cases) say(one.status === 'failed' ? 'stderr' : 'console', printCase(one));
      reported(report);
      ended(report.failed > 0 ? 1 : 0);
    };
    const done = this.#debugged!.test(order, abort.signal).then(over).catch((error: unknown) => {
      if (!isCurrent()) return;
      say('stderr', `${(error as Error).message}\n`);
      ended(1);
    });
    this.#tests = { abort, done };
  }

  /** Ends what it has launched; the session goes on. */
  async #stop(): Promise<void> {
    this.#current = undefined;
    for (const run of this.#runs.keys()) await this.#options.host.stop(run);
    await Promise.all(this.#runs.values());
  }

  /** Tests end, and what becomes of them is told no more; others can begin in their place. */
  async renew(): Promise<void> {
    const [tests, debugged] = [this.#tests, this.#debugged];
    this.#tests = this.#debugged = undefined;
    tests?.abort.abort(new Error('The tests begin anew.'));
    await debugged?.target.detach().catch(() => undefined);
    await tests?.done;
    await debugged?.[Symbol.asyncDispose]();
    this.open(false);
  }

  /** What stands goes on, or ends. Says whether there was something. */
  async close(isEnd: boolean): Promise<boolean> {
    const debugged = this.#debugged;
    if (!debugged) return false;
    if (isEnd) {
      for (const run of this.#runs.keys()) await this.#options.host.stop(run);
      this.#tests?.abort.abort(new Error('The tests were stopped.'));
      await debugged.target.detach().catch(() => undefined);
      await Promise.all([...this.#runs.values(), this.#tests?.done]);
    }
    await debugged[Symbol.asyncDispose]();
    this.#debugged = undefined;
    return true;
  }

  /** Tells how a run ends; with the one that it is about the session ends, too. */
  #follow({ head: { id, flow }, done }: StartedRun): void {
    const { say, ended } = this.#options;
    this.#current = id;
    say('console', `Run ${id} of ${flow}.\n`);
    const end = (code: number): void => { if (this.#current === id) ended(code); };
    const over = ({ status, error, outputs }: Awaited<StartedRun['done']>): void => {
      for (const output of outputs) say('stdout', `${JSON.stringify(output)}\n`);
      // The user has wanted it: it is no failure.
      if (status === 'stopped') say('console', 'The run was stopped.\n');
      else say(error ? 'stderr' : 'console', `The run has ended: ${status}${error ? `. ${error.code}: ${error.message}` : '.'}\n`);
      end(status === 'success' || status === 'partial-success' ? 0 : 1);
    };
    this.#runs.set(id, done.then(over).catch((error: unknown) => {
      say('stderr', `${(error as Error).message}\n`);
      end(1);
    }));
  }

  readonly #failed = (error: unknown): never => {
    this.#options.say('stderr', `${(error as Error).message}\n`);
    this.#options.ended(1);
    throw error;
  };
}

function printCase({ name, row, status, reason, failures }: CaseReport): string {
  const lines = failures.map(({ message, expected, actual }) => `  ${message}${expected === undefined ? '' : ` Expected: ${JSON.stringify(expected)}.`}${actual === undefined ? '' : ` Was: ${JSON.stringify(actual)}.`}`);
  return [`${name}${row === undefined ? '' : ` #${row}`}: ${status}${reason === undefined ? '' : ` (${reason})`}`, ...lines, ''].join('\n');
}
