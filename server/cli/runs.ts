import { Option } from 'commander';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { PageOf, RunDetail, RunSummary } from '../model/api.ts';
import type { RunStatus } from '../model/run-event.ts';
import { CommandError, exit } from './exit-codes.ts';
import { wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { sayError } from './report-error.ts';
import { runToEnd } from './run-to-end.ts';
import { runningServer } from './running-server.ts';
import { paint, table, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean; readonly flow?: string; readonly status?: RunStatus; readonly limit?: number }

const statuses = ['queued', 'running', 'success', 'partial-success', 'failed', 'stopped', 'interrupted'];

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay runs list --flow import-orders --status failed\n  patchbay runs show RUN --json\n  patchbay runs stop RUN\n  patchbay runs retry RUN --version then\n  patchbay runs resume RUN\n');
  command.command('list', { isDefault: true }).description('Lists runs, the newest first.')
    .option('--flow <flow>', 'only of this flow').addOption(new Option('--status <status>', 'only with this status').choices(statuses))
    .addOption(new Option('--limit <number>', 'how many').argParser(wholeNumber).default(20))
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((options: Options) => list(session, options));
  command.command('show').description('Shows a run: counts per step and the failed payloads.')
    .argument('<run>', 'id of the run').option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((run: string, options: Options) => show(session, run, options));
  command.command('stop').description('Stops a run of the runner that serves this workspace.')
    .argument('<run>', 'id of the run').option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((run: string, options: Options) => stop(session, run, options));
  for (const [name, description] of [['retry', 'Does a run again, as a whole.'], ['resume', 'Goes on with what did not get through in a run.']] as const) {
    command.command(name).description(description)
      .argument('<run...>', 'ids of runs')
      .addOption(new Option('--version <version>', 'the flow as it was then or as it is now').choices(['then', 'now']).default('now'))
      .option('--yes-production', 'run although the environment is a production one')
      .option('--json', 'print the results as JSON, one line each').option('-q, --quiet', 'say nothing but errors').option('--workspace <folder>', 'folder of the workspace')
      .action((runs: readonly string[], options: AgainOptions) => again(session, name, runs, options));
  }
};
export default define;

interface AgainOptions extends Options { readonly version: 'then' | 'now'; readonly yesProduction?: boolean; readonly quiet?: boolean }

/** One after the other; the exit code is that of the first which did not go well. */
async function again(session: Session, action: 'retry' | 'resume', runs: readonly string[], { version, yesProduction, ...options }: AgainOptions): Promise<void> {
  const root = workspaceOf(session.terminal, options);
  await withRunner(session, { root }, async (runner) => {
    let worst: number = exit.ok;
    for (const run of runs) {
      await runToEnd(session, runner, () => runner.past[action](run, { version, ...(yesProduction && { isProductionConfirmed: true }) }), options);
      if (worst === exit.ok) worst = session.exitCode;
    }
    session.exitCode = worst;
  });
}

async function list(session: Session, { flow, status, limit = 20, ...options }: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  const page: PageOf<RunSummary> = await withRunner(session, { root }, async ({ archive }) => archive.runs({ ...(flow !== undefined && { flow }), ...(status !== undefined && { status }), page: 1, perPage: Math.min(limit, 500) }));
  if (options.json) return writeJson(terminal, page);
  const rows = page.items.map((run) => [run.id, run.flow, run.status, run.trigger, new Date(run.queuedAt).toISOString(), run.durationMs === undefined ? undefined : Math.round(run.durationMs), run.failedPayloads, run.error?.code ?? '']);
  terminal.out(table(['run', 'flow', 'status', 'trigger', 'queued', 'ms', 'failed', 'error'], rows));
  if (page.total > page.items.length) terminal.say(`${page.total - page.items.length} more.\n`);
}

async function show(session: Session, id: string, options: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  await withRunner(session, { root }, async ({ archive }) => {
    const run = archive.run(id);
    if (!run) throw noRun(id);
    const failures = Object.entries(run.steps).filter(([, { failed }]) => failed > 0).flatMap(([step]) => archive.payloads(id, step, 'failed', 1, 100).items);
    if (options.json) return writeJson(terminal, { ...run, failures });
    const { flow, status, trigger, queuedAt, durationMs, steps } = run;
    terminal.out(table(['run', 'flow', 'status', 'trigger', 'queued', 'ms'], [[id, flow, status, trigger, new Date(queuedAt).toISOString(), Math.round(durationMs ?? 0)]]));
    terminal.out(`\n${stepTable(steps)}`);
    for (const { step, error, caughtBy } of failures) terminal.out(`${step}: ${error?.message ?? 'failed'} (${error?.code ?? ''}${caughtBy === undefined ? '' : `, caught by ${caughtBy}`})\n`);
    if (run.error) await sayError(terminal, run.error, root);
  });
}

const stepTable = (steps: RunDetail['steps']): string =>
  table(['step', 'in', 'out', 'failed', 'records', 'pages', 'retries', 'ms'], Object.entries(steps).map(([step, counts]) => [step, counts.in, counts.out, counts.failed, counts.records, counts.pages, counts.retries, Math.round(counts.durationMs)]));

/** A run lives in the process that started it, so it is asked to stop it. */
async function stop(session: Session, id: string, options: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  session.root = root;
  const server = await runningServer(root);
  if (!server) throw new CommandError('No runner serves this workspace.', { exitCode: exit.failed, hint: 'A run that `patchbay run` started is stopped with Ctrl-C there.' });
  const answer = await server.ask(`/runs/${encodeURIComponent(id)}/stop`, 'POST');
  if (options.json) writeJson(terminal, answer);
  else terminal.say(`${paint(terminal, 'green', 'Stopping')} ${id}.\n`);
}

const noRun = (id: string): FlowError => new FlowError('API_NOT_FOUND', `There is no run "${id}".`);
