import type { Runner } from '../runner/contract.ts';
import { paint, type Terminal } from './terminal.ts';

/** A plugin that does not load is told of even where it is not needed: who has just written it must not look for it in vain. */
export function sayFailedPlugins(terminal: Terminal, runner: Pick<Runner, 'plugins'>): void {
  for (const { source, state, error = 'it did not load' } of runner.plugins()) if (state === 'failed') terminal.say(`${paint(terminal, 'yellow', 'warning')} PLUGIN_FAILED: ${source}: ${error}\n`);
}
