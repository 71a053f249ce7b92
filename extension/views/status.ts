import * as vscode from 'vscode';
import type { FolderRunner, RunnerState } from '../runner/runners.ts';
import type { Services } from '../services.ts';

const rank: readonly RunnerState[] = ['failed', 'restarting', 'starting', 'ready', 'off'];
const icons: Readonly<Record<RunnerState, string>> = { failed: 'error', restarting: 'sync~spin', starting: 'loading~spin', ready: 'play-circle', off: 'circle-outline' };
const words: Readonly<Record<RunnerState, string>> = { failed: 'The runner does not run.', restarting: 'The runner ended by itself and is started again.', starting: 'The runner is starting.', ready: 'The runner is ready.', off: 'The runner starts with the first run.' };

/** The one item in the status bar: which environment runs use, and how the runner is. */
export function registerStatus({ runners, roots, environments, projects }: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('patchbay.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Patchbay';
  item.command = 'patchbay.status';
  const draw = (): void => {
    const all = runners.all();
    const worst = [...all].sort((one, other) => rank.indexOf(one.state) - rank.indexOf(other.state))[0];
    if (!vscode.workspace.isTrusted) show('shield', 'patchbay', 'In Restricted Mode nothing runs.', false);
    else if (!worst) show(icons.off, 'patchbay', 'No folder with a patchbay.json is open.', false);
    else show(icons[worst.state], textOf(worst), [words[worst.state], worst.url ?? '', 'Click for actions.'].filter(Boolean).join('\n'), worst.state === 'failed');
  };
  const show = (icon: string, text: string, tooltip: string, isError: boolean): void => {
    item.text = `$(${icon}) ${text}`;
    item.tooltip = tooltip;
    item.backgroundColor = isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.accessibilityInformation = { label: `Patchbay: ${tooltip}` };
  };
  const textOf = ({ root, url }: FolderRunner): string => {
    const environment = environments.chosen(root) ?? projects.known(root)?.environment;
    return ['patchbay', environment ?? '', url ? `· :${new URL(url).port}` : ''].filter(Boolean).join(' ');
  };
  draw();
  item.show();
  const subscriptions = [item, runners.onDidChange(draw), roots.onDidChange(draw), environments.onDidChange(draw), projects.onDidChange(draw), vscode.workspace.onDidGrantWorkspaceTrust(draw)];
  return { dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}
