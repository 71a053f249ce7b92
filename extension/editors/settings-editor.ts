import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { keepSessions } from './sessions.ts';
import type { SettingsKind } from './settings-session.ts';

export const settingsViewTypes: Readonly<Record<SettingsKind, string>> = { instance: 'patchbay.instance', environment: 'patchbay.environment' };

/** The editors of instances and of environments. */
export function registerSettingsEditors(services: Services): vscode.Disposable {
  const sessions = keepSessions();
  const registered = (Object.keys(settingsViewTypes) as SettingsKind[]).map((kind) => {
    const provider: vscode.CustomTextEditorProvider = {
      async resolveCustomTextEditor(document, panel, token) {
        await sessions.open(panel, token, import('./settings-session.ts').then(({ openSettingsSession }) => () => openSettingsSession(services, kind, document, panel)));
      },
    };
    return vscode.window.registerCustomEditorProvider(settingsViewTypes[kind], provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
  });
  return vscode.Disposable.from(...registered);
}
