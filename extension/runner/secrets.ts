import * as vscode from 'vscode';
import { secretVariable } from '../../server/model/secret-variable.ts';

/** Secrets of each workspace, kept by VS Code (in the key chain of the system) and never in a file of the workspace. */
export interface Secrets extends vscode.Disposable {
  all(root: vscode.Uri): Promise<Readonly<Record<string, string>>>;
  /** Names of those that are kept here or stand in the environment. */
  names(root: vscode.Uri): Promise<{ has(name: string): boolean }>;
  /** Says of a name who has its value: VS Code, or the environment of the process. */
  origins(root: vscode.Uri): Promise<(name: string) => 'vscode' | 'environment' | undefined>;
  /** Without a value the secret is removed. */
  set(root: vscode.Uri, name: string, value: string | undefined): Promise<void>;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

/** All secrets of a workspace are one entry: VS Code 1.101 cannot list its entries. */
export function keepSecrets(storage: vscode.SecretStorage): Secrets {
  const key = (root: vscode.Uri): string => `secrets:${root.toString()}`;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const all = async (root: vscode.Uri): Promise<Readonly<Record<string, string>>> => JSON.parse((await storage.get(key(root))) ?? '{}') as Record<string, string>;
  async function write(root: vscode.Uri, name: string, value: string | undefined): Promise<void> {
    const { [name]: _, ...others } = await all(root);
    await storage.store(key(root), JSON.stringify(value === undefined ? others : { ...others, [name]: value }));
    changed.fire(root);
  }
  async function origins(root: vscode.Uri): ReturnType<Secrets['origins']> {
    const kept = await all(root);
    return (name) => (Object.hasOwn(kept, name) ? 'vscode' : process.env[secretVariable(name)] === undefined ? undefined : 'environment');
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    async names(root) {
      const origin = await origins(root);
      return { has: (name) => origin(name) !== undefined };
    },
    origins,
    set(root, name, value) {
      // One after the other, or two changes at once would lose one.
      const change = last.then(() => write(root, name, value));
      last = change.catch(() => { /* Who asked for it is told. */ });
      return change;
    },
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
