import { mapTestSeconds, type MapCheck, type MapFault, type MapLineage, type MapSide, type MapSuggestions, type MapTest, type MapTrial } from '../model/map-report.ts';
import type { RunError } from '../model/run-event.ts';
import { counted } from '../model/words.ts';
import { findingLine } from './lint.ts';
import { paint, table, withoutControls, type Terminal } from './terminal.ts';

// For people. Each takes nothing where the answer was printed as JSON.

export function writeCheck(terminal: Terminal, check: MapCheck | undefined): void {
  if (!check) return;
  writeSides(terminal, check);
  for (const found of check.findings) line(terminal, findingLine(found, found.at));
  for (const fault of check.faults) line(terminal, findingLine(fault, fault));
  const count = check.findings.length + check.faults.length;
  terminal.say(`${paint(terminal, hasErrors(check) ? 'red' : 'green', count === 0 ? 'It fits.' : counted(count, 'finding'))}\n`);
}

export const hasErrors = ({ findings, faults }: MapCheck): boolean => faults.length > 0 || findings.some(({ severity }) => severity === 'error');

export function writeLineage(terminal: Terminal, lineage: MapLineage | undefined): void {
  if (!lineage) return;
  const rows = lineage.targets.flatMap(({ path, rules }) => (rules.length === 0 ? [[path, '', ''] as const] : rules.map(({ sources, chain, isConditional, asked = [], ...rule }) => [path, sources.join(', ') || (chain.length > 0 ? 'made' : ''), [...chain, ...('default' in rule ? [`else ${shown(rule.default)}`] : []), ...(isConditional ? [asked.length > 0 ? `if ${asked.join(', ')}` : 'under conditions'] : [])].join(' → ')] as const)));
  terminal.out(withoutControls(table(['target', 'from', 'through'], rows)));
  const unused = lineage.sources.filter(({ targets }) => targets.length === 0).map(({ path }) => path);
  if (unused.length > 0) line(terminal, `Not used: ${unused.join(', ')}`);
}

export function writeSuggestions(terminal: Terminal, answer: MapSuggestions | undefined): void {
  if (!answer) return;
  writeSides(terminal, answer);
  const rows = answer.suggestions.map(({ rule: { from, to, transforms = [] }, score, why }) => [`${Math.round(score * 100)} %`, [from, ...transforms.map(({ type }) => type)].join(' → '), to, why] as const);
  if (rows.length > 0) terminal.out(withoutControls(table(['score', 'from', 'to', 'why'], rows)));
  else terminal.say('There is nothing to suggest.\n');
}

export function writeMapTrial(terminal: Terminal, trial: MapTrial | undefined): void {
  if (!trial) return;
  terminal.out(withoutControls(table(['target', 'value'], trial.fields.map(({ to, values, error }) => [to, error ? `failed: ${error.message}` : values.length === 0 ? '(nothing)' : values.map(shown).join(', ')] as const))));
  writeOutcome(terminal, trial);
}

export function writeMapTest(terminal: Terminal, test: MapTest | undefined): void {
  if (!test) return;
  writeSides(terminal, test);
  const { counterexample, unreached = [], inputs, asked, ended, seed } = test;
  if (!counterexample) {
    const text = ended ? `Only ${inputs} of ${counted(asked, 'input')} ${endings[ended]} (seed ${seed}); none failed.` : `${counted(inputs, 'input')} mapped, none failed (seed ${seed}).`;
    terminal.say(`${paint(terminal, ended ? 'yellow' : 'green', text)}\n`);
    if (unreached.length > 0) terminal.say(`${paint(terminal, 'yellow', `Not reached by any of them: ${counted(unreached.length, 'rule')}.`)}\n`);
    for (const { to, pointer, at } of unreached) line(terminal, `${at ? `${at.file}:${at.line}:${at.column}` : pointer}: ${to}`);
    return;
  }
  const found = ended ? `The search for a smaller one ended after ${mapTestSeconds} seconds; the smallest until then:` : 'The smallest input that was found:';
  terminal.say(`${paint(terminal, 'red', `Input ${inputs} of ${asked} fails (seed ${seed}). ${found}`)}\n`);
  line(terminal, JSON.stringify(counterexample.input, undefined, 2));
  writeOutcome(terminal, counterexample);
}

const endings = { time: `could be mapped in ${mapTestSeconds} seconds`, unfit: 'could be made that fit the schema of the source' } as const;

function writeOutcome(terminal: Terminal, { error, faults }: { readonly error?: RunError; readonly faults: readonly MapFault[] }): void {
  if (error) line(terminal, `${error.code}: ${error.message}`);
  for (const { pointer, message } of faults) line(terminal, `${pointer || 'the whole record'}: ${message}`);
}

function writeSides(terminal: Terminal, { source, target }: { readonly source: MapSide; readonly target: MapSide }): void {
  terminal.say(`Source: ${source.from ?? 'not known'}. Target: ${target.from ?? 'not known'}.\n`);
}

const line = (terminal: Terminal, text: string): void => terminal.out(`${withoutControls(text)}\n`);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
