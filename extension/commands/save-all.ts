import * as vscode from 'vscode';
import { isBelow } from '../runner/roots.ts';

/** The runner reads files, so what is only in editors would not count. */
export async function saveAll(root: vscode.Uri): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || !isBelow(document.uri, root)) continue;
    if (!(await document.save())) throw new Error(`${document.uri.path.split('/').at(-1)} could not be saved, so nothing was started.`);
  }
  // Lookups are no text documents.
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  for (const { isDirty, input } of tabs) if (isDirty && input instanceof vscode.TabInputCustom && isBelow(input.uri, root)) await vscode.workspace.save(input.uri);
}
