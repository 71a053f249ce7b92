import { applyEdits, modify, parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import { lintWorld } from '../language/project.ts';
import { pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { askName, takenFault } from './ask-name.ts';
import { chooseEnvironment } from './runner-commands.ts';

/** The commands of the trees about files. */
export function fileCommands(services: Services): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  return {
    'patchbay.copyPath': async (given) => { const uri = uriOf(given); if (uri) await vscode.env.clipboard.writeText(vscode.workspace.asRelativePath(uri, false)); },
    'patchbay.deleteFile': async (given) => { const uri = uriOf(given); if (uri) await deleteFile(services, uri); },
    'patchbay.duplicateFile': async (given) => { const uri = uriOf(given); if (uri) await duplicateFile(uri); },
    'patchbay.newFile': async (given) => (await import('./new-file.ts')).newFile(services, given),
    'patchbay.newEnvironment': async (given) => (await import('./new-file.ts')).newFile(services, { ...(given as object | undefined), make: 'environment' }),
    'patchbay.renameFile': async (given) => { const uri = uriOf(given); if (uri) await renameFile(uri); },
    'patchbay.useEnvironment': async (given) => {
      const { root, file } = given as { readonly root: vscode.Uri; readonly file: { readonly id: string } };
      const runner = services.runners.of(file && vscode.Uri.joinPath(root, 'patchbay.json'));
      if (runner) await chooseEnvironment(services, runner, file.id);
    },
  };
}

const uriOf = (given: unknown): vscode.Uri | undefined => (given instanceof vscode.Uri ? given : (given as { readonly file?: { readonly uri?: vscode.Uri } } | undefined)?.file?.uri);

/** What names the file follows it. */
async function renameFile(uri: vscode.Uri): Promise<void> {
  const file = uri.path.split('/').at(-1)!;
  const [, id = '', ending = ''] = /^([^.]*)(.*)$/.exec(file) ?? [];
  const place = (name: string): vscode.Uri => vscode.Uri.joinPath(uri, '..', `${name}${ending}`);
  const validateInput = async (text: string): Promise<string | undefined> => {
    const name = text.trim();
    if (!/^[\w-]+$/.test(name)) return 'Use letters, digits, hyphens and underscores.';
    // Where the system does not tell capitals, another spelling of the file's own name is there, too.
    return name.toLowerCase() === id.toLowerCase() ? undefined : takenFault(place(name));
  };
  const to = (await vscode.window.showInputBox({ ignoreFocusOut: true, title: `Rename ${file}`, value: id, prompt: 'What names it follows, in all files.', validateInput }))?.trim();
  if (to === undefined || to === id) return;
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(uri, place(to));
  const settings = await settingsOf(uri);
  if (settings) edit.renameFile(settings, vscode.Uri.joinPath(uri, '..', `${to}.lookup.json`));
  const dirty = new Set(vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty));
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${file} could not be renamed: is there a file of that name already?`);
  // The file has its name on disk: those that name it must, too.
  for (const document of vscode.workspace.textDocuments) if (document.isDirty && !dirty.has(document)) await document.save();
}

/** A copy under another name, with the settings beside it, and a title that tells it from the first one. */
async function duplicateFile(uri: vscode.Uri): Promise<void> {
  const file = uri.path.split('/').at(-1)!;
  const [, id = '', ending = ''] = /^([^.]*)(.*)$/.exec(file) ?? [];
  const place = (name: string, end = ending): vscode.Uri => vscode.Uri.joinPath(uri, '..', `${name}${end}`);
  const to = await askName(`Duplicate ${file}`, place, `${id}-copy`);
  if (to === undefined) return;
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const edit = new vscode.WorkspaceEdit();
  const bytes = open ? new TextEncoder().encode(open.getText()) : await vscode.workspace.fs.readFile(uri);
  edit.createFile(place(to), { contents: ending.endsWith('.json') ? withTitle(bytes) : bytes, overwrite: false });
  const settings = await settingsOf(uri);
  if (settings) edit.createFile(place(to, '.lookup.json'), { contents: withTitle(await vscode.workspace.fs.readFile(settings)), overwrite: false });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${file} could not be copied: is there a file of that name already?`);
  await vscode.commands.executeCommand('vscode.open', place(to));
}

function withTitle(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const title = (parse(text) as { readonly title?: unknown } | undefined)?.title;
  return typeof title === 'string' ? new TextEncoder().encode(applyEdits(text, modify(text, ['title'], `Copy of ${title}`, {}))) : bytes;
}

/** The settings beside a lookup. */
async function settingsOf(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (!uri.path.endsWith('.csv')) return undefined;
  const settings = uri.with({ path: uri.path.replace(/\.csv$/, '.lookup.json') });
  return vscode.workspace.fs.stat(settings).then(() => settings, () => undefined);
}

/** Into the trash, after a question that says who names the file. */
async function deleteFile({ roots, projects, catalogs }: Services, uri: vscode.Uri): Promise<void> {
  const { fileOf, namesIn } = await import('../../server/model/names.ts');
  const root = roots.of(uri);
  const name = vscode.workspace.asRelativePath(uri, false);
  const project = root && (await projects.of(root));
  const world = project && lintWorld(project, catalogs.of(root));
  const users = project?.files.filter((file) => namesIn(file, world!).some((spot) => !spot.isDefinition && fileOf(spot.kind, spot.name) === pathIn(project.root, uri))) ?? [];
  const detail = users.length === 0 ? 'No flow, mapping or setting names it.' : `It is named in ${users.slice(0, 5).map(({ file }) => file).join(', ')}${users.length > 5 ? ` and ${users.length - 5} more` : ''}.`;
  const remove = 'Move to Trash';
  if ((await vscode.window.showWarningMessage(`Delete ${name}?`, { modal: true, detail }, remove)) !== remove) return;
  const settings = await settingsOf(uri);
  const all = settings ? [uri, settings] : [uri];
  try {
    for (const one of all) await vscode.workspace.fs.delete(one, { useTrash: true });
  } catch {
    // Not every machine has one: a remote one may well not.
    const forever = 'Delete Permanently';
    if ((await vscode.window.showWarningMessage(`${name} could not be moved to the trash.`, { modal: true, detail: 'It can be deleted, and is gone then.' }, forever)) !== forever) return;
    for (const one of all) if (await vscode.workspace.fs.stat(one).then(() => true, () => false)) await vscode.workspace.fs.delete(one);
  }
}
