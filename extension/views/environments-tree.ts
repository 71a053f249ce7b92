import * as vscode from 'vscode';
import type { Environment } from '../../server/model/environment.ts';
import { namedSecrets } from '../../server/model/named-secrets.ts';
import type { ProjectFile } from '../language/project.ts';
import type { Services } from '../services.ts';
import { createRowChanges, type Tree } from './tree.ts';

/** An environment in the tree. Commands get it as their argument. */
export interface EnvironmentItem {
  readonly kind: 'environment';
  readonly root: vscode.Uri;
  readonly file: ProjectFile;
  readonly isChosen: boolean;
}

/** The environments of all workspaces, and which of them runs take. */
export function registerEnvironmentsTree({ roots, projects, environments, problems }: Services): Tree {
  const changes = createRowChanges(300);
  const { refresh } = changes;
  const all = async (): Promise<EnvironmentItem[]> => {
    await roots.ready;
    const lists = await Promise.all(roots.all().map(async (root) => {
      const project = await projects.of(root);
      const chosen = environments.chosen(root) ?? project.environment;
      return project.files.filter(({ kind }) => kind === 'environment').map((file): EnvironmentItem => ({ kind: 'environment', root, file, isChosen: file.id === chosen }));
    }));
    return lists.flat();
  };
  const provider: vscode.TreeDataProvider<EnvironmentItem> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => changes.asked(item ? [] : all()),
    getTreeItem: (item) => environmentItem(item, roots.all().length > 1, problems.of(item.file.uri).some(({ severity }) => severity === 'error')),
  };
  const view = vscode.window.createTreeView('patchbay.environments', { treeDataProvider: provider });
  const subscriptions = [view, changes, projects.onDidChange(refresh), environments.onDidChange(changes.now), problems.onDidChange(refresh), roots.onDidChange(refresh)];
  return { id: 'patchbay.environments', view, refresh: changes.now, dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

function environmentItem({ root, file, isChosen }: EnvironmentItem, withRoot: boolean, isWrong: boolean): vscode.TreeItem {
  const { title, production = false, variables = {} } = (file.read.value ?? {}) as Partial<Environment>;
  const item = new vscode.TreeItem(file.id, vscode.TreeItemCollapsibleState.None);
  item.id = file.uri.toString();
  item.resourceUri = file.uri;
  item.description = [isChosen ? 'active' : '', production ? 'production' : '', title ?? '', withRoot ? root.path.split('/').at(-1)! : ''].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon(isWrong || file.read.value === undefined ? 'warning' : production ? 'lock' : isChosen ? 'pass-filled' : 'circle-large-outline');
  item.tooltip = [title ?? file.id, file.file, ...Object.entries(variables).map(([name, value]) => `env.${name} = ${shownVariable(value)} (${file.id})`)].join('\n');
  item.contextValue = isChosen ? 'environment.active' : 'environment';
  item.accessibilityInformation = { label: [file.id, 'environment', isChosen ? 'active' : '', production ? 'production' : ''].filter(Boolean).join(', ') };
  item.command = { command: 'vscode.open', title: 'Open', arguments: [file.uri] };
  return item;
}

/** A secret is told by its name. */
function shownVariable(value: unknown): string {
  const [secret] = namedSecrets(value);
  return secret === undefined ? JSON.stringify(value) : `secret ${secret}`;
}
