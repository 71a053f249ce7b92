import { InvalidArgumentError, Option } from 'commander';
import { insightsBy, type InsightRow, type InsightsBy } from '../model/api.ts';
import type { Define, Session } from './program.ts';
import { common, inWorkspace, type StateOptions } from './state-command.ts';
import { table, writeJson } from './terminal.ts';

interface Options extends StateOptions { readonly by: InsightsBy; readonly from?: string; readonly to?: string; readonly flow?: string }

const define: Define = (command, session) => {
  common(command)
    .addHelpText('before', 'Examples:\n  patchbay insights\n  patchbay insights --by day --flow import-orders --from 2024-07-01\n  patchbay insights --by connector --json\n')
    .addOption(new Option('--by <what>', 'what the sums are of').choices(insightsBy).default('flow'))
    .option('--from <day>', 'first day (UTC); default 30 days before the last', day).option('--to <day>', 'last day, with it; default today', day)
    .option('--flow <flow>', 'only of this flow')
    .action((options: Options) => show(session, options));
};
export default define;

const show = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const { terminal } = session;
  const { by, from, to, flow } = options;
  const answer = await runner.insights({ by, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(flow !== undefined && { flow }) });
  if (options.json) return writeJson(terminal, answer);
  if (answer.items.length === 0) return terminal.say(`Nothing has run from ${answer.from} to ${answer.to}.\n`);
  const isOfRuns = by === 'day' || by === 'flow';
  const head = [...(by === 'step' ? ['flow', 'step'] : [by]), ...(isOfRuns ? ['runs', 'failed runs'] : []), 'operations', 'failures', 'records', 'requests', 'bytes', 'ms'];
  const cells = (row: InsightRow) => [...(isOfRuns ? [row.runs, row.failedRuns] : []), row.operations, row.failures, row.records, row.requests, row.bytes, Math.round(row.durationMs)];
  terminal.out(table(head, answer.items.map((row) => [...(by === 'step' ? [row.flow, row.step] : [row[by]]), ...cells(row)])));
});

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('A day is needed, such as 2024-07-01.');
  return text;
}
