import * as vscode from 'vscode';
import type { PageState } from './page-state.ts';
import { showText } from './show-text.ts';

const patienceMs = 10_000;

/**
 * A webview sometimes stays blank, when the browser part of VS Code could not register its service worker. Where a page never listens, the user is told
 * what helps.
 */
export function watchdog(panel: vscode.WebviewPanel, page: Pick<PageState, 'tell'>, document: { readonly uri: vscode.Uri }): vscode.Disposable {
  let isOver = false;
  const timer = setTimeout(() => void warn(), patienceMs);
  const end = (): void => { isOver = true; clearTimeout(timer); };
  page.tell(end);
  async function warn(): Promise<void> {
    // A page that is not shown is not loaded either.
    if (isOver || !panel.visible) return;
    isOver = true;
    const [reload, text] = ['Reload Editor', 'Open as Text'];
    const picked = await vscode.window.showWarningMessage('The editor does not answer.', reload, text);
    if (picked === reload) { const { html } = panel.webview; panel.webview.html = ''; panel.webview.html = html; }
    if (picked === text) await showText(document.uri);
  }
  return { dispose: end };
}
