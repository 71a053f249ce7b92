import * as vscode from 'vscode';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { namedSecrets } from '../../server/model/named-secrets.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { isProtocol } from '../../server/model/protocol.ts';
import { counted } from '../../server/model/words.ts';
import { fileKinds, type FileKind } from '../../server/model/workspace.ts';
import type { DroppedStep } from '../../webview/protocol/dropped-step.ts';
import type { Project, ProjectFile } from '../language/project.ts';
import type { FlowItem } from './flow-items.ts';

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
  /** What a step is made of it. */
  readonly step?: DroppedStep;
  readonly children?: readonly (FileItem | EndpointItem | GroupItem)[];
}

/** A request that a connector knows. */
export interface EndpointItem { readonly kind: 'endpoint'; readonly root: vscode.Uri; readonly connector: ProjectFile; readonly id: string; readonly label: string; readonly description: string; readonly step: DroppedStep }

/** Files of one kind. `make`: what is new in it, as `patchbay.newFile` names it. */
export interface GroupItem { readonly kind: 'group'; readonly id: string; readonly root: vscode.Uri; readonly label: string; readonly icon: string; readonly make?: FileKind | 'script'; readonly isOpen: boolean; readonly children: readonly (FlowItem | FileItem | EndpointItem)[] }

/** What a step is made of a row, where one can be. */
export const stepOfRow = (row: FlowItem | FileItem | EndpointItem | { readonly kind: 'root' | 'group' | 'trigger' }): DroppedStep | undefined =>
  row.kind === 'flow' ? { kind: 'flow', flow: row.file.id } : row.kind === 'file' || row.kind === 'endpoint' ? row.step : undefined;

