import * as vscode from 'vscode';
import type { RunHost, RunView } from '../../webview/protocol/run.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import { askProduction } from '../commands/ask-production.ts';
import { flowFile } from '../runner/roots.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { checked } from './checked.ts';
import { eventBatches } from './event-batches.ts';
import { runChecks } from './messages.ts';
import { openTextDiff } from './text-diff.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';

export const runViewType = 'patchbay.run';

/** The run view: one panel per workspace, which shows one run or the list of all. */
export interface RunPanels extends vscode.Disposable {
  open(runner: FolderRunner, run: string | undefined): void;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  show(run: string): void;
}

export function openRunPanels(services: Services, openFlow: (file: vscode.Uri, step: string | undefined) => Promise<void>): RunPanels {
  const panels = new Map<string, OpenPanel>();
  return {
    open(runner, run) {
      const key = runner.root.toString();
      const known = panels.get(key);
      if (known) {
        known.panel.reveal();
        if (run !== undefined) known.show(run);
        return;
      }
      const opened = openPanel(services, openFlow, runner, run);
      panels.set(key, opened);
      opened.panel.onDidDispose(() => panels.delete(key));
    },
    dispose: () => { for (const { panel } of panels.values()) panel.dispose(); },
  };
}

function openPanel({ extension, catalogs, log }: Services, openFlow: (file: vscode.Uri, step: string | undefined) => Promise<void>, runner: FolderRunner, first: string | undefined): OpenPanel {
  const { root } = runner;
  let shown = first;
  const title = `Runs of ${root.path.split('/').at(-1)}`;
  const panel = vscode.window.createWebviewPanel(runViewType, title, vscode.ViewColumn.Active, { retainContextWhenHidden: false, enableFindWidget: false });
  const media = vscode.Uri.joinPath(extension, 'extension', 'media');
  panel.iconPath = { light: vscode.Uri.joinPath(media, 'file-light.svg'), dark: vscode.Uri.joinPath(media, 'file-dark.svg') };
  openPage(panel.webview, extension);
  const opening = (): ReturnType<RunHost['open']> => ({ catalog: catalogs.of(root).plugins, title, ...(shown !== undefined && { run: shown }) });
  const writePage = (): void => { panel.webview.html = pageHtml(panel.webview, extension, 'run', title, opening()); };

  const follow = eventBatches(runner.client, (events) => { if (panel.visible) remote.events(events).catch((error: Error) => log.debug(error.message)); });
  const host = runHost({ runner, openFlow, opening, follow: (run) => { shown = run ?? shown; follow.follow(run); } });
  const { remote, dispose } = connect<RunView>(webviewPort(panel.webview), checked(host, runChecks));
  writePage();
  panel.onDidChangeViewState(() => { if (!panel.visible) { follow.end(); writePage(); } });
  panel.onDidDispose(() => { follow.end(); dispose(); });
  return { panel, show(run) { shown = run; if (panel.visible) remote.show(run).catch((error: Error) => log.debug(error.message)); else writePage(); } };
}

interface HostOptions {
  readonly runner: FolderRunner;
  readonly openFlow: (file: vscode.Uri, step: string | undefined) => Promise<void>;
  readonly opening: RunHost['open'];
  readonly follow: (run: string | undefined) => void;
}

type Later<T> = { readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never };

function runHost({ runner: { root, client }, openFlow, opening, follow }: HostOptions): Later<RunHost> {
  return {
    open: opening,
    run: (id) => client.run(id),
    payloads: (run, step, side, page) => client.payloads(run, step, side, page),
    exchanges: (run, step, page) => client.exchanges(run, step, page),
    logs: (run, filter) => client.logs(run, filter),
    body: (run, hash, window) => client.window(run, hash, window),
    async saveBody(run, hash, suggestedName) {
      const file = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(root, suggestedName.replaceAll(/[\\/:*?"<>|]/g, '-')) });
      if (file) await vscode.workspace.fs.writeFile(file, await client.body(run, hash));
    },
    again: (run, how) => startedOf(askProduction((confirm) => client.retry(run, { confirm, ...how }))),
    resume: (run, failed) => startedOf(askProduction((confirm) => client.resume(run, { confirm, failed }))),
    replay: (run, how) => client.replay(run, how),
    lineage: (run, value) => client.lineage(run, value),
    payloadDiff: (order) => client.payloadDiff(order),
    openDiff: (order, name) => openTextDiff(client, order, name),
    runsOf: async (flow) => (await client.runs({ flow, perPage: 100 })).items,
    runDiff: (before, after, how) => client.runDiff(before, after, how),
    stop: (run) => client.stop(run),
    follow,
    openFlow: (flow, step) => openFlow(flowFile(root, flow), step),
  };
}

async function startedOf(starting: Promise<{ readonly run: string } | undefined>): Promise<string> {
  const started = await starting;
  if (!started) throw new Error('The run was not started.');
  return started.run;
}
