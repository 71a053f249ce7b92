import * as vscode from 'vscode';
import type { Catalog } from '../../server/model/catalog.ts';
import type { Flow } from '../../server/model/flow.ts';
import type { JsonChange } from '../../server/model/json-compare.ts';
import { compareFlows, type NodeChange } from '../../server/model/picture/compare.ts';
import { buildScene } from '../../server/model/picture/scene.ts';
import { svgOf, type Mark } from '../../server/model/picture/svg.ts';
import { projectFile } from '../language/read-project.ts';
import type { Services } from '../services.ts';
import { committedText } from './committed.ts';

interface Side { readonly name: string; readonly text: string }

/**
 * Shows two states of a flow as pictures, with what was added, removed and changed: both sides of the difference of texts in front, else the file as git's HEAD
 * has it and as it is now.
 */
export async function showComparedFlows({ roots, catalogs, extension }: Services, given: unknown): Promise<void> {
  const sides = await sidesOf(given);
  if (!sides) return void vscode.window.showInformationMessage('Open a flow, or a difference of one, first.');
  const { file, before, after } = sides;
  const [old, fresh] = [before, after].map((side) => flowOf(side));
  const name = file.path.split('/').at(-1)!;
  const panel = vscode.window.createWebviewPanel('patchbay.comparedFlows', `Compare ${name}`, vscode.ViewColumn.Active, { enableScripts: false, enableFindWidget: true });
  const media = vscode.Uri.joinPath(extension, 'extension', 'media');
  panel.iconPath = { light: vscode.Uri.joinPath(media, 'file-light.svg'), dark: vscode.Uri.joinPath(media, 'file-dark.svg') };
  panel.webview.html = pageOf(name, { ...before, flow: old! }, { ...after, flow: fresh! }, catalogs.of(roots.of(file)));
}

/** The file that a menu of source control, the explorer or an editor names; else the one in front. */
async function sidesOf(given: unknown): Promise<{ readonly file: vscode.Uri; readonly before: Side; readonly after: Side } | undefined> {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  const named = given instanceof vscode.Uri ? given : (given as { readonly resourceUri?: vscode.Uri } | undefined)?.resourceUri;
  if (input instanceof vscode.TabInputTextDiff && isFlow(input.modified) && (!named || named.path === input.modified.path)) {
    const [before, after] = await Promise.all([sideOf(input.original), sideOf(input.modified)]);
    return { file: vscode.Uri.file(input.modified.fsPath), before, after };
  }
  const open = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
  const file = named ?? open;
  if (!file || !isFlow(file)) return undefined;
  const committed = await committedText(file).catch((error: Error) => { throw new Error(`There is nothing to compare ${vscode.workspace.asRelativePath(file)} with: ${error.message}`); });
  return { file, before: { name: 'HEAD', text: committed }, after: await sideOf(file) };
}

const isFlow = ({ path }: vscode.Uri): boolean => path.endsWith('.flow.json');

async function sideOf(uri: vscode.Uri): Promise<Side> {
  const text = await vscode.workspace.openTextDocument(uri).then((document) => document.getText(), () => '');
  return { name: uri.scheme === 'file' || uri.scheme === 'vscode-remote' ? 'Now' : 'Before', text };
}

/** A side that is empty is a flow that is not there yet, or no longer. */
function flowOf({ name, text }: Side): Flow {
  if (text.trim() === '') return { version: 1, steps: {} };
  const { read } = projectFile(vscode.Uri.file('/flow'), 'flow', 'flow', text);
  if (read.value === undefined) throw new Error(`"${name}" cannot be read as a flow, so there is no picture of it: ${read.diagnostics[0]?.message ?? ''} Compare the texts.`);
  return read.value as Flow;
}

function pageOf(title: string, before: Side & { readonly flow: Flow }, after: Side & { readonly flow: Flow }, catalog: Catalog): string {
  const { nodes, others } = compareFlows(before.flow, after.flow);
  const marksOf = (...kinds: readonly Mark[]): Record<string, Mark> => Object.fromEntries(nodes.filter(({ kind }) => kinds.includes(kind)).map(({ id, kind }) => [id, kind]));
  const picture = ({ name, flow }: typeof before, marks: Record<string, Mark>): string => `<section aria-label="${escaped(name)}"><h2>${escaped(name)}</h2><div class="picture" tabindex="0">${svgOf(buildScene(flow, catalog), { title: flow.title ?? title, marks })}</div></section>`;
  const count = nodes.length + others.length;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escaped(title)}</title><style>${styles}</style></head><body>
<h1>${escaped(title)}</h1><p role="status">${count === 0 ? 'The steps are the same; at most they stand elsewhere.' : `${count} ${count === 1 ? 'difference' : 'differences'}.`}</p>
${picture(before, marksOf('removed', 'changed'))}${picture(after, marksOf('added', 'changed'))}
${count === 0 ? '' : `<section aria-label="Differences"><h2>Differences</h2><ul>${nodes.map(nodeText).join('')}${others.map((change) => `<li>Flow ${changeText(change)}</li>`).join('')}</ul></section>`}
</body></html>`;
}

const nodeText = ({ id, kind, title, changes }: NodeChange): string => `<li><b class="${kind}">${kind}</b> ${escaped(title)}${title === id ? '' : ` <code>${escaped(id)}</code>`}${changes.length === 0 ? '' : `<ul>${changes.map((change) => `<li>${changeText(change)}</li>`).join('')}</ul>`}</li>`;

const changeText = ({ pointer, ...values }: JsonChange): string => `<code>${escaped(pointer)}</code>: ${'before' in values ? `<del>${shown(values.before)}</del>` : 'nothing'} → ${'after' in values ? `<ins>${shown(values.after)}</ins>` : 'nothing'}`;

const shown = (value: unknown): string => { const text = JSON.stringify(value); return escaped(text.length > 300 ? `${text.slice(0, 299)}…` : text); };

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const styles = `
body { padding: 0 20px 20px; color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
h1 { font-size: 1.3em; } h2 { font-size: 1.1em; }
.picture { overflow: auto; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
.picture:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.picture svg { display: block; }
.picture .g { fill: var(--vscode-editor-background); } .picture .n { fill: var(--vscode-editorWidget-background); stroke: var(--vscode-descriptionForeground); }
.picture .t, .picture .c, .picture .m { fill: var(--vscode-foreground); stroke: none; } .picture .s, .picture .p { fill: var(--vscode-descriptionForeground); }
.picture .e, .picture .a { stroke: var(--vscode-descriptionForeground); } .picture .e.error { stroke: var(--vscode-errorForeground); }
.picture .n.added { stroke: var(--vscode-gitDecoration-addedResourceForeground); } .picture .n.removed { stroke: var(--vscode-gitDecoration-deletedResourceForeground); } .picture .n.changed { stroke: var(--vscode-gitDecoration-modifiedResourceForeground); }
.added { color: var(--vscode-gitDecoration-addedResourceForeground); } .removed { color: var(--vscode-gitDecoration-deletedResourceForeground); } .changed { color: var(--vscode-gitDecoration-modifiedResourceForeground); }
code, del, ins { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; } del { text-decoration: line-through; } ins { text-decoration: none; }
`;
