import * as vscode from 'vscode';
import { readFile } from '../../server/model/read.ts';
import { fileKinds, type FileKind, type WorkspaceFile } from '../../server/model/workspace.ts';
import { ignored, pathIn } from '../runner/roots.ts';
import { kindOf, projectPattern, type Project, type ProjectFile } from './project.ts';

const scriptFile = /^scripts\/.*(?<!\.test|\.d)\.[cm]?[jt]s$/;

/** Reads a project. `before` saves reading what has not changed. */
export async function readProject(root: vscode.Uri, before?: Project): Promise<Project> {
  const found = (await vscode.workspace.findFiles(new vscode.RelativePattern(root, projectPattern), ignored)).sort((one, other) => one.path.localeCompare(other.path));
  const names = found.map((uri) => pathIn(root, uri));
  const known = new Map(before?.files.map((file) => [file.file, file]));
  const files: ProjectFile[] = [];
  for (const [index, uri] of found.entries()) {
    const file = names[index]!;
    const kind = kindOf(file);
    const text = kind && (await textOf(uri));
    if (kind === undefined || text === undefined) continue;
    const old = known.get(file);
    files.push(old?.text === text ? old : projectFile(uri, kind, file, text));
  }
  const schemas = found.map((uri, index) => ({ uri, file: names[index]! })).filter(({ file }) => file.startsWith('schemas/') && file.endsWith('.json'));
  return projectOf(root, files, {
    scripts: names.filter((file) => scriptFile.test(file)),
    schemas: schemas.map(({ file }) => file),
    schemaTexts: new Map(await Promise.all(schemas.map(async ({ uri, file }) => [file, (await textOf(uri)) ?? ''] as const))),
    lookups: names.filter((file) => file.startsWith('lookups/') && file.endsWith('.csv')).map((file) => file.slice('lookups/'.length, -'.csv'.length)),
    plugins: names.filter((file) => file.startsWith('plugins/')),
  });
}

/** The project with a new text of one of its files; `undefined` where that file is not of it yet. */
export function withText(project: Project, uri: vscode.Uri, text: string): Project | undefined {
  const key = uri.toString();
  const old = project.files.find((file) => file.uri.toString() === key);
  if (!old || old.text === text) return old && project;
  const fresh = projectFile(uri, old.kind, old.file, text);
  return projectOf(project.root, project.files.map((file) => (file === old ? fresh : file)), project);
}

function projectOf(root: vscode.Uri, files: readonly ProjectFile[], { scripts, schemas, schemaTexts, lookups, plugins }: Pick<Project, 'scripts' | 'schemas' | 'schemaTexts' | 'lookups' | 'plugins'>): Project {
  const config = files.find(({ kind }) => kind === 'workspace')?.read.value as WorkspaceFile | undefined;
  return {
    root, files, scripts, schemas, schemaTexts, lookups, plugins,
    hasOwnPlugins: plugins.length > 0 || (config?.plugins?.length ?? 0) > 0,
    environment: config?.environment,
    groups: Object.keys(config?.notifications?.groups ?? {}),
    values: <T>(kind: FileKind) => Object.fromEntries(files.flatMap(({ kind: own, id, read }) => (own === kind && read.value !== undefined ? [[id, read.value as T]] : []))),
  };
}

export function projectFile(uri: vscode.Uri, kind: FileKind, file: string, text: string): ProjectFile {
  const { folder, ending } = fileKinds[kind];
  return { uri, kind, file, text, id: folder === '' ? '' : file.slice(folder.length + 1, -ending.length), read: readFile(kind, file, text) };
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // It has gone since it was found.
    return undefined;
  }
}
