import './memory.ts';
import { Console } from 'node:console';
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

// Stdout belongs to the data, whatever a plugin writes to its console.
globalThis.console = new Console(process.stderr, process.stderr);

// An older Node has started this one, and waits for it. Where that is gone, however it went, this one comes to its end as well.
if (process.env['PATCHBAY_LAUNCHED'] && process.channel) {
  delete process.env['PATCHBAY_LAUNCHED'];
  process.channel.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

const code = await runProgram(process.argv.slice(2), processTerminal());
// What a plugin or a driver left open must not keep the command line alive; what was written must get out first.
for (const stream of [process.stdout, process.stderr]) await new Promise<void>((resolve) => { stream.write('', () => resolve()); });
process.exit(code);
