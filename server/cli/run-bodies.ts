import type { PageOf, PayloadRow } from '../model/api.ts';
import type { BodyMatch, BodyResult } from '../model/body-find.ts';
import type { Runner } from '../runner/contract.ts';
import { counted } from '../model/words.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Session } from './program.ts';
import { noRun } from './run-errors.ts';
import type { PayloadOptions } from './run-lineage.ts';
import { inWorkspace } from './state-command.ts';
import { paint, table, withoutControls, writeJson } from './terminal.ts';

export type BodyOptions = PayloadOptions & { readonly limit?: number };

/** Prints where a text stands in recorded payloads of a step, however big they are. */
export const findInPayloads = (session: Session, run: string, step: string, text: string, options: BodyOptions): Promise<void> =>
  withBodies(session, run, step, options, async (runner, bodies, isOne) => {
    const { limit = 20, json } = options;
    const matches: (BodyMatch & { readonly payload: string })[] = [];
    let total = 0;
    for (const { id: payload, body } of bodies) {
      let cursor: string | undefined;
      do {
        // What is more than is printed is counted.
        const left = limit - matches.length;
        const found = await runner.archive.find(run, body, { text, ...(left > 0 ? { limit: left } : { skip: 1_000_000, limit: 1 }), ...(cursor !== undefined && { cursor }) });
        if (left > 0) matches.push(...(found?.matches ?? []).map((match) => ({ payload, ...match })));
        total += (found?.skipped ?? 0) + (found?.matches.length ?? 0);
        cursor = found?.cursor;
      } while (cursor !== undefined);
    }
    const { terminal } = session;
    if (json) writeJson(terminal, { matches, total });
    else for (const { payload, pointer, side, line, excerpt } of matches) terminal.out(`${isOne ? '' : `${payload}  `}${paint(terminal, 'bold', withoutControls(side === 'line' ? `line ${line}` : `${pointer || '/'}${side === 'key' ? ' (name)' : ''}`))}  ${withoutControls(excerpt)}\n`);
    if (!json) terminal.say(`${matches.length} of ${counted(total, 'match', 'matches')}.\n`);
    if (total === 0) session.exitCode = exit.failed;
  });

/** Prints what a JSONPath finds in recorded payloads of a step. */
export const queryPayloads = (session: Session, run: string, step: string, path: string, options: BodyOptions): Promise<void> =>
  withBodies(session, run, step, options, async (runner, bodies, isOne) => {
    const { limit = 20, json } = options;
    const results: (BodyResult & { readonly payload: string })[] = [];
    let isMore = false;
    for (const { id: payload, body } of bodies) {
      let next: number | undefined = 0;
      while (next !== undefined && results.length < limit) {
        const found = await runner.archive.query(run, body, { path, offset: next, limit: limit - results.length });
        results.push(...(found?.results ?? []).map((result) => ({ payload, ...result })));
        next = found?.next;
      }
      isMore = next !== undefined;
      if (isMore) break;
    }
    const { terminal } = session;
    if (json) writeJson(terminal, { results, isMore });
    else if (results.length > 0) terminal.out(table([...(isOne ? [] : ['payload']), 'place', 'value'], results.map(({ payload, pointer, kind, count, value, cut }) => [...(isOne ? [] : [payload]), pointer || '/', withoutControls(value === undefined ? `${kind} of ${count}` : `${JSON.stringify(value)}${cut ? '…' : ''}`)])));
    if (!json) terminal.say(`${counted(results.length, 'result')}${isMore ? ', and there may be more: raise --limit' : ''}.\n`);
    if (results.length === 0) session.exitCode = exit.failed;
  });

/** `isOne`: there is no other payload that one could be taken for. */
function withBodies(session: Session, run: string, step: string, { side, payload, ...options }: BodyOptions, work: (runner: Runner, bodies: Iterable<PayloadRow>, isOne: boolean) => Promise<void>): Promise<void> {
  if (!['in', 'out', 'failed'].includes(side)) throw new CommandError(`There is no side ${JSON.stringify(side)}; there are in, out and failed.`);
  return inWorkspace(session, options, async (runner) => {
    const { archive } = runner;
    if (!archive.run(run)) throw noRun(run);
    const page = (number: number): PageOf<PayloadRow> => archive.payloads(run, step, side, number, perPage, payload === undefined ? {} : { payload });
    const first = page(1);
    if (first.total === 0) throw new CommandError(`The step ${JSON.stringify(step)} of this run has no such payload at its side ${side}.`, { hint: '--side in, out or failed; --payload takes the id of a payload.' });
    let missing = 0;
    const kept = function* (): Generator<PayloadRow> {
      for (let number = 1; (number - 1) * perPage < first.total; number++) {
        for (const row of number === 1 ? first.items : page(number).items) {
          if (row.body === '') missing++;
          else yield row;
        }
      }
    };
    await work(runner, kept(), first.total === 1);
    if (missing === first.total) throw new CommandError(missing === 1 ? 'The body of this payload was not kept.' : 'No body of these payloads was kept.', { hint: 'The settings of the flow say what a run records.' });
    if (missing > 0) session.terminal.say(`${counted(missing, 'payload')} of ${first.total} could not be looked at: ${missing === 1 ? 'its body was' : 'their bodies were'} not kept.\n`);
  });
}

const perPage = 200;
