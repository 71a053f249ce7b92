import * as vscode from 'vscode';
import type { CacheKeyRow, CursorRow, PageOf, PoolValueRow } from '../../server/model/api.ts';
import { stateClient, type CacheName, type StateClient } from '../../webview/protocol/state.ts';
import { runnerCalls } from '../../webview/protocol/runner-client.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { createRowChanges, type Tree } from './tree.ts';
import { ago, size } from './words.ts';

interface Row { readonly id: string; readonly runner: FolderRunner; readonly label: string; readonly description: string; readonly detail?: string }
/** What runs keep, in the tree. Commands get it as their argument. */
export type DataItem =
  | Row & { readonly kind: 'data-group'; readonly what: 'caches' | 'pools' | 'cursors' }
  | Row & { readonly kind: 'cache'; readonly cache: CacheName; readonly count: number }
  | Row & { readonly kind: 'cache-key'; readonly cache: CacheName; readonly row: CacheKeyRow }
  | Row & { readonly kind: 'pool'; readonly pool: string; readonly count: number }
  | Row & { readonly kind: 'pool-value'; readonly pool: string; readonly row: PoolValueRow }
  | Row & { readonly kind: 'cursor'; readonly row: CursorRow }
  | Row & { readonly kind: 'data-more'; readonly of: string };

export interface DataTree extends Tree {
  clientOf(runner: FolderRunner): StateClient;
  /** Shows only what begins with a text; all with `''`. */
  search(item: DataItem, beginning: string): void;
  beginningOf(item: DataItem): string;
  /** See `TreeRest.whenRead`. */
  whenRead(work: () => void): void;
}

/** Caches, de-duplication pools and cursors of all workspaces. The runner is started when the view is looked at for the first time. */
export function registerDataTree({ runners, roots, log }: Services): DataTree {
  const changes = createRowChanges(500, () => view.visible);
  const { refresh } = changes;
  const heads = new Map<FolderRunner, { dispose(): void }>();
  const clients = new WeakMap<FolderRunner, StateClient>();
  const pages = new Map<string, number>();
  const beginnings = new Map<string, string>();
  const clientOf = (runner: FolderRunner): StateClient => {
    const client = clients.get(runner) ?? stateClient(runnerCalls(() => runner.address()));
    clients.set(runner, client);
    return client;
  };
  /** The pages that were asked for, and a row for the next one. */
  const listed = async <T>(parent: Row, read: (page: number) => Promise<PageOf<T>>, itemOf: (row: T) => DataItem): Promise<DataItem[]> => {
    const items: DataItem[] = [];
    for (let page = 1; page <= (pages.get(parent.id) ?? 1); page++) {
      const { items: rows, total } = await read(page);
      items.push(...rows.map(itemOf));
      if (rows.length === 0 || items.length >= total) return items;
      if (page === (pages.get(parent.id) ?? 1)) items.push({ kind: 'data-more', id: `${parent.id}#more`, of: parent.id, runner: parent.runner, label: 'Load more…', description: `${total - items.length} more` });
    }
    return items;
  };
  const children = async (item: DataItem): Promise<DataItem[]> => {
    const { runner, id } = item;
    const client = clientOf(runner);
    const beginning = beginnings.get(id) ?? '';
    if (item.kind === 'cache') return listed(item, (page) => client.cacheKeys(item.cache, beginning, page), (row) => ({ kind: 'cache-key', id: `${id}#${row.key}`, runner, cache: item.cache, row, label: row.key, description: [row.documents === 1 ? '' : `${row.documents} documents`, size(row.bytes), `ends ${until(row.expiresAt)}`].filter(Boolean).join(' · ') }));
    if (item.kind === 'pool') return listed(item, (page) => client.poolValues(item.pool, { entity: '', prefix: beginning }, page), (row) => ({ kind: 'pool-value', id: `${id}#${row.entity}#${row.value}`, runner, pool: item.pool, row, label: row.value, description: [row.entity, ago(row.at, Date.now()), row.pendingFor === undefined ? '' : 'not settled yet'].filter(Boolean).join(' · ') }));
    if (item.kind !== 'data-group') return [];
    if (item.what === 'caches') return listed(item, (page) => client.caches(beginning, page), ({ name, scope, owner, keys, bytes }) => ({ kind: 'cache', id: `${id}#${scope}#${owner}#${name}`, runner, cache: { name, scope, owner }, count: keys, label: name, description: [scope === 'workspace' ? '' : `of the ${scope} ${owner}`, `${keys} ${keys === 1 ? 'key' : 'keys'}`, size(bytes)].filter(Boolean).join(' · ') }));
    if (item.what === 'pools') return listed(item, (page) => client.pools(beginning, page), ({ name, values, entities }) => ({ kind: 'pool', id: `${id}#${name}`, runner, pool: name, count: values, label: name, description: [`${values} ${values === 1 ? 'value' : 'values'}`, entities.map(({ entity }) => entity).join(', ')].filter(Boolean).join(' · ') }));
    return listed(item, (page) => client.cursors(page), (row) => ({ kind: 'cursor', id: `${id}#${JSON.stringify([row.environment, row.flow, row.step, row.instance, row.endpoint, row.slice])}`, runner, row, label: `${row.flow}/${row.step}`, description: [row.value ?? 'from the beginning', row.environment, row.slice, row.pendingFor === undefined ? '' : 'not settled yet'].filter(Boolean).join(' · '), detail: `${row.instance} · ${row.endpoint}` }));
  };
  const groups = async (runner: FolderRunner): Promise<DataItem[]> => {
    const client = clientOf(runner);
    const [caches, pools, cursors] = await Promise.all([client.caches('', 1), client.pools('', 1), client.cursors(1)]);
    const root = roots.all().length > 1 ? ` · ${runner.root.path.split('/').at(-1)}` : '';
    const group = (what: 'caches' | 'pools' | 'cursors', label: string, { total }: PageOf<unknown>): DataItem[] => (total === 0 ? [] : [{ kind: 'data-group', id: `${runner.root.toString()}#${what}`, runner, what, label, description: `${total}${root}` }]);
    return [...group('caches', 'Caches', caches), ...group('pools', 'De-duplication pools', pools), ...group('cursors', 'Cursors', cursors)];
  };
  const below = async (item?: DataItem): Promise<DataItem[]> => {
    try {
      if (item) return await children(item);
      await roots.ready;
      if (!vscode.workspace.isTrusted || !view.visible) return [];
      for (const runner of runners.all()) if (!heads.has(runner)) heads.set(runner, runner.runs.onHead(refresh));
      return (await Promise.all(runners.all().map(groups))).flat();
    } catch (error) {
      log.warn(`What runs keep is not known: ${(error as Error).message}`);
      return [];
    }
  };
  const provider: vscode.TreeDataProvider<DataItem> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => changes.asked(below(item)),
    getTreeItem: (item) => rowOf(item, beginnings.get(item.id) ?? ''),
  };
  const view = vscode.window.createTreeView<DataItem>('patchbay.data', { treeDataProvider: provider, showCollapseAll: true });
  const subscriptions = [
    view, changes, view.onDidChangeVisibility(({ visible }) => { if (visible) changes.now(); }), roots.onDidChange(refresh), runners.onDidChange((runner) => { if (runner?.state === 'ready') refresh(); }), vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.commands.registerCommand('patchbay.loadMoreData', ({ of }: { readonly of: string }) => { pages.set(of, (pages.get(of) ?? 1) + 1); changes.now(); }),
  ];
  return {
    id: 'patchbay.data', view, clientOf, refresh: changes.now, whenRead: changes.whenRead,
    beginningOf: ({ id }) => beginnings.get(id) ?? '',
    search({ id }, beginning) { beginnings.set(id, beginning); pages.delete(id); changes.now(); },
    dispose: () => { for (const subscription of [...subscriptions, ...heads.values()]) subscription.dispose(); },
  };
}

