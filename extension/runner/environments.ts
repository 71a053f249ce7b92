import * as vscode from 'vscode';

/** Which environment runs of a workspace use: the user's choice in this window, else what patchbay.json says. */
export interface Environments extends vscode.Disposable {
  chosen(root: vscode.Uri): string | undefined;
  /** Without a name: what patchbay.json says. */
  choose(root: vscode.Uri, environment: string | undefined): Promise<void>;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

export function keepEnvironments(memory: vscode.Memento): Environments {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const key = (root: vscode.Uri): string => `environment:${root.toString()}`;
  return {
    chosen: (root) => memory.get<string>(key(root)),
    async choose(root, environment) { await memory.update(key(root), environment); changed.fire(root); },
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
