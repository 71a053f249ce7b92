import * as vscode from 'vscode';
import { keysAt } from '../../server/model/complete-key.ts';
import { describeName } from '../../server/model/describe-name.ts';
import { instanceAddress } from '../../server/model/instance-address.ts';
import type { LintWorld } from '../../server/model/lint.ts';
import { definitionOf, fileOf, isSameName, nameAt, namesIn, type Named, type Spot } from '../../server/model/names.ts';
import { canRename, rename, renameOfFile, type Renaming } from '../../server/model/rename.ts';
import { fileKinds } from '../../server/model/workspace.ts';
import { pathIn } from '../runner/roots.ts';
import type { Services } from '../services.ts';
import { rangeOf } from './places.ts';
import { lintWorld, pathsOf, type Project } from './project.ts';
import { withText } from './read-project.ts';

/** A project as it is in the editors, with the names in its files. */
interface NamedProject {
  readonly project: Project;
  readonly world: LintWorld;
  /** All its files, by their paths. */
  readonly paths: readonly string[];
  spots(): readonly Spot[];
  uriOf(file: string): vscode.Uri;
}

const selector = Object.keys(fileKinds).map((kind) => ({ language: `patchbay-${kind}` }));

/** Names in all files of ours: where they are defined and used, other names for them, links, what may stand there, and what it stands for. */
export function registerNames(services: Services): vscode.Disposable {
  const { roots, environments, projects } = services;
  const look = lookUp(services);
  const spotAt = async (document: vscode.TextDocument, position: vscode.Position): Promise<{ readonly spot: Spot; readonly named: NamedProject } | undefined> => {
    const named = await look(document.uri, document);
    const spot = named && nameAt(spotsOf(named, document), document.offsetAt(position));
    return named && spot && { named, spot };
  };
  const range = (document: vscode.TextDocument, { start, end }: Pick<Spot, 'start' | 'end'>): vscode.Range => new vscode.Range(document.positionAt(start), document.positionAt(end));

  const definition: vscode.DefinitionProvider = {
    async provideDefinition(document, position) {
      const found = await spotAt(document, position);
      const place = found && definitionOf(found.spot, found.named.paths);
      if (!place) return undefined;
      const uri = found.named.uriOf(place.file);
      const target = place.pointer === '' ? undefined : rangeOf(await vscode.workspace.openTextDocument(uri), place.pointer);
      return [{ originSelectionRange: range(document, found.spot), targetUri: uri, targetRange: target ?? new vscode.Range(0, 0, 0, 0) }];
    },
  };
  const references: vscode.ReferenceProvider = {
    async provideReferences(document, position, { includeDeclaration }) {
      const found = await spotAt(document, position);
      if (!found) return [];
      const used = found.named.spots().filter((spot) => isSameName(spot, found.spot) && (includeDeclaration || !spot.isDefinition));
      return Promise.all(used.map(async (spot) => new vscode.Location(found.named.uriOf(spot.file), range(await vscode.workspace.openTextDocument(found.named.uriOf(spot.file)), spot))));
    },
  };
  const renaming: vscode.RenameProvider = {
    async prepareRename(document, position) {
      const found = await spotAt(document, position);
      const named = found?.named ?? (await look(document.uri, document));
      if (named) checkSyntax(named, document);
      if (!found || !canRename(found.spot)) throw new Error('There is no name here that could be changed everywhere.');
      return { range: range(document, found.spot), placeholder: found.spot.name };
    },
    async provideRenameEdits(document, position, to) {
      const found = await spotAt(document, position);
      if (!found || !canRename(found.spot)) throw new Error('There is no name here that could be changed everywhere.');
      tellUnread(found.named);
      return editOf(found.named, rename(found.spot, to, { files: found.named.project.files, ...found.named }));
    },
  };
  const links: vscode.DocumentLinkProvider = {
    async provideDocumentLinks(document) {
      const named = await look(document.uri, document);
      return (named ? spotsOf(named, document) : []).flatMap((spot) => {
        const file = ['script', 'schema', 'lookup', 'map'].includes(spot.kind) ? fileOf(spot.kind, spot.name) : undefined;
        if (!named || file === undefined || !named.paths.includes(file)) return [];
        const link = new vscode.DocumentLink(range(document, spot), named.uriOf(file));
        link.tooltip = `Open ${file}`;
        return [link];
      });
    },
  };
  const completion: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position) {
      const found = await spotAt(document, position);
      if (found && !found.spot.isDefinition && found.spot.kind !== 'port') return found.spot.known.map((name, index) => itemOf({ ...found.spot, name }, found.named.world, range(document, found.spot), index));
      const named = await look(document.uri, document);
      const word = document.getWordRangeAtPosition(position, /"[^"]*"?/);
      if (!named || !word || document.languageId !== 'patchbay-flow') return [];
      const inside = new vscode.Range(word.start.translate(0, 1), document.getText(word).length > 1 && document.getText(word).endsWith('"') ? word.end.translate(0, -1) : word.end);
      return keysAt(document.getText(), document.offsetAt(position), named.world).map((key, index) => itemOf(key, named.world, inside, index));
    },
  };
  const hover: vscode.HoverProvider = {
    async provideHover(document, position) {
      const found = await spotAt(document, position);
      if (!found || ['port', 'plugin'].includes(found.spot.kind)) return undefined;
      const { title, detail, description } = describeName(found.spot, found.named.world);
      const text = new vscode.MarkdownString().appendCodeblock(`${kindWords[found.spot.kind] ?? found.spot.kind} ${found.spot.name}`, 'text');
      for (const line of [title, detail, description]) if (line !== undefined) text.appendText(`${line}\n\n`);
      return new vscode.Hover(text, range(document, found.spot));
    },
  };
  const elsewhere = new vscode.EventEmitter<void>();
  const inlay: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: elsewhere.event,
    async provideInlayHints(document, within) {
      const named = await look(document.uri, document);
      if (!named) return [];
      return spotsOf(named, document).flatMap((spot) => {
        const shown = spot.isDefinition ? undefined : spot.kind === 'endpoint' ? describeName(spot, named.world).detail : spot.kind === 'instance' ? instanceAddress(spot.name, named.world, environments.chosen(named.project.root) ?? named.project.environment) : undefined;
        const at = document.positionAt(spot.end + 1);
        if (shown === undefined || !within.contains(at)) return [];
        const hint = new vscode.InlayHint(at, shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
        hint.paddingLeft = true;
        hint.tooltip = shown;
        return [hint];
      });
    },
  };
  const moving = vscode.workspace.onWillRenameFiles((event) => {
    for (const { oldUri, newUri } of event.files) {
      const root = roots.of(oldUri);
      const moved = root && renameOfFile(pathIn(root, oldUri), pathIn(root, newUri));
      if (moved) event.waitUntil(editsOfMove(oldUri, moved.named, moved.to));
    }
  });
  /** What names a file that moves; nothing where nobody does, or does so no longer since it is moved together with its name. */
  const editsOfMove = async (file: vscode.Uri, given: Named, to: string): Promise<vscode.WorkspaceEdit | undefined> => {
    const named = await look(file);
    if (!named) return undefined;
    try {
      const edit = await editOf(named, { ...rename(given, to, { files: named.project.files, ...named }), files: [] });
      tellUnread(named);
      return edit.size > 0 ? edit : undefined;
    } catch {
      // The file gets its name all the same; Problems tells who names it in vain.
      return undefined;
    }
  };
  const subscriptions = [
    moving, elsewhere, environments.onDidChange(() => elsewhere.fire()), projects.onDidChange(() => elsewhere.fire()), vscode.languages.registerDefinitionProvider(selector, definition), vscode.languages.registerReferenceProvider(selector, references), vscode.languages.registerRenameProvider(selector, renaming),
    vscode.languages.registerDocumentLinkProvider(selector, links), vscode.languages.registerCompletionItemProvider(selector, completion, '"'), vscode.languages.registerHoverProvider(selector, hover), vscode.languages.registerInlayHintsProvider(selector, inlay),
  ];
  return { dispose: () => { for (const subscription of subscriptions) subscription.dispose(); } };
}

