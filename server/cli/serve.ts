import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import { FlowError } from '../../plugins/sdk/index.ts';
import { isPageBuilt } from '../api/page.ts';
import { serve } from '../api/serve.ts';
import { readPublicUrl } from '../model/public-url.ts';
import type { Runner } from '../runner/contract.ts';
import { prepareStateFolder } from '../stores/database.ts';
import { CommandError, exit } from './exit-codes.ts';
import { interruptedRuns } from './interrupted.ts';
import { collect, portNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { serverFile } from './running-server.ts';
import { paint, writeJson } from './terminal.ts';
import { workspaceFile, workspaceOf } from './workspace-of.ts';

interface ServeOptions {
  readonly workspace?: string;
  readonly port?: number;
  readonly host: string;
  readonly dev?: boolean;
  readonly env?: string;
  readonly allowHost: readonly string[];
  readonly yesProduction?: boolean;
  readonly publicUrl?: string;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay serve --dev
  patchbay deploy import-orders && patchbay serve --port 8080
  patchbay serve --dev --public-url https://abc.tunnel.example
  PATCHBAY_TOKEN=… patchbay serve --host 0.0.0.0 --allow-host hooks.example.com
`)
    .addOption(new Option('--port <number>', 'port; 0 takes any; default that of patchbay.json, else 7341').argParser(portNumber))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-host <name>', 'further host that requests may name; may stand several times', collect, [])
    .addOption(new Option('--public-url <url>', 'where senders of webhooks reach it, as through a tunnel: what stands before /hooks/…; default that of patchbay.json').argParser(publicAddress))
    .option('--env <environment>', 'environment; default the one of patchbay.json')
    .option('--dev', 'files as they are count as deployed, and are read again when they change')
    .option('--yes-production', 'with --dev: although the environment is a production one')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((options: ServeOptions) => run(session, options));
};
export default define;

function publicAddress(text: string): string {
  const url = readPublicUrl(text);
  if (url === undefined) throw new InvalidArgumentError('Write an address such as https://hooks.example.com, without a query.');
  return url;
}

/** After a signal: requests first, then runs. Together 30 s. */
const drainMs = { requests: 5_000, runs: 19_000, all: 30_000 };

async function run(session: Session, { workspace, port, host, dev = false, env, allowHost, yesProduction = false, publicUrl }: ServeOptions): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, { ...(workspace !== undefined && { workspace }) });
  session.root = root;
  const asked = signalOf(session);
  const token = terminal.environment.PATCHBAY_TOKEN || randomBytes(32).toString('base64url');
  const runner = await terminal.openRunner({ root, dev, serves: dev ? 'draft' : 'deployed', isProductionConfirmed: yesProduction, isServer: true, drainMs: drainMs.runs, ...(env !== undefined && { environment: env }), ...(publicUrl !== undefined && { publicUrl: () => publicUrl }) });
  try {
    if (dev && !yesProduction) await refuseProduction(runner);
    let isReady = false;
    const server = await serve(runner, {
      port: port ?? workspaceFile(root).server?.port ?? 7341, host, token, allowedHosts: allowHost, drainMs: drainMs.requests, isReady: () => isReady,
      log: (error) => terminal.say(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
    }).catch(refusedPort);
    try {
      for (const { run: id, flow } of await interruptedRuns(runner)) terminal.say(`Goes on with the run ${id} of the flow ${flow}, which was interrupted.\n`);
      await runner.listen();
      isReady = true;
      prepareStateFolder(root);
      await writeFile(serverFile(root), JSON.stringify({ url: server.url, token, pid: process.pid }), { mode: 0o600 });
      writeJson(terminal, { url: server.url, token });
      const known = runner.publicUrl();
      if (known !== undefined) terminal.say(`${paint(terminal, 'bold', 'Webhooks')} ${known}/hooks/…\n`);
      terminal.say(`${paint(terminal, 'bold', 'Operators’ page')} ${server.url}/#token=${token}${isPageBuilt() ? '' : '\n  It is not built yet: npm run build, in the folder of Patchbay.'}\n`);
      await asked.promise;
      terminal.say('Stopping: requests and runs in work come to their end, for at most 30 s.\n');
    } finally {
      await rm(serverFile(root), { force: true });
      await server.close();
    }
  } finally {
    await runner[Symbol.asyncDispose]();
    asked.release();
  }
}

/** Whatever keeps it from listening is this machine's, not the workspace's. */
function refusedPort(error: unknown): never {
  if (!FlowError.is(error) || error.details['port'] === undefined) throw error;
  throw new CommandError(error.message, { exitCode: exit.refused, ...(error.remedy !== undefined && { hint: error.remedy }) });
}

/** Files that are tried out answer triggers here: that is nothing for production. */
async function refuseProduction(runner: Runner): Promise<void> {
  const { environment, environments } = await runner.info();
  if (!environments.some(({ id, production }) => id === environment && production)) return;
  throw new CommandError(`"${environment}" is a production environment, and with --dev files that are not deployed would answer its triggers.`, { exitCode: exit.refused, hint: 'Deploy the flows and serve without --dev, choose another with --env, or confirm it with --yes-production.' });
}

/** Resolves at the first signal. The second, or 30 s after the first, ends the process at once. */
function signalOf({ terminal }: Session): { readonly promise: Promise<void>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const release = terminal.onSignal((signal) => {
    const code = exit[signal === 'SIGINT' ? 'interrupt' : 'terminate'];
    if (timer) process.exit(code);
    timer = setTimeout(() => process.exit(code), drainMs.all);
    resolve();
  });
  return { promise, release: () => { clearTimeout(timer); release(); } };
}
