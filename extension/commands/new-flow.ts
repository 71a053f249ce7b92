import * as vscode from 'vscode';
import { serialize } from '../../server/model/serialize.ts';
import type { Flow } from '../../server/model/flow.ts';
import { flowViewType } from '../editors/flow-editor.ts';
import { takenFault } from './ask-name.ts';
import { flowFile, flowIdOf, isBelow } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { sampleFolder } from '../sample/open-sample.ts';

interface Template extends vscode.QuickPickItem {
  /** The text of the new flow with its title. */
  text?(title: string): Promise<string>;
}

/** Makes a flow from a template and opens it on the canvas. `given` is the folder that the command was called at, if any. */
export async function newFlow(services: Services, given: unknown): Promise<void> {
  const root = await rootFor(services, given);
  if (!root) return;
  const template = await vscode.window.showQuickPick(await templates(services.extension), { title: 'New Flow', placeHolder: 'Template', matchOnDetail: true });
  if (!template?.text) return;
  const folder = given instanceof vscode.Uri && isBelow(given, vscode.Uri.joinPath(root, 'flows')) ? given.path.slice(root.path.length + '/flows'.length + 1) : '';
  const title = await vscode.window.showInputBox({ ignoreFocusOut: true, title: 'New Flow', prompt: `Title. The file is flows/${folder ? `${folder}/` : ''}<title>.flow.json.`, validateInput: (value) => validate(root, folder, value) });
  if (title === undefined) return;
  const file = fileFor(root, folder, title);
  const edit = new vscode.WorkspaceEdit();
  // A new file is one undo step of the explorer, and never written over an old one.
  edit.createFile(file, { contents: new TextEncoder().encode(await template.text(title.trim())), overwrite: false });
  if (!services.roots.all().some((known) => known.toString() === root.toString())) edit.createFile(vscode.Uri.joinPath(root, 'patchbay.json'), { contents: new TextEncoder().encode(serialize('workspace', { version: 1, title: root.path.split('/').at(-1)! })), ignoreIfExists: true });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`The file ${flowIdOf(root, file)} could not be made.`);
  await vscode.commands.executeCommand('vscode.openWith', file, flowViewType);
}

async function rootFor({ roots }: Services, given: unknown): Promise<vscode.Uri | undefined> {
  await roots.ready;
  if (given instanceof vscode.Uri) return roots.of(given);
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && roots.of(active);
  if (own) return own;
  const all = roots.all();
  const folders = all.length > 0 ? all : (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  if (folders.length === 0) {
    const open = 'Open Folder…';
    if ((await vscode.window.showInformationMessage('A flow is a file in a folder: open one first, or the sample.', open, 'Open Sample')) === open) await vscode.commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  return (await vscode.window.showQuickPick(folders.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })), { title: 'New Flow', placeHolder: 'Workspace' }))?.uri;
}

async function templates(extension: vscode.Uri): Promise<Template[]> {
  const own: Template[] = [
    { label: '$(file) Blank', detail: 'Started by hand, no step yet', text: async (title) => serialize('flow', blank(title, { manual: { trigger: 'manual' } })) },
    { label: '$(watch) Schedule', detail: 'Started every hour', text: async (title) => serialize('flow', blank(title, { hourly: { trigger: 'schedule', settings: { cron: '0 * * * *' } } })) },
    { label: '$(link) Webhook', detail: 'Started by a request, which it answers with what it got', text: async (title) => serialize('flow', { ...blank(title, { hook: { trigger: 'webhook' } }), start: 'reply', steps: { reply: { shape: 'callback' } } }) },
  ];
  const folder = vscode.Uri.joinPath(sampleFolder(extension), 'flows');
  const samples = (await vscode.workspace.fs.readDirectory(folder)).filter(([name]) => name.endsWith('.flow.json'));
  const fromSample = await Promise.all(samples.map(async ([name]): Promise<Template> => {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name)));
    const { title, description } = JSON.parse(text) as Flow;
    return { label: `$(type-hierarchy-sub) ${title ?? name}`, detail: description ?? '', text: async (wanted) => serialize('flow', { ...(JSON.parse(text) as Flow), title: wanted }) };
  }));
  return [...own, { label: 'From the sample', kind: vscode.QuickPickItemKind.Separator }, ...fromSample];
}

const blank = (title: string, triggers: Flow['triggers'] & object): Flow => ({ version: 1, title, triggers, steps: {} });

function fileFor(root: vscode.Uri, folder: string, title: string): vscode.Uri {
  const slug = title.normalize('NFKD').replaceAll(/\p{Mark}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return flowFile(root, folder ? `${folder}/${slug || 'flow'}` : slug || 'flow');
}

async function validate(root: vscode.Uri, folder: string, title: string): Promise<string | undefined> {
  if (title.trim() === '') return 'A flow needs a title.';
  return takenFault(fileFor(root, folder, title));
}
