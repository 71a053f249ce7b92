import * as vscode from 'vscode';

/** One of the native trees. */
export interface Tree extends vscode.Disposable {
  readonly id: string;
  readonly view: vscode.TreeView<unknown>;
  refresh(): void;
}

/** When VS Code reads a tree anew. */
export interface RowChanges extends vscode.Disposable {
  readonly event: vscode.Event<void>;
  /** To be called by `getChildren`. */
  asked(): void;
  /** Soon, however often something changes. */
  refresh(): void;
  /** At once, where the tree is at rest. */
  now(): void;
}

/**
 * A tree is not read anew while VS Code is still asking for its rows: a row of before, whose children it asks for at that moment, it knows no more, and shows it
 * open and empty. `isShown`: a tree that is not is read when it is.
 */
export function createRowChanges(restMs: number, isShown = (): boolean => true): RowChanges {
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  let lastAsked = -Infinity;
  const refresh = (): void => { timer ??= setTimeout(() => { timer = undefined; if (isShown()) changed.fire(); }, restMs); };
  return {
    event: changed.event, refresh,
    asked() { lastAsked = performance.now(); timer?.refresh(); },
    now() { if (performance.now() - lastAsked < restMs) refresh(); else changed.fire(); },
    dispose() { clearTimeout(timer); changed.dispose(); },
  };
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
