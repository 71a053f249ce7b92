import * as vscode from 'vscode';
import type { RunPanels } from '../editors/run-panels.ts';
import { isPlain, serverUrl, type Servers } from '../runner/servers.ts';
import type { Services } from '../services.ts';
import type { RunItem, ServerItem } from '../views/runs-tree.ts';

/** The commands about runners elsewhere. */
export function serverCommands({ roots }: Services, servers: Servers, panels: RunPanels): Readonly<Record<string, (given?: unknown) => Promise<void>>> {
  const root = (): vscode.Uri => {
    const first = roots.all()[0] ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!first) throw new Error('Open a folder first: what is looked at belongs to it.');
    return first;
  };
  return {
    'patchbay.addServer': async (given) => {
      const known = (given as ServerItem | undefined)?.server?.url;
      const typed = known ?? (await vscode.window.showInputBox({ title: 'Add Server (1/2)', prompt: 'Address of a runner: what `patchbay serve` listens on, or what stands in front of it.', placeHolder: 'https://flows.example.com', ignoreFocusOut: true, validateInput: (text) => (serverUrl(text) === undefined ? 'An address such as https://flows.example.com, without a path.' : undefined) }));
      const url = typed === undefined ? undefined : serverUrl(typed);
      if (url === undefined) return;
      if (isPlain(url) && (await vscode.window.showWarningMessage(`${url} is not encrypted.`, { modal: true, detail: 'Whoever is on the way can read the token, and all that is looked at.' }, 'Add Anyway')) !== 'Add Anyway') return;
      const token = await vscode.window.showInputBox({ title: `${known === undefined ? 'Add Server (2/2)' : 'Change Token'}`, prompt: `Token of ${url}. VS Code keeps it in the key chain of this machine.`, password: true, ignoreFocusOut: true });
      if (!token) return;
      await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Asking ${url}` }, () => servers.add(url, token.trim())).then(undefined, (error: Error) => { throw new Error(`${url} was not added: ${error.message === 'fetch failed' ? 'nobody answers there.' : error.message}`); });
    },
    'patchbay.removeServer': async (given) => {
      const { server } = given as ServerItem;
      if ((await vscode.window.showWarningMessage(`Remove ${server.url}?`, { modal: true, detail: 'Its token is forgotten on this machine. The server itself stays as it is.' }, 'Remove')) === 'Remove') await servers.remove(server.url);
    },
    'patchbay.openServerRun': async (given) => {
      const { server, run } = given as RunItem;
      if (server) panels.open({ root: root(), client: server.client, server: server.url }, run.id);
    },
    'patchbay.debugServer': async (given) => {
      const { server } = given as ServerItem;
      await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(root()), { type: 'patchbay', request: 'attach', name: `Runs of ${server.url}`, url: server.url, token: await servers.token(server.url) });
    },
  };
}
