import * as vscode from 'vscode';
import type { LoginState } from '../../server/model/api.ts';
import { fileKinds } from '../../server/model/workspace.ts';
import { logIn } from '../runner/log-in.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { loginWords } from '../views/words.ts';
import { chooseRunner } from './targets.ts';

/** The commands about logins to other systems; each takes the instance from the file that it was called at, else the user picks one. */
export function loginCommands(services: Services): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  return {
    'patchbay.logIn': async (given, method) => {
      const found = await target(services, given, { title: 'Log In to Instance', fits: () => true, ...(typeof method === 'string' && { method }) });
      if (found) await logInTo(services, found);
    },
    'patchbay.logOut': async (given) => {
      const found = await target(services, given, { title: 'Log Out of Instance', fits: ({ state }) => state === 'in' || state === 'ended' });
      if (!found) return;
      await found.runner.client.logout(found.instance, { method: found.method });
      void vscode.window.showInformationMessage(`Logged out of ${nameOf(found)}. The other system is not told: end the access of Patchbay there, too, where it must not count any more.`);
    },
  };
}

interface Login {
  readonly instance: string;
  /** Auth method, where an endpoint has one of its own. */
  readonly method?: string | undefined;
}

interface Target extends Login {
  readonly runner: FolderRunner;
}

interface Wanted {
  readonly title: string;
  readonly fits: (state: LoginState) => boolean;
  readonly method?: string;
}

const nameOf = ({ instance, method }: Login): string => (method === undefined ? instance : `${instance} by ${method}`);

async function target(services: Services, given: unknown, wanted: Wanted): Promise<Target | undefined> {
  const { ending } = fileKinds.instance;
  const file = given instanceof vscode.Uri ? given : (given as { readonly file?: { readonly uri?: vscode.Uri } } | undefined)?.file?.uri;
  if (file?.path.endsWith(ending)) {
    const runner = services.runners.of(file);
    const login = runner && (await loginOf(runner, file.path.slice(file.path.lastIndexOf('/') + 1, -ending.length), wanted));
    return runner && login && { ...login, runner };
  }
  const runner = await chooseRunner(services, wanted.title);
  const login = runner && (await pickLogin(await statesOf(runner), wanted));
  return runner && login && { ...login, runner };
}

const statesOf = ({ client }: FolderRunner): Thenable<readonly LoginState[]> => vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Looking who is logged in' }, () => client.logins());

/** Where it has one only, the runner knows which. */
async function loginOf(runner: FolderRunner, instance: string, wanted: Wanted): Promise<Login | undefined> {
  if (wanted.method !== undefined) return { instance, method: wanted.method };
  const states = (await statesOf(runner)).filter((state) => state.instance === instance);
  return states.length < 2 ? { instance, method: states[0]?.method } : pickLogin(states, wanted);
}

async function pickLogin(all: readonly LoginState[], { title, fits }: Wanted): Promise<Login | undefined> {
  const items = all.filter(fits).map((state) => ({ state, label: state.instance, description: `${state.method === undefined ? '' : `by ${state.method}: `}${loginWords(state, Date.now())}`, ...(state.problem !== undefined && { detail: state.problem }) }));
  if (items.length > 0) return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Instance', matchOnDescription: true }))?.state;
  void vscode.window.showInformationMessage(all.length === 0 ? 'No instance needs a login with a browser: its connector would have an auth method such as oauth2-authorization-code.' : 'Nobody is logged in.');
  return undefined;
}

async function logInTo({ log }: Services, found: Target): Promise<void> {
  const { runner, instance, method } = found;
  const port = vscode.workspace.getConfiguration('patchbay.login', runner.root).get('port', 0);
  const isIn = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Log in to ${nameOf(found)} in the browser`, cancellable: true }, (_progress, cancel) => {
    const stop = new AbortController();
    cancel.onCancellationRequested(() => stop.abort());
    return logIn(instance, {
      client: runner.client, method, port, signal: stop.signal,
      // In a remote window the port is forwarded to the machine of the browser.
      outside: async (address) => (await vscode.env.asExternalUri(vscode.Uri.parse(address))).toString(true),
      // As a text, which VS Code takes as well: a `Uri` decodes the query, and what was `%26` in it would become `&`.
      open: (address) => vscode.env.openExternal(address as unknown as vscode.Uri),
    });
  });
  if (!isIn) return;
  log.info(`Somebody has logged in to ${nameOf(found)}.`);
  void vscode.window.showInformationMessage(`Logged in to ${nameOf(found)}.`);
}
