import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { draggable } from './dragged.ts';
import { flowRow, lastRuns, triggerRow, triggersOf, type FlowItem, type TriggerItem } from './flow-items.ts';
import { endpointRow, fileRow, groupRow, projectGroups, stepOfRow, type EndpointItem, type FileItem, type GroupItem } from './project-groups.ts';
import { createRowChanges, type Tree } from './tree.ts';

interface RootItem { readonly kind: 'root'; readonly root: vscode.Uri; readonly title: string }
type Item = RootItem | GroupItem | FlowItem | TriggerItem | FileItem | EndpointItem;

/** All files of the workspaces, by what they are. It needs no runner, which only adds how the last runs ended. */
export function registerProjectTree(services: Services): Tree {
  const { roots, projects, problems, secrets, debug } = services;
  const changes = createRowChanges(400);
  const { refresh } = changes;
  const runs = lastRuns(services, refresh);
  const errorsOf = (file: vscode.Uri): number => problems.of(file).filter(({ severity }) => severity === 'error').length;
  const groupsOf = async (root: vscode.Uri): Promise<readonly Item[]> => projectGroups(await projects.of(root), await secrets.names(root));
  const below = async (item?: Item): Promise<Item[]> => {
    if (item) return item.kind === 'root' ? [...(await groupsOf(item.root))] : item.kind === 'flow' ? triggersOf(item) : 'children' in item ? [...(item.children ?? [])] : [];
    await roots.ready;
    const all = roots.all();
    if (all.length === 1) return [...(await groupsOf(all[0]!))];
    return Promise.all(all.map(async (root): Promise<RootItem> => ({ kind: 'root', root, title: titleOf((await projects.of(root)).values<{ readonly title?: string }>('workspace'), root) })));
  };
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => changes.asked(below(item)),
    getTreeItem(item) {
      switch (item.kind) {
        case 'root': return rootRow(item);
        case 'group': return groupRow(item);
        case 'flow': return flowRow(item, runs.of(item), { errors: errorsOf(item.file.uri), paused: debug.paused });
        case 'trigger': return triggerRow(item);
        case 'endpoint': return endpointRow(item);
        default: return fileRow(item, errorsOf(item.file.uri));
      }
    },
  };
  const dragAndDropController = draggable<Item>(
    stepOfRow,
    (item) => (item.kind === 'flow' || item.kind === 'file' ? item.file.uri : undefined),
  );
  const view = vscode.window.createTreeView('patchbay.project', { treeDataProvider: provider, showCollapseAll: true, dragAndDropController });
  const subscriptions = [view, changes, runs, projects.onDidChange(refresh), problems.onDidChange(refresh), roots.onDidChange(refresh), secrets.onDidChange(refresh), debug.onDidStop(refresh)];
  return { id: 'patchbay.project', view, refresh: changes.now, dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

const titleOf = (config: Readonly<Record<string, { readonly title?: string }>>, root: vscode.Uri): string => config['']?.title ?? root.path.split('/').at(-1)!;

function rootRow({ root, title }: RootItem): vscode.TreeItem {
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  item.id = root.toString();
  item.description = vscode.workspace.asRelativePath(root);
  item.contextValue = 'root';
  return item;
}
