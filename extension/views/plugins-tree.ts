import * as vscode from 'vscode';
import type { PluginState } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import { pluginHeadings } from '../../server/model/plugin-page.ts';
import type { DroppedStep } from '../../webview/protocol/dropped-step.ts';
import type { Services } from '../services.ts';
import { draggable } from './dragged.ts';
import { createRowChanges, type Tree } from './tree.ts';

/** A plugin in the tree. Commands get it as their argument. */
export interface PluginItem { readonly kind: 'plugin'; readonly id: string; readonly entry: CatalogEntry }
interface KindItem { readonly kind: 'plugin-kind'; readonly id: string; readonly label: string; readonly plugins: readonly PluginItem[] }
/** A file or a package that plugins were loaded from, or not. */
export interface SourceItem { readonly kind: 'plugin-source'; readonly id: string; readonly root: vscode.Uri; readonly state: PluginState; readonly version: string | undefined; readonly plugins: readonly PluginItem[] }
interface RootItem { readonly kind: 'root'; readonly id: string; readonly root: vscode.Uri }
type Item = RootItem | SourceItem | KindItem | PluginItem;

/** All plugins by kind, after those that the workspace brings along, with what came of loading them. */
export function registerPluginsTree({ roots, runners, projects, catalogs, log }: Services): Tree {
  const changes = createRowChanges(300);
  const { refresh } = changes;
  const failures = new Map<string, number>();
  const sourcesOf = async (root: vscode.Uri): Promise<SourceItem[]> => {
    const runner = runners.of(vscode.Uri.joinPath(root, 'patchbay.json'));
    // Built-in plugins are known without a runner; none is started where there are no others.
    if (!runner || !vscode.workspace.isTrusted || !(await projects.of(root)).hasOwnPlugins) return [];
    try {
      const states = (await runner.client.plugins()).filter(({ source }) => source !== 'built-in');
      failures.set(root.toString(), states.filter(({ state }) => state === 'failed').length);
      return await Promise.all(states.map(async (state): Promise<SourceItem> => {
        const id = `${root.toString()}#${state.source}`;
        return { kind: 'plugin-source', id, root, state, version: await versionOf(root, state.source), plugins: catalogs.of(root).plugins.filter(({ source }) => source === state.source).map((entry) => pluginItem(id, entry)) };
      }));
    } catch (error) {
      log.warn(`The plugins of ${root.fsPath} are not known: ${(error as Error).message}`);
      return [];
    }
  };
  const rowsOf = async (root: vscode.Uri | undefined): Promise<Item[]> => {
    const sources = root ? await sourcesOf(root) : [];
    const count = [...failures.values()].reduce((sum, one) => sum + one, 0);
    view.badge = count > 0 ? { value: count, tooltip: count === 1 ? '1 plugin failed to load' : `${count} plugins failed to load` } : undefined;
    const { plugins } = catalogs.of(root);
    const kinds = Object.entries(pluginHeadings).flatMap(([kind, label]): KindItem[] => {
      const id = `${root?.toString() ?? ''}#${kind}`;
      const own = plugins.filter((entry) => entry.kind === kind).toSorted((one, other) => one.title.localeCompare(other.title)).map((entry) => pluginItem(id, entry));
      return own.length === 0 ? [] : [{ kind: 'plugin-kind', id, label, plugins: own }];
    });
    return [...sources, ...kinds];
  };
  const below = async (item?: Item): Promise<Item[]> => {
    if (item) return item.kind === 'root' ? rowsOf(item.root) : item.kind === 'plugin' ? [] : [...item.plugins];
    await roots.ready;
    const all = roots.all();
    return all.length > 1 ? all.map((root): RootItem => ({ kind: 'root', id: root.toString(), root })) : rowsOf(all[0]);
  };
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => changes.asked(below(item)),
    getTreeItem(item) {
      const row = item.kind === 'plugin' ? pluginRow(item) : item.kind === 'plugin-source' ? sourceRow(item) : item.kind === 'root' ? new vscode.TreeItem(vscode.workspace.asRelativePath(item.root), vscode.TreeItemCollapsibleState.Expanded) : kindRow(item);
      row.id = item.id;
      return row;
    },
  };
  const view = vscode.window.createTreeView<Item>('patchbay.plugins', { treeDataProvider: provider, showCollapseAll: true, dragAndDropController: draggable<Item>(stepOfPlugin) });
  const subscriptions = [view, changes, catalogs.onDidChange(refresh), roots.onDidChange(refresh), vscode.workspace.onDidGrantWorkspaceTrust(refresh), runners.onDidChange((runner) => { if (runner?.state === 'ready') refresh(); })];
  return { id: 'patchbay.plugins', view, refresh: changes.now, dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

/** Shapes become steps. */
export const stepOfPlugin = (item: PluginItem | { readonly kind: 'root' | 'plugin-kind' | 'plugin-source' }): DroppedStep | undefined => (item.kind === 'plugin' && item.entry.kind === 'shape' ? { kind: 'shape', shape: item.entry.type } : undefined);

const pluginItem = (below: string, entry: CatalogEntry): PluginItem => ({ kind: 'plugin', id: `${below}#${entry.kind}/${entry.type}`, entry });

/** Of a package, as it is installed. */
async function versionOf(root: vscode.Uri, source: string): Promise<string | undefined> {
  if (source.startsWith('plugins/')) return undefined;
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, 'node_modules', ...source.split('/'), 'package.json'));
    return (JSON.parse(new TextDecoder().decode(bytes)) as { readonly version?: string }).version;
  } catch {
    return undefined;
  }
}

