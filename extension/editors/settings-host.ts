import * as vscode from 'vscode';
import { parseTree, findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import { FlowError } from '../../plugins/sdk/index.ts';
import { editValues, type FileChange } from '../../server/model/file-change.ts';
import { inEditor } from '../../server/model/secret-variable.ts';
import { fileKinds, fileOfId } from '../../server/model/workspace.ts';
import type { TrialAnswer, TrialConfirmation } from '../../webview/protocol/connector.ts';
import { RunnerProblem } from '../../webview/protocol/runner-client.ts';
import type { SettingsHost } from '../../webview/protocol/settings.ts';
import { saveUsed } from '../commands/save-used.ts';
import { NotTrusted, type FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { applyToDocument, inOrder } from './document-edits.ts';
import { refuse } from './refuse.ts';
import { openFile, type Later } from './session-parts.ts';
import type { SettingsKind } from './settings-session.ts';
import { showText } from './show-text.ts';
import { trialBodies } from './trial-bodies.ts';

interface Options {
  readonly services: Services;
  readonly kind: SettingsKind;
  readonly id: string;
  readonly document: vscode.TextDocument;
  readonly root: vscode.Uri | undefined;
  readonly opening: SettingsHost['open'];
  /** Somebody has logged in or out. */
  readonly changed: () => Promise<void>;
}

/** What the page of an instance or an environment may ask for. `end`: the page is closed. */
export function settingsHost({ services, kind, document, root, opening, changed }: Options): { readonly host: Later<SettingsHost>; end(): void } {
  const { runners } = services;
  const edits = inOrder();
  const bodies = trialBodies();
  let trial: AbortController | undefined;
  const folder = (): vscode.Uri => root ?? refuse('Open the folder that holds this file first.');
  const runner = (): FolderRunner => {
    if (!vscode.workspace.isTrusted) throw new NotTrusted();
    return runners.of(document.uri) ?? refuse('Open the folder that holds this file, in order to ask another system.');
  };
  const edit = (changes: readonly FileChange[]): Promise<number> => {
    if (vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) !== true) return refuse('This file can be read only.');
    return applyToDocument(document, editValues(kind, document.getText(), changes));
  };
  const host: Later<SettingsHost> = {
    open: opening,
    edit: (changes, base) => edits(async () => {
      // A place in a list may be another item by now.
      if (base !== document.version && changes.some(({ path }) => path.some((key) => typeof key === 'number'))) return refuse('The file was changed at the same time. Look at it and try again.');
      return edit(changes);
    }),
    openText: (pointer) => showText(document.uri, pointer),
    openFile: (path) => openFile(folder(), path),
    async setSecret(name) {
      // Before the value is entered: it would be in vain.
      const keeper = runner();
      const value = await vscode.window.showInputBox({ title: `Set Secret: ${name}`, password: true, prompt: 'Kept by VS Code on this machine, never in a file.', ignoreFocusOut: true });
      if (value !== undefined && value !== '') await keeper.setSecret(name, value);
    },
    async removeSecret(name) {
      const remove = 'Remove';
      const keeper = runner();
      if ((await vscode.window.showWarningMessage(`Remove the secret ${name} from this machine?`, { modal: true, detail: 'VS Code forgets its value. Files that name it stay as they are.' }, remove)) === remove) await keeper.setSecret(name, undefined);
    },
    keepSecret: (path, name) => edits(async () => {
      const tree = parseTree(document.getText());
      const node = tree && findNodeAtLocation(tree, [...path]);
      const value: unknown = node && getNodeValue(node);
      if (typeof value !== 'string' || value === '') return refuse('There is no text that could be kept as a secret.');
      await runner().setSecret(name, value);
      await edit([{ path, value: { $secret: name } }]);
    }),
    async test(instance, environment, confirm) {
      trial?.abort();
      const own = trial = new AbortController();
      try {
        await edits(async () => undefined);
        const { client } = runner();
        await saveUsed(services, folder(), [fileOfId('instance', instance)], environment);
        const done = await client.tryOut({ instance, ...(environment !== undefined && { environment }), ...(confirm.length > 0 && { confirm }) }, own.signal);
        return { kind: 'done', trial: bodies.take(done) };
      } catch (error) {
        return refusalOf(error, own.signal, confirm);
      } finally {
        if (trial === own) trial = undefined;
        void changed().catch(() => undefined);
      }
    },
    stopTest: () => trial?.abort(),
    body: (hash, window) => bodies.window(hash, window),
    async saveBody(hash, suggestedName) {
      const file = await vscode.window.showSaveDialog({ title: 'Save Body', defaultUri: vscode.Uri.joinPath(folder(), 'fixtures', suggestedName.replaceAll(/[^\w.-]+/g, '-')) });
      if (file) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(bodies.text(hash)));
    },
    async logIn(instance, method) {
      await vscode.commands.executeCommand('patchbay.logIn', vscode.Uri.joinPath(folder(), fileKinds.instance.folder, `${instance}${fileKinds.instance.ending}`), method);
      await changed();
    },
    async logOut(instance, environment, method) {
      await runner().client.logout(instance, { environment, method });
      await changed();
    },
  };
  return { host, end: () => trial?.abort() };
}

/** What the page does with an error: ask and try again, or show it. */
export function refusalOf(error: unknown, signal: AbortSignal, confirm: readonly TrialConfirmation[] = []): TrialAnswer {
  if (signal.aborted) return { kind: 'refused', code: 'RUN_STOPPED', message: 'The trial was stopped.' };
  if (error instanceof RunnerProblem) {
    const wanted = ({ WRITE_UNCONFIRMED: 'write', PRODUCTION_UNCONFIRMED: 'production' } as const)[error.code];
    if (wanted && !confirm.includes(wanted)) return { kind: 'ask', confirm: wanted, message: error.message };
    return { kind: 'refused', code: error.code, message: error.message, ...(error.remedy && { remedy: inEditor(error.remedy) }) };
  }
  return { kind: 'refused', code: FlowError.is(error) ? error.code : 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
