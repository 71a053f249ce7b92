import * as vscode from 'vscode';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { DiffSide, PayloadDiffOrder } from '../../server/model/run-diff.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';

const scheme = 'patchbay-payload';
/** Payloads longer than this are shown up to here. */
const mostBytes = 4_000_000;
const mostPayloads = 20;

/** Documents that are compared, by their address: they live as long as an editor shows them. */
const texts = new Map<string, string>();
let last = 0;

/** What the documents of comparisons say. */
export function provideComparedTexts(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '' }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => void texts.delete(uri.toString())),
  );
}

/** Shows two sides in the editor for differences of texts: JSON printed, several payloads one below the other. */
export async function openTextDiff(client: RunnerClient, { before, after }: PayloadDiffOrder, title: string): Promise<true> {
  const [left, right] = await Promise.all([documentOf(client, before), documentOf(client, after)]);
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  return true;
}

/** Shows two texts in the editor for differences. */
export async function showTextDiff(before: { readonly name: string; readonly text: string }, after: { readonly name: string; readonly text: string }, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', keep(before.name, before.text), keep(after.name, after.text), title, { preview: true });
}

/** Shows a text that is in no file. */
export async function showGivenText(name: string, text: string, { preserveFocus = false } = {}): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(keep(name, text)), { preview: true, preserveFocus });
}

/** Shows Markdown as it is meant to look. */
export async function showMarkdown(name: string, text: string): Promise<void> {
  const uri = keep(name, text);
  await vscode.workspace.openTextDocument(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}

function keep(name: string, text: string): vscode.Uri {
  const uri = vscode.Uri.from({ scheme, path: `/${name}`, query: String(++last) });
  texts.set(uri.toString(), text);
  return uri;
}

async function documentOf(client: RunnerClient, side: DiffSide): Promise<vscode.Uri> {
  const { items } = await client.payloads(side.run, side.step, side.side, 1);
  const { run, port, payload, from } = side;
  const wanted = items.filter((row) => (port === undefined || row.port === port) && (payload === undefined || row.id === payload) && (from === undefined || row.from === from) && row.body !== '').slice(0, mostPayloads);
  const printed: string[] = [];
  let left = mostBytes;
  for (const { body, mediaType } of wanted) {
    if (left <= 0) break;
    const text = new TextDecoder().decode((await client.body(run, body)).subarray(0, left));
    left -= text.length;
    printed.push(/[/+]json\b/.test(mediaType) ? printedJson(text) : text);
  }
  const isJson = wanted.every(({ mediaType }) => /[/+]json\b/.test(mediaType));
  return keep(`${side.step} ${side.side}.${isJson ? 'json' : 'txt'}`, `${printed.join('\n')}\n`);
}

function printedJson(text: string): string {
  try {
    return JSON.stringify(parseJson(text), null, 2);
  } catch {
    return text;
  }
}
