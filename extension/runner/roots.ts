import * as vscode from 'vscode';
import { fileKinds } from '../../server/model/workspace.ts';

/** The workspaces of Patchbay in the folders that are open: each folder that holds a `patchbay.json`. */
export interface Roots extends vscode.Disposable {
  readonly ready: Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  all(): readonly vscode.Uri[];
  /** The nearest root above a file; without one the open folder that holds the file, for a flow may be drawn before there is a `patchbay.json`. */
  of(file: vscode.Uri): vscode.Uri | undefined;
}

const pattern = `**/${fileKinds.workspace.ending}`;
export const ignored = '**/{node_modules,.patchbay,.git}/**';
/** The same for files that a watcher names: deployed versions hold a `patchbay.json`, too. */
export const isIgnored = (file: vscode.Uri): boolean => /\/(?:node_modules|\.patchbay|\.git)\//.test(file.path);

export function findRoots(): Roots {
  const found = new Map<string, vscode.Uri>();
  const changed = new vscode.EventEmitter<void>();
  const add = (file: vscode.Uri): void => {
    const root = vscode.Uri.joinPath(file, '..');
    if (isIgnored(file) || found.has(root.toString())) return;
    found.set(root.toString(), root);
    changed.fire();
  };
  const remove = (file: vscode.Uri): void => { if (found.delete(vscode.Uri.joinPath(file, '..').toString())) changed.fire(); };
  const search = async (): Promise<void> => { for (const file of await vscode.workspace.findFiles(pattern, ignored)) add(file); };
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
  watcher.onDidCreate(add);
  watcher.onDidDelete(remove);
  const folders = vscode.workspace.onDidChangeWorkspaceFolders(({ removed }) => {
    for (const [key, root] of found) if (removed.some(({ uri }) => isBelow(root, uri))) found.delete(key);
    void search().then(() => changed.fire(), () => { /* The window is being closed. */ });
  });
  return {
    ready: search(),
    onDidChange: changed.event,
    all: () => [...found.values()].sort((one, other) => one.path.localeCompare(other.path)),
    of: (file) => [...found.values()].filter((root) => isBelow(file, root)).sort((one, other) => other.path.length - one.path.length)[0]
      ?? vscode.workspace.getWorkspaceFolder(file)?.uri,
    dispose: () => { watcher.dispose(); folders.dispose(); changed.dispose(); },
  };
}

export const isBelow = (file: vscode.Uri, folder: vscode.Uri): boolean =>
  file.scheme === folder.scheme && file.authority === folder.authority && `${file.path}/`.startsWith(folder.path.endsWith('/') ? folder.path : `${folder.path}/`);

/** Path of a file from its root, with slashes. */
export const pathIn = (root: vscode.Uri, file: vscode.Uri): string => file.path.slice(root.path.length).replace(/^\//, '');

/** Id of a flow: its path below `flows/` without the ending. */
export function flowIdOf(root: vscode.Uri, file: vscode.Uri): string {
  const { folder, ending } = fileKinds.flow;
  const path = pathIn(root, file);
  return (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path).slice(0, -ending.length);
}

export const flowFile = (root: vscode.Uri, flow: string): vscode.Uri => vscode.Uri.joinPath(root, fileKinds.flow.folder, `${flow}${fileKinds.flow.ending}`);
