import * as vscode from 'vscode';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import { flowFile, flowIdOf, pathIn } from '../runner/roots.ts';
import { NotTrusted, type FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { askProduction } from './ask-production.ts';
import { report, reporting } from './report.ts';
import { saveUsed } from './save-used.ts';

export interface GivenPayload {
  readonly body: string | Uint8Array;
  readonly mediaType: string;
}

/** What is done with runs, from the palette, the trees and the screens alike. */
export interface RunActions {
  /** Starts a run of what is in the editors: what it uses is saved first. The canvas shows it. Gives the run, or nothing where the user has declined. */
  run(file: vscode.Uri, payload?: GivenPayload): Promise<string | undefined>;
  stop(file: vscode.Uri, run: string): Promise<void>;
  /** Opens the run view, with a run or with the list of all. */
  openRun(file: vscode.Uri, run?: string): void;
}

/** The screens that show runs. */
export interface Screens {
  showFlow(file: vscode.Uri): Promise<void>;
  isFlowShown(file: vscode.Uri): boolean;
  openRun(root: vscode.Uri, run: string | undefined): void;
}

export function createRunActions(services: Services, screens: () => Screens): RunActions {
  const { runners, log } = services;
  const runnerOf = (file: vscode.Uri): FolderRunner => {
    const runner = runners.of(file);
    if (!runner) throw new Error('Open the folder that holds this flow, in order to run it.');
    return runner;
  };
  return {
    async run(file, payload) {
      if (!vscode.workspace.isTrusted) throw new NotTrusted();
      const runner = runnerOf(file);
      const flow = flowIdOf(runner.root, file);
      await saveUsed(services, runner.root, [pathIn(runner.root, file)]);
      const environment = services.environments.chosen(runner.root);
      if (!screens().isFlowShown(file)) await screens().showFlow(file);
      const started = await askProduction(async (confirm) => vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Starting ${flow}` }, () =>
        runner.client.start(flow, { confirm, ...(payload && { payload: payload.body, mediaType: payload.mediaType }), ...(environment !== undefined && { environment }) })));
      if (!started) return undefined;
      void runner.runs.follow(flow, started.run).then((end) => tellEnd(services, screens, runner.root, flow, end), (error: unknown) => report(log, error));
      return started.run;
    },
    stop: (file, run) => reporting(log, () => runnerOf(file).client.stop(run)),
    openRun: (file, run) => screens().openRun(runnerOf(file).root, run),
  };
}

/** A success is quiet: the canvas, the tree and the status bar show it. */
async function tellEnd({ log }: Services, screens: () => Screens, root: vscode.Uri, flow: string, { id, status, error }: FlowRun): Promise<void> {
  log.info(`Run ${id} of ${flow}: ${status}.`);
  if (status === 'success' || status === 'stopped' || status === 'queued' || status === 'running') return;
  const [show, canvas] = ['Open Run', 'Show Canvas'];
  const message = status === 'partial-success' ? `${flow} is through, but some payloads failed.` : `${flow} ${status === 'failed' ? 'failed' : 'was interrupted'}${error ? `: ${error.message}` : '.'}`;
  const file = flowFile(root, flow);
  const picked = await (status === 'partial-success' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage)(message, show, ...(screens().isFlowShown(file) ? [] : [canvas]));
  if (picked === show) screens().openRun(root, id);
  if (picked === canvas) await screens().showFlow(file);
}
