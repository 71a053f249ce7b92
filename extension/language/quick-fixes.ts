import * as vscode from 'vscode';
import { quickFixEdits } from '../../server/model/quick-fix.ts';
import type { Services } from '../services.ts';

/** Remedies of findings about a flow, at the light bulb of their lines. */
export function registerQuickFixes({ roots, catalogs, problems }: Services): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range, { diagnostics }) {
      const root = roots.of(document.uri);
      if (!root) return [];
      const text = document.getText();
      return problems.of(document.uri).filter(({ line, endLine = line }) => line - 1 <= range.end.line && endLine - 1 >= range.start.line).flatMap(({ message, quickFixes = [] }) => quickFixes.flatMap((fix, index) => {
        try {
          const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
          const edit = new vscode.WorkspaceEdit();
          for (const { offset, length, text: made } of quickFixEdits(text, fix, catalogs.of(root))) edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), made);
          action.edit = edit;
          action.diagnostics = diagnostics.filter((problem) => problem.message.startsWith(message));
          action.isPreferred = index === 0;
          return [action];
        } catch {
          // The text has changed since it was looked at; the next look says what there is then.
          return [];
        }
      }));
    },
  };
  return vscode.languages.registerCodeActionsProvider({ language: 'patchbay-flow' }, provider, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] });
}
