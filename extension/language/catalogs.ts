import * as vscode from 'vscode';
import type { Catalog, CatalogEntry } from '../../server/model/catalog.ts';
import type { FolderRunner, Runners } from '../runner/runners.ts';

/** The plugins of each workspace: the built-in ones, and its own as the runner told of them last. They are known without a runner, and in Restricted Mode. */
export interface Catalogs extends vscode.Disposable {
  of(root: vscode.Uri | undefined): Catalog;
  /** Whether a runner has ever told of this workspace's own plugins. */
  isComplete(root: vscode.Uri): boolean;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

export async function openCatalogs(extension: vscode.Uri, memory: vscode.Memento, runners: Runners): Promise<Catalogs> {
  const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', 'catalog.json'));
  const builtIn = JSON.parse(new TextDecoder().decode(text)) as Catalog;
  const known = new Map<string, { readonly own: string; readonly catalog: Catalog }>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const key = (root: vscode.Uri): string => `catalog:${root.toString()}`;

  const take = (root: vscode.Uri, plugins: readonly CatalogEntry[]): void => {
    known.set(root.toString(), { own: JSON.stringify(plugins), catalog: plugins.length > 0 ? { plugins: [...builtIn.plugins, ...plugins] } : builtIn });
  };
  async function ask({ root, client }: FolderRunner): Promise<void> {
    const own = (await client.catalog()).plugins.filter(({ source }) => source !== 'built-in');
    if (known.get(root.toString())?.own === JSON.stringify(own)) return;
    take(root, own);
    await memory.update(key(root), own);
    changed.fire(root);
  }
  const subscription = runners.onDidChange((runner) => { if (runner?.state === 'ready') ask(runner).catch(() => { /* The runner has died again; the next one is asked. */ }); });
  return {
    of(root) {
      if (!root) return builtIn;
      if (!known.has(root.toString())) take(root, memory.get<readonly CatalogEntry[]>(key(root), []));
      return known.get(root.toString())!.catalog;
    },
    isComplete: (root) => memory.get(key(root)) !== undefined,
    onDidChange: changed.event,
    dispose: () => { subscription.dispose(); changed.dispose(); },
  };
}
