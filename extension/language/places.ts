import { findNodeAtLocation, getLocation, parseTree } from 'jsonc-parser';
import * as vscode from 'vscode';
import { pointerNames } from '../../server/model/json.ts';

/** Where a value stands in a document, its key included where it has one; the nearest value around it where it does not exist. */
export function rangeOf(document: vscode.TextDocument, pointer: string): vscode.Range | undefined {
  const tree = parseTree(document.getText());
  if (!tree) return undefined;
  for (const keys = pointerNames(pointer); ; keys.pop()) {
    const node = findNodeAtLocation(tree, keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key))) ?? findNodeAtLocation(tree, keys);
    if (!node && keys.length > 0) continue;
    const shown = node?.parent?.type === 'property' ? node.parent : (node ?? tree);
    return new vscode.Range(document.positionAt(shown.offset), document.positionAt(shown.offset + shown.length));
  }
}

/** The step that a place in a flow's text belongs to. */
export function stepAt(document: vscode.TextDocument, position: vscode.Position): string | undefined {
  const { path: [section, id] } = getLocation(document.getText(), document.offsetAt(position));
  return section === 'steps' && typeof id === 'string' && id !== '' ? id : undefined;
}
