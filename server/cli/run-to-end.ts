import type { RunResult } from '../model/api.ts';
import type { Runner, StartedRun } from '../runner/contract.ts';
import { exit, exitCodeOf, exitCodeOfRun } from './exit-codes.ts';
import type { Session } from './program.ts';
import { printResult, withOutputs } from './print-result.ts';
import { followRun } from './progress.ts';
import { sayError } from './report-error.ts';
import { reportRun } from './report-run.ts';
import type { Terminal } from './terminal.ts';

interface Reporting {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Starts a run, tells how it goes, prints its result and sets the exit code. */
export async function runToEnd(session: Session, runner: Runner, start: (outputsTo?: string) => Promise<StartedRun>, options: Reporting): Promise<RunResult> {
  const { terminal } = session;
  return withOutputs(options.json, async (outputsTo) => {
    const { result, signal } = await execute(runner, () => start(outputsTo), terminal, options);
    if (options.json) await printResult(terminal, result, outputsTo);
    if (!options.json || result.error) await reportRun(terminal, result, { root: runner.root, isQuiet: options.quiet === true || options.json === true });
    if (result.outputError) await sayError(terminal, result.outputError, runner.root);
    session.exitCode = signal ? exit[signal === 'SIGINT' ? 'interrupt' : 'terminate'] : exitCodeOfResult(result);
    return result;
  });
}

/** What cannot be printed is no failure of the run, but of the command that was to print it. */
function exitCodeOfResult(result: RunResult): number {
  const code = exitCodeOfRun(result);
  return code === exit.ok && result.outputError ? exitCodeOf(result.outputError.code) : code;
}

/** Waits for its end. The first signal stops the run and lets it write what it has; the second ends the process. */
async function execute(runner: Runner, start: () => Promise<StartedRun>, terminal: Terminal, { quiet, json }: Reporting): Promise<{ result: RunResult; signal: 'SIGINT' | 'SIGTERM' | undefined }> {
  let signal: 'SIGINT' | 'SIGTERM' | undefined;
  let run: string | undefined;
  const release = terminal.onSignal((name) => {
    if (signal) process.exit(exit[name === 'SIGINT' ? 'interrupt' : 'terminate']);
    signal = name;
    if (run !== undefined) void runner.stop(run);
  });
  try {
    const { head, done } = await start();
    run = head.id;
    if (signal) void runner.stop(run);
    const unfollow = followRun(runner, run, terminal, { isQuiet: quiet === true || (json === true && !terminal.isLive) });
    try {
      return { result: await done, signal };
    } finally {
      unfollow();
    }
  } finally {
    release();
  }
}
