import { randomUUID } from 'node:crypto';
import type { DebugEvent, DebugTarget } from '../model/debug.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { Executors } from './executors.ts';

/** Runs that are debugged have a thread of their own, where the runs that they start are as well. */
export interface DebugAccess {
  open(options: { readonly stopOnEntry?: boolean; /** Runs that others start are debugged, too: of this flow, or of all (`*`). */ readonly waitsFor?: string }, tell: (event: DebugEvent) => void): DebuggedRuns;
}

/** What stands goes on when it is disposed. */
export interface DebuggedRuns extends AsyncDisposable {
  readonly target: DebugTarget;
  /** As `Runner.start`. */
  start(request: StartRun): Promise<StartedRun>;
}

export interface DebuggingOptions {
  readonly executors: Pick<Executors, 'debug'>;
  readonly start: (request: StartRun) => Promise<StartedRun>;
}

export function createDebugging({ executors, start }: DebuggingOptions): DebugAccess & { waitsFor(flow: string): string | undefined } {
  const waiting = new Map<string, string>();
  return {
    open({ stopOnEntry = false, waitsFor }, tell) {
      const id = randomUUID();
      const debugging = executors.debug({ id, stopOnEntry }, tell);
      if (waitsFor !== undefined) waiting.set(id, waitsFor);
      return {
        target: debugging.target,
        start: (request) => start({ ...request, debug: id }),
        async [Symbol.asyncDispose]() {
          waiting.delete(id);
          await debugging[Symbol.asyncDispose]();
        },
      };
    },
    waitsFor: (flow) => [...waiting].findLast(([, wanted]) => wanted === '*' || wanted === flow)?.[0],
  };
}
