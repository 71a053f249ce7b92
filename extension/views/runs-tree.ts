import * as vscode from 'vscode';
import type { RunSummary } from '../../server/model/api.ts';
import { isLive } from '../runner/run-snapshot.ts';
import type { FolderRunner } from '../runner/runners.ts';
import { isPlain, type Server, type Servers } from '../runner/servers.ts';
import type { Services } from '../services.ts';
import { ago, duration, lookOf } from './words.ts';
import { createRowChanges, type Tree } from './tree.ts';

/** A run in the tree. Commands get it as their argument. */
export interface RunItem {
  readonly kind: 'run';
  readonly root: vscode.Uri;
  readonly run: RunSummary;
  /** Where it is, if it is elsewhere. */
  readonly server?: Server;
}

/** A runner elsewhere. Commands get it as their argument. */
export interface ServerItem { readonly kind: 'server'; readonly server: Server }
interface FailedItem { readonly kind: 'failed'; readonly server: Server; readonly message: string }
interface MoreItem { readonly kind: 'more'; readonly left: number; readonly server?: Server }
type Item = RunItem | ServerItem | FailedItem | MoreItem;

const perPage = 50;

/** The newest runs of all workspaces, live. The runner is started when the view is looked at for the first time. */
export function registerRunsTree({ runners, roots, debug, log }: Services, servers: Servers): Tree {
  const changes = createRowChanges(300, () => view.visible);
  const { refresh } = changes;
  const heads = new Map<FolderRunner, { dispose(): void }>();
  let pages = 1;
  const below = async (item?: Item): Promise<Item[]> => {
    if (item) return item.kind === 'server' ? runsElsewhere(item) : [];
    await roots.ready;
    return vscode.workspace.isTrusted && view.visible ? [...servers.all().map((server): ServerItem => ({ kind: 'server', server })), ...(await newest())] : [];
  };
  const provider: vscode.TreeDataProvider<Item> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => changes.asked(below(item)),
    getTreeItem(item) {
      switch (item.kind) {
        case 'run': return runItem(item, runners.all().length > 1, debug.paused);
        case 'server': return serverRow(item);
        case 'failed': return failedRow(item);
        default: return moreItem(item);
      }
    },
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

  const following = new Map<string, AbortController>();
  /** Until the view is hidden or the connection ends; the next look at it follows anew. */
  const follow = async ({ url, client }: Server): Promise<void> => {
    if (following.has(url)) return;
    const abort = new AbortController();
    following.set(url, abort);
    try {
      for await (const _event of client.heads(abort.signal)) refresh();
    } catch (error) {
      if (!abort.signal.aborted) log.debug(`Events of ${url}: ${(error as Error).message}`);
    }
    if (following.get(url) === abort) following.delete(url);
  };
  const endFollowing = (): void => { for (const abort of following.values()) abort.abort(); following.clear(); };
  const runsElsewhere = async ({ server }: ServerItem): Promise<Item[]> => {
    try {
      const [root] = roots.all();
      const { items, total } = await server.client.runs({ page: 1, perPage: perPage * pages });
      void follow(server);
      const rows = items.map((run): RunItem => ({ kind: 'run', root: root ?? vscode.Uri.parse(server.url), run, server }));
      return total > rows.length ? [...rows, { kind: 'more', left: total - rows.length, server }] : rows;
    } catch (error) {
      log.warn(`The runs of ${server.url} are not known: ${(error as Error).message}`);
      return [{ kind: 'failed', server, message: (error as Error).message === 'fetch failed' ? 'Nobody answers there.' : (error as Error).message }];
    }
  };

  const subscriptions = [
    servers.onDidChange(changes.now), { dispose: endFollowing },
    view, changes, view.onDidChangeVisibility(({ visible }) => { if (visible) changes.now(); else endFollowing(); }), roots.onDidChange(refresh), runners.onDidChange((runner) => { if (runner?.state === 'ready') refresh(); }),
    debug.onDidStop(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    // The API gives at most 500 runs at once; who looks for older ones has the run view with its filters.
    vscode.commands.registerCommand('patchbay.loadMoreRuns', () => { pages = Math.min(pages + 1, 10); changes.now(); }),
  ];
  return { id: 'patchbay.runs', view, refresh: changes.now, dispose: () => { for (const subscription of [...subscriptions, ...heads.values()]) subscription.dispose(); } };
}

function runItem({ root, run, server }: RunItem, withRoot: boolean, paused: readonly string[]): vscode.TreeItem {
  const { id, flow, trigger, queuedAt, startedAt = queuedAt, durationMs, failedPayloads, error } = run;
  const item = new vscode.TreeItem(flow, vscode.TreeItemCollapsibleState.None);
  const { word, icon, color } = lookOf(run, paused);
  item.id = `${server?.url ?? root.toString()}#${id}`;
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.description = [word, ago(startedAt, Date.now()), durationMs === undefined ? '' : duration(durationMs), failedPayloads > 0 ? `${failedPayloads} failed` : '', withRoot && !server ? root.path.split('/').at(-1)! : ''].filter(Boolean).join(' · ');
  item.tooltip = [`${flow}: ${word}`, new Date(startedAt).toLocaleString(), `Trigger: ${trigger}`, error?.message ?? '', id].filter(Boolean).join('\n');
  item.contextValue = server ? 'server-run' : isLive(run) ? 'run.live' : 'run.done';
  item.accessibilityInformation = { label: `Run of ${flow}, ${word}, ${ago(startedAt, Date.now())}` };
  item.command = { command: server ? 'patchbay.openServerRun' : 'patchbay.openRun', title: 'Open Run', arguments: [{ kind: 'run', root, run, ...(server && { server }) } satisfies RunItem] };
  return item;
}

function serverRow({ server: { url } }: ServerItem): vscode.TreeItem {
  const item = new vscode.TreeItem(new URL(url).host, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = url;
  item.description = isPlain(url) ? 'server · not encrypted' : 'server';
  item.iconPath = new vscode.ThemeIcon('server');
  item.tooltip = url;
  item.contextValue = 'server';
  item.accessibilityInformation = { label: `Server ${url}` };
  return item;
}

function failedRow({ server: { url }, message }: FailedItem): vscode.TreeItem {
  const item = new vscode.TreeItem(message, vscode.TreeItemCollapsibleState.None);
  item.id = `${url}#failed`;
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  item.tooltip = message;
  return item;
}

function moreItem({ left, server }: MoreItem): vscode.TreeItem {
  const item = new vscode.TreeItem('Load more…', vscode.TreeItemCollapsibleState.None);
  item.description = `${left} older`;
  item.id = `${server?.url ?? ''}#more`;
  item.command = { command: 'patchbay.loadMoreRuns', title: 'Load More Runs' };
  return item;
}
