import * as vscode from 'vscode';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { namedSecrets } from '../../server/model/instance-form.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { isProtocol } from '../../server/model/protocol.ts';
import { fileKinds, type FileKind } from '../../server/model/workspace.ts';
import type { Project } from '../language/project.ts';
import type { Services } from '../services.ts';

/** A file in the tree. Commands get it as their argument. */
export interface FileItem {
  readonly kind: 'file';
  readonly root: vscode.Uri;
  readonly file: { readonly uri: vscode.Uri };
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  /** What is wrong with it, in a word. */
  readonly warning?: string;
  readonly children?: readonly FileItem[];
}

interface GroupItem { readonly kind: 'group'; readonly root: vscode.Uri; readonly label: string; readonly icon: string; readonly children: readonly FileItem[] }
interface RootItem { readonly kind: 'root'; readonly root: vscode.Uri }
type Item = RootItem | GroupItem | FileItem;

/** What a workspace consists of beside its flows: connectors with their instances, lookups, mappings, scripts. It needs no runner. */
export function registerProjectTree({ roots, projects, problems, secrets }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  const refresh = (): void => { timer ??= setTimeout(() => { timer = undefined; changed.fire(); }, 300); };
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changed.event,
    async getChildren(item) {
      if (item?.kind === 'root') return groupsOf(item.root);
      if (item) return [...(item.children ?? [])];
      await roots.ready;
      const all = roots.all();
      return all.length === 1 ? groupsOf(all[0]!) : all.map((root): RootItem => ({ kind: 'root', root }));
    },
    getTreeItem: (item) => (item.kind === 'root' ? new vscode.TreeItem(vscode.workspace.asRelativePath(item.root), vscode.TreeItemCollapsibleState.Expanded) : item.kind === 'group' ? groupItem(item) : fileItem(item, problems.of(item.file.uri).filter(({ severity }) => severity === 'error').length)),
  };
  const groupsOf = async (root: vscode.Uri): Promise<Item[]> => groups(await projects.of(root), await secrets.names(root)).filter(({ children }) => children.length > 0);
  const view = vscode.window.createTreeView('patchbay.project', { treeDataProvider: provider, showCollapseAll: true });
  const subscriptions = [view, changed, projects.onDidChange(refresh), problems.onDidChange(refresh), roots.onDidChange(refresh), secrets.onDidChange(refresh)];
  return { dispose: () => { clearTimeout(timer); for (const subscription of subscriptions) subscription.dispose(); } };
}

function groups(project: Project, known: { has(name: string): boolean }): readonly GroupItem[] {
  const { root } = project;
  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(root, ...path.split('/'));
  const plain = (path: string, label: string, icon: string): FileItem => ({ kind: 'file', root, file: { uri: at(path) }, label, description: '', icon });
  const group = (label: string, icon: string, children: readonly FileItem[]): GroupItem => ({ kind: 'group', root, label, icon, children });
  const instances = project.files.filter(({ kind }) => kind === 'instance').map((file): FileItem & { readonly connector: string | undefined } => {
    const value = file.read.value as InstanceFile | undefined;
    const missing = namedSecrets(value?.credentials).filter((name) => !known.has(name));
    return { kind: 'file', root, file, label: value?.title ?? file.id, description: [value?.title === undefined ? '' : file.id, missing.length > 0 ? 'secret missing' : ''].filter(Boolean).join(' · '), icon: 'account', connector: value?.connector, ...(missing.length > 0 && { warning: `Secrets are missing on this machine: ${missing.join(', ')}` }), ...unreadable(value) };
  });
  const connectors = project.files.filter(({ kind }) => kind === 'connector').map((file): FileItem => {
    const value = file.read.value as ConnectorFile | undefined;
    const count = Object.keys(value?.endpoints ?? {}).length;
    return { kind: 'file', root, file, label: value?.title || file.id, description: value ? `${isProtocol(value) ? value.protocol : 'HTTP'} · ${count} ${count === 1 ? 'endpoint' : 'endpoints'}` : '', icon: 'plug', children: instances.filter(({ connector }) => connector === file.id), ...unreadable(value) };
  });
  // Those of connectors in code, and those whose connector is nowhere.
  const others = instances.filter(({ connector }) => !project.files.some(({ kind, id }) => kind === 'connector' && id === connector));
  const titled = (kind: FileKind, icon: string): readonly FileItem[] => project.files.filter((file) => file.kind === kind).map((file): FileItem => {
    const { title } = (file.read.value ?? {}) as { readonly title?: string };
    return { kind: 'file', root, file, label: title ?? file.id, description: title === undefined ? '' : file.id, icon, ...unreadable(file.read.value) };
  });
  return [
    group('Connectors', 'plug', [...connectors, ...others]),
    group('Lookups', 'table', project.lookups.map((name) => plain(`lookups/${name}.csv`, name, 'table'))),
    group('Maps', 'arrow-swap', titled('map', 'arrow-swap')),
    group('Scripts', 'code', project.scripts.map((path) => plain(path, path.replace(/^scripts\//, ''), 'code'))),
    group('Tests', 'beaker', titled('test', 'beaker')),
  ];
}

const unreadable = (value: unknown): { readonly warning?: string } => (value === undefined ? { warning: 'The file cannot be read: open it as text.' } : {});

function groupItem({ root, label, icon, children }: GroupItem): vscode.TreeItem {
  const item = new vscode.TreeItem(label, label === 'Connectors' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${root.toString()}#${label}`;
  item.description = String(children.length);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = 'group';
  item.accessibilityInformation = { label: `${label}, ${children.length}` };
  return item;
}

function fileItem({ file: { uri }, label, description, icon, warning, children = [] }: FileItem, errors: number): vscode.TreeItem {
  const item = new vscode.TreeItem(label, children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
  const isWrong = errors > 0 || warning !== undefined;
  item.id = uri.toString();
  // Gives the tree the colour and the badge that errors have in the explorer.
  item.resourceUri = uri;
  item.description = description;
  item.iconPath = isWrong ? new vscode.ThemeIcon('warning', new vscode.ThemeColor(errors > 0 ? 'problemsErrorIcon.foreground' : 'problemsWarningIcon.foreground')) : new vscode.ThemeIcon(icon);
  item.tooltip = [label, vscode.workspace.asRelativePath(uri), warning ?? '', errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : ''].filter(Boolean).join('\n');
  item.contextValue = uri.path.endsWith(fileKinds.instance.ending) ? 'file.json.instance' : uri.path.endsWith('.json') ? 'file.json' : 'file';
  item.accessibilityInformation = { label: [label, description, warning ?? '', errors > 0 ? `${errors} errors` : ''].filter(Boolean).join(', ') };
  item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  return item;
}
