import type { RunDiff } from '../model/run-diff.ts';
import { collect } from './options.ts';
import type { Session } from './program.ts';
import { noRun } from './run-errors.ts';
import { inWorkspace, type StateOptions } from './state-command.ts';
import { paint, withoutControls, writeJson, type Terminal } from './terminal.ts';
import { exit } from './exit-codes.ts';
import type { Command } from 'commander';

export interface DiffOptions extends StateOptions {
  readonly step?: string;
  readonly key?: string;
  readonly ignore: readonly string[];
}

export const diffOptions = (command: Command): Command =>
  command.option('--step <step>', 'only of this step').option('--key <path>', 'what tells records apart, such as id; default their order').option('--ignore <path>', 'values of a record that do not matter; may stand several times', collect, []);

/** Exit code 1 where the runs differ, as `diff` has it. */
export async function showDiff(session: Session, before: string, after: string, { step, key, ignore, ...options }: DiffOptions): Promise<void> {
  const diff = await inWorkspace(session, options, (runner) => {
    for (const run of [before, after]) if (!runner.archive.run(run)) throw noRun(run);
    return runner.diff(before, after, { ...(step !== undefined && { step }), ...(key !== undefined && { key }), ...(ignore.length > 0 && { ignore }) });
  });
  if (options.json) writeJson(session.terminal, diff);
  else print(session.terminal, diff);
  if (!diff.identical) session.exitCode = exit.failed;
}

function print(terminal: Terminal, { before, after, identical, steps, cut }: RunDiff): void {
  const out = (line: string, style?: 'red' | 'green' | 'bold'): void => terminal.out(`${style ? paint(terminal, style, withoutControls(line)) : withoutControls(line)}\n`);
  if (before.status !== after.status) out(`status: ${before.status} → ${after.status}`);
  for (const { step, counts, ports } of steps) {
    out(step, 'bold');
    for (const [name, { before: was, after: is }] of Object.entries(counts)) out(`  ${name}: ${was} → ${is}`);
    for (const { port, total, changed, added, removed } of ports) {
      out(`  ${port}: ${total.changed} changed, ${total.added} added, ${total.removed} removed, ${total.same} the same`);
      for (const { key, changes } of changed) for (const { pointer, ...value } of changes) out(`    ${JSON.stringify(key)} ${pointer || '/'}: ${shown(value, 'before')} → ${shown(value, 'after')}`);
      for (const record of removed) out(`    -${short(record)}`, 'red');
      for (const record of added) out(`    +${short(record)}`, 'green');
    }
  }
  if (cut.length > 0) terminal.say(`Not compared to the end, since it is too much or was not recorded: ${cut.join(', ')}.\n`);
  if (identical) terminal.say('The runs gave the same.\n');
}

const shown = (value: { readonly before?: unknown; readonly after?: unknown }, side: 'before' | 'after'): string => (Object.hasOwn(value, side) ? short(value[side]) : 'not there');

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const longest = 160;
