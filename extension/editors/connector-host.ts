import * as vscode from 'vscode';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { LoginState } from '../../server/model/api.ts';
import { editConnector, type ConnectorChange } from '../../server/model/connector-edit.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { serialize } from '../../server/model/serialize.ts';
import { fileKinds, fileOfId } from '../../server/model/workspace.ts';
import type { ConnectorHost } from '../../webview/protocol/connector.ts';
import { RunnerProblem } from '../../webview/protocol/runner-client.ts';
import { saveUsed } from '../commands/save-used.ts';
import { pathIn } from '../runner/roots.ts';
import { NotTrusted, type FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { baseVersions } from './base-version.ts';
import { chooseEndpoints } from './choose-endpoints.ts';
import { chooseMethod } from './choose-method.ts';
import { applyToDocument, inOrder } from './document-edits.ts';
import { newInstance } from './new-instance.ts';
import { pickDescription } from './pick-description.ts';
import { refuse } from './refuse.ts';
import { openFile, type Later } from './session-parts.ts';
import { refusalOf } from './settings-host.ts';
import { showText } from './show-text.ts';
import { trialBodies } from './trial-bodies.ts';

/** What is known of a connector beside its file. */
export interface ConnectorState {
  /** Where the mock of this connector is, and the text that it was made of. */
  mock: { readonly url: string; readonly text: string } | undefined;
  logins: readonly LoginState[];
}

interface Options {
  readonly services: Services;
  readonly document: vscode.TextDocument;
  readonly root: vscode.Uri | undefined;
  readonly id: string;
  readonly state: ConnectorState;
  readonly opening: ConnectorHost['open'];
  /** What the workspace says of the connector is another by now. */
  readonly changed: () => void;
}

/** What the page of a connector may ask for. `end`: the page is closed. */
export function connectorHost(options: Options): { readonly host: Later<ConnectorHost>; end(): void } {
  const { services, document, root, id, state, opening, changed } = options;
  const { runners, catalogs, projects, log } = services;
  const edits = inOrder();
  const versions = baseVersions();
  const bodies = trialBodies();
  let trial: AbortController | undefined;
  const folder = (): vscode.Uri => root ?? refuse('Open the folder that holds this connector first.');
  const runner = (): FolderRunner => {
    if (!vscode.workspace.isTrusted) throw new NotTrusted();
    return runners.of(document.uri) ?? refuse('Open the folder that holds this connector, in order to try it out.');
  };
  const readLogins = async (): Promise<void> => {
    state.logins = await runner().client.logins();
    changed();
  };
  /** The mock answers as the file is now. */
  const freshMock = async (): Promise<void> => {
    const text = document.getText();
    if (state.mock?.text === text) return;
    await saveUsed(services, folder(), [pathIn(folder(), document.uri)]);
    const { url } = await runner().client.openMock(id);
    state.mock = { url, text };
    changed();
  };
  const closeMock = async (): Promise<void> => {
    if (!state.mock) return;
    state.mock = undefined;
    changed();
    await runner().client.endMock(id).catch((error: unknown) => { if (!(error instanceof RunnerProblem && error.status === 404)) throw error; });
  };

  const host: Later<ConnectorHost> = {
    open: opening,
    edit: (changes: readonly ConnectorChange[], base: number) => edits(async () => {
      if (vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) !== true) return refuse('This connector can be read only.');
      const { version } = document;
      if (!versions.fits(changes, base, version)) return refuse('The connector was changed at the same time, so that this may be another place by now. Look at it and try again.');
      const after = await applyToDocument(document, editConnector(document.getText(), changes, catalogs.of(root)));
      versions.made(version, after);
      return after;
    }),
    openText: (pointer) => showText(document.uri, pointer),
    openFile: (path) => openFile(folder(), path),
    async try(order) {
      trial?.abort();
      const own = trial = new AbortController();
      try {
        // What was changed just before counts, too.
        await edits(async () => undefined);
        if (order.isMocked) await freshMock();
        else await saveUsed(services, folder(), [pathIn(folder(), document.uri), fileOfId('instance', order.instance)], order.environment);
        const done = await runner().client.tryOut(order, own.signal).catch(async (error: unknown) => {
          if (!order.isMocked || !(error instanceof RunnerProblem && error.code === 'API_NOT_FOUND')) throw error;
          // Another editor has ended the mock, or it began before there was this instance.
          state.mock = undefined;
          await freshMock();
          return runner().client.tryOut(order, own.signal);
        });
        void readLogins().catch((error: Error) => log.debug(error.message));
        return { kind: 'done', trial: bodies.take(done) };
      } catch (error) {
        return refusalOf(error, own.signal, order.confirm);
      } finally {
        if (trial === own) trial = undefined;
      }
    },
    stopTrial: () => trial?.abort(),
    body: (hash, window) => bodies.window(hash, window),
    async saveBody(hash, suggestedName) {
      const file = await vscode.window.showSaveDialog({ title: 'Save Body', defaultUri: vscode.Uri.joinPath(folder(), 'fixtures', suggestedName.replaceAll(/[^\w.-]+/g, '-')) });
      if (file) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(bodies.text(hash)));
    },
    detect: (answer) => runner().client.detect([{ response: { body: bodyOf(answer) } }]),
    async logIn(instance, method) {
      await vscode.commands.executeCommand('patchbay.logIn', vscode.Uri.joinPath(folder(), fileKinds.instance.folder, `${instance}${fileKinds.instance.ending}`), method);
      await readLogins();
    },
    setSecret: async () => { await vscode.commands.executeCommand('patchbay.setSecret'); },
    startMock: freshMock,
    stopMock: closeMock,
    async import(kind) {
      const { client } = runner();
      const source = await pickDescription(kind);
      return source && chooseEndpoints(await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Importing the description' }, () => client.importFrom(kind, source)));
    },
    async newInstance() {
      const at = folder();
      const project = await projects.of(at);
      const place = (name: string): vscode.Uri => vscode.Uri.joinPath(at, fileKinds.instance.folder, `${name}${fileKinds.instance.ending}`);
      const validateInput = (text: string): string | undefined => (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text.trim()) ? 'Use lower-case words joined by hyphens, such as shop-eu.' : project.files.some(({ kind, id: other }) => kind === 'instance' && other === text.trim()) ? 'There is such an instance already.' : undefined);
      const name = (await vscode.window.showInputBox({ ignoreFocusOut: true, title: 'New Instance', prompt: 'Name of the instance: the connector with an account.', value: id, validateInput }))?.trim();
      const parts = name ? await chooseMethod(project.values<ConnectorFile>('connector')[id], catalogs.of(at)) : undefined;
      if (!name || !parts) return;
      const edit = new vscode.WorkspaceEdit();
      edit.createFile(place(name), { contents: new TextEncoder().encode(serialize('instance', newInstance(name, id, parts))), overwrite: false });
      if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`The file of ${name} could not be made.`);
      await vscode.commands.executeCommand('vscode.open', place(name), vscode.ViewColumn.Beside);
    },
  };
  return { host, end: () => { trial?.abort(); closeMock().catch((error: Error) => log.debug(error.message)); } };
}

/** An answer that was pasted: JSON, else the text itself. */
function bodyOf(answer: string): unknown {
  try {
    return parseJson(answer.trim());
  } catch {
    return answer;
  }
}
