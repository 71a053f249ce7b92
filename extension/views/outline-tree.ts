import * as vscode from 'vscode';
import { triggerNode } from '../../server/model/picture/scene.ts';
import { activeFlow } from '../commands/targets.ts';
import type { FlowEditors } from '../editors/flow-editor.ts';
import { showText } from '../editors/show-text.ts';
import { stepAt } from '../language/places.ts';
import { flowIdOf } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import type { OutlineItem } from './outline-items.ts';
import { stepLook } from './step-look.ts';
import { createRowChanges, type Tree } from './tree.ts';

/** The steps of the flow in the editor, on the canvas or as text: what VS Code's own outline is for texts. What is selected in the one is selected in the other. */
export function registerOutlineTree(services: Services, editors: FlowEditors): Tree {
  const { roots, runners, catalogs, problems, debug } = services;
  const changes = createRowChanges(300);
  const { refresh } = changes;
  let file: vscode.Uri | undefined;
  let items: readonly OutlineItem[] = [];
  let watching: { dispose(): void } | undefined;
  const provider: vscode.TreeDataProvider<OutlineItem> = {
    onDidChangeTreeData: changes.event,
    getParent: ({ parent }) => parent,
    getChildren: (item) => changes.asked([...(item?.children ?? items)]),
    getTreeItem(item) {
      const run = file && runners.of(file)?.runs.latest(flowIdOf(roots.of(file) ?? file, file));
      const findings = problems.of(item.file).filter(({ path }) => item.kind === 'step' && (path === `/steps/${item.step}` || path.startsWith(`/steps/${item.step}/`)));
      return rowOf(item, stepLook({ id: item.step ?? '', type: item.type, isUnreached: item.isUnreached, run, debug: debug.of(item.file), findings }));
    },
  };
  const view = vscode.window.createTreeView('patchbay.outline', { treeDataProvider: provider, showCollapseAll: true });
  const read = async (): Promise<void> => {
    const of = file;
    const { itemsOf } = await import('./outline-items.ts');
    const text = of && (await textOf(of));
    // The user has gone on to another flow.
    if (of !== file) return;
    items = of && text !== undefined ? itemsOf(of, text, catalogs.of(roots.of(of))) ?? items : [];
    changes.now();
  };
  const follow = (): void => {
    const active = activeFlow();
    // Who goes to another file keeps the last flow in view.
    if (!active || active.toString() === file?.toString()) return;
    file = active;
    items = [];
    void vscode.commands.executeCommand('setContext', 'patchbay.hasOutline', true);
    view.description = active.path.split('/').at(-1)!.replace(/\.flow\.json$/, '');
    watching?.dispose();
    const root = roots.of(active);
    watching = root && runners.of(active)?.runs.watch(flowIdOf(root, active), refresh);
    void read();
  };
  const show = (shown: vscode.Uri, node: string | undefined): void => {
    if (!view.visible || shown.toString() !== file?.toString()) return;
    // A row that VS Code has not asked for yet cannot be revealed: it would log that there is none.
    changes.whenRead(() => {
      const item = node === undefined || shown.toString() !== file?.toString() ? undefined : all(items).find((one) => one.node === node);
      if (item && view.selection[0] !== item) view.reveal(item, { select: true, focus: false, expand: false }).then(undefined, () => { /* The row is another one by now. */ });
    });
  };
  const isShown = (uri: vscode.Uri): boolean => uri.toString() === file?.toString();
  const subscriptions = [
    view, changes, vscode.window.tabGroups.onDidChangeTabs(follow), vscode.window.tabGroups.onDidChangeTabGroups(follow),
    editors.onDidSelect(({ file: on, node }) => show(on, node)),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document }, selections: [selection] }) => { if (isShown(document.uri) && selection) show(document.uri, stepAt(document, selection.active)); }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0 && isShown(document.uri)) void read(); }),
    problems.onDidChange(refresh), debug.onDidChange((uri) => { if (isShown(uri)) refresh(); }), catalogs.onDidChange(() => void read()), roots.onDidChange(() => void read()),
    vscode.commands.registerCommand('patchbay.showOutline', () => vscode.commands.executeCommand('patchbay.outline.focus')),
    vscode.commands.registerCommand('patchbay.revealStep', (item: OutlineItem) => reveal(item, editors)),
  ];
  follow();
  return { id: 'patchbay.outline', view, refresh: () => void read(), dispose: () => { watching?.dispose(); for (const subscription of subscriptions) subscription.dispose(); } };
}

const all = (items: readonly OutlineItem[]): readonly OutlineItem[] => items.flatMap((item) => [item, ...all(item.children)]);

/** On the canvas where it is shown, else in the text. */
async function reveal({ file, node, step, kind }: OutlineItem, editors: FlowEditors): Promise<void> {
  const id = node ?? step;
  if (id === undefined || editors.select(file, id)) return;
  const text = vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === file.toString());
  if (text) await showText(file, kind === 'trigger' ? `/triggers/${id.slice(triggerNode('').length)}` : `/steps/${id}`);
  else await editors.reveal(file, id);
}

function rowOf(item: OutlineItem, { icon, color, words }: ReturnType<typeof stepLook>): vscode.TreeItem {
  const { kind, label, type, children, node, step, file } = item;
  const row = new vscode.TreeItem(label, children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
  row.id = `${file.toString()}#${node ?? `${step}:${label}`}`;
  row.contextValue = kind;
  row.command = { command: 'patchbay.revealStep', title: 'Show Step', arguments: [item] };
  if (kind === 'port') {
    row.iconPath = new vscode.ThemeIcon('git-branch');
    row.accessibilityInformation = { label: `branch ${label}` };
    return row;
  }
  row.description = kind === 'trigger' ? type : words.join(' · ');
  row.iconPath = kind === 'trigger' ? new vscode.ThemeIcon('zap') : new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  row.tooltip = [label, node ?? '', row.description].filter(Boolean).join('\n');
  row.accessibilityInformation = { label: [label, kind, row.description].join(', ') };
  return row;
}

/** `undefined` where the file is gone. */
const textOf = async (file: vscode.Uri): Promise<string | undefined> => vscode.workspace.openTextDocument(file).then((document) => document.getText(), () => undefined);
