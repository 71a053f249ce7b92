import * as vscode from 'vscode';
import type { DroppedStep } from '../../webview/protocol/dropped-step.ts';
import type { FlowEditors } from '../editors/flow-editor.ts';
import type { Services } from '../services.ts';
import { stepOfPlugin, type PluginItem } from '../views/plugins-tree.ts';
import { projectGroups, stepOfRow, type EndpointItem, type FileItem, type GroupItem } from '../views/project-groups.ts';
import type { FlowItem } from '../views/flow-items.ts';

type Row = FlowItem | FileItem | EndpointItem | PluginItem;

/** What dragging a row of a tree onto a canvas does, by menu and by key: a step is made of it. Without a row the user picks what it is made of. */
export async function addToFlow({ projects, roots }: Services, editors: FlowEditors, given: unknown): Promise<void> {
  const root = editors.target && roots.of(editors.target);
  if (!root) throw new Error('No flow is open on a canvas to add a step to. Open the flow, select the step that the new one shall follow, and choose Add to Flow again.');
  const isPicked = given === undefined;
  const step = isPicked ? await pickStep(projectGroups(await projects.of(root), { has: () => true })) : stepOf(given as Row);
  if (step) editors.add([step]);
  else if (!isPicked) throw new Error('No step can be made of this file, as it cannot be read. Open it as text and mend it first.');
}

const stepOf = (row: Row): DroppedStep | undefined => (row.kind === 'plugin' ? stepOfPlugin(row) : stepOfRow(row));

async function pickStep(groups: readonly GroupItem[]): Promise<DroppedStep | undefined> {
  const items = groups.flatMap(({ label, children }) => {
    const own = children.flatMap((row) => itemsOf(row, ''));
    return own.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...own];
  });
  const picked: vscode.QuickPickItem & { readonly step?: DroppedStep } | undefined = await vscode.window.showQuickPick(items, { title: 'Add to Flow', placeHolder: 'Request, flow, mapping or script', matchOnDescription: true });
  return picked?.step;
}

// A connector itself is no step; its instances and endpoints are.
function itemsOf(row: FlowItem | FileItem | EndpointItem | GroupItem, above: string): (vscode.QuickPickItem & { readonly step: DroppedStep })[] {
  const label = row.kind === 'flow' ? (row.file.read.value as { readonly title?: string } | undefined)?.title ?? row.file.id : row.label;
  const step = row.kind === 'group' ? undefined : stepOfRow(row);
  const description = row.kind === 'flow' ? row.file.id : row.kind === 'group' ? '' : row.description;
  const own = step ? [{ label, description: [above, description].filter(Boolean).join(' · '), step }] : [];
  const children = row.kind === 'group' || row.kind === 'file' ? row.children ?? [] : [];
  return [...own, ...children.flatMap((child) => itemsOf(child, row.kind === 'group' ? above : label))];
}
