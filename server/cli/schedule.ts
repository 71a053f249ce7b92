import { Option } from 'commander';
import { CommandError } from './exit-codes.ts';
import { instant, wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { table, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { flowOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean; readonly count: number; readonly from?: number }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay schedule push-stock\n  patchbay schedule push-stock --from 2024-03-30 --count 10\n')
    .argument('<flow>', 'id or file of the flow')
    .addOption(new Option('--count <number>', 'how many times per trigger').argParser(wholeNumber).default(5))
    .addOption(new Option('--from <time>', 'times after this one, such as 2024-07-01T12:00:00Z; default now').argParser(instant))
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((flow: string, options: Options) => schedule(session, flow, options));
};
export default define;

async function schedule(session: Session, given: string, options: Options): Promise<void> {
  const { terminal } = session;
  const { count, from } = options;
  if (count < 1 || count > 100) throw new CommandError('--count is a number from 1 to 100.');
  const { root, flow } = flowOf(terminal, given, options);
  const triggers = await withRunner(session, { root }, (runner) => runner.schedule(flow, { count, ...(from !== undefined && { from }) }));
  if (options.json) return writeJson(terminal, triggers);
  if (triggers.length === 0) return terminal.say(`No trigger of ${flow} fires as time passes.\n`);
  const rows = triggers.flatMap(({ trigger, times }) => times.map((time) => [trigger, time]));
  if (rows.length > 0) terminal.out(table(['trigger', 'time'], rows));
  for (const { trigger, note } of triggers) if (note !== undefined) terminal.say(`${trigger}: ${note}\n`);
}
