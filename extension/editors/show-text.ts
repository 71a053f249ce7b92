import * as vscode from 'vscode';
import { rangeOf } from '../language/places.ts';
import { openColumn } from './open-tab.ts';

/** Shows a file of ours as text: where it is open as that, else beside the canvas where that is in front; at a pointer, if one is given. */
export async function showText(file: vscode.Uri, pointer?: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const range = pointer === undefined ? undefined : rangeOf(document, pointer);
  const isCanvas = vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom;
  // A text editor by name: without one VS Code would open the canvas again.
  await vscode.commands.executeCommand('vscode.openWith', file, 'default', { viewColumn: openColumn(file, 'default') ?? (isCanvas ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active), ...(range && { selection: new vscode.Range(range.start, range.start) }) });
}
