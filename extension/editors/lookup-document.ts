import * as vscode from 'vscode';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { LookupFile } from '../../server/model/lookup-file.ts';
import { readFile } from '../../server/model/read.ts';
import { pathIn, type Roots } from '../runner/roots.ts';
import { inOrder } from './document-edits.ts';
import { LookupSheet, type SheetChange, type SheetSettings } from './lookup-sheet.ts';

/** Above this nothing is read: the extension's process would have no memory left. */
const mostBytes = 1024 * 2 ** 20;

/**
 * A lookup that is open in an editor, whatever the number of its panels. Not a text document of VS Code: that has one kind of line break, and would change those within
 * cells of a file that a spreadsheet has written.
 */
export interface LookupDocument extends vscode.CustomDocument {
  readonly sheet: LookupSheet;
  /** Its path below the root. */
  readonly file: string;
  readonly root: vscode.Uri | undefined;
  readonly settingsUri: vscode.Uri;
  readonly readOnly: string | undefined;
  /** Somebody else has changed the file, and what is shown has changes that are not saved. */
  readonly isOutdated: boolean;
  readonly onDidChange: vscode.Event<void>;
  readonly onDidDispose: vscode.Event<void>;
  /** Runs after all changes before it. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Tells VS Code of a change, which it may take back. */
  made(change: SheetChange): void;
  readonly onDidMake: vscode.Event<vscode.CustomDocumentEditEvent<LookupDocument>>;
  save(): Promise<void>;
  saveAs(to: vscode.Uri): Promise<void>;
  revert(): Promise<void>;
}

export async function openLookupDocument(roots: Roots, uri: vscode.Uri, backup: vscode.Uri | undefined): Promise<LookupDocument> {
  const isWritable = vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
  const root = isWritable ? roots.of(uri) : undefined;
  const file = root ? pathIn(root, uri) : uri.path.split('/').at(-1)!;
  const settingsUri = uri.with({ path: uri.path.replace(/\.csv$/, '.lookup.json') });
  const changed = new vscode.EventEmitter<void>();
  const made = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<LookupDocument>>();
  const disposed = new vscode.EventEmitter<void>();
  const inTurn = inOrder();
  let unreadable: string | undefined;
  let saved: Uint8Array = new Uint8Array();
  let isOutdated = false;
  /** Counts the contents that others have given: what was changed before cannot be taken back after. */
  let generation = 0;

  const readSettings = async (): Promise<SheetSettings> => {
    const text = await textOf(settingsUri);
    if (text === undefined) return {};
    const { value, diagnostics } = readFile('lookup', file.replace(/\.csv$/, '.lookup.json'), text);
    return { value: value as LookupFile | undefined, findings: diagnostics };
  };
  const read = async (at: vscode.Uri): Promise<Uint8Array> => {
    const { size } = await vscode.workspace.fs.stat(at);
    if (size > mostBytes) throw new FlowError('DATA_TOO_LARGE', `${file} is larger than ${mostBytes / 2 ** 30} GB, which is too much for an editor.`, { remedy: 'Look at it with `patchbay lookups show`, or keep such data in a database.' });
    return vscode.workspace.fs.readFile(at);
  };
  const opened = async (bytes: () => Promise<Uint8Array>): Promise<LookupSheet> => {
    const settings = await readSettings();
    try {
      return await LookupSheet.open(file, await bytes(), settings);
    } catch (error) {
      unreadable = sentenceOf(error);
      return LookupSheet.open(file, new Uint8Array(), settings);
    }
  };
  const sheet = await opened(async () => { saved = await read(uri); return backup ? read(backup) : saved; });
  const isDirty = (): boolean => !Buffer.from(saved.buffer, saved.byteOffset, saved.byteLength).equals(sheet.content);
  const take = async (bytes: Uint8Array): Promise<void> => {
    await sheet.replace(bytes);
    unreadable = undefined;
    saved = bytes;
    isOutdated = false;
    generation++;
    changed.fire();
  };
  /** The file on disk has changed, or this has written it. */
  const onDisk = (): void => void inTurn(async () => {
    const bytes = await read(uri);
    if (Buffer.from(bytes).equals(saved)) return;
    if (!isDirty()) return take(bytes);
    isOutdated = true;
    changed.fire();
  }).catch((error: unknown) => { unreadable = sentenceOf(error); changed.fire(); });
  const onSettings = (): void => void inTurn(async () => { await sheet.setSettings(await readSettings()); changed.fire(); }).catch(() => undefined);

  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), `${uri.path.split('/').at(-1)!.replace(/\.csv$/, '')}.{csv,lookup.json}`));
  const seen = (at: vscode.Uri): void => { if (at.path === uri.path) onDisk(); else if (at.path === settingsUri.path) onSettings(); };
  const subscriptions: { dispose(): unknown }[] = [
    changed, made, watcher, watcher.onDidChange(seen), watcher.onDidCreate(seen), watcher.onDidDelete((at) => { if (at.path === settingsUri.path) onSettings(); }),
    vscode.workspace.onDidChangeTextDocument(({ document: { uri: at }, contentChanges }) => { if (contentChanges.length > 0 && at.toString() === settingsUri.toString()) onSettings(); }),
  ];
  const write = async (to: vscode.Uri): Promise<void> => { await vscode.workspace.fs.writeFile(to, sheet.content); };
  const document: LookupDocument = {
    uri, sheet, file, root, settingsUri, inTurn,
    get readOnly() { return isWritable ? unreadable : 'This lookup can be read only.'; },
    get isOutdated() { return isOutdated; },
    onDidChange: changed.event,
    onDidDispose: disposed.event,
    onDidMake: made.event,
    made({ label, undo, redo }) {
      const own = generation;
      const again = (work: () => Promise<void>) => (): Promise<void> => inTurn(async () => {
        if (own !== generation) throw new Error('This cannot be undone any more: the file was changed by somebody else since.');
        await work();
        changed.fire();
      });
      made.fire({ document, label, undo: again(undo), redo: again(redo) });
      changed.fire();
    },
    save: () => inTurn(async () => {
      if (unreadable !== undefined) throw new Error(unreadable);
      const there = await read(uri).catch(() => undefined);
      if (there && !Buffer.from(there).equals(saved) && !(await mayOverwrite(file))) throw new vscode.CancellationError();
      saved = sheet.content;
      await write(uri);
      isOutdated = false;
      changed.fire();
    }),
    saveAs: (to) => inTurn(() => write(to)),
    revert: () => inTurn(async () => take(await read(uri))),
    dispose: () => { disposed.fire(); for (const subscription of [...subscriptions, disposed]) subscription.dispose(); },
  };
  return document;
}

async function mayOverwrite(file: string): Promise<boolean> {
  const overwrite = 'Overwrite';
  return (await vscode.window.showWarningMessage(`${file} was changed by somebody else since it was opened.`, { modal: true, detail: 'Overwrite it with what stands in the editor? Revert the file in order to have the other content.' }, overwrite)) === overwrite;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  return vscode.workspace.fs.readFile(uri).then((bytes) => new TextDecoder().decode(bytes), () => undefined);
}

const sentenceOf = (error: unknown): string => (FlowError.is(error) && error.remedy !== undefined ? `${error.message} ${error.remedy}` : (error as Error).message);
