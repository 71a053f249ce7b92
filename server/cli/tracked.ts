import { Option, type Command } from 'commander';
import { instant } from './options.ts';
import type { Define, Session } from './program.ts';
import { common, inWorkspace, paged, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { table } from './terminal.ts';

interface Options extends StateOptions { readonly prefix?: boolean; readonly entity?: string; readonly flow?: string; readonly run?: string; readonly direction?: 'in' | 'out'; readonly since?: number; readonly until?: number }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay tracked search 1001\n  patchbay tracked search 10 --prefix --entity order\n  patchbay tracked list --run RUN\n');
  filtered(command.command('search').description('Says where a tracked value was seen: flow, run, step and time, the newest first.').argument('<value>', 'the value').option('--prefix', 'values that begin with it'))
    .action((value: string, options: Options) => search(session, value, options));
  filtered(command.command('list', { isDefault: true }).description('Lists tracked values, the newest first.')).action((options: Options) => search(session, undefined, options));
};
export default define;

const filtered = (command: Command): Command => paged(common(command
  .option('--entity <type>', 'only of this entity type').option('--flow <flow>', 'only of this flow').option('--run <run>', 'only of this run')
  .addOption(new Option('--direction <direction>', 'only in this direction').choices(['in', 'out']))
  .option('--since <time>', 'from this time on', instant).option('--until <time>', 'before this time', instant)));

const search = (session: Session, value: string | undefined, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const { prefix, entity, flow, run, direction, since, until } = options;
  const filter = { ...(value !== undefined && (prefix ? { prefix: value } : { value })), ...Object.fromEntries(Object.entries({ entity, flow, run, direction, since, until }).filter(([, given]) => given !== undefined)) };
  const page = await state.tracked.search({ ...filter, ...rangeOf(options) });
  printPage(session, page, options, 'Nothing of that was tracked.', (items) =>
    table(['value', 'entity', 'direction', 'flow', 'run', 'step', 'at'], items.map((row) => [row.value, row.entity, row.direction, row.flow, row.run, row.step, time(row.at)])));
});
