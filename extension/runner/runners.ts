import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import * as vscode from 'vscode';
import { runnerClient, type RunnerClient } from '../../webview/protocol/runner-client.ts';
import { liveRuns, type LiveRuns } from './live-runs.ts';
import { logLine } from './log-line.ts';
import { runnerProcess, type RunnerAddress, type RunnerProcess } from './process.ts';
import { isBelow, type Roots } from './roots.ts';
import type { Secrets } from './secrets.ts';

/** `off`: nobody has needed it yet. */
export type RunnerState = 'off' | 'starting' | 'ready' | 'restarting' | 'failed';

/** The runner of one workspace. Its process starts with the first call of the client, and only in a trusted workspace. */
export interface FolderRunner {
  readonly root: vscode.Uri;
  readonly client: RunnerClient;
  readonly runs: LiveRuns;
  readonly state: RunnerState;
  /** Where it listens, while it does. */
  readonly url: string | undefined;
  /** What the operators' page needs in its address. */
  address(): Promise<RunnerAddress>;
  restart(): Promise<void>;
  setSecret(name: string, value: string | undefined): Promise<void>;
}

export interface Runners extends AsyncDisposable {
  of(file: vscode.Uri): FolderRunner | undefined;
  all(): readonly FolderRunner[];
  /** The state of a runner has changed, or there are other ones. */
  readonly onDidChange: vscode.Event<FolderRunner | undefined>;
}

export class NotTrusted extends Error {
  override readonly name = 'NotTrusted';
  constructor() { super('In Restricted Mode Patchbay runs nothing. Trust this workspace to run its flows.'); }
}

interface Options {
  readonly script: string;
  readonly roots: Roots;
  readonly secrets: Secrets;
  readonly log: vscode.LogOutputChannel;
}

export function openRunners({ script, roots, secrets, log }: Options): Runners {
  const open = new Map<string, FolderRunner & AsyncDisposable>();
  const changed = new vscode.EventEmitter<FolderRunner | undefined>();
  const at = (root: vscode.Uri): FolderRunner => {
    const known = open.get(root.toString());
    if (known) return known;
    const runner = folderRunner(root, { script, secrets, log, changed: () => changed.fire(runner) });
    open.set(root.toString(), runner);
    return runner;
  };
  const closeGone = roots.onDidChange(() => {
    for (const [key, runner] of open) {
      if (vscode.workspace.workspaceFolders?.some(({ uri }) => isBelow(runner.root, uri))) continue;
      open.delete(key);
      void runner[Symbol.asyncDispose]();
    }
    changed.fire(undefined);
  });
  return {
    of(file) { const root = roots.of(file); return root && at(root); },
    all: () => roots.all().map(at),
    onDidChange: changed.event,
    async [Symbol.asyncDispose]() {
      closeGone.dispose();
      await Promise.all([...open.values()].map((runner) => runner[Symbol.asyncDispose]()));
      changed.dispose();
    },
  };
}

interface FolderOptions extends Omit<Options, 'roots'> {
  readonly changed: () => void;
}

function folderRunner(root: vscode.Uri, { script, secrets, log, changed }: FolderOptions): FolderRunner & AsyncDisposable {
  let state: RunnerState = 'off';
  let url: string | undefined;
  const become = (next: RunnerState, address?: string): void => { if (next !== state || address !== url) { state = next; url = address; changed(); } };
  const process = runnerProcess({
    node: nodePath(root), script,
    start: async () => ({ root: root.fsPath, token: randomBytes(32).toString('base64url'), secrets: await secrets.all(root), publicUrl: publicUrl(root) }),
    log: (level, line) => logLine(log, level, line),
    ready({ url: address, taken }) {
      log.info(`The runner of ${root.fsPath} listens on ${address}.`);
      if (taken !== undefined) log.warn(`Port ${taken} is taken by another program, so that webhooks have another address this time.`);
      become('ready', address);
      runs.connect();
    },
    died: (reason, retryInMs) => { log.error(`${reason} It is started again in ${retryInMs} ms.`); become('restarting'); },
  });
  const settings = vscode.workspace.onDidChangeConfiguration((change) => { if (change.affectsConfiguration('patchbay.webhooks.publicUrl', root)) process.setPublicUrl(publicUrl(root)); });
  const address = trusted(process, become, () => state);
  const client = runnerClient(address);
  const runs = liveRuns(client, () => state === 'ready', (problem) => log.debug(problem));
  return {
    root, client, runs, address,
    get state() { return state; },
    get url() { return url; },
    async restart() {
      if (!vscode.workspace.isTrusted) throw new NotTrusted();
      become('starting');
      await process.restart().catch((error: unknown) => { become('failed'); throw error; });
    },
    async setSecret(name, value) {
      await secrets.set(root, name, value);
      process.setSecret(name, value);
    },
    async [Symbol.asyncDispose]() { settings.dispose(); runs.dispose(); await process[Symbol.asyncDispose](); },
  };
}

/** The address of the process, for a trusted workspace only. */
function trusted(process: RunnerProcess, become: (state: RunnerState) => void, state: () => RunnerState): FolderRunner['address'] {
  return async () => {
    if (!vscode.workspace.isTrusted) throw new NotTrusted();
    if (state() === 'off' || state() === 'failed') become('starting');
    try {
      return await process.address();
    } catch (error) {
      become('failed');
      throw error;
    }
  };
}

const publicUrl = (root: vscode.Uri): string => vscode.workspace.getConfiguration('patchbay.webhooks', root).get('publicUrl', '').trim();

function nodePath(root: vscode.Uri): string {
  const chosen = vscode.workspace.getConfiguration('patchbay.runner', root).get('nodePath', '').trim();
  if (!chosen) return process.execPath;
  try {
    accessSync(chosen, constants.X_OK);
  } catch {
    void vscode.window.showWarningMessage(`The setting patchbay.runner.nodePath names ${chosen}, which cannot be run. The Node.js inside VS Code is used.`);
    return process.execPath;
  }
  return chosen;
}
