import { branchesOf, outcomesOf, type CoverageBranch } from '../model/coverage.ts';
import type { CaseFailure, CaseReport, TestReport } from '../model/test-report.ts';
import { paint, table, withoutControls, type Terminal } from './terminal.ts';

// What became of tests, in the formats that people and machines read.

export const reporters = ['spec', 'json', 'junit', 'github', 'html'] as const;
export type Reporter = (typeof reporters)[number];

type Paint = Pick<Terminal, 'hasColour'>;

/** `folder`: of the workspace below the root of its repository, `''` where that is the workspace; annotations name files from there. */
export function reportText(reporter: Reporter, report: TestReport, terminal: Paint, folder = ''): string {
  if (reporter === 'json') return `${JSON.stringify(report)}\n`;
  if (reporter === 'junit') return junit(report);
  if (reporter === 'html') return html(report);
  const live = liveReport(reporter, terminal, folder);
  return report.cases.map((one) => live.ended(one)).join('') + live.rest(report);
}

/** A report that is written while the tests run. */
export interface LiveReport {
  /** The text of a case that has ended, one after the other. */
  ended(report: CaseReport): string;
  /** What stands behind the last. */
  rest(report: TestReport): string;
}

export type LiveReporter = Extract<Reporter, 'spec' | 'github'>;
export const isLive = (reporter: Reporter): reporter is LiveReporter => reporter === 'spec' || reporter === 'github';

/** The same text as `reportText` gives, case by case. */
export const liveReport = (reporter: LiveReporter, terminal: Paint, folder = ''): LiveReport => (reporter === 'github' ? github(folder) : spec(terminal));

export const titleOf = ({ name, row }: Pick<CaseReport, 'name' | 'row'>): string => (row === undefined ? name : `${name} #${row}`);

/** For people, of one case. */
const mostShown = 10;

function spec(terminal: Paint): LiveReport {
  let file: string | undefined;
  return {
    ended(one) {
      const mark = one.status === 'passed' ? paint(terminal, 'green', '✔') : one.status === 'failed' ? paint(terminal, 'red', '✖') : paint(terminal, 'yellow', '-');
      const lines = [`  ${mark} ${withoutControls(titleOf(one))}${one.reason === undefined ? '' : ` (skipped: ${withoutControls(one.reason)})`}${one.durationMs > 0 ? paint(terminal, 'dim', ` ${one.durationMs} ms`) : ''}`];
      for (const failure of one.failures.slice(0, mostShown)) lines.push(...failureLines(one, failure, terminal).map((line) => `      ${line}`));
      if (one.failures.length > mostShown) lines.push(`      and ${one.failures.length - mostShown} more; --reporter json has them`);
      lines.push(...inputLines(one).map((line) => `      ${line}`));
      if (one.file !== file) lines.unshift(withoutControls((file = one.file)));
      return `${lines.join('\n')}\n`;
    },
    rest: () => '',
  };
}

function failureLines({ file }: CaseReport, { message, line, column, expected, actual, remedy }: CaseFailure, terminal: Paint): string[] {
  return [
    withoutControls(message), paint(terminal, 'dim', withoutControls(`at ${file}:${line}:${column}`)),
    ...(expected === undefined ? [] : [paint(terminal, 'green', `expected ${short(expected)}`)]), ...(actual === undefined ? [] : [paint(terminal, 'red', `actual   ${short(actual)}`)]),
    ...(remedy === undefined ? [] : [withoutControls(remedy)]),
  ];
}

/** With which payload it failed, where payloads were made up. */
const inputLines = ({ input }: CaseReport): readonly string[] => (input === undefined ? [] : [withoutControls(`with the payload ${short(input, 500)}`)]);

const short = (value: unknown, most = 300): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
};

/** What was run of flows and mapping files, and what was not: steps, ports, outcomes of conditions and rules. */
export function coverageText(report: Covered): string {
  const rows = coveredFiles(report).map(({ name, steps, ports, conditions, rules, missed }) => [name, part(steps), part(ports), part(conditions), part(rules), missed.join(', ')] as const);
  return withoutControls(table(['flow', 'steps', 'ports', 'conditions', 'rules', 'not run'], rows));
}

type Covered = Pick<TestReport, 'coverage' | 'maps'>;

interface CoveredFile {
  readonly name: string;
  readonly steps: readonly number[];
  readonly ports: readonly number[];
  readonly conditions: readonly number[];
  readonly rules: readonly number[];
  readonly missed: readonly string[];
}

