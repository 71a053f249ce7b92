import * as vscode from 'vscode';
import { isLive } from '../runner/run-snapshot.ts';
import { flowIdOf } from '../runner/roots.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { ago, duration, lookOf } from '../views/words.ts';
import { pickPayload } from './pick-payload.ts';
import type { RunActions } from './run-actions.ts';
import { activeFlow, chooseFlow, chooseRunner, isRunItem } from './targets.ts';

/** The commands that start, stop and show runs; each takes what it is about from the place that it was called at. */
export function runCommands(services: Services, actions: RunActions): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  return {
    'patchbay.runFlow': async (given) => {
      const file = await chooseFlow(services, given, 'Run Flow');
      if (file) await actions.run(file);
    },
    'patchbay.runFlowWithPayload': async (given) => {
      const file = await chooseFlow(services, given, 'Run Flow with Payload');
      const root = file && services.roots.of(file);
      const payload = root && (await pickPayload(root));
      if (file && payload) await actions.run(file, payload);
    },
    'patchbay.stopRun': async (given) => {
      if (isRunItem(given)) return actions.stop(given.root, given.run.id);
      const runner = await chooseRunner(services, 'Stop Run');
      const run = runner && (await pickLiveRun(runner));
      return runner && run ? actions.stop(runner.root, run) : undefined;
    },
    'patchbay.saveRunAsTest': async (given, run) => {
      const at = isRunItem(given) ? { runner: services.runners.of(given.root), run: given.run.id } : given instanceof vscode.Uri && typeof run === 'string' ? { runner: services.runners.of(given), run } : undefined;
      const runner = at ? at.runner : await chooseRunner(services, 'Save Run as Test');
      const chosen = at?.run ?? (runner && (await pickRun(services, runner, undefined, false)));
      if (runner && chosen) await saveAsTest(runner, chosen);
    },
    'patchbay.openRun': async (given, run) => {
      if (isRunItem(given)) return actions.openRun(given.root, given.run.id);
      if (given instanceof vscode.Uri && typeof run === 'string') return actions.openRun(given, run);
      // From a flow: its last run. From the palette: one of the newest, those of the flow in the editor first.
      const flow = given === undefined ? activeFlow() : await chooseFlow(services, given, 'Open Run');
      const runner = flow ? services.runners.of(flow) : await chooseRunner(services, 'Open Run');
      const picked = runner && (await pickRun(services, runner, flow && flowIdOf(runner.root, flow), given !== undefined));
      return runner && picked ? actions.openRun(runner.root, picked) : undefined;
    },
  };
}

async function saveAsTest({ client, root }: FolderRunner, run: string): Promise<void> {
  const name = await vscode.window.showInputBox({ ignoreFocusOut: true, title: 'Save Run as Test', prompt: 'What does this case show?', placeHolder: 'an order from abroad' });
  if (name === undefined) return;
  const saved = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Saving the run as a test' }, () => client.saveCase(run, name.trim() || undefined));
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, saved.file));
  const editor = await vscode.window.showTextDocument(document);
  const at = document.positionAt(Math.max(0, document.getText().indexOf(JSON.stringify(saved.name))));
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  if (saved.notes.length > 0) void vscode.window.showWarningMessage(`The case is saved. ${saved.notes.join(' ')}`);
}

async function pickLiveRun(runner: FolderRunner): Promise<string | undefined> {
  const live = (await runner.client.runs({ perPage: 100 })).items.filter(isLive);
  if (live.length === 0) void vscode.window.showInformationMessage('No flow is running.');
  if (live.length < 2) return live[0]?.id;
  return (await vscode.window.showQuickPick(live.map(({ id, flow, startedAt, queuedAt }) => ({ label: flow, description: ago(startedAt ?? queuedAt, Date.now()), detail: id, id })), { title: 'Stop Run' }))?.id;
}

async function pickRun({ debug }: Services, { client }: FolderRunner, flow: string | undefined, takeLast: boolean): Promise<string | undefined> {
  const { items } = await client.runs({ perPage: takeLast ? 1 : 100, ...(takeLast && flow !== undefined && { flow }) });
  if (items.length === 0) void vscode.window.showInformationMessage(takeLast && flow !== undefined ? `${flow} has not run yet.` : 'No flow has run yet.');
  if (items.length === 0 || takeLast) return items[0]?.id;
  const ordered = [...items.filter((run) => run.flow === flow), ...items.filter((run) => run.flow !== flow)];
  const rows = ordered.map(({ id, flow: name, status, startedAt, queuedAt, durationMs, failedPayloads }) => {
    const { icon, word } = lookOf({ id, status }, debug.paused);
    const facts = [word, ago(startedAt ?? queuedAt, Date.now()), durationMs === undefined ? '' : duration(durationMs), failedPayloads > 0 ? `${failedPayloads} failed` : ''];
    return { label: `$(${icon}) ${name}`, id, description: facts.filter(Boolean).join(' · ') };
  });
  return (await vscode.window.showQuickPick(rows, { title: 'Open Run', placeHolder: 'Run', matchOnDescription: true }))?.id;
}
