import * as vscode from 'vscode';
import type { Catalog } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { lint, LintWorld } from '../../server/model/lint.ts';
import { mergeConflictIn } from '../../server/model/merge-conflict.ts';
import { inEditor } from '../../server/model/secret-variable.ts';
import type { Roots } from '../runner/roots.ts';
import type { LookupProblems } from './lookup-problems.ts';
import { lintWorld, type Project, type ProjectFile } from './project.ts';
import type { Projects } from './projects.ts';

/** Findings about the files of all workspaces, shown in Problems. They need no runner. */
export interface Problems extends vscode.Disposable {
  /** What is wrong with a file, as far as it was looked at. */
  of(uri: vscode.Uri): readonly Diagnostic[];
  readonly onDidChange: vscode.Event<void>;
  /** Looks at everything again: the catalogue has changed. */
  refresh(): void;
}

interface Options {
  readonly roots: Roots;
  readonly projects: Projects;
  readonly lookups: LookupProblems;
  readonly catalogOf: (root: vscode.Uri) => { readonly catalog: Catalog; readonly isComplete: boolean };
  readonly note: (problem: string) => void;
}

export function openProblems({ roots, projects, lookups, catalogOf, note }: Options): Problems {
  const shown = vscode.languages.createDiagnosticCollection('patchbay');
  /** Files with a fault of the syntax, and whether VS Code has told of it. */
  const broken = new Map<string, boolean>();
  const found = new Map<string, readonly Diagnostic[]>();
  const linted = new Map<string, Project>();
  const changed = new vscode.EventEmitter<void>();

  let isDisposed = false;

  const show = async (project: Project, isChanged: boolean): Promise<void> => {
    const { lint } = await import('../../server/model/lint.ts');
    if (isDisposed) return;
    const before = isChanged ? linted.get(project.root.toString()) : undefined;
    const { catalog, isComplete } = catalogOf(project.root);
    const world = lintWorld(project, catalog);
    const gone = new Set([...found.keys()].filter((key) => key.startsWith(`${project.root.toString()}/`)));
    const settled = before && isSameWorld(project, before) ? new Set(before.files) : undefined;
    linted.set(project.root.toString(), project);
    for (const file of project.files) {
      const key = file.uri.toString();
      const diagnostics = settled?.has(file) ? found.get(key) : lintFile(lint, file, world, isComplete || !project.hasOwnPlugins);
      if (!diagnostics) continue;
      gone.delete(key);
      if (JSON.stringify(found.get(key)) === JSON.stringify(diagnostics)) continue;
      found.set(key, diagnostics);
      broken.delete(key);
      if (file.read.raw === undefined && !mergeConflictIn(file.text)) broken.set(key, isToldByOthers(file.uri));
      shown.set(file.uri, broken.get(key) === true ? [] : diagnostics.map(toProblem));
    }
    for (const key of gone) { if (roots.of(vscode.Uri.parse(key))?.toString() === project.root.toString()) { found.delete(key); broken.delete(key); shown.delete(vscode.Uri.parse(key)); } }
    changed.fire();
  };
  const tell = (root: vscode.Uri) => (error: Error): void => note(`The files of ${root.fsPath} could not be checked: ${error.message}`);
  const showRoot = (root: vscode.Uri): void => void projects.of(root).then((project) => show(project, false)).catch(tell(root));
  const showAll = (): void => { for (const root of roots.all()) showRoot(root); };
  /** A fault of the syntax is shown once: by VS Code where the file is open, else by us. What a merge has left it does not know. */
  const showBroken = (uri: vscode.Uri): void => {
    const key = uri.toString();
    const before = broken.get(key);
    const isTold = before !== undefined && isToldByOthers(uri);
    if (before === undefined || isTold === before) return;
    broken.set(key, isTold);
    shown.set(uri, isTold ? [] : (found.get(key) ?? []).map(toProblem));
  };
  /** A flow can be open where there is no workspace of ours around it. */
  const showOpened = ({ uri, languageId }: vscode.TextDocument): void => {
    const root = languageId.startsWith('patchbay-') ? roots.of(uri) : undefined;
    if (root && !projects.known(root)) showRoot(root);
  };
  const subscriptions = [
    shown, changed, projects.onDidChange((project) => void show(project, true).catch(tell(project.root))), roots.onDidChange(showAll), vscode.workspace.onDidOpenTextDocument(showOpened),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach(showBroken)),
  ];
  async function begin(): Promise<void> {
    await roots.ready;
    showAll();
    for (const document of vscode.workspace.textDocuments) showOpened(document);
  }
  void begin();
  return {
    of: (uri) => [...(found.get(uri.toString()) ?? []), ...lookups.of(uri)],
    onDidChange: changed.event,
    refresh: showAll,
    dispose: () => { isDisposed = true; for (const subscription of subscriptions) subscription.dispose(); },
  };

  function lintFile(check: typeof lint, { kind, file, text, read }: ProjectFile, world: LintWorld, knowsAllPlugins: boolean): readonly Diagnostic[] {
    try {
      const all = check(kind, file, text, world);
      // Before the runner has loaded the workspace's own plugins nobody can say that one is missing.
      const known = knowsAllPlugins ? all : all.filter(({ code }) => code !== 'CONFIG_UNKNOWN_PLUGIN');
      return known.map((one) => (one.fix === undefined ? one : { ...one, fix: inEditor(one.fix) }));
    } catch (error) {
      note(`${file} could not be checked: ${(error as Error).message}`);
      return read.diagnostics;
    }
  }
}

/** Flows do not depend on each other's content, so that of one flow changes nothing for other files. */
function isSameWorld(project: Project, before: Project): boolean {
  const around = ({ files }: Project): ProjectFile[] => files.filter(({ kind }) => kind !== 'flow');
  const names = ({ files, scripts, lookups, schemaTexts }: Project): string => JSON.stringify([files.map(({ file }) => file), scripts, lookups, [...schemaTexts]]);
  const [now, then] = [around(project), around(before)];
  return now.length === then.length && now.every((file, index) => file === then[index]) && names(project) === names(before);
}

const source = 'Patchbay';

const isToldByOthers = (uri: vscode.Uri): boolean => vscode.languages.getDiagnostics(uri).some((problem) => problem.source !== source && problem.severity === vscode.DiagnosticSeverity.Error);

const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, info: vscode.DiagnosticSeverity.Information } as const;

export function toProblem({ line, column, endLine = line, endColumn = column, severity, code, message, fix }: Diagnostic): vscode.Diagnostic {
  const problem = new vscode.Diagnostic(new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1), fix ? `${message} ${fix}` : message, severities[severity]);
  problem.source = source;
  problem.code = code;
  return problem;
}
