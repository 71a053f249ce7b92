import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { SettingsKind } from './settings-session.ts';

export const settingsViewTypes: Readonly<Record<SettingsKind, string>> = { instance: 'patchbay.instance', environment: 'patchbay.environment' };

/** The editors of instances and of environments. */
export function registerSettingsEditors(services: Services): vscode.Disposable {
  const registered = (Object.keys(settingsViewTypes) as SettingsKind[]).map((kind) => {
    const provider: vscode.CustomTextEditorProvider = {
      async resolveCustomTextEditor(document, panel, token) {
        const { openSettingsSession } = await import('./settings-session.ts');
        if (token.isCancellationRequested) return;
        const session = openSettingsSession(services, kind, document, panel);
        panel.onDidDispose(() => session.dispose());
      },
    };
    return vscode.window.registerCustomEditorProvider(settingsViewTypes[kind], provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
  });
  return vscode.Disposable.from(...registered);
}