function kindRow({ label, plugins }: KindItem): vscode.TreeItem {
  const row = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  row.description = String(plugins.length);
  row.iconPath = new vscode.ThemeIcon('extensions');
  row.contextValue = 'plugin-kind';
  row.accessibilityInformation = { label: `${label}, ${plugins.length}` };
  return row;
}

function sourceRow(item: SourceItem): vscode.TreeItem {
  const { state: { source, state, error, provides }, version, plugins } = item;
  const row = new vscode.TreeItem(source, plugins.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
  const words = state === 'failed' ? 'failed to load' : `${provides.length} ${provides.length === 1 ? 'plugin' : 'plugins'}`;
  row.description = [version ?? '', words].filter(Boolean).join(' · ');
  row.iconPath = state === 'failed' ? new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')) : new vscode.ThemeIcon(source.startsWith('plugins/') ? 'file-code' : 'package');
  row.tooltip = [source, row.description, error ?? ''].filter(Boolean).join('\n');
  row.contextValue = 'plugin-source';
  row.accessibilityInformation = { label: [source, row.description, error ?? ''].filter(Boolean).join(', ') };
  if (source.startsWith('plugins/')) row.command = { command: 'patchbay.openPlugin', title: 'Open', arguments: [item] };
  return row;
}

function pluginRow(item: PluginItem): vscode.TreeItem {
  const { entry: { title, type, summary, status, version, source } } = item;
  const row = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.None);
  row.description = [type, version === undefined || version === 1 ? '' : `version ${version}`, status === undefined || status === 'stable' ? '' : status, source === 'built-in' ? '' : source].filter(Boolean).join(' · ');
  row.iconPath = new vscode.ThemeIcon(source === 'built-in' ? 'symbol-misc' : source.startsWith('plugins/') ? 'file-code' : 'package');
  row.tooltip = [title, type, summary, source].join('\n');
  row.contextValue = item.entry.kind === 'shape' ? 'plugin.shape' : 'plugin';
  row.accessibilityInformation = { label: [title, row.description, summary].join(', ') };
  row.command = { command: 'patchbay.openPlugin', title: 'Show Documentation', arguments: [item] };
  return row;
}
