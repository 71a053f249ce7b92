import type { Command } from 'commander';
import type { PageOf, StateChange } from '../model/api.ts';
import type { Runner } from '../runner/contract.ts';
import { exit } from './exit-codes.ts';
import { wholeNumber } from './options.ts';
import type { Session } from './program.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

// What commands that list things have in common.

export interface StateOptions { readonly workspace?: string; readonly json?: boolean; readonly limit?: number; readonly page?: number }

/** The options that every one of them has. */
export const common = (command: Command): Command => command.option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace');

export const paged = (command: Command, limit = 50): Command => command.option('--limit <number>', 'how many', wholeNumber, limit).option('--page <number>', 'which page of them', wholeNumber, 1);

export const rangeOf = ({ limit = 50, page = 1 }: StateOptions): { readonly page: number; readonly perPage: number } => ({ page, perPage: Math.min(limit, 500) });

/** Opens the workspace for one piece of work. */
export const inWorkspace = <T>(session: Session, options: StateOptions, work: (runner: Runner) => Promise<T>): Promise<T> => withRunner(session, { root: workspaceOf(session.terminal, options) }, work);

/** Prints a page as JSON, or as a table that `print` makes; `none` says that there is nothing. */
export function printPage<T>({ terminal }: Session, page: PageOf<T>, { json }: StateOptions, none: string, print: (items: readonly T[]) => string): void {
  if (json) return writeJson(terminal, page);
  if (page.total === 0) return terminal.say(`${none}\n`);
  if (page.items.length > 0) terminal.out(print(page.items));
  const before = (page.page - 1) * page.perPage;
  const left = page.total - before - page.items.length;
  if (left > 0) terminal.say(`${left} more: --page ${page.page + 1}.\n`);
}

/** Says what was changed. A removal that found nothing has failed. */
export function printChange(session: Session, change: StateChange, { json }: StateOptions, { isRemoval = false } = {}): void {
  const { terminal } = session;
  const { added, changed, removed } = change;
  if (json) writeJson(terminal, change);
  else {
    const parts = [...(added > 0 ? [`${added} added`] : []), ...(changed > 0 ? [`${changed} changed`] : []), ...(removed > 0 ? [`${removed} removed`] : [])];
    terminal.say(`${parts.length > 0 ? parts.join(', ') : isRemoval ? 'There was nothing to remove' : 'Nothing was new'}.\n`);
  }
  if (isRemoval && removed === 0) session.exitCode = exit.failed;
}

export const time = (at: number): string => new Date(at).toISOString();
