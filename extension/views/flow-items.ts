import * as vscode from 'vscode';
import type { Flow } from '../../server/model/flow.ts';
import { counted } from '../../server/model/words.ts';
import type { FlowRun } from '../../webview/protocol/flow.ts';
import type { ProjectFile } from '../language/project.ts';
import type { Services } from '../services.ts';
import { ago, lookOf } from './words.ts';

/** A flow in the tree. Commands get it as their argument. */
export interface FlowItem {
  readonly kind: 'flow';
  readonly root: vscode.Uri;
  readonly file: ProjectFile;
}

/** What starts a flow. */
export interface TriggerItem { readonly kind: 'trigger'; readonly flow: FlowItem; readonly id: string; readonly type: string; readonly settings: Readonly<Record<string, unknown>>; readonly disabled: boolean }

/** The last run of each flow that is asked for, from now on. It needs no runner, and starts none. */
export function lastRuns({ runners }: Services, changed: () => void): vscode.Disposable & { of(flow: FlowItem): FlowRun | undefined } {
  const watched = new Map<string, { dispose(): void }>();
  return {
    of({ root, file }) {
      const key = file.uri.toString();
      const runner = runners.of(file.uri);
      if (runner && !watched.has(key)) watched.set(key, runner.runs.watch(file.id, statusWatcher(changed)));
      return runners.of(root)?.runs.latest(file.id);
    },
    dispose: () => { for (const watch of watched.values()) watch.dispose(); },
  };
}

/** The tree shows how a run stands, not its counts. */
function statusWatcher(refresh: () => void): (run: FlowRun) => void {
  let shown = '';
  return ({ id, status }) => { if (shown !== `${id} ${status}`) { shown = `${id} ${status}`; refresh(); } };
}

export function triggersOf(flow: FlowItem): TriggerItem[] {
  const { triggers = {} } = (flow.file.read.value ?? {}) as Partial<Flow>;
  return Object.entries(triggers).map(([id, { trigger, settings = {}, disabled = false }]) => ({ kind: 'trigger', flow, id, type: trigger, settings, disabled }));
}

export function flowRow(flow: FlowItem, run: FlowRun | undefined, { errors, paused }: { readonly errors: number; readonly paused: readonly string[] }): vscode.TreeItem {
  const { file } = flow;
  const { title, triggers = {} } = (file.read.value ?? {}) as Partial<Flow>;
  const item = new vscode.TreeItem(title ?? file.id, Object.keys(triggers).length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  const look = run && lookOf(run, paused);
  const last = run && look && `${look.word} ${ago(run.startedAt, Date.now())}`;
  item.id = file.uri.toString();
  // Gives the tree the colour and the badge that errors have in the explorer.
  item.resourceUri = file.uri;
  item.description = [title === undefined || title === file.id ? '' : file.id, last ?? ''].filter(Boolean).join(' · ');
  item.contextValue = 'flow';
  const { icon, color } = errors > 0 ? { icon: 'warning', color: 'problemsErrorIcon.foreground' } : look ?? { icon: 'type-hierarchy-sub', color: undefined };
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.tooltip = [title ?? file.id, file.file, errors > 0 ? counted(errors, 'error') : '', last ? `Last run: ${last}` : ''].filter(Boolean).join('\n');
  item.accessibilityInformation = { label: `${title ?? file.id}, flow${errors > 0 ? `, ${counted(errors, 'error')}` : ''}${last ? `, last run ${last}` : ''}` };
  // As in the explorer: a click keeps the focus, Enter and a double click take it to the editor. VS Code does so for this command alone.
  item.command = { command: 'vscode.open', title: 'Open', arguments: [file.uri] };
  return item;
}

export function triggerRow({ flow, id, type, settings, disabled }: TriggerItem): vscode.TreeItem {
  const item = new vscode.TreeItem(id, vscode.TreeItemCollapsibleState.None);
  item.id = `${flow.file.uri.toString()}#${id}`;
  const { cron, timeZone } = settings as { readonly cron?: string; readonly timeZone?: string };
  item.description = [type, cron ?? '', timeZone ?? '', disabled ? 'disabled' : ''].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon({ schedule: 'watch', webhook: 'link', manual: 'person' }[type] ?? 'zap');
  item.contextValue = 'trigger';
  return item;
}
