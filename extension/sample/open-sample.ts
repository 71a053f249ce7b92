import { homedir } from 'node:os';
import * as vscode from 'vscode';

/** Where the sample lies in the extension. */
export const sampleFolder = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist', 'samples', 'brook-and-co');

/** What a window does after the sample's folder was opened in it: opening a folder ends the extension. */
const afterOpening = 'sample.open';
const firstFlow = 'flows/import-orders.flow.json';

/** Copies the sample into a folder of the user's and opens it. What is there already is kept. */
export async function openSample(extension: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  if (!(await exists(vscode.Uri.joinPath(folder, 'patchbay.json')))) await vscode.workspace.fs.copy(sampleFolder(extension), folder, { overwrite: true });
  await memory.update(afterOpening, folder.toString());
  if (vscode.workspace.workspaceFolders?.some(({ uri }) => uri.toString() === folder.toString())) return showSample(memory);
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceReuseWindow: (vscode.workspace.workspaceFolders?.length ?? 0) === 0 });
}

/** Shows the first flow of a sample that was just opened. */
export async function showSample(memory: vscode.Memento): Promise<void> {
  const wanted = memory.get<string>(afterOpening);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === wanted)?.uri;
  if (!folder) return;
  await memory.update(afterOpening, undefined);
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(folder, firstFlow), { preview: false });
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const chosen = vscode.workspace.getConfiguration('patchbay.sample').get('folder', '').trim();
  if (chosen) return vscode.Uri.file(chosen);
  const usual = vscode.Uri.joinPath(vscode.Uri.file(homedir()), 'patchbay-sample');
  const other = 'Choose a Folder…';
  const isThere = await exists(usual);
  const picked = await vscode.window.showQuickPick(
    [{ label: usual.fsPath, description: isThere ? 'open what is there' : 'new folder' }, { label: other, description: '' }],
    { title: 'Open Sample', placeHolder: 'Where the sample goes' },
  );
  if (picked?.label !== other) return picked && usual;
  const [parent] = (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: 'Put Sample Here', title: 'Open Sample' })) ?? [];
  return parent && vscode.Uri.joinPath(parent, 'patchbay-sample');
}

const exists = (file: vscode.Uri): Promise<boolean> => Promise.resolve(vscode.workspace.fs.stat(file)).then(() => true, () => false);
