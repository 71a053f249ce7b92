import * as vscode from 'vscode';
import type { Flow } from '../../server/model/flow.ts';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import type { ProjectFile } from '../language/project.ts';
import { flowViewType } from '../editors/flow-editor.ts';
import type { Services } from '../services.ts';
import { ago, statusIcons, statusWords } from './words.ts';

/** A flow in the tree. Commands get it as their argument. */
export interface FlowItem {
  readonly kind: 'flow';
  readonly root: vscode.Uri;
  readonly file: ProjectFile;
}

interface RootItem { readonly kind: 'root'; readonly root: vscode.Uri; readonly title: string }
interface TriggerItem { readonly kind: 'trigger'; readonly flow: FlowItem; readonly id: string; readonly type: string; readonly settings: Readonly<Record<string, unknown>>; readonly disabled: boolean }
type Item = RootItem | FlowItem | TriggerItem;

/** Flows with their triggers, from the files: it needs no runner, which only adds how the last run ended. */
export function registerFlowsTree({ roots, runners, projects, problems }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const watched = new Map<string, { dispose(): void }>();
  let timer: NodeJS.Timeout | undefined;
  const refresh = (): void => { timer ??= setTimeout(() => { timer = undefined; changed.fire(); }, 300); };
  const latest = ({ root, file }: FlowItem): FlowRun | undefined => {
    const key = file.uri.toString();
    const runner = runners.of(file.uri);
    if (runner && !watched.has(key)) watched.set(key, runner.runs.watch(file.id, statusWatcher(refresh)));
    return runners.of(root)?.runs.latest(file.id);
  };
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changed.event,
    async getChildren(item) {
      if (item?.kind === 'root') return flowsOf(item.root);
      if (item?.kind === 'flow') return triggersOf(item);
      if (item) return [];
      await roots.ready;
      const all = roots.all();
      if (all.length === 1) return flowsOf(all[0]!);
      return Promise.all(all.map(async (root): Promise<RootItem> => ({ kind: 'root', root, title: titleOf((await projects.of(root)).files, root) })));
    },
    getTreeItem(item) {
      if (item.kind === 'root') return rootItem(item);
      return item.kind === 'flow' ? flowItem(item, latest(item), problems.of(item.file.uri).filter(({ severity }) => severity === 'error').length) : triggerItem(item);
    },
  };
  async function flowsOf(root: vscode.Uri): Promise<FlowItem[]> {
    return (await projects.of(root)).files.filter(({ kind }) => kind === 'flow').map((file) => ({ kind: 'flow', root, file }));
  }
  const view = vscode.window.createTreeView('patchbay.flows', { treeDataProvider: provider, showCollapseAll: true });
  const subscriptions = [view, changed, projects.onDidChange(refresh), problems.onDidChange(refresh), roots.onDidChange(refresh), vscode.commands.registerCommand('patchbay.refresh', () => changed.fire())];
  return { dispose: () => { clearTimeout(timer); for (const subscription of [...subscriptions, ...watched.values()]) subscription.dispose(); } };
}

/** The tree shows how a run stands, not its counts. */
function statusWatcher(refresh: () => void): (run: FlowRun) => void {
  let shown = '';
  return ({ id, status }) => { if (shown !== `${id} ${status}`) { shown = `${id} ${status}`; refresh(); } };
}

function titleOf(files: readonly ProjectFile[], root: vscode.Uri): string {
  const config = files.find(({ kind }) => kind === 'workspace')?.read.value as { readonly title?: string } | undefined;
  return config?.title ?? root.path.split('/').at(-1)!;
}

function triggersOf(flow: FlowItem): TriggerItem[] {
  const { triggers = {} } = (flow.file.read.value ?? {}) as Partial<Flow>;
  return Object.entries(triggers).map(([id, { trigger, settings = {}, disabled = false }]) => ({ kind: 'trigger', flow, id, type: trigger, settings, disabled }));
}

function rootItem({ root, title }: RootItem): vscode.TreeItem {
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  item.id = root.toString();
  item.description = vscode.workspace.asRelativePath(root);
  item.contextValue = 'root';
  return item;
}

function flowItem(flow: FlowItem, run: FlowRun | undefined, errors: number): vscode.TreeItem {
  const { file } = flow;
  const { title, triggers = {} } = (file.read.value ?? {}) as Partial<Flow>;
  const item = new vscode.TreeItem(title ?? file.id, Object.keys(triggers).length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  const last = run && `${statusWords[run.status]} ${ago(run.startedAt, Date.now())}`;
  item.id = file.uri.toString();
  // Gives the tree the colour and the badge that errors have in the explorer.
  item.resourceUri = file.uri;
  item.description = [title === undefined || title === file.id ? '' : file.id, last ?? ''].filter(Boolean).join(' · ');
  item.contextValue = 'flow';
  const [icon, color] = errors > 0 ? (['warning', 'problemsErrorIcon.foreground'] as const) : run ? statusIcons[run.status] : (['type-hierarchy-sub', undefined] as const);
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.tooltip = [title ?? file.id, file.file, errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '', last ? `Last run: ${last}` : ''].filter(Boolean).join('\n');
  item.accessibilityInformation = { label: `${title ?? file.id}, flow${errors > 0 ? `, ${errors} errors` : ''}${last ? `, last run ${last}` : ''}` };
  item.command = { command: 'vscode.openWith', title: 'Open', arguments: [file.uri, flowViewType] };
  return item;
}

function triggerItem({ flow, id, type, settings, disabled }: TriggerItem): vscode.TreeItem {
  const item = new vscode.TreeItem(id, vscode.TreeItemCollapsibleState.None);
  item.id = `${flow.file.uri.toString()}#${id}`;
  const { cron, timeZone } = settings as { readonly cron?: string; readonly timeZone?: string };
  item.description = [type, cron ?? '', timeZone ?? '', disabled ? 'disabled' : ''].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon({ schedule: 'watch', webhook: 'link', manual: 'person' }[type] ?? 'zap');
  item.contextValue = 'trigger';
  return item;
}
