import * as vscode from 'vscode';
import type { Api } from '../../webview/protocol/rpc.ts';
import { isBelow } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { openColumn } from './open-tab.ts';
import { refuse } from './refuse.ts';

/** The host's functions may answer later: over the port both sides are asynchronous. */
export type Later<T> = { readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never };

/** Opens a file of the workspace, and nothing outside of it: where it is open already, else beside. */
export async function openFile(root: vscode.Uri, path: string): Promise<void> {
  const file = vscode.Uri.joinPath(root, path);
  if (!isBelow(file, root)) refuse(`${path} lies outside of the workspace.`);
  await vscode.commands.executeCommand('vscode.open', file, openColumn(file) ?? vscode.ViewColumn.Beside);
}

/** Says of a name whether that secret is known on this machine. */
export async function secretNames({ secrets }: Services, root: vscode.Uri): Promise<(name: string) => boolean> {
  const kept = await secrets.names(root);
  return (name) => kept.has(name);
}

/** A hidden or closing page does not answer; what it missed comes when the next one asks. */
export function quiet<T extends object>(remote: Api<T>, log: vscode.LogOutputChannel): Api<T> {
  return new Proxy(remote, {
    get: (target, name) => (...args: unknown[]) => (target as Record<string | symbol, (...rest: unknown[]) => Promise<unknown>>)[name]!(...args).catch((error: Error) => log.debug(`${String(name)}: ${error.message}`)),
  });
}

/** Whether letters and signs alone are commands of the editors. */
export const singleKeys = (): boolean => vscode.workspace.getConfiguration('patchbay.canvas').get('singleKeys', true);
export const onDidSwitchKeys = (switched: () => void): vscode.Disposable => vscode.workspace.onDidChangeConfiguration((change) => { if (change.affectsConfiguration('patchbay.canvas.singleKeys')) switched(); });
