import * as vscode from 'vscode';
import { createTreeRest, type TreeRest } from './tree-rest.ts';

/** One of the native trees. */
export interface Tree extends vscode.Disposable {
  readonly id: string;
  readonly view: vscode.TreeView<unknown>;
  refresh(): void;
}

/** When VS Code reads a tree anew. */
export interface RowChanges extends TreeRest {
  readonly event: vscode.Event<void>;
}

/** `isShown`: a tree that is not is read when it is. */
export function createRowChanges(restMs: number, isShown = (): boolean => true): RowChanges {
  const changed = new vscode.EventEmitter<void>();
  const rest = createTreeRest(restMs, () => { if (isShown()) changed.fire(); });
  return { ...rest, event: changed.event, dispose() { rest.dispose(); changed.dispose(); } };
}

/**
 * The row that has the focus. VS Code tells a command of a key nothing of it, and a tree only which rows are selected: so the focus is made to change the selection
 * for a moment.
 */
export async function focusedRow({ view }: Tree): Promise<unknown> {
  const before = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  const after = view.selection;
  const found = before.find((row) => !after.includes(row)) ?? after.find((row) => !before.includes(row));
  if (before.length > after.length) await vscode.commands.executeCommand('list.toggleSelection');
  return found ?? before[0];
}
