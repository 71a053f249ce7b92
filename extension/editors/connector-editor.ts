import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { keepSessions } from './sessions.ts';

export const connectorViewType = 'patchbay.connector';

export function registerConnectorEditor(services: Services): vscode.Disposable {
  const sessions = keepSessions();
  const provider: vscode.CustomTextEditorProvider = {
    async resolveCustomTextEditor(document, panel, token) {
      await sessions.open(panel, token, import('./connector-session.ts').then(({ openConnectorSession }) => () => openConnectorSession(services, document, panel)));
    },
  };
  return vscode.window.registerCustomEditorProvider(connectorViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
}