const kindWords: Partial<Record<Named['kind'], string>> = { auth: 'auth method', group: 'notification group', map: 'mapping', param: 'parameter' };

const spotsOf = ({ project, spots }: NamedProject, { uri }: vscode.TextDocument): readonly Spot[] => {
  const file = pathIn(project.root, uri);
  return spots().filter((spot) => spot.file === file);
};

/** There are no names in a file whose syntax is wrong, so that one cannot say that here is none. */
function checkSyntax({ project: { files } }: NamedProject, { uri }: vscode.TextDocument): void {
  const { raw, diagnostics: [fault] } = files.find((file) => file.uri.toString() === uri.toString())?.read ?? { raw: true, diagnostics: [] };
  if (raw === undefined && fault) throw new Error(`Nothing can be renamed before the syntax of this file is right. Line ${fault.line}: ${fault.message} ${fault.fix ?? ''}`.trim());
}

/** Others may name it, where nobody can see it. */
function tellUnread({ project: { files } }: NamedProject): void {
  const unread = files.filter(({ read }) => read.raw === undefined).map(({ file }) => file);
  if (unread.length > 0) void vscode.window.showWarningMessage(`Nothing was renamed in ${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}: the syntax is wrong there. Where the old name stands in it, change it by hand.`);
}

/** Projects with the names in them, which are looked for once for each state of the files. */
function lookUp({ roots, projects, catalogs }: Services): (uri: vscode.Uri, document?: vscode.TextDocument) => Promise<NamedProject | undefined> {
  const known = new WeakMap<Project, NamedProject>();
  return async (uri, document) => {
    const root = roots.of(uri);
    if (!root) return undefined;
    const read = await projects.of(root);
    // What is just typed is not in the project yet.
    const project = (document && withText(read, uri, document.getText())) ?? read;
    const before = known.get(project);
    if (before) return before;
    const world = lintWorld(project, catalogs.of(root));
    let spots: readonly Spot[] | undefined;
    const named: NamedProject = {
      project, world,
      paths: pathsOf(project),
      spots: () => (spots ??= project.files.flatMap((file) => namesIn(file, world))),
      uriOf: (file) => vscode.Uri.joinPath(root, file),
    };
    known.set(project, named);
    return named;
  };
}

async function editOf({ project, uriOf }: NamedProject, { edits, files }: Renaming): Promise<vscode.WorkspaceEdit> {
  const made = new vscode.WorkspaceEdit();
  for (const { file, start, end, text } of edits) {
    const document = await vscode.workspace.openTextDocument(uriOf(file));
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    // The project is that of a moment ago.
    const was = project.files.find((one) => one.file === file)?.text.slice(start, end);
    if (document.getText(range) === was) made.replace(document.uri, range, text);
  }
  for (const { from, to } of files) made.renameFile(uriOf(from), uriOf(to));
  return made;
}

function itemOf(named: Named, world: LintWorld, range: vscode.Range, index: number): vscode.CompletionItem {
  const { title, detail, description } = describeName(named, world);
  const item = new vscode.CompletionItem({ label: named.name, ...(title !== undefined && { description: title }) }, vscode.CompletionItemKind.Reference);
  item.range = range;
  item.insertText = JSON.stringify(named.name).slice(1, -1);
  item.sortText = String(index).padStart(5, '0');
  if (detail !== undefined) item.detail = detail;
  if (description !== undefined) item.documentation = new vscode.MarkdownString().appendText(description);
  return item;
}
