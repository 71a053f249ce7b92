import * as vscode from 'vscode';
import type { FlowView } from '../../webview/protocol/flow.ts';
import type { DroppedStep } from '../../webview/protocol/dropped-step.ts';
import type { MapCommand } from '../../webview/protocol/map.ts';
import type { RunActions } from '../commands/run-actions.ts';
import { stepAt } from '../language/places.ts';
import type { Services } from '../services.ts';
import type { FlowSession } from './flow-session.ts';
import { openColumn } from './open-tab.ts';
import { keepSessions } from './sessions.ts';

export const flowViewType = 'patchbay.flow';

/** The open flow editors. */
export interface FlowEditors extends vscode.Disposable {
  /** Gives a command to the editor that has the focus. */
  command(...args: Parameters<FlowView['command']>): void;
  /** The same for the mapping of a step. */
  mapCommand(name: MapCommand): void;
  /** Adds steps to the flow that is the `target`, behind the step that is selected there. */
  add(steps: readonly DroppedStep[]): void;
  /** Opens a flow on the canvas, with a step selected. */
  reveal(file: vscode.Uri, step?: string): Promise<void>;
  isShown(file: vscode.Uri): boolean;
  /** Selects a step where a flow is shown; says whether it is shown. */
  select(file: vscode.Uri, step: string): boolean;
  /** Another step or trigger is the one that is selected on a canvas. */
  readonly onDidSelect: vscode.Event<{ readonly file: vscode.Uri; readonly node: string | undefined }>;
  /** The flow of the editor that has the focus. */
  readonly active: vscode.Uri | undefined;
  /** The flow that steps are added to: of the canvas that has the focus, or is the only one in view. */
  readonly target: vscode.Uri | undefined;
}

export function registerFlowEditor(services: Services, actions: RunActions): FlowEditors {
  const sessions = keepSessions<FlowSession>();
  const wanted = new Map<string, string>();
  const selected = new vscode.EventEmitter<{ readonly file: vscode.Uri; readonly node: string | undefined }>();
  const provider: vscode.CustomTextEditorProvider = {
    async resolveCustomTextEditor(document, panel, token) {
      const loaded = import('./flow-session.ts').then(({ openFlowSession }) => () => openFlowSession({ services, actions, document, panel, selected: (node) => selected.fire({ file: document.uri, node }) }));
      const session = await sessions.open(panel, token, loaded);
      const step = wanted.get(document.uri.toString());
      if (step !== undefined) session?.select(step);
      wanted.delete(document.uri.toString());
    },
  };
  const of = (file: vscode.Uri): FlowSession[] => sessions.all.filter(({ uri }) => uri.toString() === file.toString());
  const target = (): FlowSession | undefined => {
    const [only, ...others] = sessions.all.filter(({ isVisible }) => isVisible);
    return sessions.active ?? (others.length === 0 ? only : undefined);
  };
  const subscriptions = [
    selected,
    vscode.window.registerCustomEditorProvider(flowViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true }),
    // The cursor in the text moves the selection on the canvas beside it.
    vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document }, selections: [selection], kind }) => {
      const shown = kind === undefined ? [] : of(document.uri).filter(({ isVisible }) => isVisible);
      const step = shown.length > 0 && selection ? stepAt(document, selection.active) : undefined;
      if (step !== undefined) for (const session of shown) session.select(step);
    }),
  ];
  return {
    command(...args) { sessions.tell((session) => session.command(...args)); },
    mapCommand(name) { sessions.tell((session) => session.mapCommand(name)); },
    add(steps) { target()?.add(steps); },
    async reveal(file, step) {
      const open = of(file)[0];
      if (step !== undefined && !open) wanted.set(file.toString(), step);
      await vscode.commands.executeCommand('vscode.openWith', file, flowViewType, openColumn(file, flowViewType));
      if (step !== undefined) open?.select(step);
    },
    select(file, step) {
      const shown = of(file).filter(({ isVisible }) => isVisible);
      for (const session of shown) session.select(step);
      return shown.length > 0;
    },
    onDidSelect: selected.event,
    get active() { return sessions.active?.uri; },
    get target() { return target()?.uri; },
    isShown: (file) => of(file).some(({ isVisible }) => isVisible),
    dispose: () => { for (const subscription of subscriptions) subscription.dispose(); },
  };
}
