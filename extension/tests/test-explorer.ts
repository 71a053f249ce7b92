import * as vscode from 'vscode';
import { pointerOf } from '../../server/model/json.ts';
import type { TestFile } from '../../server/model/test-file.ts';
import type { CaseFailure, CaseReport, TestReport } from '../../server/model/test-report.ts';
import { report } from '../commands/report.ts';
import { saveUsed } from '../commands/save-used.ts';
import type { Project, ProjectFile } from '../language/project.ts';
import { NotTrusted } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { addCoverage } from './coverage.ts';
import { debugTests } from './debug-tests.ts';

/** A file of tests, or a case of one. */
interface Known {
  readonly root: vscode.Uri;
  readonly file: ProjectFile;
  /** Name of the case. */
  readonly name?: string;
}

/** The tests of all workspaces in the Test Explorer: run, watched, with coverage. The runner runs them; without it they are only shown. */
export function registerTestExplorer(services: Services): vscode.Disposable {
  const { roots, projects, log } = services;
  const controller = vscode.tests.createTestController('patchbay', 'Patchbay');
  const known = new WeakMap<vscode.TestItem, Known>();

  const show = (project: Project): void => {
    const folder = project.root.toString();
    const own = new Map([...controller.items].filter(([, item]) => known.get(item)?.root.toString() === folder));
    for (const file of project.files) {
      if (file.kind !== 'test') continue;
      const id = file.uri.toString();
      own.delete(id);
      const item = controller.items.get(id) ?? controller.createTestItem(id, '', file.uri);
      fill(controller, known, item, project.root, file);
      controller.items.add(item);
    }
    for (const id of own.keys()) controller.items.delete(id);
  };
  const showAll = async (): Promise<void> => {
    await roots.ready;
    for (const root of roots.all()) show(await projects.of(root));
  };
  controller.refreshHandler = showAll;
  controller.resolveHandler = (item) => (item ? undefined : showAll());

  const coverages = new WeakMap<vscode.FileCoverage, readonly vscode.FileCoverageDetail[]>();
  const run = async (request: vscode.TestRunRequest, token: vscode.CancellationToken, how: 'run' | 'cover' | 'debug'): Promise<void> => {
    const session = controller.createTestRun(request);
    try {
      for (const [root, files] of grouped(wantedItems(controller, request), known)) {
        if (token.isCancellationRequested) break;
        const ask = how === 'debug' ? debugging(root, session, token) : running(services, root, token);
        if (ask) await runRoot({ session, files, known, token, ask, ...(how === 'cover' && { cover: (found) => { addCoverage(session, root, found, coverages); services.coverages.set(root, found.coverage); } }) });
      }
    } catch (error) {
      report(log, error);
    } finally {
      session.end();
    }
  };
  const start = (how: 'run' | 'cover') => async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
    if (!request.continuous) return run(request, token, how);
    // Watching: again whenever a file of a workspace changes.
    let running = Promise.resolve();
    const again = (): void => { running = running.then(() => (token.isCancellationRequested ? undefined : run(request, token, how))); };
    const listening = projects.onDidChange(again);
    token.onCancellationRequested(() => listening.dispose());
    again();
  };
  const profile = controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, start('run'), true, undefined, true);
  const coverage = controller.createRunProfile('Run with Coverage', vscode.TestRunProfileKind.Coverage, start('cover'), true, undefined, true);
  const debug = controller.createRunProfile('Debug', vscode.TestRunProfileKind.Debug, (request, token) => run(request, token, 'debug'), true);
  coverage.loadDetailedCoverage = async (_session, file) => [...(coverages.get(file) ?? [])];

  void showAll().catch((error: unknown) => report(log, error));
  const subscriptions = [controller, profile, coverage, debug, projects.onDidChange(show), roots.onDidChange(() => void showAll().catch((error: unknown) => report(log, error)))];
  return { dispose: () => { for (const one of subscriptions) one.dispose(); } };
}

function fill(controller: vscode.TestController, known: WeakMap<vscode.TestItem, Known>, item: vscode.TestItem, root: vscode.Uri, file: ProjectFile): void {
  const { title, cases = {} } = (file.read.value ?? {}) as Partial<TestFile>;
  item.label = title ?? file.id;
  item.description = title === undefined ? '' : file.id;
  item.error = file.read.value ? undefined : new vscode.MarkdownString('The file has errors: see *Problems*.');
  known.set(item, { root, file });
  item.children.replace(Object.entries(cases).map(([name, { skip }], index) => {
    const child = item.children.get(name) ?? controller.createTestItem(name, name, file.uri);
    child.range = rangeOf(file, pointerOf(['cases', name]));
    child.sortText = String(index).padStart(6, '0');
    child.description = skip ?? '';
    known.set(child, { root, file, name });
    return child;
  }));
}

