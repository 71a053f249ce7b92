import type { BodyMatch, BodyResult } from '../model/body-find.ts';
import type { Runner } from '../runner/contract.ts';
import { counted } from '../model/words.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Session } from './program.ts';
import { noRun } from './run-errors.ts';
import type { LineageOptions } from './run-lineage.ts';
import { inWorkspace } from './state-command.ts';
import { paint, table, withoutControls, writeJson } from './terminal.ts';

export type BodyOptions = LineageOptions & { readonly limit?: number };

/** Prints where a text stands in a recorded payload, however big it is. */
export const findInPayload = (session: Session, run: string, step: string, text: string, options: BodyOptions): Promise<void> =>
  withBody(session, run, step, options, async (runner, hash) => {
    const { limit = 20, json } = options;
    const matches: BodyMatch[] = [];
    let total = 0;
    let cursor: string | undefined;
    do {
      // What is more than is printed is counted.
      const left = limit - matches.length;
      const found = await runner.archive.find(run, hash, { text, ...(left > 0 ? { limit: left } : { skip: 1_000_000, limit: 1 }), ...(cursor !== undefined && { cursor }) });
      if (left > 0) matches.push(...(found?.matches ?? []));
      total += (found?.skipped ?? 0) + (found?.matches.length ?? 0);
      cursor = found?.cursor;
    } while (cursor !== undefined);
    const { terminal } = session;
    if (json) writeJson(terminal, { matches, total });
    else if (matches.length > 0) terminal.out(matches.map(({ pointer, side, line, excerpt }) => `${paint(terminal, 'bold', withoutControls(side === 'line' ? `line ${line}` : `${pointer || '/'}${side === 'key' ? ' (name)' : ''}`))}  ${withoutControls(excerpt)}\n`).join(''));
    if (!json) terminal.say(`${matches.length} of ${counted(total, 'match', 'matches')}.\n`);
    if (total === 0) session.exitCode = exit.failed;
  });

/** Prints what a JSONPath finds in a recorded payload. */
export const queryPayload = (session: Session, run: string, step: string, path: string, options: BodyOptions): Promise<void> =>
  withBody(session, run, step, options, async (runner, hash) => {
    const { limit = 20, json } = options;
    const results: BodyResult[] = [];
    let next: number | undefined = 0;
    while (next !== undefined && results.length < limit) {
      const found = await runner.archive.query(run, hash, { path, offset: next, limit: limit - results.length });
      results.push(...(found?.results ?? []));
      next = found?.next;
    }
    const { terminal } = session;
    if (json) writeJson(terminal, { results, ...(next !== undefined && { next }) });
    else if (results.length > 0) terminal.out(table(['place', 'value'], results.map(({ pointer, kind, count, value, cut }) => [pointer || '/', withoutControls(value === undefined ? `${kind} of ${count}` : `${JSON.stringify(value)}${cut ? '…' : ''}`)])));
    if (!json) terminal.say(`${counted(results.length, 'result')}${next === undefined ? '' : ', and there may be more: raise --limit'}.\n`);
    if (results.length === 0) session.exitCode = exit.failed;
  });

function withBody(session: Session, run: string, step: string, { side, payload, ...options }: BodyOptions, work: (runner: Runner, hash: string) => Promise<void>): Promise<void> {
  if (!['in', 'out', 'failed'].includes(side)) throw new CommandError(`There is no side ${JSON.stringify(side)}; there are in, out and failed.`);
  return inWorkspace(session, options, async (runner) => {
    if (!runner.archive.run(run)) throw noRun(run);
    const [row] = runner.archive.payloads(run, step, side, 1, 1, payload === undefined ? {} : { payload }).items;
    if (!row) throw new CommandError(`The step ${JSON.stringify(step)} of this run has no such payload at its side ${side}.`, { hint: '--side in, out or failed; --payload takes the id of a payload.' });
    if (row.body === '') throw new CommandError('The body of this payload was not kept.', { hint: 'The settings of the flow say what a run records.' });
    await work(runner, row.body);
  });
}
