import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { openConnectorSession } from './connector-session.ts';

export const connectorViewType = 'patchbay.connector';

export function registerConnectorEditor(services: Services): vscode.Disposable {
  const provider: vscode.CustomTextEditorProvider = {
    resolveCustomTextEditor(document, panel) {
      const session = openConnectorSession(services, document, panel);
      panel.onDidDispose(() => session.dispose());
    },
  };
  return vscode.window.registerCustomEditorProvider(connectorViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
}
