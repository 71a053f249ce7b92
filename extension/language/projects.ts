import * as vscode from 'vscode';
import { isBelow, isIgnored, type Roots } from '../runner/roots.ts';
import { projectPattern, type Project } from './project.ts';

/** The projects of all roots, read on first need and again after changes. */
export interface Projects extends vscode.Disposable {
  of(root: vscode.Uri): Promise<Project>;
  /** The project as it was read last. */
  known(root: vscode.Uri): Project | undefined;
  /** Files of this project were changed, came or went; it has been read anew. */
  readonly onDidChange: vscode.Event<Project>;
}

const pauseMs = 150;

/** Loaded when there is something to read, which is after the views and editors are there. */
const reader = () => import('./read-project.ts');

export function openProjects(roots: Roots, note: (problem: string) => void): Projects {
  const read = new Map<string, Promise<Project>>();
  const last = new Map<string, Project>();
  const timers = new Map<string, NodeJS.Timeout>();
  const changed = new vscode.EventEmitter<Project>();

  const load = (root: vscode.Uri): Promise<Project> => {
    const key = root.toString();
    const loading = reader().then(({ readProject }) => readProject(root, last.get(key))).then((project) => { last.set(key, project); return project; });
    loading.catch(() => { if (read.get(key) === loading) read.delete(key); });
    read.set(key, loading);
    return loading;
  };
  const later = (key: string, work: () => Promise<void>): void => {
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => void work().catch((error: Error) => note(`What has changed could not be read: ${error.message}`)), pauseMs));
  };
  const touch = (file: vscode.Uri): void => {
    if (isIgnored(file)) return;
    const root = roots.of(file);
    if (!root || !read.has(root.toString()) || /\/(node_modules|\.patchbay|\.git)\//.test(file.path)) return;
    later(root.toString(), async () => changed.fire(await load(root)));
  };
  /** Another text of one file, while it is typed: the other files need not be looked for. */
  const retype = (document: vscode.TextDocument): void => later(document.uri.toString(), async () => {
    const { withText } = await reader();
    const root = roots.of(document.uri);
    const project = root && last.get(root.toString());
    const fresh = project && withText(project, document.uri, document.getText());
    if (!fresh) return touch(document.uri);
    if (fresh === project) return;
    last.set(fresh.root.toString(), fresh);
    read.set(fresh.root.toString(), Promise.resolve(fresh));
    changed.fire(fresh);
  });

  const watcher = vscode.workspace.createFileSystemWatcher(projectPattern);
  const subscriptions = [
    watcher, watcher.onDidChange(touch), watcher.onDidCreate(touch), watcher.onDidDelete(touch),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0 && document.languageId.startsWith('patchbay-')) retype(document); }),
    // What was typed and thrown away is not in the file.
    vscode.workspace.onDidCloseTextDocument((document) => { if (document.languageId.startsWith('patchbay-')) touch(document.uri); }),
    roots.onDidChange(() => { for (const key of read.keys()) if (!vscode.workspace.workspaceFolders?.some(({ uri }) => isBelow(vscode.Uri.parse(key), uri))) { read.delete(key); last.delete(key); } }),
  ];
  return {
    of: (root) => read.get(root.toString()) ?? load(root),
    known: (root) => last.get(root.toString()),
    onDidChange: changed.event,
    dispose: () => { for (const timer of timers.values()) clearTimeout(timer); for (const subscription of subscriptions) subscription.dispose(); changed.dispose(); },
  };
}