function rangeOf(file: ProjectFile, pointer: string): vscode.Range {
  const { line, column, endLine, endColumn } = file.read.mark(pointer, { key: true });
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

/** Cases, and files where all of theirs are wanted. */
function wantedItems(controller: vscode.TestController, { include, exclude = [] }: vscode.TestRunRequest): vscode.TestItem[] {
  const chosen = include ?? [...controller.items].map(([, item]) => item);
  return chosen.flatMap((item) => (item.children.size > 0 ? [...item.children].map(([, child]) => child) : [item])).filter((item) => !exclude.includes(item) && !(item.parent && exclude.includes(item.parent)));
}

/** Workspace → file → the cases of it. */
function grouped(items: readonly vscode.TestItem[], known: WeakMap<vscode.TestItem, Known>): Map<vscode.Uri, Map<ProjectFile, vscode.TestItem[]>> {
  const roots = new Map<string, vscode.Uri>();
  const all = new Map<vscode.Uri, Map<ProjectFile, vscode.TestItem[]>>();
  for (const item of items) {
    const one = known.get(item);
    if (!one) continue;
    const root = roots.get(one.root.toString()) ?? one.root;
    roots.set(one.root.toString(), root);
    const files = all.get(root) ?? new Map<ProjectFile, vscode.TestItem[]>();
    all.set(root, files);
    files.set(one.file, [...(files.get(one.file) ?? []), item]);
  }
  return all;
}

/** Has the cases of a part run. `undefined`: the user has stopped it. */
type Ask = (part: Part) => Promise<TestReport | undefined>;

function running(services: Services, root: vscode.Uri, token: vscode.CancellationToken): Ask | undefined {
  if (!vscode.workspace.isTrusted) throw new NotTrusted();
  const runner = services.runners.of(root);
  return runner && (async ({ files, cases }) => {
    const stop = new AbortController();
    const listening = token.onCancellationRequested(() => stop.abort());
    try {
      // What is in the editors counts, as with a run.
      await saveUsed(services, root, files.map(({ file }) => file));
      return await runner.client.runTests({ files: files.map(({ file }) => file), ...(cases && { cases }) }, stop.signal);
    } finally {
      listening.dispose();
    }
  });
}

/** A session for each file, or for each case where not all of them are wanted. */
const debugging = (root: vscode.Uri, session: vscode.TestRun, token: vscode.CancellationToken): Ask => async ({ files, cases }) => {
  const reports: TestReport[] = [];
  for (const { file } of files) {
    for (const name of cases ?? [undefined]) {
      const found = token.isCancellationRequested ? undefined : await debugTests(vscode.workspace.getWorkspaceFolder(root), { root, file, ...(name !== undefined && { name }) }, session, token);
      if (!found) return undefined;
      reports.push(found);
    }
  }
  const [first] = reports;
  return first && { ...first, cases: reports.flatMap((one) => one.cases) };
};

interface RootRun {
  readonly session: vscode.TestRun;
  readonly files: ReadonlyMap<ProjectFile, readonly vscode.TestItem[]>;
  readonly known: WeakMap<vscode.TestItem, Known>;
  readonly token: vscode.CancellationToken;
  readonly ask: Ask;
  readonly cover?: (report: TestReport) => void;
}

async function runRoot({ session, files, known, token, ask, cover }: RootRun): Promise<void> {
  for (const part of partsOf(files, known)) {
    if (token.isCancellationRequested) return;
    const items = part.files.flatMap((file) => files.get(file) ?? []);
    for (const item of items) session.started(item);
    try {
      const found = await ask(part);
      if (!found) return items.forEach((item) => session.skipped(item));
      for (const file of part.files) tell(session, files.get(file) ?? [], known, found, file);
      cover?.(found);
    } catch (error) {
      if (token.isCancellationRequested) return;
      for (const item of items) session.errored(item, new vscode.TestMessage((error as Error).message));
    }
  }
}

interface Part {
  readonly files: readonly ProjectFile[];
  /** Default all of them. */
  readonly cases?: readonly string[];
}

/** What the runner is asked for at once: whole files together, and each file of which only some cases are wanted. */
function partsOf(files: ReadonlyMap<ProjectFile, readonly vscode.TestItem[]>, known: WeakMap<vscode.TestItem, Known>): Part[] {
  const whole: ProjectFile[] = [];
  const parts: Part[] = [];
  for (const [file, items] of files) {
    const names = items.map((item) => known.get(item)?.name).filter((name) => name !== undefined);
    const all = Object.keys((file.read.value as Partial<TestFile> | undefined)?.cases ?? {});
    if (names.length === 0 || names.length === all.length) whole.push(file);
    else parts.push({ files: [file], cases: names });
  }
  return [...(whole.length > 0 ? [{ files: whole }] : []), ...parts];
}

function tell(session: vscode.TestRun, items: readonly vscode.TestItem[], known: WeakMap<vscode.TestItem, Known>, { cases }: TestReport, file: ProjectFile): void {
  for (const item of items) {
    const name = known.get(item)?.name;
    const own = cases.filter((one) => one.file === file.file && (name === undefined || one.name === name));
    const durationMs = own.reduce((sum, one) => sum + one.durationMs, 0);
    const failures = own.flatMap((one) => one.failures.map((failure) => messageOf(one, failure, file)));
    const [first] = own;
    if (!first) session.errored(item, new vscode.TestMessage('The runner knows no such case: is the file saved?'));
    else if (own.every(({ status }) => status === 'skipped')) session.skipped(item);
    else if (failures.length > 0) session.failed(item, failures, durationMs);
    else session.passed(item, durationMs);
  }
}

function messageOf({ row, input }: CaseReport, { message, expected, actual, remedy, line, column }: CaseFailure, file: ProjectFile): vscode.TestMessage {
  const text = [`${row === undefined ? '' : `Row ${row}: `}${message}`, remedy, input === undefined ? undefined : `Payload: ${JSON.stringify(input)}`].filter((part) => part !== undefined).join('\n');
  const told = expected === undefined && actual === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, shown(expected), shown(actual));
  told.location = new vscode.Location(file.uri, new vscode.Position(line - 1, column - 1));
  return told;
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? ''));
