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
    'patchbay.logIn': async (given) => {
      const found = await target(services, given, 'Log In to Instance', () => true);
      if (found) await logInTo(services, found);
    },
    'patchbay.logOut': async (given) => {
      const found = await target(services, given, 'Log Out of Instance', ({ state }) => state === 'in' || state === 'ended');
      if (!found) return;
      await found.runner.client.logout(found.instance);
      void vscode.window.showInformationMessage(`Logged out of ${found.instance}. The other system is not told: end the access of Patchbay there, too, where it must not count any more.`);
    },
  };
}

interface Target {
  readonly runner: FolderRunner;
  readonly instance: string;
}

async function target(services: Services, given: unknown, title: string, fits: (state: LoginState) => boolean): Promise<Target | undefined> {
  const { ending } = fileKinds.instance;
  const file = given instanceof vscode.Uri ? given : (given as { readonly file?: { readonly uri?: vscode.Uri } } | undefined)?.file?.uri;
  if (file?.path.endsWith(ending)) {
    const runner = services.runners.of(file);
    return runner && { runner, instance: file.path.slice(file.path.lastIndexOf('/') + 1, -ending.length) };
  }
  const runner = await chooseRunner(services, title);
  const instance = runner && (await pickInstance(runner, title, fits));
  return runner && instance !== undefined ? { runner, instance } : undefined;
}

async function pickInstance({ client }: FolderRunner, title: string, fits: (state: LoginState) => boolean): Promise<string | undefined> {
  const all = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Looking who is logged in' }, () => client.logins());
  const items = all.filter(fits).map((state) => ({ label: state.instance, description: loginWords(state, Date.now()), ...(state.problem !== undefined && { detail: state.problem }) }));
  if (items.length > 0) return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Instance', matchOnDescription: true }))?.label;
  void vscode.window.showInformationMessage(all.length === 0 ? 'No instance needs a login with a browser: its connector would have an auth method such as oauth2-authorization-code.' : 'Nobody is logged in.');
  return undefined;
}

async function logInTo({ log }: Services, { runner, instance }: Target): Promise<void> {
  const port = vscode.workspace.getConfiguration('patchbay.login', runner.root).get('port', 0);
  const isIn = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Log in to ${instance} in the browser`, cancellable: true }, (_progress, cancel) => {
    const stop = new AbortController();
    cancel.onCancellationRequested(() => stop.abort());
    return logIn(instance, {
      client: runner.client, port, signal: stop.signal,
      // In a remote window the port is forwarded to the machine of the browser.
      outside: async (address) => (await vscode.env.asExternalUri(vscode.Uri.parse(address))).toString(true),
      // As a text, which VS Code takes as well: a `Uri` decodes the query, and what was `%26` in it would become `&`.
      open: (address) => vscode.env.openExternal(address as unknown as vscode.Uri),
    });
  });
  if (!isIn) return;
  log.info(`Somebody has logged in to ${instance}.`);
  void vscode.window.showInformationMessage(`Logged in to ${instance}.`);
}
