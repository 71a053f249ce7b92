import * as vscode from 'vscode';
import { fileOutline, type FilePart, type PartKind } from '../../server/model/file-outline.ts';
import type { FileKind } from '../../server/model/workspace.ts';

const kinds: Readonly<Record<PartKind, vscode.SymbolKind>> = {
  trigger: vscode.SymbolKind.Event, variable: vscode.SymbolKind.Variable, step: vscode.SymbolKind.Function, port: vscode.SymbolKind.Key, endpoint: vscode.SymbolKind.Method, auth: vscode.SymbolKind.Key, rule: vscode.SymbolKind.Field,
};

/** Steps, endpoints and rules for VS Code's own outline, its breadcrumbs and *Go to Symbol in Editor*. */
export function registerOutlines(): vscode.Disposable {
  const outlined: readonly FileKind[] = ['flow', 'connector', 'map'];
  return vscode.languages.registerDocumentSymbolProvider(outlined.map((kind) => ({ language: `patchbay-${kind}` })), {
    provideDocumentSymbols: (document) => fileOutline(document.languageId.slice('patchbay-'.length) as FileKind, document.getText()).map((part) => symbolOf(document, part)),
  }, { label: 'Patchbay' });
}

function symbolOf(document: vscode.TextDocument, { kind, name, detail, from, to, nameFrom, nameTo, children }: FilePart): vscode.DocumentSymbol {
  const range = (start: number, end: number): vscode.Range => new vscode.Range(document.positionAt(start), document.positionAt(end));
  // VS Code refuses one without a name, as it may be while it is typed.
  const symbol = new vscode.DocumentSymbol(name || '(no name)', detail, kinds[kind], range(from, to), range(nameFrom, nameTo));
  symbol.children = children.map((child) => symbolOf(document, child));
  return symbol;
}
