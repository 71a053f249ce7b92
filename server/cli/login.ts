import { createInterface } from 'node:readline';
import { InvalidArgumentError } from 'commander';
import { listenForLogin, type LoginCallback } from '../api/login-callback.ts';
import type { LoginName, Logins, LoginStarted } from '../runner/logins.ts';
import { CommandError, exit } from './exit-codes.ts';
import { portNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { writeJson, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly env?: string; readonly port: number; readonly browser: boolean; readonly paste?: boolean; readonly redirect?: string; readonly method?: string; readonly json?: boolean }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay login shop-eu\n  patchbay login shop-eu --port 8912    # where the other system knows http://127.0.0.1:8912/callback\n  patchbay login shop-eu --paste        # on a machine without a browser\n');
  command.argument('<instance>', 'id of the instance')
    .option('--port <number>', 'port of this machine to which the browser comes back; default any that is free', portNumber, 0)
    .option('--no-browser', 'only print the address, and open no browser')
    .option('--paste', 'wait for the address to which the browser was led in the end, pasted here: for a browser on another machine')
    .option('--redirect <address>', 'with --paste: another address that the other system knows and leads the browser to', address)
    .option('--method <name>', 'auth method of the connector, where an endpoint has one of its own')
    .option('--env <name>', 'environment of the instance')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((instance: string, options: Options) => login(session, instance, options));
};
export default define;

const waitMs = 600_000;
/** Of the address that nothing listens to, where it is pasted. */
const pastePort = 8912;

async function login(session: Session, instance: string, options: Options): Promise<void> {
  const { terminal } = session;
  const { env, paste, redirect } = options;
  if (redirect !== undefined && !paste) throw new CommandError('--redirect goes with --paste: nothing of this machine listens there.', { exitCode: exit.usage });
  const root = workspaceOf(terminal, options);
  await withRunner(session, { root, ...(env !== undefined && { environment: env }) }, async ({ logins }) => {
    const work: Work = { terminal, logins, instance, options };
    const { method } = await (paste ? pasted(work) : listened(work));
    if (options.json) return writeJson(terminal, { instance, ...(method !== undefined && { method }) });
    terminal.say(`Logged in to ${instance}${method === undefined ? '' : ` by ${method}`}.\n`);
    for (const other of await logins.list()) if (other.instance === instance && other.state === 'out') terminal.say(`Not yet: \`patchbay login ${instance}${other.method === undefined ? '' : ` --method ${other.method}`}\`.\n`);
  });
}

interface Work {
  readonly terminal: Terminal;
  readonly logins: Logins;
  readonly instance: string;
  readonly options: Options;
}

async function listened(work: Work): Promise<LoginName> {
  const { logins, instance, options: { port, browser, method, json } } = work;
  const back = await callback(port, logins.finish);
  const letGo = givesUp(work, back.fail);
  try {
    const started = await logins.start(instance, { redirectUri: back.redirectUri, method });
    back.expect(started.state);
    const isOpened = browser && !json && (await work.terminal.openBrowser?.(started.url)) === true;
    tell(work, started, isOpened ? 'The browser is opened. Log in there; if it is not, open this address:' : 'Open this address in the browser of this machine and log in (--paste is for one on another machine):');
    return await back.done;
  } finally {
    letGo();
    back.close();
  }
}

async function callback(port: number, finish: Logins['finish']): Promise<LoginCallback<LoginName>> {
  try {
    return await listenForLogin({ port, finish, more: 'The terminal says more.' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(`Port ${port} cannot be listened to: ${code === 'EADDRINUSE' ? 'another program does' : message}.`, { hint: 'Choose another with --port.' });
  }
}

/** The browser is on another machine, where the address to which it is led leads nowhere; what ends the login stands in it. */
async function pasted(work: Work): Promise<LoginName> {
  const { terminal, logins, instance, options: { port, redirect, method } } = work;
  const started = await logins.start(instance, { redirectUri: redirect ?? `http://127.0.0.1:${port || pastePort}/callback`, method });
  tell(work, started, 'Open this address in a browser and log in:');
  terminal.say('In the end the browser shows that it cannot reach a page. Paste the address of that page here:\n');
  const { promise: over, reject } = Promise.withResolvers<never>();
  over.catch(() => undefined);
  const letGo = givesUp(work, reject);
  const lines = createInterface({ input: terminal.input, crlfDelay: Infinity });
  try {
    return await Promise.race([over, logins.finish(await Promise.race([over, pastedAnswer(lines, started, terminal)]))]);
  } finally {
    letGo();
    lines.close();
  }
}

async function pastedAnswer(lines: AsyncIterable<string>, { state }: LoginStarted, terminal: Terminal): Promise<Readonly<Record<string, string>>> {
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const answer = answerIn(line.trim());
    if (answer['state'] === state) return answer;
    terminal.say(answer['state'] === undefined ? 'That is no address with the end of a login in it: it has "code" and "state" in it. Paste it again:\n' : 'That is the end of another login: its "state" is not the one of this login. Paste the address that this one has led to:\n');
  }
  throw new CommandError('No address was pasted.', { exitCode: exit.usage });
}

/** What stands in the address, or in its query alone. */
function answerIn(text: string): Readonly<Record<string, string>> {
  const query = URL.canParse(text) ? new URL(text).search : text.slice(text.indexOf('?') + 1);
  return Object.fromEntries(new URLSearchParams(query));
}

function tell({ terminal, options: { json } }: Work, { url }: LoginStarted, words: string): void {
  terminal.say(`${words}\n`);
  if (json) writeJson(terminal, { url });
  else terminal.out(`${url}\n`);
}

/** Fails after ten minutes, and where the command is asked to end. Gives what takes that back. */
function givesUp({ terminal }: Work, fail: (error: Error) => void): () => void {
  const takeBack = terminal.onSignal(() => fail(new CommandError('Nobody has logged in.', { exitCode: exit.interrupt })));
  const timer = setTimeout(() => fail(new CommandError('Nobody has logged in within ten minutes.', { exitCode: exit.timeout })), waitMs);
  return () => {
    takeBack();
    clearTimeout(timer);
  };
}

function address(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It must be an absolute address.');
  return text;
}
