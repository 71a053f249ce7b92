import * as vscode from 'vscode';
import { pluginPage } from '../../server/model/plugin-page.ts';
import { showMarkdown } from '../editors/text-diff.ts';
import type { Services } from '../services.ts';
import type { PluginItem, SourceItem } from '../views/plugins-tree.ts';
import { chooseRunner } from './targets.ts';

/** The commands about plugins. */
export function pluginCommands(services: Services): Readonly<Record<string, (given?: unknown) => Promise<void>>> {
  return {
    'patchbay.openPlugin': async (given) => {
      const item = given as PluginItem | SourceItem | undefined;
      if (item?.kind === 'plugin') await showMarkdown(`${item.entry.title}.md`, pluginPage(item.entry).join('\n').replace(/^### /, '# '));
      if (item?.kind !== 'plugin-source') return;
      const { source, line = 1, column = 1 } = item.state;
      const at = new vscode.Position(line - 1, column - 1);
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(item.root, ...source.split('/')), { selection: new vscode.Range(at, at) });
    },
    /** Code that was loaded stays in its process, so that a fresh one is needed. */
    'patchbay.reloadPlugins': async () => {
      const runner = await chooseRunner(services, 'Reload Plugins');
      if (runner) await vscode.window.withProgress({ location: { viewId: 'patchbay.plugins' }, title: 'Reloading plugins' }, () => runner.restart());
    },
    'patchbay.showPlugins': async () => { await vscode.commands.executeCommand('patchbay.plugins.focus'); },
  };
}
