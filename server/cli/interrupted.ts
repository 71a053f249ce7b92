import type { QueueRow, RunSummary } from '../model/api.ts';
import type { Runner } from '../runner/contract.ts';

/** A run that has begun and that no process works on: its own has ended. It waits for whoever goes on with it, so the queue has it. */
export const statusOf = ({ status, startedAt }: Pick<RunSummary, 'status' | 'startedAt'>): RunSummary['status'] => (status === 'queued' && startedAt !== undefined ? 'interrupted' : status);

/** The most urgent ones of those that wait. */
export async function interruptedRuns(runner: Pick<Runner, 'queue'>, flow?: string): Promise<readonly QueueRow[]> {
  const { items } = await runner.queue({ ...(flow !== undefined && { flow }), perPage: 100 });
  return items.filter(({ isAtWork, startedAt }) => !isAtWork && startedAt !== undefined);
}

/** How a person goes on with such a run, or ends it. */
export const howToGoOn = (run: string): string => `\`patchbay runs resume ${run}\` goes on with it, as a server does by itself; \`patchbay runs stop ${run}\` ends it.`;
