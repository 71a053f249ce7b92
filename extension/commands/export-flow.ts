import * as vscode from 'vscode';
import type { Flow } from '../../server/model/flow.ts';
import { markdownOf } from '../../server/model/picture/markdown.ts';
import { buildScene } from '../../server/model/picture/scene.ts';
import { svgOf } from '../../server/model/picture/svg.ts';
import { projectFile } from '../language/read-project.ts';
import { flowIdOf, pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';

/** Writes a flow as a picture or a document, where the user says. */
export async function exportFlow({ roots, catalogs }: Services, uri: vscode.Uri | undefined): Promise<void> {
  const root = uri && roots.of(uri);
  if (!uri || !root || !uri.path.endsWith('.flow.json')) return void vscode.window.showInformationMessage('Open a flow first.');
  const id = flowIdOf(root, uri);
  const { read } = projectFile(uri, 'flow', pathIn(root, uri), (await vscode.workspace.openTextDocument(uri)).getText());
  if (read.value === undefined) return void vscode.window.showErrorMessage(`${pathIn(root, uri)} has errors, so there is nothing to draw. Problems shows them.`);
  const flow = read.value as Flow;
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(root, `${id.split('/').at(-1)!}.svg`), filters: { 'SVG picture': ['svg'], 'Markdown document': ['md'] }, title: 'Export Flow' });
  if (!target) return;
  const scene = buildScene(flow, catalogs.of(root));
  const text = target.path.endsWith('.md') ? markdownOf(flow, scene, id) : svgOf(scene, { title: flow.title ?? id });
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
