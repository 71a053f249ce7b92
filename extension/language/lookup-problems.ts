import * as vscode from 'vscode';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { tooLarge } from './lookup-room.ts';
import { lookupSettings, type Project, type ProjectFile } from './project.ts';
import { toProblem } from './problems.ts';
import type { Projects } from './projects.ts';
import type { Roots } from '../runner/roots.ts';

/** Findings about the rows of lookups, and about settings that do not fit them, shown in Problems. They need no runner. */
export interface LookupProblems extends vscode.Disposable {
  of(uri: vscode.Uri): readonly Diagnostic[];
  /** What is in an editor counts, not what is on disk, until it is closed. */
  follow(document: OpenLookup): void;
}

interface OpenLookup {
  readonly uri: vscode.Uri;
  readonly root: vscode.Uri | undefined;
  readonly sheet: { readonly content: Uint8Array; readonly version: number };
  readonly onDidChange: vscode.Event<void>;
  readonly onDidDispose: vscode.Event<void>;
}

/** What a lookup was when it was looked at, and what was found in it, by the file that it is in. */
interface Seen {
  readonly stamp: string;
  readonly settings: ProjectFile | undefined;
  readonly found: readonly (readonly [uri: vscode.Uri, diagnostics: readonly Diagnostic[]])[];
}

/** Of the closed lookups of a workspace together: each is read into the memory of VS Code. The longest are left to `patchbay lookups check`. */
const mostBytes = 32 * 2 ** 20;
const pauseMs = 300;

export function openLookupProblems(roots: Roots, projects: Projects, note: (problem: string) => void): LookupProblems {
  const shown = vscode.languages.createDiagnosticCollection('patchbay-lookups');
  const open = new Map<string, { readonly document: OpenLookup; readonly number: number }>();
  let opened = 0;
  const seen = new Map<string, Seen>();
  /** What is being looked at: of two looks at one root only the later counts. */
  const looks = new Map<string, number>();
  /** What was told last of those that are not looked at. */
  const told = new Map<string, string>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isDisposed = false;

  const show = async (project: Project): Promise<void> => {
    const key = project.root.toString();
    const look = (looks.get(key) ?? 0) + 1;
    looks.set(key, look);
    const isWanted = (): boolean => !isDisposed && looks.get(key) === look;
    const contents = new Map(await Promise.all(project.lookups.map(async (name) => {
      const uri = vscode.Uri.joinPath(project.root, 'lookups', `${name}.csv`);
      return [name, { uri, content: await contentOf(uri, open.get(uri.toString())) }] as const;
    })));
    if (!isWanted()) return;
    const left = new Set(tooLarge(new Map([...contents].map(([name, { content }]) => [name, content?.size ?? 0])), mostBytes));
    tell(project.root, left);
    for (const [name, { uri, content: there }] of contents) {
      const before = seen.get(uri.toString());
      const settings = lookupSettings(project, name);
      const content = left.has(name) ? undefined : there;
      if (before && before.stamp === content?.stamp && before.settings === settings) continue;
      const { lookupFindings } = await import('./lookup-findings.ts');
      const found = content ? await lookupFindings(`lookups/${name}.csv`, await content.read(), settings?.read, isWanted) : [];
      if (!found || !isWanted()) return;
      const other = settings ? [[settings.uri, found.filter(({ file }) => file === settings.file)] as const] : [];
      put(uri, { stamp: content?.stamp ?? '', settings, found: [[uri, found.filter(({ file }) => file !== settings?.file)], ...other] });
    }
    for (const gone of seen.keys()) if (roots.of(vscode.Uri.parse(gone))?.toString() === key && !project.lookups.some((name) => vscode.Uri.joinPath(project.root, 'lookups', `${name}.csv`).toString() === gone)) put(vscode.Uri.parse(gone), undefined);
  };
  const tell = (root: vscode.Uri, left: ReadonlySet<string>): void => {
    const names = [...left].toSorted().join(', ');
    if (names !== (told.get(root.toString()) ?? '') && names !== '') note(`Lookups of ${root.fsPath} that are not checked while they are closed, as all of them together have more than ${mostBytes / 2 ** 20} MB: ${names}. Check them with \`patchbay lookups check\`.`);
    told.set(root.toString(), names);
  };
  const put = (uri: vscode.Uri, now: Seen | undefined): void => {
    for (const [file] of seen.get(uri.toString())?.found ?? []) shown.delete(file);
    if (now) seen.set(uri.toString(), now);
    else seen.delete(uri.toString());
    for (const [file, diagnostics] of now?.found ?? []) shown.set(file, diagnostics.map(toProblem));
  };
  const showRoot = (root: vscode.Uri): void => void projects.of(root).then(show).catch((error: Error) => note(`The lookups of ${root.fsPath} could not be checked: ${error.message}`));
  /** When nobody has changed anything for a moment. */
  const later = (root: vscode.Uri | undefined): void => {
    if (!root) return;
    clearTimeout(timers.get(root.toString()));
    timers.set(root.toString(), setTimeout(() => showRoot(root), pauseMs));
  };
  const ofText = ({ uri, isUntitled }: vscode.TextDocument): void => { if (!isUntitled && /\/lookups\/.*\.csv$/.test(uri.path)) later(roots.of(uri)); };
  const subscriptions = [
    shown, projects.onDidChange(({ root }) => later(root)), roots.onDidChange(() => { for (const root of roots.all()) later(root); }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => ofText(document)), vscode.workspace.onDidCloseTextDocument(ofText),
  ];
  return {
    of: (uri) => [...seen.values()].flatMap(({ found }) => found.flatMap(([file, diagnostics]) => (file.toString() === uri.toString() ? diagnostics : []))),
    follow(document) {
      open.set(document.uri.toString(), { document, number: ++opened });
      document.onDidChange(() => later(document.root));
      document.onDidDispose(() => { open.delete(document.uri.toString()); later(document.root); });
    },
    dispose() {
      isDisposed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

interface Content {
  /** Another one for another content. */
  readonly stamp: string;
  /** What it takes to read it: nothing where an editor has it. */
  readonly size: number;
  readonly read: () => PromiseLike<Uint8Array>;
}

/** What stands in the editor, else on disk. `undefined` where it is gone. */
async function contentOf(uri: vscode.Uri, opened: { readonly document: OpenLookup; readonly number: number } | undefined): Promise<Content | undefined> {
  const text = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (text?.isDirty) return { stamp: `text ${text.version}`, size: 0, read: async () => new TextEncoder().encode(text.getText()) };
  if (opened) {
    const { document: { sheet }, number } = opened;
    return { stamp: `sheet ${number} ${sheet.version}`, size: 0, read: async () => sheet.content };
  }
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return { stamp: `${mtime} ${size}`, size, read: () => vscode.workspace.fs.readFile(uri) };
  } catch {
    return undefined;
  }
}
