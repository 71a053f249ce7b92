import * as vscode from 'vscode';
import { lintWorld, pathsOf } from '../language/project.ts';
import { isBelow, pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';

/**
 * Saves what a run reads, and nothing else, for the runner reads files: what is only in editors would not count. `starts`: the files that it is about, below the
 * root; what they use is found here. Where VS Code is set to save nothing before a debug session, nothing is saved here either, and it is said.
 */
export async function saveUsed({ projects, catalogs, environments }: Services, root: vscode.Uri, starts: readonly string[], environment = environments.chosen(root)): Promise<void> {
  const documents = vscode.workspace.textDocuments.filter(({ isDirty, isUntitled, uri }) => isDirty && !isUntitled && isBelow(uri, root));
  // Lookups are no text documents.
  const sheets = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ isDirty, input }) => (isDirty && input instanceof vscode.TabInputCustom && isBelow(input.uri, root) ? [input.uri] : []));
  if (documents.length + sheets.length === 0) return;
  const [{ usedFiles }, { withText }] = await Promise.all([import('../../server/model/used-files.ts'), import('../language/read-project.ts')]);
  // What is just typed is not in the project yet.
  const project = documents.reduce((known, document) => withText(known, document.uri, document.getText()) ?? known, await projects.of(root));
  const used = usedFiles(starts, environment ?? project.environment, { files: project.files, paths: pathsOf(project), world: lintWorld(project, catalogs.of(root)) });
  const isUsed = (uri: vscode.Uri): boolean => used.has(pathIn(root, uri));
  const [texts, others] = [documents.filter(({ uri }) => isUsed(uri)), sheets.filter((uri) => isUsed(uri) && !documents.some((document) => document.uri.toString() === uri.toString()))];
  if (vscode.workspace.getConfiguration('debug', root).get('saveBeforeStart') === 'none') {
    const names = [...texts.map(({ uri }) => uri), ...others].map((uri) => uri.path.split('/').at(-1)!);
    if (names.length > 0) void vscode.window.setStatusBarMessage(`$(warning) Not saved, so the files count as they were: ${names.join(', ')}`, shownMs);
    return;
  }
  for (const document of texts) if (!(await document.save())) throw new Error(`${document.uri.path.split('/').at(-1)} could not be saved, so nothing was started.`);
  for (const uri of others) await vscode.workspace.save(uri);
}

const shownMs = 10_000;
