import type { Command } from 'commander';
import { pointerOf } from '../model/json.ts';
import { pathKeys } from '../model/path.ts';
import { lineageWords } from '../model/lineage-words.ts';
import type { LineagePlace, RunLineage } from '../model/run-lineage.ts';
import { CommandError } from './exit-codes.ts';
import type { Session } from './program.ts';
import { asked, noRun } from './run-errors.ts';
import { inWorkspace, type StateOptions } from './state-command.ts';
import { paint, withoutControls, writeJson, type Terminal } from './terminal.ts';

/** Which payloads of a step are meant. */
export interface PayloadOptions extends StateOptions {
  readonly side: 'in' | 'out' | 'failed';
  readonly payload?: string;
}

export interface LineageOptions extends PayloadOptions {
  readonly all?: boolean;
}

/** Of each place. Behind a script there are as many as its payload has fields. */
const mostSources = 3;

export const payloadOptions = (command: Command, usually: string): Command => command
  .option('--side <side>', 'in, out or failed: payloads of that side of the step', 'out').option('--payload <id>', `id of the payload; default ${usually}`);

export const lineageOptions = (command: Command): Command => payloadOptions(command, 'the first')
  .option('--all', `all of what a value was made of, where that is more than ${mostSources}`);

/** Prints the way of a value: from where it stands back to the answer that it was made of. */
export async function showLineage(session: Session, run: string, step: string, path: string, { side, payload, all = false, ...options }: LineageOptions): Promise<void> {
  if (!['in', 'out', 'failed'].includes(side)) throw new CommandError(`There is no side ${JSON.stringify(side)}; there are in, out and failed.`);
  const lineage = await inWorkspace(session, options, (runner) => {
    if (!runner.archive.run(run)) throw noRun(run);
    return asked(runner.lineage(run, { step, side, pointer: pointerFor(path), ...(payload !== undefined && { payload }) }));
  });
  if (options.json) writeJson(session.terminal, lineage);
  else print(session.terminal, lineage, all);
}

function pointerFor(path: string): string {
  if (path === '' || path.startsWith('/')) return path;
  const keys = pathKeys(path);
  if (!keys?.every((key): key is string | number => typeof key === 'string' || (typeof key === 'number' && key >= 0))) throw new CommandError(`${JSON.stringify(path)} names more than one place.`, { hint: 'Write it like [0].customer.name or /0/customer/name.' });
  return pointerOf(keys);
}

/** Each place once, below the one that was made of it. */
function print(terminal: Terminal, { places, isCut }: RunLineage, isAll: boolean): void {
  const told = new Set<number>();
  const tell = (place: LineagePlace, depth: number): void => {
    const { where, value, how } = lineageWords(place);
    const again = told.has(place.id) ? ' (as above)' : '';
    terminal.out(`${'  '.repeat(depth)}${withoutControls(where)}${value === undefined ? '' : ` = ${paint(terminal, 'bold', withoutControls(value))}`}${again}\n`);
    if (again) return;
    told.add(place.id);
    if (how !== undefined) terminal.out(`${'  '.repeat(depth + 1)}${paint(terminal, 'dim', withoutControls(how))}\n`);
    const shown = isAll || place.from.length === mostSources + 1 ? place.from : place.from.slice(0, mostSources);
    for (const id of shown) tell(places[id]!, depth + 1);
    if (shown.length < place.from.length) terminal.out(`${'  '.repeat(depth + 1)}${paint(terminal, 'dim', `… and ${place.from.length - shown.length} more of these: --all prints them`)}\n`);
  };
  if (places[0]) tell(places[0], 0);
  if (isCut) terminal.say('There is more than is followed here.\n');
}
