import type { Define, Session } from './program.ts';
import { versionNumber } from './options.ts';
import { paint, writeJson } from './terminal.ts';
import { who } from './who.ts';
import { withRunner } from './with-runner.ts';
import { flowOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay versions import-orders\n  patchbay rollback import-orders 3\n')
    .argument('<flow>', 'id or file of the flow')
    .argument('<version>', 'number of the version', versionNumber)
    .option('--json', 'print the version as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((flow: string, version: number, options: Options) => run(session, flow, version, options));
};
export default define;

async function run(session: Session, given: string, version: number, options: Options): Promise<void> {
  const { terminal } = session;
  const { root, flow } = flowOf(terminal, given, { ...options, mayBeGone: true });
  const result = await withRunner(session, { root }, ({ versions }) => versions.rollback(flow, version, who(terminal)));
  if (options.json) writeJson(terminal, result);
  else terminal.say(`${paint(terminal, 'green', 'In use')} is version ${result.number} of ${flow}${result.previous === result.number ? ', as before' : `, instead of ${result.previous}`}.\n`);
}
