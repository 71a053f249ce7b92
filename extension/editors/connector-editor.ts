import * as vscode from 'vscode';
import type { Services } from '../services.ts';

export const connectorViewType = 'patchbay.connector';

export function registerConnectorEditor(services: Services): vscode.Disposable {
  const provider: vscode.CustomTextEditorProvider = {
    async resolveCustomTextEditor(document, panel, token) {
      const { openConnectorSession } = await import('./connector-session.ts');
      if (token.isCancellationRequested) return;
      const session = openConnectorSession(services, document, panel);
      panel.onDidDispose(() => session.dispose());
    },
  };
  return vscode.window.registerCustomEditorProvider(connectorViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
}
