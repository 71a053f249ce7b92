import * as vscode from 'vscode';
import type { MapCommand } from '../../webview/protocol/map.ts';
import type { Services } from '../services.ts';
import type { MapSession } from './map-session.ts';

export const mapViewType = 'patchbay.map';

/** The open editors of mapping files. */
export interface MapEditors extends vscode.Disposable {
  /** Gives a command to the editor that has the focus. */
  command(name: MapCommand): void;
}

export function registerMapEditor(services: Services): MapEditors {
  const sessions = new Set<MapSession>();
  const provider: vscode.CustomTextEditorProvider = {
    async resolveCustomTextEditor(document, panel, token) {
      const { openMapSession } = await import('./map-session.ts');
      if (token.isCancellationRequested) return;
      const session = openMapSession(services, document, panel);
      sessions.add(session);
      panel.onDidDispose(() => { sessions.delete(session); session.dispose(); });
    },
  };
  const registration = vscode.window.registerCustomEditorProvider(mapViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
  return {
    command(name) { [...sessions].find(({ isActive }) => isActive)?.command(name); },
    dispose: () => registration.dispose(),
  };
}
