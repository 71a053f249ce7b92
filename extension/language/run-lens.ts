import * as vscode from 'vscode';
import { flowIdOf } from '../runner/roots.ts';
import { isLive } from '../runner/run-snapshot.ts';
import type { Services } from '../services.ts';
import { ago, lookOf } from '../views/words.ts';

/** Run, Run with Payload and the last run, above the first line of a flow's text. */
export function registerRunLens({ roots, runners, debug }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const watched = new Map<string, { dispose(): void }>();
  const watch = (file: vscode.Uri, flow: string): void => {
    const runner = runners.of(file);
    const key = file.toString();
    let shown = '';
    if (runner && !watched.has(key)) watched.set(key, runner.runs.watch(flow, ({ id, status }) => { if (shown !== `${id} ${status}`) { shown = `${id} ${status}`; changed.fire(); } }));
  };
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses({ uri }) {
      const root = roots.of(uri);
      if (!root || !vscode.workspace.isTrusted) return [];
      const flow = flowIdOf(root, uri);
      watch(uri, flow);
      const run = runners.of(uri)?.runs.latest(flow);
      const line = new vscode.Range(0, 0, 0, 0);
      const lens = (title: string, command: string, ...rest: unknown[]): vscode.CodeLens => new vscode.CodeLens(line, { title, command, arguments: [uri, ...rest] });
      return [
        lens('$(play) Run', 'patchbay.runFlow'), lens('Debug', 'patchbay.debugFlow'), lens('Run with Payload…', 'patchbay.runFlowWithPayload'),
        ...(run ? [lens(isLive(run) ? `${lookOf(run, debug.paused).word}…` : `Last run: ${lookOf(run, []).word}, ${ago(run.startedAt, Date.now())}`, 'patchbay.openRun', run.id)] : []),
      ];
    },
  };
  const subscriptions = [
    changed, vscode.languages.registerCodeLensProvider({ language: 'patchbay-flow' }, provider), vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()), debug.onDidStop(() => changed.fire()),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => { watched.get(uri.toString())?.dispose(); watched.delete(uri.toString()); }),
  ];
  return { dispose: () => { for (const subscription of [...subscriptions, ...watched.values()]) subscription.dispose(); } };
}
