import * as vscode from 'vscode';
import type { RunSummary } from '../../server/model/api.ts';
import { isLive } from '../runner/run-snapshot.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { ago, duration, statusIcons, statusWords } from './words.ts';

/** A run in the tree. Commands get it as their argument. */
export interface RunItem {
  readonly kind: 'run';
  readonly root: vscode.Uri;
  readonly run: RunSummary;
}

interface MoreItem { readonly kind: 'more'; readonly left: number }
type Item = RunItem | MoreItem;

const perPage = 50;

/** The newest runs of all workspaces, live. The runner is started when the view is looked at for the first time. */
export function registerRunsTree({ runners, roots, log }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const heads = new Map<FolderRunner, { dispose(): void }>();
  let pages = 1;
  let timer: NodeJS.Timeout | undefined;
  const refresh = (): void => { timer ??= setTimeout(() => { timer = undefined; if (view.visible) changed.fire(); }, 250); };
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changed.event,
    async getChildren(item) {
      if (item) return [];
      await roots.ready;
      return vscode.workspace.isTrusted && view.visible ? newest() : [];
    },
    getTreeItem: (item) => (item.kind === 'run' ? runItem(item, runners.all().length > 1) : moreItem(item)),
  };
  const view = vscode.window.createTreeView<Item>('patchbay.runs', { treeDataProvider: provider });

  async function newest(): Promise<Item[]> {
    const all = runners.all();
    for (const runner of all) if (!heads.has(runner)) heads.set(runner, runner.runs.onHead(refresh));
    const lists = await Promise.all(all.map(runsOf));
    void vscode.commands.executeCommand('setContext', 'patchbay.runsKnown', lists.every((list) => list !== undefined));
    void vscode.commands.executeCommand('setContext', 'patchbay.runnerFailed', lists.some((list) => list === undefined));
    const known = lists.filter((list) => list !== undefined);
    const runs = known.flatMap(({ items }) => items).sort((one, other) => other.run.queuedAt - one.run.queuedAt);
    const left = known.reduce((sum, { total }) => sum + total, 0) - runs.length;
    return left > 0 ? [...runs, { kind: 'more', left }] : runs;
  }

  async function runsOf({ root, client }: FolderRunner): Promise<{ items: RunItem[]; total: number } | undefined> {
    try {
      // A page at a time: new runs shift the pages, so all of them are read again, the first to the last.
      const { items, total } = await client.runs({ page: 1, perPage: perPage * pages });
      return { items: items.map((run) => ({ kind: 'run', root, run })), total };
    } catch (error) {
      log.warn(`The runs of ${root.fsPath} are not known: ${(error as Error).message}`);
      return undefined;
    }
  }

  const subscriptions = [
    view, changed, view.onDidChangeVisibility(({ visible }) => { if (visible) changed.fire(); }), roots.onDidChange(refresh), runners.onDidChange((runner) => { if (runner?.state === 'ready') refresh(); }),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    // The API gives at most 500 runs at once; who looks for older ones has the run view with its filters.
    vscode.commands.registerCommand('patchbay.loadMoreRuns', () => { pages = Math.min(pages + 1, 10); changed.fire(); }),
  ];
  return { dispose: () => { clearTimeout(timer); for (const subscription of [...subscriptions, ...heads.values()]) subscription.dispose(); } };
}

function runItem({ root, run }: RunItem, withRoot: boolean): vscode.TreeItem {
  const { id, flow, status, trigger, queuedAt, startedAt = queuedAt, durationMs, failedPayloads, error } = run;
  const item = new vscode.TreeItem(flow, vscode.TreeItemCollapsibleState.None);
  const [icon, color] = statusIcons[status];
  item.id = `${root.toString()}#${id}`;
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.description = [statusWords[status], ago(startedAt, Date.now()), durationMs === undefined ? '' : duration(durationMs), failedPayloads > 0 ? `${failedPayloads} failed` : '', withRoot ? root.path.split('/').at(-1)! : ''].filter(Boolean).join(' · ');
  item.tooltip = [`${flow}: ${statusWords[status]}`, new Date(startedAt).toLocaleString(), `Trigger: ${trigger}`, error?.message ?? '', id].filter(Boolean).join('\n');
  item.contextValue = isLive(run) ? 'run.live' : 'run.done';
  item.accessibilityInformation = { label: `Run of ${flow}, ${statusWords[status]}, ${ago(startedAt, Date.now())}` };
  item.command = { command: 'patchbay.openRun', title: 'Open Run', arguments: [{ kind: 'run', root, run } satisfies RunItem] };
  return item;
}

function moreItem({ left }: MoreItem): vscode.TreeItem {
  const item = new vscode.TreeItem('Load more…', vscode.TreeItemCollapsibleState.None);
  item.description = `${left} older`;
  item.command = { command: 'patchbay.loadMoreRuns', title: 'Load More Runs' };
  return item;
}
