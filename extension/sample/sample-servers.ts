import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { InstanceFile } from '../../server/model/instance.ts';
import { NotTrusted } from '../runner/runners.ts';
import type { Services } from '../services.ts';

/** The mock shop and the mock ERP of the sample, as a process of this window. */
export interface SampleServers extends vscode.Disposable {
  /** Starts them where they do not run, and sets the secrets that the sample's instances need. */
  start(root: vscode.Uri): Promise<void>;
  stop(): void;
  readonly areRunning: boolean;
}

interface Started {
  readonly shop: string;
  readonly erp: string;
  readonly secrets: Readonly<Record<string, string>>;
}

export function sampleServers({ extension, runners, secrets, log }: Services): SampleServers {
  let child: ChildProcess | undefined;
  let starting: Promise<Started> | undefined;
  const stop = (): void => { child?.kill('SIGTERM'); };
  const begin = (): Promise<Started> => new Promise((resolve, reject) => {
    const own = spawn(process.execPath, [vscode.Uri.joinPath(extension, 'dist', 'sample-servers.js').fsPath], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: 'pipe' });
    child = own;
    let complaint = '';
    const ended = (why: string): void => {
      if (child === own) { child = starting = undefined; void vscode.commands.executeCommand('setContext', 'patchbay.sampleServersRun', false); }
      log.info(why);
      reject(new Error(complaint || why));
    };
    own.once('error', (error) => ended(`The sample servers do not start: ${error.message}`)).once('close', (code) => ended(`The sample servers have ended with code ${code ?? 0}.`));
    createInterface({ input: own.stderr }).on('line', (line) => { complaint = line; log.warn(line); });
    createInterface({ input: own.stdout }).once('line', (line) => resolve(JSON.parse(line) as Started));
  });
  return {
    get areRunning() { return child !== undefined; },
    async start(root) {
      if (!vscode.workspace.isTrusted) throw new NotTrusted();
      const started = await (starting ??= begin());
      void vscode.commands.executeCommand('setContext', 'patchbay.sampleServersRun', true);
      log.info(`The mock shop is ${started.shop}, the mock ERP ${started.erp}.`);
      const kept = await secrets.all(root);
      for (const [name, value] of Object.entries(started.secrets)) if (kept[name] !== value) await runners.of(root)?.setSecret(name, value);
    },
    stop,
    dispose: stop,
  };
}

/** A workspace is the sample where its instances name the mock servers' addresses. */
export const isSample = (instances: Readonly<Record<string, InstanceFile>>): boolean =>
  Object.values(instances).some(({ connector, settings }) => connector === 'brook-shop' && settings?.['url'] === 'http://127.0.0.1:7401');
