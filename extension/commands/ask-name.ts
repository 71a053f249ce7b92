import * as vscode from 'vscode';

/** Name of a file that there is not yet. */
export async function askName(title: string, fileOf: (name: string) => vscode.Uri, value = ''): Promise<string | undefined> {
  const validateInput = async (text: string): Promise<string | undefined> => {
    const name = text.trim();
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return 'Use lower-case words joined by hyphens, such as shop-eu.';
    return takenFault(fileOf(name));
  };
  return (await vscode.window.showInputBox({ ignoreFocusOut: true, title, prompt: 'Its name, which is that of its file.', value, validateInput }))?.trim();
}

/** Says where a name is taken. */
export async function takenFault(file: vscode.Uri): Promise<string | undefined> {
  return vscode.workspace.fs.stat(file).then(() => `${vscode.workspace.asRelativePath(file)} is there already.`, () => undefined);
}
