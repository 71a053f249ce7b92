import { html, type TemplateResult } from 'lit';
import type { RunAction, RunActionOutcome } from '../../server/model/api.ts';
import { productionQuestion } from '../protocol/production-question.ts';
import { ask } from '../shared/ask.ts';
import { formatCount } from '../shared/format.ts';
import { linkButton, message, type IconName } from '../shared/kit.ts';
import type { Operations } from './operations.ts';
import { runHash } from './place.ts';

/** Runs that the runner takes with one call. */
const atOnce = 500;

export const bulkActions: readonly { readonly action: RunAction; readonly label: string; readonly icon: IconName; readonly title: string }[] = [
  { action: 'retry', label: 'Retry', icon: 'debug-restart', title: 'Runs each of them again, as a whole' },
  { action: 'resume', label: 'Resume', icon: 'debug-continue', title: 'Goes on with what did not get through' },
  { action: 'stop', label: 'Stop', icon: 'debug-stop', title: 'Stops those that are not over' },
  { action: 'pin', label: 'Pin', icon: 'pin', title: 'Keeps them from being deleted with time' },
  { action: 'unpin', label: 'Unpin', icon: 'pinned', title: 'Lets them be deleted with time' },
  { action: 'delete', label: 'Delete', icon: 'trash', title: 'Deletes them with all that they recorded' },
];

const done: Readonly<Record<RunAction, string>> = { retry: 'started again', resume: 'resumed', stop: 'stopped', pin: 'pinned', unpin: 'unpinned', delete: 'deleted' };

/** Does one thing with many runs; deleting is asked about, and so is what concerns production. `undefined`: the answer was no. */
export async function actOnRuns(operations: Operations, action: RunAction, runs: readonly string[]): Promise<readonly RunActionOutcome[] | undefined> {
  const isWanted = action !== 'delete' || (await ask({ title: `Delete ${formatCount(runs.length, 'run')}?`, text: 'What they recorded is gone with them. Runs that are not over stay.', action: 'Delete' })) !== undefined;
  if (!isWanted) return undefined;
  const outcomes = await inParts(runs, (part) => operations.act(action, part));
  const unconfirmed = outcomes.filter(({ error }) => error?.code === 'PRODUCTION_UNCONFIRMED').map(({ run }) => run);
  if (unconfirmed.length === 0) return outcomes;
  const text = `${formatCount(unconfirmed.length, 'run')} of them ${unconfirmed.length === 1 ? 'works' : 'work'} on an environment that is marked as production.`;
  if ((await ask(productionQuestion(text))) === undefined) return outcomes;
  const confirmed = new Map((await inParts(unconfirmed, (part) => operations.act(action, part, 'production'))).map((outcome) => [outcome.run, outcome]));
  return outcomes.map((outcome) => confirmed.get(outcome.run) ?? outcome);
}

/** `3 runs were deleted`, and what became of the others. */
export function outcomeMessage(action: RunAction, outcomes: readonly RunActionOutcome[], onClose: () => void): TemplateResult {
  const failed = outcomes.filter(({ isDone }) => !isDone);
  const started = outcomes.filter((outcome) => outcome.started !== undefined);
  const list = (rows: readonly TemplateResult[]) => html`<ul>${rows.slice(0, 5)}</ul>${rows.length > 5 ? html`<div>and ${rows.length - 5} more</div>` : ''}`;
  return message({
    tone: failed.length > 0 ? 'warn' : 'info', title: outcomeWords(action, outcomes),
    text: html`${failed.length > 0 ? list(failed.map(({ run, error }) => html`<li><a href=${runHash(run)}>${run}</a>: ${error?.message ?? 'it could not be done'}</li>`)) : started.length > 0 ? list(started.map(({ started: run }) => html`<li><a href=${runHash(run!)}>${run}</a></li>`)) : ''}`,
    actions: linkButton({ label: 'Close', onClick: onClose }),
  });
}

export function outcomeWords(action: RunAction, outcomes: readonly RunActionOutcome[]): string {
  const good = outcomes.filter(({ isDone }) => isDone).length;
  const words = `${formatCount(good, 'run')} ${good === 1 ? 'was' : 'were'} ${done[action]}`;
  return good === outcomes.length ? words : `${words}, ${formatCount(outcomes.length - good, 'run')} could not be`;
}

async function inParts(runs: readonly string[], act: (part: readonly string[]) => ReturnType<Operations['act']>): Promise<readonly RunActionOutcome[]> {
  const outcomes: RunActionOutcome[] = [];
  for (let at = 0; at < runs.length; at += atOnce) outcomes.push(...(await act(runs.slice(at, at + atOnce))).outcomes);
  return outcomes;
}
