import * as vscode from 'vscode';
import type { TextEdit } from '../../server/model/flow-edit.ts';

/** Applies replacements to a document as one undo step. Gives the document's version after it. */
export async function applyToDocument(document: vscode.TextDocument, edits: readonly TextEdit[]): Promise<number> {
  if (edits.length === 0) return document.version;
  if (!(await vscode.workspace.applyEdit(editsOf(document, edits)))) throw new Error('VS Code did not take the change: the file was changed at the same time. Try again.');
  return document.version;
}

/** The same, to be applied after something else. */
export function editsOf(document: vscode.TextDocument, edits: readonly TextEdit[], change = new vscode.WorkspaceEdit()): vscode.WorkspaceEdit {
  for (const { offset, length, text } of edits) change.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), text);
  return change;
}

/** Runs works one after the other: each edit is computed on the text that the one before has left. */
export function inOrder(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}
