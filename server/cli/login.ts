import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FlowError } from '../../plugins/sdk/index.ts';
import { CommandError, exit } from './exit-codes.ts';
import { portNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly env?: string; readonly port: number; readonly json?: boolean }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay login shop-eu\n  patchbay login shop-eu --port 8912    # where the other system knows http://127.0.0.1:8912/callback\n');
  command.argument('<instance>', 'id of the instance')
    .option('--port <number>', 'port of this machine to which the browser comes back; default any that is free', portNumber, 0)
    .option('--env <name>', 'environment of the instance')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((instance: string, options: Options) => login(session, instance, options));
};
export default define;

const waitMs = 600_000;

async function login(session: Session, instance: string, { port, env, json, ...options }: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  await withRunner(session, { root, ...(env !== undefined && { environment: env }) }, async ({ logins }) => {
    const back = await listen(port, logins.finish);
    const giveUp = terminal.onSignal(() => back.fail(new CommandError('Nobody has logged in.', { exitCode: exit.interrupt })));
    const timer = setTimeout(() => back.fail(new CommandError('Nobody has logged in within ten minutes.', { exitCode: exit.timeout })), waitMs);
    try {
      const { url } = await logins.start(instance, { redirectUri: back.redirectUri });
      terminal.say('Open this address in the browser and log in:\n');
      if (json) writeJson(terminal, { url });
      else terminal.out(`${url}\n`);
      await back.done;
      if (json) writeJson(terminal, { instance });
      else terminal.say(`Logged in to ${instance}.\n`);
    } finally {
      clearTimeout(timer);
      giveUp();
      back.close();
    }
  });
}

interface Back {
  readonly redirectUri: string;
  readonly done: Promise<void>;
  fail(error: Error): void;
  close(): void;
}

/** Waits on this machine for the browser that comes back. */
async function listen(port: number, finish: (answer: Record<string, string>) => Promise<unknown>): Promise<Back> {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  done.catch(() => undefined);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'GET' || url.pathname !== '/callback') return page(response, 404, 'There is nothing here.');
    finish(Object.fromEntries(url.searchParams)).then(
      () => page(response, 200, 'You are logged in. This window can be closed.', resolve),
      (error: Error) => {
        // Some other page of the browser may ask for this address, too: that must not end the login.
        const isForeign = FlowError.is(error, 'AUTH_REJECTED') && error.message.startsWith('There is no such login');
        page(response, 400, 'The login has failed. The terminal says more.', isForeign ? undefined : () => reject(error));
      },
    );
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(new CommandError(`Port ${port} cannot be listened to: ${error.code === 'EADDRINUSE' ? 'another program does' : error.message}.`, { hint: 'Choose another with --port.' })));
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    done, fail: reject, redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function page(response: ServerResponse, status: number, text: string, sent: () => void = () => undefined): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'", 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', connection: 'close' };
  response.writeHead(status, headers).end(`<!doctype html><meta charset="utf-8"><title>Patchbay</title><p>${text}</p>`, sent);
}
