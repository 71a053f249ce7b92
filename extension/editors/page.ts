import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { bootScript } from '../../webview/protocol/boot.ts';
import type { Port } from '../../webview/protocol/rpc.ts';

export type Screen = 'connector' | 'flow' | 'inbox' | 'lookup' | 'map' | 'run' | 'settings';

/** Readies a webview for one of our screens: what it may load, and nothing of the network; of VS Code's commands it may lead to that of workspace trust. */
export function openPage(webview: vscode.Webview, extension: vscode.Uri): void {
  webview.options = { enableScripts: true, enableCommandUris: ['workbench.trust.manage'], localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
}

/** One for the life of a webview: what is written is then the same where nothing has changed, and VS Code sends it to no window again. */
const nonces = new WeakMap<vscode.Webview, string>();

/** The page of a screen. `boot` stands in the page, so that the first paint needs no round trip. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, screen: Screen, title: string, boot: object): string {
  const nonce = nonces.get(webview) ?? randomBytes(18).toString('base64');
  nonces.set(webview, nonce);
  const at = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', name)).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'unsafe-inline'; font-src ${webview.cspSource}; img-src ${webview.cspSource} data:; worker-src blob:; connect-src 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(title)}</title>
  <link rel="stylesheet" href="${at('codicon.css')}" id="vscode-codicon-stylesheet">
</head>
<body>
  ${bootScript(boot)}
  <script type="module" nonce="${nonce}" src="${at(`${screen}.js`)}"></script>
</body>
</html>
`;
}

/** The message channel of a webview as a port. What a webview sends is judged by `checked` before it is used. */
export const webviewPort = (webview: vscode.Webview): Port => ({
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- It is VS Code's function, not that of a window.
  post: (message) => void webview.postMessage(message),
  listen(handler) {
    const subscription = webview.onDidReceiveMessage((message: unknown) => { if (isMessage(message)) handler(message); });
    return () => subscription.dispose();
  },
});

function isMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, method, args, absent } = message as Record<string, unknown>;
  return typeof id === 'number' && (kind === 'result' || kind === 'error' || (kind === 'call' && typeof method === 'string' && Array.isArray(args) && (absent === undefined || Array.isArray(absent))));
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
