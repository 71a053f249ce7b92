import * as vscode from 'vscode';
import type { Candidate } from '../../server/model/complete.ts';
import { completeFlow, hoverFlow } from '../../server/model/flow-completion.ts';
import type { LastOf } from '../../server/model/flow-place.ts';
import { flowIdOf } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { lintWorld } from './project.ts';

/** Completion and hovers of the expressions and paths in the text of a flow. They need no runner; one that runs gives the values of the last payload. */
export function registerExpressions(services: Services): vscode.Disposable {
  const { roots, projects, catalogs } = services;
  const worldOf = async (root: vscode.Uri) => lintWorld(await projects.of(root), catalogs.of(root));
  const completion: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position) {
      const root = roots.of(document.uri);
      if (!root) return [];
      const candidates = await completeFlow(document.getText(), document.offsetAt(position), await worldOf(root), lastOf(services, document.uri, root));
      return candidates.map((candidate, index) => itemOf(candidate, index, document));
    },
  };
  const hover: vscode.HoverProvider = {
    async provideHover(document, position) {
      const root = roots.of(document.uri);
      const found = root && (await hoverFlow(document.getText(), document.offsetAt(position), await worldOf(root), lastOf(services, document.uri, root)));
      if (!found) return undefined;
      const { start, end, title, type, description, from, last } = found;
      const text = new vscode.MarkdownString().appendCodeblock(type === undefined ? title : `${title}: ${type}`, 'text');
      for (const line of [description, from === undefined ? undefined : `Known from ${from}.`]) if (line !== undefined) text.appendText(`${line}\n\n`);
      if (last !== undefined) text.appendText('Last value:').appendCodeblock(last, 'json');
      return new vscode.Hover(text, rangeIn(document, start, end));
    },
  };
  const selector = { language: 'patchbay-flow' };
  const subscriptions = [vscode.languages.registerCompletionItemProvider(selector, completion, '{', ' ', '.', '[', "'", '|', '(', '$'), vscode.languages.registerHoverProvider(selector, hover)];
  return { dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

/** The payloads that arrived at the steps of a flow last, or left them, by the runner that runs. */
export const lastOf = ({ runners }: Pick<Services, 'runners'>, file: vscode.Uri, root: vscode.Uri): LastOf => async (step, port) => {
  const runner = runners.of(file);
  // Nobody waits for a runner to start only because something is typed.
  if (runner?.state !== 'ready') return undefined;
  return runner.client.lastPayload(flowIdOf(root, file), step, port).catch(() => undefined);
};

const rangeIn = (document: vscode.TextDocument, start: number, end: number): vscode.Range => new vscode.Range(document.positionAt(start), document.positionAt(end));

const kinds = { root: vscode.CompletionItemKind.Variable, field: vscode.CompletionItemKind.Field, transform: vscode.CompletionItemKind.Function, setting: vscode.CompletionItemKind.Property, value: vscode.CompletionItemKind.Value } as const;

function itemOf({ kind, label, insert, start, end, caret, detail, description, last }: Candidate, index: number, document: vscode.TextDocument): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label, ...(last !== undefined && { description: last }) }, kinds[kind]);
  item.range = rangeIn(document, start, end);
  item.insertText = caret === undefined ? insert : new vscode.SnippetString().appendText(insert.slice(0, caret)).appendTabstop(0).appendText(insert.slice(caret));
  // What is written from the start of the range on is compared with it; a bracket may take the place of a dot.
  const isDot = document.getText(rangeIn(document, start, start + 1)) === '.';
  item.filterText = isDot ? `.${insert.replace(/^\[['"]?/, '')}` : insert;
  item.sortText = String(index).padStart(5, '0');
  if (detail !== undefined) item.detail = detail;
  if (description !== undefined) item.documentation = new vscode.MarkdownString().appendText(description);
  return item;
}