/** What a workspace consists of: flows, connectors with their instances and endpoints, lookups, mappings, scripts, tests. Groups without any are left out. */
export function projectGroups(project: Project, secrets: { has(name: string): boolean }): readonly GroupItem[] {
  const { root } = project;
  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(root, ...path.split('/'));
  const group = (make: FileKind | 'script', label: string, icon: string, children: GroupItem['children']): GroupItem => ({ kind: 'group', id: `${root.toString()}#${label}`, root, label, icon, make, isOpen: make === 'flow' || make === 'connector', children });
  const titled = (kind: FileKind, icon: string): readonly FileItem[] => project.files.filter((file) => file.kind === kind).map((file): FileItem => {
    const { title } = (file.read.value ?? {}) as { readonly title?: string };
    return { kind: 'file', root, file, label: title ?? file.id, description: title === undefined ? '' : file.id, icon, ...(kind === 'map' && { step: { kind: 'map', map: file.id } }), ...unreadable(file.read.value) };
  });
  const plain = (path: string, label: string, icon: string, step?: DroppedStep): FileItem => ({ kind: 'file', root, file: { uri: at(path) }, label, description: '', icon, ...(step && { step }) });
  return [
    group('flow', 'Flows', 'type-hierarchy-sub', project.files.filter(({ kind }) => kind === 'flow').map((file) => ({ kind: 'flow', root, file }))),
    group('connector', 'Connectors', 'plug', connectors(project, secrets)),
    group('lookup', 'Lookups', 'table', project.lookups.map((name) => plain(`lookups/${name}.csv`, name, 'table'))),
    group('map', 'Maps', 'arrow-swap', titled('map', 'arrow-swap')),
    group('script', 'Scripts', 'code', project.scripts.map((path) => plain(path, path.replace(/^scripts\//, ''), 'code', { kind: 'script', script: path }))),
    group('test', 'Tests', 'beaker', titled('test', 'beaker')),
  ].filter(({ children }) => children.length > 0);
}

function connectors(project: Project, known: { has(name: string): boolean }): readonly FileItem[] {
  const { root } = project;
  const instances = project.files.filter(({ kind }) => kind === 'instance').map((file) => ({ id: file.id, value: file.read.value as InstanceFile | undefined, item: instanceItem(root, file, known) }));
  const of = (connector: string) => instances.filter(({ value }) => value?.connector === connector);
  const own = project.files.filter(({ kind }) => kind === 'connector').map((file): FileItem => {
    const value = file.read.value as ConnectorFile | undefined;
    const endpoints = Object.entries(value?.endpoints ?? {});
    const [only, ...others] = of(file.id);
    const rows = endpoints.map(([id, endpoint]): EndpointItem => {
      const { title, method, path } = endpoint as { readonly title: string; readonly method?: string; readonly path?: string };
      return { kind: 'endpoint', root, connector: file, id, label: id, description: method === undefined ? title : `${method} ${path}`, step: { kind: 'endpoint', connector: file.id, endpoint: id, ...(only && others.length === 0 && { instance: only.id }) } };
    });
    const listed: readonly GroupItem[] = rows.length === 0 ? [] : [{ kind: 'group', id: `${file.uri.toString()}#endpoints`, root, label: 'Endpoints', icon: 'symbol-method', isOpen: false, children: rows }];
    return {
      kind: 'file', root, file, label: value?.title || file.id, description: value ? `${isProtocol(value) ? value.protocol : 'HTTP'} · ${counted(rows.length, 'endpoint')}` : '', icon: value?.icon ?? 'plug',
      children: [...of(file.id).map(({ item }) => item), ...listed], ...unreadable(value),
    };
  });
  // Those of connectors in code, and those whose connector is nowhere.
  return [...own, ...instances.filter(({ value }) => !project.files.some(({ kind, id }) => kind === 'connector' && id === value?.connector)).map(({ item }) => item)];
}

function instanceItem(root: vscode.Uri, file: ProjectFile, known: { has(name: string): boolean }): FileItem {
  const value = file.read.value as InstanceFile | undefined;
  const missing = namedSecrets(value?.credentials).filter((name) => !known.has(name));
  return {
    kind: 'file', root, file, label: value?.title ?? file.id, description: [value?.title === undefined ? '' : file.id, missing.length > 0 ? 'secret missing' : ''].filter(Boolean).join(' · '), icon: 'account',
    ...(value && { step: { kind: 'instance', connector: value.connector, instance: file.id } }), ...(missing.length > 0 && { warning: `Secrets are missing on this machine: ${missing.join(', ')}` }), ...unreadable(value),
  };
}

const unreadable = (value: unknown): { readonly warning?: string } => (value === undefined ? { warning: 'The file cannot be read: open it as text.' } : {});

export function groupRow({ id, label, icon, make, isOpen, children }: GroupItem): vscode.TreeItem {
  const item = new vscode.TreeItem(label, isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.description = String(children.length);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = make === undefined ? 'group' : `group.${make}`;
  item.accessibilityInformation = { label: `${label}, ${children.length}` };
  return item;
}

export function endpointRow({ connector, id, label, description }: EndpointItem): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `${connector.uri.toString()}#${id}`;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon('symbol-method');
  item.contextValue = 'endpoint';
  item.tooltip = `${label}\n${description}\nDrag it onto a canvas, or choose Add to Flow, to make a step of it.`;
  item.accessibilityInformation = { label: `${label}, endpoint, ${description}` };
  item.command = { command: 'vscode.open', title: 'Open', arguments: [connector.uri] };
  return item;
}

export function fileRow({ file: { uri }, label, description, icon, warning, step, children = [] }: FileItem, errors: number): vscode.TreeItem {
  const item = new vscode.TreeItem(label, children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
  const isWrong = errors > 0 || warning !== undefined;
  item.id = uri.toString();
  // Gives the tree the colour and the badge that errors have in the explorer.
  item.resourceUri = uri;
  item.description = description;
  item.iconPath = isWrong ? new vscode.ThemeIcon('warning', new vscode.ThemeColor(errors > 0 ? 'problemsErrorIcon.foreground' : 'problemsWarningIcon.foreground')) : new vscode.ThemeIcon(icon);
  item.tooltip = [label, vscode.workspace.asRelativePath(uri), warning ?? '', errors > 0 ? counted(errors, 'error') : ''].filter(Boolean).join('\n');
  item.contextValue = contextOf(uri.path, step);
  item.accessibilityInformation = { label: [label, description, warning ?? '', errors > 0 ? counted(errors, 'error') : ''].filter(Boolean).join(', ') };
  item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  return item;
}

/** What menus ask for: `file.json.map`, `file.script`. */
function contextOf(path: string, step: DroppedStep | undefined): string {
  const kind = path.endsWith(fileKinds.test.ending) ? 'test' : path.endsWith(fileKinds.instance.ending) ? 'instance' : step?.kind;
  return `file${path.endsWith('.json') ? '.json' : ''}${kind === undefined ? '' : `.${kind}`}`;
}