const until = (time: number): string => (Number.isFinite(time) && time < 8.64e15 ? new Date(time).toLocaleString() : 'never');

const icons: Readonly<Record<DataItem['kind'], string>> = { 'data-group': 'database', cache: 'database', 'cache-key': 'key', pool: 'filter', 'pool-value': 'symbol-string', cursor: 'arrow-circle-right', 'data-more': 'ellipsis' };
const groupIcons = { caches: 'database', pools: 'filter', cursors: 'arrow-circle-right' } as const;

function rowOf(item: DataItem, beginning: string): vscode.TreeItem {
  const { kind, id, label, description, detail } = item;
  const row = new vscode.TreeItem(label, kind === 'data-group' ? vscode.TreeItemCollapsibleState.Expanded : kind === 'cache' || kind === 'pool' ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  row.id = id;
  row.description = [beginning === '' ? '' : `begins with "${beginning}"`, description].filter(Boolean).join(' · ');
  row.iconPath = new vscode.ThemeIcon(kind === 'data-group' ? groupIcons[item.what] : icons[kind]);
  row.tooltip = [label, detail ?? '', row.description].filter(Boolean).join('\n');
  row.contextValue = kind === 'data-group' && item.what !== 'cursors' ? 'data-group.searched' : kind;
  row.accessibilityInformation = { label: [label, detail ?? '', row.description].filter(Boolean).join(', ') };
  if (kind === 'data-more') row.command = { command: 'patchbay.loadMoreData', title: 'Load More', arguments: [item] };
  if (kind === 'cache-key' || kind === 'cursor') row.command = { command: 'patchbay.openData', title: 'Open', arguments: [item] };
  return row;
}
