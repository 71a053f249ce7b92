import * as vscode from 'vscode';
import type { MapCommand } from '../../webview/protocol/map.ts';
import type { Services } from '../services.ts';
import type { MapSession } from './map-session.ts';
import { keepSessions } from './sessions.ts';

export const mapViewType = 'patchbay.map';

/** The open editors of mapping files. */
export interface MapEditors extends vscode.Disposable {
  /** Gives a command to the editor that has the focus. */
  command(name: MapCommand): void;
}

export function registerMapEditor(services: Services): MapEditors {
  const sessions = keepSessions<MapSession>();
  const provider: vscode.CustomTextEditorProvider = {
    async resolveCustomTextEditor(document, panel, token) {
      await sessions.open(panel, token, import('./map-session.ts').then(({ openMapSession }) => () => openMapSession(services, document, panel)));
    },
  };
  const registration = vscode.window.registerCustomEditorProvider(mapViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
  return {
    command(name) { sessions.tell((session) => session.command(name)); },
    dispose: () => registration.dispose(),
  };
}
