import * as vscode from 'vscode';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { meantText, quickFixEdits } from '../../server/model/quick-fix.ts';
import { fileKinds, type FileKind } from '../../server/model/workspace.ts';
import type { Services } from '../services.ts';

const kinds = Object.keys(fileKinds) as FileKind[];

/** Remedies of findings about our files, at the light bulb of their lines. */
export function registerQuickFixes({ roots, catalogs, problems }: Services): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range, { diagnostics }) {
      const root = roots.of(document.uri);
      const kind = kinds.find((one) => document.languageId === `patchbay-${one}`);
      if (!root || !kind) return [];
      const text = document.getText();
      return problems.of(document.uri).filter(({ line, endLine = line }) => line - 1 <= range.end.line && endLine - 1 >= range.start.line).flatMap((finding) => {
        const shown = diagnostics.filter(({ message }) => message.startsWith(finding.message));
        const mended = meantActions(document, shown, finding);
        return [...mended, ...(finding.quickFixes ?? []).flatMap((fix, index) => {
          try {
            const edit = new vscode.WorkspaceEdit();
            for (const { offset, length, text: made } of quickFixEdits(kind, text, fix, catalogs.of(root))) edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), made);
            return [action(fix.title, edit, shown, index === 0 && mended.length === 0)];
          } catch {
            // The text has changed since it was looked at; the next look says what there is then.
            return [];
          }
        })];
      });
    },
  };
  return vscode.languages.registerCodeActionsProvider(kinds.map((kind) => ({ language: `patchbay-${kind}` })), provider, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] });
}

/** VS Code moves what it shows with the text: that is where the name stands by now. */
function meantActions(document: vscode.TextDocument, shown: readonly vscode.Diagnostic[], { meant, line }: Diagnostic): readonly vscode.CodeAction[] {
  if (meant === undefined) return [];
  return shown.filter(({ range }) => range.start.line === line - 1).flatMap((problem) => {
    const made = meantText(document.getText(problem.range), meant);
    if (made === undefined) return [];
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, problem.range, made);
    return [action(`Change it to ${meant}`, edit, [problem], true)];
  });
}

function action(title: string, edit: vscode.WorkspaceEdit, diagnostics: readonly vscode.Diagnostic[], isPreferred: boolean): vscode.CodeAction {
  return Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { edit, diagnostics: [...diagnostics], isPreferred });
}
