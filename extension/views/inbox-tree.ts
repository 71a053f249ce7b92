import * as vscode from 'vscode';
import type { InboxRow } from '../../server/model/inbox.ts';
import type { Inboxes } from '../runner/inboxes.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { ago } from './words.ts';
import { createRowChanges, type Tree } from './tree.ts';

/** A request in the tree. Commands get it as their argument. */
export interface InboxItem {
  readonly kind: 'inbox-request';
  readonly root: vscode.Uri;
  readonly request: InboxRow;
}

/** The newest requests to webhooks, live, with how many nobody has looked at. The runner is started when the view is looked at for the first time. */
export function registerInboxTree({ runners, roots, log }: Services, inboxes: Inboxes): Tree {
  const changes = createRowChanges(250, () => view.visible);
  const { refresh } = changes;
  const below = async (item?: InboxItem): Promise<InboxItem[]> => {
    if (item) return [];
    await roots.ready;
    return vscode.workspace.isTrusted && view.visible ? newest() : [];
  };
  const provider: vscode.TreeDataProvider<InboxItem> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => changes.asked(below(item)),
    getTreeItem: (item) => requestItem(item, runners.all().length > 1),
  };
  const view = vscode.window.createTreeView<InboxItem>('patchbay.inbox', { treeDataProvider: provider });
  const unread = new Map<FolderRunner, number>();
  const showBadge = (): void => {
    const value = [...unread.values()].reduce((sum, one) => sum + one, 0);
    view.badge = value > 0 ? { value, tooltip: value === 1 ? '1 new webhook' : `${value} new webhooks` } : undefined;
  };

  async function newest(): Promise<InboxItem[]> {
    const all = runners.all();
    const lists = await Promise.all(all.map(requestsOf));
    view.description = all.map(({ url }) => (url ? `:${new URL(url).port}` : '')).filter(Boolean).join(' ');
    showBadge();
    return lists.flat().sort((one, other) => other.request.at - one.request.at);
  }

  async function requestsOf(runner: FolderRunner): Promise<InboxItem[]> {
    try {
      const [{ items }, state] = await Promise.all([inboxes.of(runner).list(1), inboxes.of(runner).state()]);
      unread.set(runner, state.unread);
      return items.map((request) => ({ kind: 'inbox-request', root: runner.root, request }));
    } catch (error) {
      log.warn(`The webhooks of ${runner.root.fsPath} are not known: ${(error as Error).message}`);
      return [];
    }
  }

  const subscriptions = [
    view, changes, view.onDidChangeVisibility(({ visible }) => { if (visible) changes.now(); }), roots.onDidChange(refresh), vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    inboxes.onDidChange(({ runner, rows, unread: count }) => { if (rows.length > 0 || count > 0 || unread.has(runner)) { unread.set(runner, count); showBadge(); } refresh(); }),
  ];
  return { id: 'patchbay.inbox', view, refresh: changes.now, dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

function requestItem({ root, request }: InboxItem, withRoot: boolean): vscode.TreeItem {
  const { id, at, flow, trigger, method, url, isValid, isRead, isPinned, status, answeredBy, runStatus } = request;
  const name = trigger === undefined ? flow : `${flow}/${trigger}`;
  const item = new vscode.TreeItem(`${method} ${name}`, vscode.TreeItemCollapsibleState.None);
  const signature = isValid === undefined ? '' : isValid ? 'signed' : 'wrong signature';
  const end = answeredBy === 'flow' ? (runStatus ?? '') : answeredBy === 'capture' ? 'captured' : 'failed on purpose';
  item.id = `${root.toString()}#inbox-${id}`;
  item.iconPath = isValid === false ? new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')) : new vscode.ThemeIcon(isPinned ? 'pinned' : isRead ? 'mail-read' : 'mail');
  item.description = [isRead ? '' : '●', String(status ?? ''), signature, end, ago(at, Date.now()), withRoot ? root.path.split('/').at(-1)! : ''].filter(Boolean).join(' · ');
  item.tooltip = [`${method} ${url}`, new Date(at).toLocaleString(), signature, end].filter(Boolean).join('\n');
  item.contextValue = 'inbox';
  item.accessibilityInformation = { label: [`${method} ${name}`, isRead ? '' : 'new', status === undefined ? '' : `answered ${status}`, signature, end, ago(at, Date.now())].filter(Boolean).join(', ') };
  item.command = { command: 'patchbay.openInbox', title: 'Open Webhook Inbox', arguments: [{ kind: 'inbox-request', root, request } satisfies InboxItem] };
  return item;
}
