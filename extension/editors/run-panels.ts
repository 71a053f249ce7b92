import * as vscode from 'vscode';
import type { RunHost, RunOpening, RunView } from '../../webview/protocol/run.ts';
import { connect } from '../../webview/protocol/rpc.ts';
import { askProduction } from '../commands/ask-production.ts';
import { flowFile } from '../runner/roots.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { bodyHost } from './body-host.ts';
import { checked } from './checked.ts';
import { hasGit } from './committed.ts';
import { eventBatches } from './event-batches.ts';
import { runChecks } from './messages.ts';
import { openTextDiff } from './text-diff.ts';
import { openPage, pageHtml, webviewPort } from './page.ts';
import { panelPage } from './panel-page.ts';

export const runViewType = 'patchbay.run';

/** Where runs are. `server`: the address of a runner elsewhere. */
type Place = Pick<FolderRunner, 'root' | 'client'> & { readonly server?: string };

/** The run view: one panel per workspace and server, which shows one run or the list of all. */
export interface RunPanels extends vscode.Disposable {
  open(place: Place, run: string | undefined): void;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  show(run: string): void;
}

type OpenFlow = (file: vscode.Uri, step: string | undefined) => Promise<void>;

export const runFileViewType = 'patchbay.runFile';

/** Opens exported runs (`*.patchbayrun`), in the folder that they lie in or the first one: the run is taken up there, and is to be looked at like any other. */
export function registerRunFiles(services: Services, openFlow: OpenFlow): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    async resolveCustomEditor({ uri }, panel) {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      const runner = services.runners.of(uri) ?? (folder && services.runners.of(folder.uri));
      const refuse = (text: string): void => { panel.webview.html = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><p role="alert">${escapeHtml(text)}</p>`; };
      if (!vscode.workspace.isTrusted) return refuse('Exported runs are opened by the runner, which needs a folder that you trust.');
      if (!runner) return refuse('Open a folder with a Patchbay workspace first: the run is looked at there.');
      try {
        const { run } = await runner.client.importRun(await vscode.workspace.fs.readFile(uri));
        showRuns(services, openFlow, runner, panel, uri.path.split('/').at(-1)!, run);
      } catch (error) {
        refuse(error instanceof Error ? error.message : String(error));
      }
    },
  };
  return vscode.window.registerCustomEditorProvider(runFileViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

export function openRunPanels(services: Services, openFlow: OpenFlow): RunPanels {
  const panels = new Map<string, OpenPanel>();
  return {
    open(runner, run) {
      const key = `${runner.root.toString()} ${runner.server ?? ''}`;
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

function openPanel(services: Services, openFlow: OpenFlow, runner: Place, first: string | undefined): OpenPanel {
  const { extension } = services;
  const title = `Runs of ${runner.server !== undefined ? new URL(runner.server).host : runner.root.path.split('/').at(-1)}`;
  const panel = vscode.window.createWebviewPanel(runViewType, title, vscode.ViewColumn.Active, { retainContextWhenHidden: false, enableFindWidget: false });
  const media = vscode.Uri.joinPath(extension, 'extension', 'media');
  panel.iconPath = { light: vscode.Uri.joinPath(media, 'file-light.svg'), dark: vscode.Uri.joinPath(media, 'file-dark.svg') };
  return showRuns(services, openFlow, runner, panel, title, first);
}

/** Fills a panel with the run view. */
function showRuns({ extension, catalogs, debug, log }: Services, openFlow: OpenFlow, runner: Place, panel: vscode.WebviewPanel, title: string, first: string | undefined): OpenPanel {
  const { root } = runner;
  let shown = first;
  openPage(panel.webview, extension);
  const opening = (): RunOpening => ({ catalog: catalogs.of(root).plugins, title, hasGit: hasGit(), hasDocuments: true, paused: debug.paused, ...(shown !== undefined && { run: shown }) });
  const page = panelPage({ panel, opening, write: (boot) => { panel.webview.html = pageHtml(panel.webview, extension, 'run', title, boot); } });

  const follow = eventBatches(runner.client, (events) => { if (panel.visible) remote.events(events).catch((error: Error) => log.debug(error.message)); });
  const host = runHost({ runner, openFlow, opening: page.open, follow: (run) => { shown = run ?? shown; follow.follow(run); } });
  const { remote, dispose } = connect<RunView>(webviewPort(panel.webview), checked(host, runChecks));
  page.write();
  panel.onDidChangeViewState(() => { if (!panel.visible) follow.end(); });
  const stops = debug.onDidStop(() => page.changed(() => void remote.paused(debug.paused).catch((error: Error) => log.debug(error.message))));
  panel.onDidDispose(() => { stops.dispose(); page.dispose(); follow.end(); dispose(); });
  return { panel, show(run) { shown = run; if (panel.visible) remote.show(run).catch((error: Error) => log.debug(error.message)); else page.write(); } };
}

interface HostOptions {
  readonly runner: Place;
  readonly openFlow: OpenFlow;
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
    ...bodyHost(() => client, () => root),
    again: (run, { version, ...how }) => startedOf(askProduction((confirm) => client.retry(run, { confirm, ...how, ...(version !== 'committed' && { version }) }))),
    resume: (run, failed) => startedOf(askProduction((confirm) => client.resume(run, { confirm, failed }))),
    replay: (run, { version, ...how }) => client.replay(run, { ...how, ...(version === 'committed' ? { revision: 'HEAD' } : { version }) }),
    async exportRun(run) {
      const file = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(root, `${run}.patchbayrun`), filters: { 'Patchbay run': ['patchbayrun'] } });
      if (file) await vscode.workspace.fs.writeFile(file, await client.exportRun(run));
    },
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
