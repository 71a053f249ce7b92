import type { Define } from './program.ts';
import { paint, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { flowOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean }

/** `enable` and `disable`. */
const defineFor = (name: string, isEnabled: boolean): Define => (command, session) => {
  const { terminal } = session;
  command
    .addHelpText('before', `Examples:\n  patchbay ${name} import-orders\n`)
    .argument('<flow>', 'id or file of the flow')
    .option('--json', 'print JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action(async (given: string, options: Options) => {
      const { root, flow } = flowOf(terminal, given, { ...options, mayBeGone: true });
      await withRunner(session, { root }, (runner) => runner.setEnabled(flow, isEnabled));
      if (options.json) writeJson(terminal, { flow, enabled: isEnabled });
      else terminal.say(`${paint(terminal, 'green', isEnabled ? 'Enabled' : 'Disabled')} ${flow}: its triggers ${isEnabled ? 'may' : 'do not'} start it.\n`);
    });
};

export const enable = defineFor('enable', true);
export const disable = defineFor('disable', false);
