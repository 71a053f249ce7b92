import { visit } from 'jsonc-parser';
import * as vscode from 'vscode';
import { serialize } from '../../server/model/serialize.ts';
import { kindOf } from '../language/project.ts';
import { projectFile } from '../language/read-project.ts';
import { pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';

/** Writes a file of ours in its canonical text, as one edit. Nothing of it is lost: where that cannot be, it says so and leaves the file as it is. */
export async function formatFile({ roots }: Services, uri: vscode.Uri | undefined): Promise<void> {
  const root = uri && roots.of(uri);
  const kind = root && kindOf(pathIn(root, uri));
  if (!uri || !root || kind === undefined) return void vscode.window.showInformationMessage('Open a flow, a connector or another file of Patchbay first.');
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const { read } = projectFile(uri, kind, pathIn(root, uri), text);
  if (read.value === undefined) return void vscode.window.showErrorMessage(`${pathIn(root, uri)} has errors, so it stays as it is. Problems shows them.`);
  if (hasComments(text)) return void vscode.window.showErrorMessage(`${pathIn(root, uri)} has comments, for which canonical text has no place, so it stays as it is.`);
  const made = serialize(kind, read.value as never);
  if (made === text) return void vscode.window.setStatusBarMessage('The file is in its canonical text already.', 5000);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), made);
  await vscode.workspace.applyEdit(edit);
}

function hasComments(text: string): boolean {
  let found = false;
  visit(text, { onComment: () => { found = true; } });
  return found;
}
