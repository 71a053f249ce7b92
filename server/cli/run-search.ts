import type { PayloadMatch, TrackedRow } from '../model/api.ts';
import { counted } from '../model/words.ts';
import { CommandError } from './exit-codes.ts';
import type { Session } from './program.ts';
import { filterOf, type RunFilterOptions } from './run-filters.ts';
import { inWorkspace, time, type StateOptions } from './state-command.ts';
import { table, writeJson } from './terminal.ts';

export interface SearchOptions extends StateOptions, RunFilterOptions { readonly path?: string; readonly value?: string }

/** Goes on until enough is found or there is no more: who waits at a terminal can end it. */
export async function searchRuns(session: Session, text: string | undefined, options: SearchOptions): Promise<void> {
  const { terminal } = session;
  const { path, value, limit = 20, json } = options;
  if ((text === undefined) === (value === undefined)) throw new CommandError('What is to be searched for?', { hint: '`patchbay runs search TEXT`, or `--path customer.email --value ada@example.com`.' });
  if ((path === undefined) !== (value === undefined)) throw new CommandError('--path and --value belong together.');
  await inWorkspace(session, options, async (runner) => {
    const items: PayloadMatch[] = [];
    const tracked: TrackedRow[] = [];
    let [runs, skipped] = [0, 0];
    let cursor: string | undefined;
    do {
      const found = await runner.search({ ...filterOf(options), ...(text !== undefined && { text }), ...(path !== undefined && { path }), ...(value !== undefined && { value }), ...(cursor !== undefined && { cursor }), limit: limit - items.length });
      items.push(...found.items);
      tracked.push(...found.tracked);
      runs += found.runs;
      skipped += found.skipped;
      cursor = found.cursor;
    } while (cursor !== undefined && items.length < limit);
    if (json) return writeJson(terminal, { items, runs, skipped, tracked, ...(cursor !== undefined && { cursor }) });
    if (items.length > 0) terminal.out(table(['run', 'flow', 'status', 'queued', 'step', 'side', 'payload'], items.map(({ run, step, side, payload }) => [run.id, run.flow, run.status, time(run.queuedAt), step, side, payload])));
    terminal.say(`${items.length} of ${counted(runs, 'run')}${cursor === undefined ? '' : ', and there are more to look through: raise --limit'}${skipped > 0 ? `; ${skipped === 1 ? '1 body is too long to be read as a document' : `${skipped} bodies are too long to be read as documents`}` : ''}.\n`);
    for (const { flow, run, step, entity, at } of tracked) terminal.say(`Tracked as ${entity} in ${flow}, step ${step}, run ${run} at ${time(at)}.\n`);
  });
}
