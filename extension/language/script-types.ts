import * as vscode from 'vscode';
import type { Catalog } from '../../server/model/catalog.ts';
import { scriptsConfig, scriptsConfigFile, scriptTypes, typesFile } from '../../server/model/script-types.ts';
import type { WorkspaceFile } from '../../server/model/workspace.ts';
import type { Services } from '../services.ts';
import { pathIn } from '../runner/roots.ts';
import { lintWorld, type Project } from './project.ts';

/**
 * What VS Code must know to complete `input` and `context` in scripts, as `patchbay types` writes it: kept up to date while a script is open, since it is not under
 * version control and names the lookups there are. In Restricted Mode nothing is written.
 */
export function keepScriptTypes({ roots, projects, catalogs, log }: Pick<Services, 'roots' | 'projects' | 'catalogs' | 'log'>): vscode.Disposable {
  const rootOf = ({ uri }: vscode.TextDocument): vscode.Uri | undefined => {
    const root = uri.scheme === 'file' ? roots.of(uri) : undefined;
    return root && /^scripts\/.*\.[cm]?[jt]s$/.test(pathIn(root, uri)) ? root : undefined;
  };
  const update = async (root: vscode.Uri | undefined): Promise<void> => {
    if (!root || !vscode.workspace.isTrusted) return;
    try {
      await write(await projects.of(root), catalogs.of(root));
    } catch (error) {
      log.warn(`The declarations for scripts could not be written: ${(error as Error).message}`);
    }
  };
  for (const document of vscode.workspace.textDocuments) void update(rootOf(document));
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => void update(rootOf(document))),
    vscode.workspace.onDidGrantWorkspaceTrust(() => { for (const document of vscode.workspace.textDocuments) void update(rootOf(document)); }),
    projects.onDidChange(({ root }) => { if (vscode.workspace.textDocuments.some((document) => rootOf(document)?.toString() === root.toString())) void update(root); }),
  );
}

async function write(project: Project, catalog: Catalog): Promise<void> {
  const { root, files } = project;
  const config = files.find(({ kind }) => kind === 'workspace')?.read.value as WorkspaceFile | undefined;
  await writeChanged(vscode.Uri.joinPath(root, typesFile), scriptTypes(lintWorld(project, catalog), config?.scripts?.hosts ?? []));
  const settings = vscode.Uri.joinPath(root, scriptsConfigFile);
  // Those that somebody has made are his own.
  if ((await textOf(settings)) === undefined) await writeChanged(settings, scriptsConfig);
}

async function writeChanged(file: vscode.Uri, text: string): Promise<void> {
  if ((await textOf(file)) !== text) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
}

const textOf = async (file: vscode.Uri): Promise<string | undefined> => vscode.workspace.fs.readFile(file).then((bytes) => new TextDecoder().decode(bytes), () => undefined);
