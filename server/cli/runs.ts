import { Option } from 'commander';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { RunDetail } from '../model/api.ts';
import { CommandError, exit, exitCodeOf } from './exit-codes.ts';
import { wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { howToGoOn, statusOf } from './interrupted.ts';
import { sayError } from './report-error.ts';
import { findInPayloads, queryPayloads, type BodyOptions } from './run-bodies.ts';
import { diffOptions, showDiff, type DiffOptions } from './run-diff.ts';
import { noRun } from './run-errors.ts';
import { filtered, filterOf, type RunFilterOptions } from './run-filters.ts';
import { exportRun, importRun, type ExportOptions, type ImportOptions } from './run-files.ts';
import { lineageOptions, payloadOptions, showLineage, type LineageOptions } from './run-lineage.ts';
import { showLogs, type LogsOptions } from './run-logs.ts';
import { searchRuns, type SearchOptions } from './run-search.ts';
import { runToEnd } from './run-to-end.ts';
import { common, inWorkspace, paged, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { paint, table, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options extends StateOptions, RunFilterOptions {}

const define: Define = (command, session) => {
  command.addHelpText('before', `Examples:
  patchbay runs list --flow import-orders --status failed interrupted --since 2024-07-01
  patchbay runs show RUN --json
  patchbay runs logs RUN --follow --level warn
  patchbay runs search ada@example.com
  patchbay runs diff RUN RUN --key id --ignore updatedAt
  patchbay runs diff RUN --step to-erp
  patchbay runs lineage RUN to-erp [0].customer.name
  patchbay runs find RUN get-orders ada@example.com
  patchbay runs query RUN get-orders '$[?@.total > 100].id'
  patchbay runs export RUN -o failed.patchbayrun && patchbay runs import failed.patchbayrun
  patchbay runs retry RUN --version then
  patchbay runs resume RUN --payload PAYLOAD
  patchbay runs pin RUN RUN
`);
  paged(common(filtered(command.command('list', { isDefault: true }).description('Lists runs, the newest first.')).option('--text <text>', 'only those whose error has this text in its message')), 20)
    .action((options: Options) => list(session, options));
  common(command.command('show').description('Shows a run: counts per step and the failed payloads.').argument('<run>', 'id of the run'))
    .action((run: string, options: Options) => show(session, run, options));
  common(command.command('logs').description('Prints the log of a run.').argument('<run>', 'id of the run'))
    .option('-f, --follow', 'go on until the run has ended').option('--step <step>', 'only of this step')
    .addOption(new Option('--level <level>', 'this level and graver ones').choices(['debug', 'info', 'warn', 'error']))
    .action((run: string, options: LogsOptions) => showLogs(session, run, options));
  common(filtered(command.command('search').description('Finds runs whose recorded payloads, requests or answers hold a text, or a value at a path.').argument('[text]', 'the text, as it is recorded')))
    .option('--path <path>', 'path to values of a JSON document, such as customer.email').option('--value <value>', 'the value there')
    .option('--limit <number>', 'how many runs', wholeNumber, 20)
    .action((text: string | undefined, options: SearchOptions) => searchRuns(session, text, options));
  common(diffOptions(command.command('diff').description('Says what two runs gave otherwise, step by step; of one run, what a step made of what came to it.').argument('<before>', 'id of a run').argument('[after]', 'id of another')))
    .action((before: string, after: string | undefined, options: DiffOptions) => showDiff(session, before, after, options));
  common(lineageOptions(command.command('lineage').description('Says where a value comes from: back through the steps, to the field of the answer that it was made of.').argument('<run>', 'id of a run').argument('<step>', 'step that has the value').argument('<path>', 'place in the payload, such as [0].customer.name')))
    .action((run: string, step: string, path: string, options: LineageOptions) => showLineage(session, run, step, path, options));
  for (const [name, what, argument, show] of [
    ['find', 'Finds a text in the recorded payloads of a step, of any size, whatever its case: in names and values, or by line.', 'text', findInPayloads],
    ['query', 'Says what a JSONPath finds in the recorded payloads of a step, of any size.', 'path', queryPayloads],
  ] as const) {
    common(payloadOptions(command.command(name).description(what).argument('<run>', 'id of a run').argument('<step>', 'step that has the payloads').argument(`<${argument}>`), 'all of them'))
      .option('--limit <number>', 'how many are printed', wholeNumber, 20)
      .action((run: string, step: string, asked: string, options: BodyOptions) => show(session, run, step, asked, options));
  }
  common(command.command('export').description('Writes a run that is over into a file, with all that was recorded of it.').argument('<run>', 'id of the run')).option('-o, --output <file>', 'default RUN.patchbayrun; - for stdout')
    .action((run: string, options: ExportOptions) => exportRun(session, run, options));
  common(command.command('import').description('Takes up a run out of such a file, or from a server (with the token in PATCHBAY_TOKEN), to look at it, compare it and replay it here.').argument('<source>', 'file, or address of a server')).option('--run <id>', 'of a server: which run')
    .action((source: string, options: ImportOptions) => importRun(session, source, options));
  for (const [name, description] of Object.entries(actions)) {
    common(command.command(name).description(description).argument('<run...>', 'ids of runs')).action((runs: readonly string[], options: Options) => act(session, name as keyof typeof actions, runs, options));
  }
  for (const [name, description] of [['retry', 'Does a run again, as a whole.'], ['resume', 'Goes on with what did not get through in a run. A request that was on its way when the process died is sent again, since nobody knows whether it came: once more at least, unless its endpoint has an `idempotencyHeader`.']] as const) {
    const again = command.command(name).description(description).argument('<run...>', 'ids of runs');
    if (name === 'resume') again.option('--payload <id...>', 'only these of the payloads that failed; the others can be gone on with later');
    again
      .addOption(new Option('--version <version>', 'the flow as it was then or as it is now').choices(['then', 'now']).default('now'))
      .option('--yes-production', 'run although the environment is a production one')
      .option('--json', 'print the results as JSON, one line each').option('-q, --quiet', 'say nothing but errors').option('--workspace <folder>', 'folder of the workspace')
      .action((runs: readonly string[], options: AgainOptions) => repeat(session, name, runs, options));
  }
};
export default define;

interface AgainOptions extends Options { readonly version: 'then' | 'now'; readonly yesProduction?: boolean; readonly quiet?: boolean; readonly payload?: readonly string[] }

/** One after the other; the exit code is that of the first which did not go well. */
async function repeat(session: Session, action: 'retry' | 'resume', runs: readonly string[], { version, yesProduction, payload: payloads, ...options }: AgainOptions): Promise<void> {
  if (payloads && runs.length > 1) throw new CommandError('--payload names payloads of one run.');
  const root = workspaceOf(session.terminal, options);
  await withRunner(session, { root }, async (runner) => {
    let worst: number = exit.ok;
    for (const run of runs) {
      await runToEnd(session, runner, async (outputsTo) => {
        const started = await runner.past[action](run, { version, ...(outputsTo !== undefined && { outputsTo }), ...(payloads && { payloads }), ...(yesProduction && { isProductionConfirmed: true }) });
        if (!started.isNew) throw goesOnElsewhere(run, started.head.id);
        return started;
      }, options);
      if (worst === exit.ok) worst = session.exitCode;
    }
    session.exitCode = worst;
  });
}

/** Somebody else has asked for it at the same moment. */
const goesOnElsewhere = (run: string, id: string): FlowError => new FlowError('RUN_STOPPED', `Another process goes on with the run ${run}: the run ${id} takes up what is left of it.`, { details: { run, resumption: id }, remedy: `See how that goes: \`patchbay runs show ${id}\`.` });

const list = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async ({ archive }) => {
  const page = archive.runs({ ...filterOf(options), ...rangeOf(options) });
  printPage(session, page, options, 'There are no such runs.', (items) => table(
    ['run', 'flow', 'status', 'trigger', 'queued', 'ms', 'failed', 'error', ''],
    items.map((run) => [run.id, run.flow, statusOf(run), run.trigger, time(run.queuedAt), run.durationMs === undefined ? undefined : Math.round(run.durationMs), run.failedPayloads, run.error?.code ?? '', run.pinned ? 'pinned' : '']),
  ));
});

async function show(session: Session, id: string, options: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  await withRunner(session, { root }, async ({ archive }) => {
    const run = archive.run(id);
    if (!run) throw noRun(id);
    const failures = Object.entries(run.steps).filter(([, { failed }]) => failed > 0).flatMap(([step]) => archive.payloads(id, step, 'failed', 1, 100).items);
    if (options.json) return writeJson(terminal, { ...run, failures });
    const { flow, status, trigger, queuedAt, durationMs, steps } = run;
    terminal.out(table(['run', 'flow', 'status', 'trigger', 'queued', 'ms'], [[id, flow, statusOf(run), trigger, new Date(queuedAt).toISOString(), durationMs === undefined ? undefined : Math.round(durationMs)]]));
    if (statusOf(run) !== status) terminal.say(`Its process has ended before it. ${howToGoOn(id)}\n`);
    terminal.out(`\n${stepTable(steps)}`);
    for (const { id: payload, step, error, caughtBy } of failures) terminal.out(`${step}: ${payload}: ${error?.message ?? 'failed'} (${error?.code ?? ''}${caughtBy === undefined ? '' : `, caught by ${caughtBy}`})\n`);
    if (run.error) await sayError(terminal, run.error, root);
  });
}

const stepTable = (steps: RunDetail['steps']): string =>
  table(['step', 'in', 'out', 'failed', 'records', 'pages', 'retries', 'ms'], Object.entries(steps).map(([step, counts]) => [step, counts.in, counts.out, counts.failed, counts.records, counts.pages, counts.retries, Math.round(counts.durationMs)]));

const actions = { stop: 'Stops runs, whatever process works on them.', pin: 'Keeps runs, whatever their age.', unpin: 'Lets go of pinned runs.', delete: 'Deletes runs that are over, with all that was recorded of them.' } as const;

/** Says what became of each; one that could not be done does not keep the others from it. */
async function act(session: Session, action: keyof typeof actions, runs: readonly string[], options: Options): Promise<void> {
  const { terminal } = session;
  const result = await inWorkspace(session, options, (runner) => runner.act(action, runs));
  if (options.json) writeJson(terminal, result);
  for (const { run, isDone, error } of result.outcomes) {
    if (isDone && !options.json) terminal.say(`${paint(terminal, 'green', done[action])} ${run}.\n`);
    if (error) await sayError(terminal, error, session.root);
  }
  const [first] = result.outcomes.flatMap(({ error }) => (error ? [error] : []));
  if (first) session.exitCode = exitCodeOf(first.code);
}

const done = { stop: 'Stopping', pin: 'Pinned', unpin: 'No longer pinned:', delete: 'Deleted' } as const;
