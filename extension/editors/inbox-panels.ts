import * as vscode from 'vscode';
import { requestText } from '../../server/model/inbox.ts';
import type { InboxHost, InboxView } from '../../webview/protocol/inbox.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import type { Inboxes } from '../runner/inboxes.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { checked } from './checked.ts';
import { inboxChecks } from './messages.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { showTextDiff } from './text-diff.ts';

export const inboxViewType = 'patchbay.inboxPanel';

/** The webhook inbox: one panel per workspace. */
export interface InboxPanels extends vscode.Disposable {
  open(runner: FolderRunner, request: number | undefined): Promise<void>;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  show(request: number): void;
}

export function openInboxPanels(services: Services, inboxes: Inboxes, openRun: (root: vscode.Uri, run: string) => void): InboxPanels {
  const panels = new Map<string, OpenPanel>();
  return {
    async open(runner, request) {
      const key = runner.root.toString();
      const { url } = panels.has(key) ? { url: '' } : await runner.address();
      // In a remote window the port is forwarded; what is copied must hold where the user is.
      const base = url && (await vscode.env.asExternalUri(vscode.Uri.parse(url))).toString().replace(/\/$/, '');
      // It may have been opened while the runner was starting.
      const known = panels.get(key);
      if (known) {
        known.panel.reveal();
        if (request !== undefined) known.show(request);
        return;
      }
      const opened = openPanel(services, inboxes, { runner, base, openRun }, request);
      panels.set(key, opened);
      opened.panel.onDidDispose(() => panels.delete(key));
    },
    dispose: () => { for (const { panel } of panels.values()) panel.dispose(); },
  };
}

interface PanelOptions {
  readonly runner: FolderRunner;
  readonly base: string;
  readonly openRun: (root: vscode.Uri, run: string) => void;
}

function openPanel({ extension, log }: Services, inboxes: Inboxes, { runner, base, openRun }: PanelOptions, first: number | undefined): OpenPanel {
  let shown = first;
  const title = `Webhooks of ${runner.root.path.split('/').at(-1)}`;
  const panel = vscode.window.createWebviewPanel(inboxViewType, title, vscode.ViewColumn.Active, { retainContextWhenHidden: false, enableFindWidget: false });
  const media = vscode.Uri.joinPath(extension, 'extension', 'media');
  panel.iconPath = { light: vscode.Uri.joinPath(media, 'file-light.svg'), dark: vscode.Uri.joinPath(media, 'file-dark.svg') };
  openPage(panel.webview, extension);
  const opening = (): ReturnType<InboxHost['open']> => ({ title, base, ...(shown !== undefined && { request: shown }) });
  const writePage = (): void => { panel.webview.html = pageHtml(panel.webview, extension, 'inbox', title, opening()); };
  const { events: _events, ...client } = inboxes.of(runner);
  const host = {
    ...client, open: opening,
    async request(id: number) { shown = id; return client.request(id); },
    async compare(before: number, after: number) {
      const [left, right] = await Promise.all([client.request(before), client.request(after)]);
      await showTextDiff({ name: `request ${before}.http`, text: requestText(left) }, { name: `request ${after}.http`, text: requestText(right) }, `Requests ${before} and ${after}`);
      return true;
    },
    openRun: (run: string) => openRun(runner.root, run),
  };
  const { remote, dispose } = connect<InboxView>(webviewPort(panel.webview), checked(host, inboxChecks));
  const note = (error: Error): void => log.debug(error.message);
  const follow = inboxes.onDidChange(({ runner: of, rows, unread }) => { if (of === runner && panel.visible) remote.changed(rows, unread).catch(note); });
  writePage();
  panel.onDidChangeViewState(() => { if (!panel.visible) writePage(); });
  panel.onDidDispose(() => { follow.dispose(); dispose(); });
  return { panel, show(request) { shown = request; if (panel.visible) remote.show(request).catch(note); else writePage(); } };
}
