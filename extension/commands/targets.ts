import * as vscode from 'vscode';
import { connectorViewType } from '../editors/connector-editor.ts';
import { mapViewType } from '../editors/map-editor.ts';
import { flowViewType } from '../editors/flow-editor.ts';
import { lookupViewType } from '../editors/lookup-editor.ts';
import { settingsViewTypes } from '../editors/settings-editor.ts';
import { fileKinds } from '../../server/model/workspace.ts';
import { isBelow } from '../runner/roots.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import type { FlowItem } from '../views/flow-items.ts';
import type { RunItem } from '../views/runs-tree.ts';

/** The flow in the editor that has the focus, on the canvas or as text. */
export const activeFlow = (): vscode.Uri | undefined => activeFile(flowViewType, fileKinds.flow.ending);

/** The same for a connector. */
export const activeMap = (): vscode.Uri | undefined => activeFile(mapViewType, fileKinds.map.ending);
export const activeConnector = (): vscode.Uri | undefined => activeFile(connectorViewType, fileKinds.connector.ending);

/** The same for a lookup. */
export const activeLookup = (): vscode.Uri | undefined => activeFile(lookupViewType, '.csv');

/** The same for an instance or an environment. */
export const activeSettings = (): vscode.Uri | undefined => activeFile(settingsViewTypes.instance, fileKinds.instance.ending) ?? activeFile(settingsViewTypes.environment, fileKinds.environment.ending);

function activeFile(viewType: string, ending: string): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === viewType) return input.uri;
  return input instanceof vscode.TabInputText && input.uri.path.endsWith(ending) ? input.uri : undefined;
}

/** The flow that a command is about: the one it was called with, the one in the editor, or one that the user picks. */
export async function chooseFlow({ roots, projects }: Services, given: unknown, title: string): Promise<vscode.Uri | undefined> {
  const named = given instanceof vscode.Uri ? given : isItem(given, 'flow') ? given.file.uri : activeFlow();
  if (named) return named;
  await roots.ready;
  const all = (await Promise.all(roots.all().map((root) => projects.of(root)))).flatMap(({ files, root }) => files.filter(({ kind }) => kind === 'flow').map((file) => ({ file, root })));
  if (all.length === 0) {
    if ((await vscode.window.showInformationMessage('There is no flow here yet.', 'New Flow…', 'Open Sample')) === 'New Flow…') await vscode.commands.executeCommand('patchbay.newFlow');
    return undefined;
  }
  const items = all.map(({ file }) => ({ label: (file.read.value as { readonly title?: string } | undefined)?.title ?? file.id, description: vscode.workspace.asRelativePath(file.uri), uri: file.uri }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Flow', matchOnDescription: true }))?.uri;
}

/** The workspace that a command is about: that of the flow in the editor, the only one, or one that the user picks. */
export async function chooseRunner({ runners, roots }: Services, title: string): Promise<FolderRunner | undefined> {
  const flow = activeFlow();
  await roots.ready;
  const own = flow && runners.of(flow);
  const all = runners.all();
  if (own) return own;
  if (all.length === 0) throw new Error('No folder with a patchbay.json is open.');
  if (all.length === 1) return all[0];
  return (await vscode.window.showQuickPick(all.map((runner) => ({ label: vscode.workspace.asRelativePath(runner.root), runner })), { title, placeHolder: 'Workspace' }))?.runner;
}

/** The same for what needs no runner. */
export async function chooseRoot({ roots }: Services, title: string): Promise<vscode.Uri | undefined> {
  const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input as { readonly uri?: vscode.Uri } | undefined;
  await roots.ready;
  const all = roots.all();
  const own = active?.uri && all.find((root) => isBelow(active.uri!, root));
  if (own) return own;
  if (all.length === 0) throw new Error('No folder with a patchbay.json is open.');
  return all.length === 1 ? all[0] : (await vscode.window.showQuickPick(all.map((root) => ({ label: vscode.workspace.asRelativePath(root), root })), { title, placeHolder: 'Workspace' }))?.root;
}

export const isRunItem = (given: unknown): given is RunItem => isItem(given, 'run');

interface Items { readonly flow: FlowItem; readonly run: RunItem }

function isItem<K extends keyof Items>(given: unknown, kind: K): given is Items[K] {
  return typeof given === 'object' && given !== null && (given as { readonly kind?: unknown }).kind === kind;
}
