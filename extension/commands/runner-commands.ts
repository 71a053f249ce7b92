import * as vscode from 'vscode';
import type { Environment } from '../../server/model/environment.ts';
import { flowWorkspace } from '../language/project.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { chooseRunner } from './targets.ts';

/** The commands about a workspace and its runner. */
export function runnerCommands(services: Services): Readonly<Record<string, () => unknown>> {
  const { log, projects, environments } = services;
  return {
    'patchbay.showLog': () => log.show(true),
    'patchbay.restartRunner': async () => {
      const runner = await chooseRunner(services, 'Restart Runner');
      if (runner) await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Restarting the runner' }, () => runner.restart());
    },
    'patchbay.openOperatorsPage': async () => {
      const runner = await chooseRunner(services, "Operators' Page");
      if (!runner) return;
      const { url, token } = await runner.address();
      // In a remote window the port is forwarded; the address is only good for this moment, so it is never kept. The token stands after the `#`, where no server sees it.
      const outside = await vscode.env.asExternalUri(vscode.Uri.parse(url));
      await vscode.env.openExternal(outside.with({ fragment: `token=${token}` }));
    },
    'patchbay.setSecret': () => setSecret(services),
    'patchbay.selectEnvironment': async () => {
      const runner = await chooseRunner(services, 'Select Environment');
      if (!runner) return;
      const project = await projects.of(runner.root);
      const names = Object.entries(project.values<Environment>('environment'));
      const items = [
        { label: 'As patchbay.json says', description: project.environment ?? 'none', id: undefined },
        ...names.map(([id, { title, production }]) => ({ label: `${production ? '$(lock) ' : ''}${id}`, description: title ?? '', id })),
      ];
      const picked = await vscode.window.showQuickPick(items, { title: 'Environment of Runs', placeHolder: environments.chosen(runner.root) ?? project.environment ?? 'none' });
      if (!picked) return;
      await chooseEnvironment(services, runner, picked.id);
    },
    'patchbay.status': () => actions(services),
  };
}

/** Runs of this window, and webhooks and schedules of its runner, go by it from now on. */
export async function chooseEnvironment({ environments }: Services, runner: FolderRunner, id: string | undefined): Promise<void> {
  await environments.choose(runner.root, id);
  await runner.client.chooseEnvironment(id);
}

async function setSecret(services: Services): Promise<void> {
  const runner = await chooseRunner(services, 'Set Secret');
  if (!runner) return;
  const name = await pickName(services, runner.root);
  if (!name) return;
  const value = await vscode.window.showInputBox({ title: `Set Secret: ${name}`, password: true, prompt: 'Kept by VS Code on this machine, never in a file. Leave it empty to remove it.', ignoreFocusOut: true });
  if (value === undefined) return;
  await runner.setSecret(name, value === '' ? undefined : value);
  void vscode.window.showInformationMessage(value === '' ? `The secret ${name} is removed.` : `The secret ${name} is set.`);
}

async function pickName({ projects, catalogs, secrets }: Services, root: vscode.Uri): Promise<string | undefined> {
  const kept = await secrets.all(root);
  const { instances } = flowWorkspace(await projects.of(root), catalogs.of(root), () => false);
  const wanted = new Set([...instances.flatMap(({ missingSecrets }) => missingSecrets), ...Object.keys(kept)]);
  const other = 'Another Name…';
  const items = [...[...wanted].sort().map((label) => ({ label, description: Object.hasOwn(kept, label) ? 'set' : 'missing' })), { label: other, description: '' }];
  const picked = wanted.size > 0 ? (await vscode.window.showQuickPick(items, { title: 'Set Secret', placeHolder: 'Name, as files refer to it' }))?.label : other;
  if (picked !== other) return picked;
  return vscode.window.showInputBox({ ignoreFocusOut: true, title: 'Set Secret', prompt: 'Name, as files refer to it: {"$secret": "shop-eu/token"}', placeHolder: 'shop-eu/token', validateInput: (name) => (/^[\w./-]+$/.test(name) ? undefined : 'Letters, digits and . _ - / make a name.') });
}

async function actions({ runners }: Services): Promise<void> {
  const state = runners.all()[0]?.state;
  const items = [
    { label: '$(play) Run Flow…', command: 'patchbay.runFlow' }, { label: '$(server-environment) Select Environment…', command: 'patchbay.selectEnvironment' }, { label: '$(key) Set Secret…', command: 'patchbay.setSecret' }, { label: '$(sign-in) Log In to Instance…', command: 'patchbay.logIn' },
    { label: "$(globe) Open Operators' Page", command: 'patchbay.openOperatorsPage' }, { label: `$(debug-restart) ${state === 'off' ? 'Start' : 'Restart'} Runner`, command: 'patchbay.restartRunner' }, { label: '$(output) Show Runner Log', command: 'patchbay.showLog' },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Patchbay' });
  if (picked) await vscode.commands.executeCommand(picked.command);
}
