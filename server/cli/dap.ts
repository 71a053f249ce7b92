import { Option } from 'commander';
import { debugOver, serveDebug } from '../debug/serve.ts';
import { exit } from './exit-codes.ts';
import { portNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options {
  readonly workspace?: string;
  readonly port?: number;
  readonly once?: boolean;
  readonly env?: string;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay dap                       over stdin and stdout, as an editor starts it
  patchbay dap --port 4711           for any number of clients, one after the other or at once
  patchbay dap --port 0 --once       takes any free port, prints it, and ends with its first client
`)
    .addHelpText('after', `
Launch arguments of a client: flow (id or file), input (file) or payload, env, variables, now, seed, from, until, stopOnEntry; or run, to look at a past run.
Attach arguments: url and token of a running \`patchbay serve\`, and flow where not all are meant.
`)
    .addOption(new Option('--port <number>', 'listen on this port of 127.0.0.1 instead; 0 takes any that is free').argParser(portNumber))
    .option('--once', 'with --port: end with the first client')
    .option('--env <environment>', 'environment of runs that name none')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((options: Options) => run(session, options));
};
export default define;

/** Flows run in threads of their own, so that none of them keeps the debugger from answering. */
async function run(session: Session, { port, once = false, env, ...options }: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  const asked = Promise.withResolvers<void>();
  const over = new AbortController();
  // The second signal ends the process.
  const release = terminal.onSignal((name) => {
    if (over.signal.aborted) process.exit(exit[name === 'SIGINT' ? 'interrupt' : 'terminate']);
    over.abort();
    asked.resolve();
  });
  await withRunner(session, { root, isServer: true, ...(env !== undefined && { environment: env }) }, async (runner) => {
    if (port === undefined) {
      await debugOver(runner, terminal.input, terminal.out, over.signal);
      // A client that has disconnected may leave it open, and the process would wait for more.
      terminal.input.destroy();
      return;
    }
    await using server = await serveDebug(runner, { port, log: (error) => terminal.say(`${(error as Error).message}\n`) });
    writeJson(terminal, { port: server.port });
    await Promise.race([asked.promise, ...(once ? [server.firstEnded] : [])]);
  }).finally(release);
}
