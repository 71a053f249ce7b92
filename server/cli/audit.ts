import { instant } from './options.ts';
import type { Define, Session } from './program.ts';
import { common, inWorkspace, paged, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { table, withoutControls } from './terminal.ts';

interface Options extends StateOptions { readonly actor?: string; readonly action?: string; readonly subject?: string; readonly since?: number; readonly until?: number }

const define: Define = (command, session) => {
  paged(common(command))
    .addHelpText('before', 'Examples:\n  patchbay audit\n  patchbay audit --action flow --since 2024-07-01\n  patchbay audit --actor ada --subject import-orders\n')
    .option('--actor <name>', 'only by this one').option('--action <action>', 'only this action (run.delete), or those that begin so (run)')
    .option('--subject <text>', 'only with this in what was changed')
    .option('--since <time>', 'from this time on', instant).option('--until <time>', 'before this time', instant)
    .action((options: Options) => list(session, options));
};
export default define;

const list = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const { actor, action, subject, since, until } = options;
  const filter = Object.fromEntries(Object.entries({ actor, action, subject, since, until }).filter(([, value]) => value !== undefined));
  const page = await runner.auditLog({ ...filter, ...rangeOf(options) });
  printPage(session, page, options, 'Nothing of that was changed.', (rows) =>
    table(['at', 'by', 'action', 'subject', 'detail'], rows.map(({ at, actor: by, action: what, subject: which, detail }) => [time(at), by, what, withoutControls(which), Object.keys(detail).length > 0 ? withoutControls(JSON.stringify(detail)) : ''])));
});
