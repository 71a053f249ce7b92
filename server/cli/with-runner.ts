import type { Runner } from '../runner/contract.ts';
import type { Session } from './program.ts';
import type { OpenOptions } from './terminal.ts';

/** Opens the workspace for one piece of work and closes it again. */
export async function withRunner<T>(session: Session, options: OpenOptions, work: (runner: Runner) => Promise<T>): Promise<T> {
  session.root = options.root;
  const runner = await session.terminal.openRunner(options);
  try {
    return await work(runner);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}
