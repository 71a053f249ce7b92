import { Option, type Command } from 'commander';
import type { RunFilter } from '../model/api.ts';
import { runStatuses, type RunStatus } from '../model/run-event.ts';
import { instant } from './options.ts';

/** Options that say which runs. */
export interface RunFilterOptions extends Omit<RunFilter, 'status'> {
  readonly status?: readonly RunStatus[];
}

const names = ['flow', 'status', 'trigger', 'environment', 'since', 'until', 'error', 'text', 'origin', 'pinned'] as const;

export const filtered = (command: Command): Command => command
  .option('--flow <flow>', 'only of this flow')
  .addOption(new Option('--status <status...>', 'only with one of these statuses').choices(runStatuses))
  .option('--trigger <trigger>', 'only started by this trigger; api and manual are those of the API and the command line')
  .option('--environment <environment>', 'only in this environment')
  .option('--since <time>', 'queued from this time on', instant).option('--until <time>', 'queued before this time', instant)
  .option('--error <code>', 'only those that ended with an error of this code')
  .addOption(new Option('--origin <kind>', 'only those that repeat another run, go on with it or were started by it; none: those that do not').choices(['retry', 'resume', 'replay', 'flow', 'none']))
  .option('--pinned', 'only pinned ones').option('--no-pinned', 'only others');

export const filterOf = (options: RunFilterOptions): RunFilter => Object.fromEntries(names.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined));
