import type { RunResult } from '../model/api.ts';
import type { Runner, StartedRun } from '../runner/contract.ts';
import { exit, exitCodeOfRun } from './exit-codes.ts';
import type { Session } from './program.ts';
import { followRun } from './progress.ts';
import { reportRun } from './report-run.ts';
import { writeJson, type Terminal } from './terminal.ts';

interface Reporting {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Starts a run, tells how it goes, prints its result and sets the exit code. */
export async function runToEnd(session: Session, runner: Runner, start: () => Promise<StartedRun>, options: Reporting): Promise<RunResult> {
  const { terminal } = session;
  const { result, signal } = await execute(runner, start, terminal, options);
  if (options.json) writeJson(terminal, result);
  if (!options.json || result.error) await reportRun(terminal, result, { root: runner.root, isQuiet: options.quiet === true || options.json === true });
  session.exitCode = signal ? exit[signal === 'SIGINT' ? 'interrupt' : 'terminate'] : exitCodeOfRun(result);
  return result;
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
