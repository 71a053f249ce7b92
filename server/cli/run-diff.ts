import type { JsonChange } from '../model/json-compare.ts';
import type { DiffTotal, RecordsDiff } from '../model/record-diff.ts';
import type { PayloadDiff, PayloadDiffOrder, RunDiff } from '../model/run-diff.ts';
import { counted } from '../model/words.ts';
import { collect } from './options.ts';
import type { Session } from './program.ts';
import { asked, noRun } from './run-errors.ts';
import { inWorkspace, type StateOptions } from './state-command.ts';
import { paint, withoutControls, writeJson, type Terminal } from './terminal.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Command } from 'commander';

export interface DiffOptions extends StateOptions {
  readonly step?: string;
  readonly toStep?: string;
  readonly payload?: string;
  readonly key?: string;
  readonly ignore: readonly string[];
}

export const diffOptions = (command: Command): Command => command
  .option('--step <step>', 'only of this step; with one run: what came to it against what left it').option('--to-step <step>', 'with one run: what left the step against what left this one')
  .option('--payload <id>', 'with one run: only this payload, and what the step made of it')
  .option('--key <path>', 'what tells records apart, such as id; default a field that looks like it, empty: their order').option('--ignore <path>', 'values of a record that do not matter; may stand several times', collect, []);

/** Exit code 1 where there are differences, as `diff` has it. */
export async function showDiff(session: Session, before: string, after: string | undefined, { step, toStep, payload, key, ignore, ...options }: DiffOptions): Promise<void> {
  if (after === undefined && step === undefined) throw new CommandError('Name another run, or a step of this one with --step.');
  if (after !== undefined && (toStep !== undefined || payload !== undefined)) throw new CommandError('--to-step and --payload are for steps of one run.');
  if (toStep !== undefined && payload !== undefined) throw new CommandError('--payload is for one step: give it or --to-step.');
  const how = { ...(key !== undefined && { key }), ...(ignore.length > 0 && { ignore }) };
  const { terminal } = session;
  const isSame = await inWorkspace(session, options, async (runner) => {
    for (const run of [before, after]) if (run !== undefined && !runner.archive.run(run)) throw noRun(run);
    const diff = await asked<PayloadDiff | RunDiff>(after === undefined ? runner.diffPayloads({ ...sidesOf(before, step!, toStep, payload), ...how }) : runner.diff(before, after, { ...(step !== undefined && { step }), ...how }));
    if (options.json) writeJson(terminal, diff);
    else if ('steps' in diff) printRuns(terminal, diff);
    else printPayloads(terminal, diff);
    return 'steps' in diff ? diff.identical : isNothing(diff.total) && !diff.before.isCut && !diff.after.isCut;
  });
  if (!isSame) session.exitCode = exit.failed;
}

function sidesOf(run: string, step: string, toStep: string | undefined, payload: string | undefined): Pick<PayloadDiffOrder, 'before' | 'after'> {
  if (toStep !== undefined) return { before: { run, step, side: 'out' }, after: { run, step: toStep, side: 'out' } };
  return { before: { run, step, side: 'in', ...(payload !== undefined && { payload }) }, after: { run, step, side: 'out', ...(payload !== undefined && { from: payload }) } };
}

const isNothing = ({ changed, added, removed, moved }: DiffTotal): boolean => changed + added + removed + moved === 0;

type Out = (line: string, style?: 'red' | 'green' | 'bold') => void;
const outOf = (terminal: Terminal): Out => (line, style) => terminal.out(`${style ? paint(terminal, style, withoutControls(line)) : withoutControls(line)}\n`);

function printRuns(terminal: Terminal, { before, after, identical, steps, cut }: RunDiff): void {
  const out = outOf(terminal);
  if (before.status !== after.status) out(`status: ${before.status} → ${after.status}`);
  if (errorOf(before) !== errorOf(after)) out(`error: ${errorOf(before)} → ${errorOf(after)}`);
  for (const { step, counts, ports, failed, errors = [] } of steps) {
    out(step, 'bold');
    for (const [name, { before: was, after: is }] of Object.entries(counts)) out(`  ${name}: ${was} → ${is}`);
    for (const { port, ...diff } of ports) printRecords(out, `  ${port}`, diff);
    if (failed) printRecords(out, '  failed', failed);
    for (const { code, message, before: was, after: is } of errors) out(`  ${code}: ${message}: ${was} → ${is}`);
  }
  if (cut.length > 0) terminal.say(`Not compared to the end, since it is too much or was not recorded: ${cut.join(', ')}.\n`);
  if (identical) terminal.say('The runs gave the same.\n');
}

const errorOf = ({ error }: RunDiff['before']): string => (error ? `${error.code}: ${error.message}` : 'none');

function printPayloads(terminal: Terminal, { before, after, lines, ...diff }: PayloadDiff): void {
  const out = outOf(terminal);
  if (lines) for (const line of lines) out(line, line.startsWith('-') ? 'red' : 'green');
  else printRecords(out, 'records', diff);
  if (before.isCut || after.isCut) terminal.say(`Not compared to the end: of the one side ${counted(before.records, 'record')}, of the other ${after.records}; the rest is too much or was not recorded.\n`);
  else if (isNothing(diff.total)) terminal.say('There is no difference.\n');
}

function printRecords(out: Out, name: string, { total, key, rows }: RecordsDiff): void {
  out(`${name}: ${total.changed} changed, ${total.added} added, ${total.removed} removed, ${total.same} the same${total.moved > 0 ? `, ${total.moved} in another order` : ''}${key === undefined ? '' : ` (by ${key})`}`);
  for (const { kind, key: own, record, changes = [], more } of rows) {
    if (kind === 'added' || kind === 'removed') out(`    ${kind === 'added' ? '+' : '-'}${short(record)}`, kind === 'added' ? 'green' : 'red');
    if (kind === 'moved') out(`    ${JSON.stringify(own)} stands at another place`);
    for (const change of changes) out(`    ${JSON.stringify(own)} ${changeLine(change)}`);
    if (more !== undefined) out(`    ${JSON.stringify(own)}: ${more} more`);
  }
  const left = total.changed + total.added + total.removed - rows.filter(({ kind }) => kind !== 'moved').length;
  if (left > 0) out(`    ${counted(left, 'more record')}`);
}

export const changeLine = ({ pointer, ...value }: JsonChange): string => `${pointer || '/'}: ${shown(value, 'before')} → ${shown(value, 'after')}`;

const shown = (value: { readonly before?: unknown; readonly after?: unknown }, side: 'before' | 'after'): string => (Object.hasOwn(value, side) ? short(value[side]) : 'not there');

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const longest = 160;
