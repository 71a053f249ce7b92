import * as vscode from 'vscode';

/** As far as it is used, what VS Code's own Git extension offers. */
interface GitExtension {
  getAPI(version: 1): { getRepository(uri: vscode.Uri): { show(ref: string, path: string): Promise<string> } | null };
}

const gitExtension = () => vscode.extensions.getExtension<GitExtension>('vscode.git');

export const hasGit = (): boolean => gitExtension() !== undefined;

/** A file as git's HEAD has it. Fails where there is no repository, or where HEAD does not have it. */
export async function committedText(file: vscode.Uri): Promise<string> {
  const git = await gitExtension()?.activate();
  const repository = git?.getAPI(1).getRepository(file);
  if (!repository) throw new Error('The flow is in no repository of git that is open.');
  return repository.show('HEAD', file.fsPath);
}
