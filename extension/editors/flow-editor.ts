import * as vscode from 'vscode';
import type { FlowCommand } from '../../webview/protocol/flow.ts';
import type { MapCommand } from '../../webview/protocol/map.ts';
import type { RunActions } from '../commands/run-actions.ts';
import { stepAt } from '../language/places.ts';
import type { Services } from '../services.ts';
import { openFlowSession, type FlowSession } from './flow-session.ts';

export const flowViewType = 'patchbay.flow';

/** The open flow editors. */
export interface FlowEditors extends vscode.Disposable {
  /** Gives a command to the editor that has the focus. */
  command(name: FlowCommand): void;
  /** The same for the mapping of a step. */
  mapCommand(name: MapCommand): void;
  /** Opens a flow on the canvas, with a step selected. */
  reveal(file: vscode.Uri, step?: string): Promise<void>;
  isShown(file: vscode.Uri): boolean;
  /** The flow of the editor that has the focus. */
  readonly active: vscode.Uri | undefined;
}

export function registerFlowEditor(services: Services, actions: RunActions): FlowEditors {
  const sessions = new Set<FlowSession>();
  const wanted = new Map<string, string>();
  const provider: vscode.CustomTextEditorProvider = {
    resolveCustomTextEditor(document, panel) {
      const session = openFlowSession({ services, actions, document, panel });
      sessions.add(session);
      panel.onDidDispose(() => { sessions.delete(session); session.dispose(); });
      const step = wanted.get(document.uri.toString());
      if (step !== undefined) session.select(step);
      wanted.delete(document.uri.toString());
    },
  };
  const of = (file: vscode.Uri): FlowSession[] => [...sessions].filter(({ uri }) => uri.toString() === file.toString());
  const subscriptions = [
    vscode.window.registerCustomEditorProvider(flowViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true }),
    // The cursor in the text moves the selection on the canvas beside it.
    vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document }, selections: [selection], kind }) => {
      const shown = kind === undefined ? [] : of(document.uri).filter(({ isVisible }) => isVisible);
      const step = shown.length > 0 && selection ? stepAt(document, selection.active) : undefined;
      if (step !== undefined) for (const session of shown) session.select(step);
    }),
  ];
  return {
    command(name) { [...sessions].find(({ isActive }) => isActive)?.command(name); },
    mapCommand(name) { [...sessions].find(({ isActive }) => isActive)?.mapCommand(name); },
    async reveal(file, step) {
      const open = of(file)[0];
      if (step !== undefined && !open) wanted.set(file.toString(), step);
      await vscode.commands.executeCommand('vscode.openWith', file, flowViewType, open ? { viewColumn: open.column } : undefined);
      if (step !== undefined) open?.select(step);
    },
    get active() { return [...sessions].find(({ isActive }) => isActive)?.uri; },
    isShown: (file) => of(file).some(({ isVisible }) => isVisible),
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}
