import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openRunner } from '../../server/runner/runner.ts';

/** A process of its own with a runner of the workspace of `loginWorld`. */
export interface LoginRunner {
  readonly child: ChildProcess;
  /** Runs the flow `code` so often at the same time, and gives how each run ended: `success`, or code and message of its error. */
  run(times: number): Promise<readonly string[]>;
  /** Resolves with the signal that has ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** It is ready when this resolves. */
export async function startLoginRunner(root: string): Promise<LoginRunner> {
  const child = spawn(process.execPath, [import.meta.filename, root], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const next = async (): Promise<string> => String((await once(lines, 'line'))[0]);
  const ended = once(child, 'close').then(([, signal]) => signal as NodeJS.Signals | null);
  await next();
  return {
    child, ended,
    async run(times) {
      const answer = next();
      child.stdin.write(`${times}\n`);
      return JSON.parse(await answer) as string[];
    },
  };
}

async function main(root: string): Promise<void> {
  await using runner = await openRunner({ root });
  const run = async (): Promise<string> => {
    const { status, error } = await (await runner.start({ flow: 'code', trigger: 'manual' })).done;
    return error ? `${error.code}: ${error.message}` : status;
  };
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await Promise.all(Array.from({ length: Number(line) }, run))));
}

if (import.meta.main) await main(process.argv[2]!);