/** How often each part of a flow or a mapping file was run. Of a step that was not, only the step is missed. */
function coveredFiles({ coverage, maps }: Covered): readonly CoveredFile[] {
  const counts = (branches: readonly { readonly count: number }[]): number[] => branches.map(({ count }) => count);
  const missed = (branches: readonly CoverageBranch[], name: string): string[] => branches.filter(({ count }) => count === 0).map((branch) => `${name}${branch.name}`);
  const flows = coverage.map(({ flow, steps }) => {
    const outcomes = steps.map(outcomesOf);
    return {
      name: flow, steps: counts(steps), ports: steps.flatMap(({ ports }) => Object.values(ports)), conditions: outcomes.flatMap(({ conditions }) => counts(conditions)), rules: outcomes.flatMap(({ rules }) => counts(rules)),
      missed: [...steps.filter(({ count }) => count === 0).map(({ id }) => id), ...steps.filter(({ count }) => count > 0).flatMap((step) => missed(branchesOf(step), `${step.id}.`))],
    };
  });
  return [...flows, ...maps.map((map) => {
    const { conditions, rules } = outcomesOf(map);
    return { name: map.file, steps: [], ports: [], conditions: counts(conditions), rules: counts(rules), missed: missed([...conditions, ...rules], '') };
  })];
}

const part = (counts: readonly number[]): string => {
  const ran = counts.filter((count) => count > 0).length;
  return counts.length === 0 ? 'none' : `${Math.round((ran / counts.length) * 100)} % (${ran}/${counts.length})`;
};

const xmlText = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`).replaceAll(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD');
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** The format that CI servers read. Class names are files below the root, so that they stay the same on every machine. */
/** Readers take no `skipped` of all suites together. */
function junit({ cases, durationMs, failed }: TestReport): string {
  const suites = [...Map.groupBy(cases, ({ file }) => file)].map(([file, own]) => {
    const count = (status: CaseReport['status']): number => own.filter((one) => one.status === status).length;
    const time = own.reduce((sum, one) => sum + one.durationMs, 0);
    return `  <testsuite name="${xmlText(file)}" tests="${own.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}" time="${seconds(time)}">\n${own.map(junitCase).join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="patchbay" tests="${cases.length}" failures="${failed}" errors="0" time="${seconds(durationMs)}">\n${suites.join('')}</testsuites>\n`;
}

function junitCase(one: CaseReport): string {
  const head = `    <testcase name="${xmlText(titleOf(one))}" classname="${xmlText(one.file)}" time="${seconds(one.durationMs)}"`;
  if (one.status === 'passed') return `${head}/>\n`;
  if (one.status === 'skipped') return `${head}>\n      <skipped message="${xmlText(one.reason ?? '')}"/>\n    </testcase>\n`;
  const text = [...one.failures.map((failure) => failureLines(one, failure, { hasColour: false }).join('\n')), ...inputLines(one)].join('\n\n');
  return `${head}>\n      <failure message="${xmlText(one.failures[0]?.message ?? 'It failed.')}" type="expectation">${xmlText(text)}</failure>\n    </testcase>\n`;
}

/** Workflow commands: GitHub shows them at the lines. */
function github(folder: string): LiveReport {
  const pathOf = (file: string): string => (folder === '' ? file : `${folder}/${file}`);
  return {
    ended: (one) => one.failures.map((failure) => `::error file=${property(pathOf(one.file))},line=${failure.line},col=${failure.column},title=${property(titleOf(one))}::${escaped([...failureLines(one, failure, { hasColour: false }), ...inputLines(one)].join('\n'))}\n`).join(''),
    rest: ({ stale }) => stale.map(({ file, line, column, message, remedy }) => `::warning file=${property(pathOf(file))},line=${line},col=${column},title=stale mock::${escaped([message, remedy].filter(Boolean).join('\n'))}\n`).join(''),
  };
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function html(report: TestReport): string {
  const rows = report.cases.map((one) => {
    const failures = [...one.failures.map((failure) => failureLines(one, failure, { hasColour: false })), inputLines(one)].filter((lines) => lines.length > 0).map((lines) => `<pre>${xmlText(lines.join('\n'))}</pre>`).join('');
    return `<tr class="${one.status}"><td>${one.status}</td><td>${xmlText(one.file)}:${one.line}</td><td>${xmlText(titleOf(one))}${one.reason === undefined ? '' : ` (${xmlText(one.reason)})`}${failures}</td><td class="number">${one.durationMs}</td></tr>`;
  });
  const covered = coveredFiles(report).map(({ name, missed, ...parts }) => `<tr><td>${xmlText(name)}</td>${[parts.steps, parts.ports, parts.conditions, parts.rules].map((counts) => `<td class="number">${part(counts)}</td>`).join('')}<td>${xmlText(missed.join(', '))}</td></tr>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tests: ${report.passed} passed, ${report.failed} failed</title><style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px; color-scheme: light dark; }
table { border-collapse: collapse; margin: 12px 0; } th, td { text-align: left; vertical-align: top; padding: 4px 12px; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.number { text-align: right; font-variant-numeric: tabular-nums; } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0; }
.failed td:first-child { font-weight: bold; color: light-dark(#b00020, #ff8a8a); } .passed td:first-child { color: light-dark(#19692c, #7ee2a0); }
</style></head><body><h1>${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped</h1>
<table><thead><tr><th>Status</th><th>Place</th><th>Case</th><th class="number">ms</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
<h2>Coverage</h2><table><thead><tr><th>Flow</th><th class="number">Steps</th><th class="number">Ports</th><th class="number">Conditions</th><th class="number">Rules</th><th>Not run</th></tr></thead><tbody>${covered.join('\n')}</tbody></table></body></html>
`;
}
