import type * as vscode from 'vscode';

/** Secrets of each workspace, kept by VS Code (in the key chain of the system) and never in a file of the workspace. */
export interface Secrets {
  all(root: vscode.Uri): Promise<Readonly<Record<string, string>>>;
  /** Without a value the secret is removed. */
  set(root: vscode.Uri, name: string, value: string | undefined): Promise<void>;
}

/** All secrets of a workspace are one entry: VS Code 1.101 cannot list its entries. */
export function keepSecrets(storage: vscode.SecretStorage): Secrets {
  const key = (root: vscode.Uri): string => `secrets:${root.toString()}`;
  const all = async (root: vscode.Uri): Promise<Readonly<Record<string, string>>> => JSON.parse((await storage.get(key(root))) ?? '{}') as Record<string, string>;
  let last: Promise<unknown> = Promise.resolve();
  return {
    all,
    set(root, name, value) {
      // One after the other, or two changes at once would lose one.
      const change = last.catch(() => {}).then(async () => {
        const { [name]: _, ...others } = await all(root);
        await storage.store(key(root), JSON.stringify(value === undefined ? others : { ...others, [name]: value }));
      });
      last = change;
      return change;
    },
  };
}
