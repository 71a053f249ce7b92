import { who } from './who.ts';
import type { Define, Session } from './program.ts';
import { paint, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { flowOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean; readonly note?: string }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay deploy import-orders\n  patchbay deploy import-orders --note "two warehouses"\n')
    .argument('<flow>', 'id or file of the flow')
    .option('--note <text>', 'what is new in it')
    .option('--json', 'print the version as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((flow: string, options: Options) => run(session, flow, options));
};
export default define;

async function run(session: Session, given: string, options: Options): Promise<void> {
  const { terminal } = session;
  const { root, flow } = flowOf(terminal, given, options);
  const result = await withRunner(session, { root }, ({ versions }) => versions.deploy(flow, { by: who(terminal), ...(options.note !== undefined && { note: options.note }) }));
  if (options.json) return writeJson(terminal, result);
  const { number, isNew, previous, undeployed = [] } = result;
  const what = isNew ? 'Deployed' : previous === number ? 'Nothing has changed since' : 'Deployed, as before,';
  terminal.say(`${paint(terminal, 'green', what)} version ${number} of ${flow}.\n`);
  for (const called of undeployed) terminal.say(`${paint(terminal, 'yellow', 'warning')} It calls ${called}, which is not deployed: the calls will fail until it is.\n`);
}
