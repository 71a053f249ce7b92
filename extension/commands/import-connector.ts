import * as vscode from 'vscode';
import { addressNotes } from '../../server/model/address.ts';
import { serialize } from '../../server/model/serialize.ts';
import { counted } from '../../server/model/words.ts';
import { fileKinds } from '../../server/model/workspace.ts';
import type { ImportKind } from '../../webview/protocol/connector.ts';
import { chooseEndpoints } from '../editors/choose-endpoints.ts';
import { connectorViewType } from '../editors/connector-editor.ts';
import { pickDescription } from '../editors/pick-description.ts';
import { NotTrusted } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import { chooseRunner } from './targets.ts';

const kinds: readonly (vscode.QuickPickItem & { readonly kind?: vscode.QuickPickItemKind; readonly id: ImportKind })[] = [
  { id: 'curl', label: 'cURL', detail: 'A command, or several, as tools for developers copy it' },
  { id: 'openapi', label: 'OpenAPI or Swagger', detail: 'A description in JSON or YAML, versions 2 to 3.1' },
  { id: 'postman', label: 'Postman collection', detail: 'An exported collection' },
  { id: 'har', label: 'HTTP archive (HAR)', detail: 'What a browser has recorded' },
  { id: 'graphql', label: 'GraphQL schema', detail: 'Its text, or the answer to an introspection' },
  { id: 'wsdl', label: 'WSDL', detail: 'SOAP 1.1 and 1.2' },
];

/** Makes the file of a connector out of a description, and opens it. */
export async function importConnector(services: Services, given: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new NotTrusted();
  const runner = given instanceof vscode.Uri ? services.runners.of(given) : await chooseRunner(services, 'Import Connector');
  if (!runner) return;
  const kind = await vscode.window.showQuickPick(kinds, { title: 'Import Connector', placeHolder: 'What is there?', matchOnDetail: true });
  const source = kind && (await pickDescription(kind.id));
  if (!kind || !source) return;
  const imported = await chooseEndpoints(await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Importing the description' }, () => runner.client.importFrom(kind.id, source)));
  if (!imported) return;
  const { connector, manifest, operations, skipped, suggestions } = imported;
  const { folder, ending } = fileKinds.connector;
  const fileOf = (name: string): vscode.Uri => vscode.Uri.joinPath(runner.root, folder, `${name}${ending}`);
  const isThere = (name: string): Thenable<boolean> => vscode.workspace.fs.stat(fileOf(name)).then(() => true, () => false);
  const validateInput = async (text: string): Promise<string | undefined> => (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text.trim()) ? 'Use lower-case words joined by hyphens, such as acme-shop.' : (await isThere(text.trim())) ? 'There is such a connector already.' : undefined);
  const name = (await vscode.window.showInputBox({ ignoreFocusOut: true, title: 'Import Connector', prompt: 'Name of the connector, which is that of its file.', value: connector, validateInput }))?.trim();
  if (!name) return;
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(fileOf(name), { contents: new TextEncoder().encode(serialize('connector', manifest)), overwrite: false });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`The file of ${name} could not be made.`);
  await vscode.commands.executeCommand('vscode.openWith', fileOf(name), connectorViewType);
  for (const note of addressNotes(manifest)) services.log.info(note);
  for (const { what, why } of skipped) services.log.info(`Not imported: ${what}: ${why}`);
  for (const { endpoint, value, why } of suggestions) services.log.info(`It seems that ${endpoint ?? 'the connector'} has ${JSON.stringify(value)}: ${why}`);
  const made = Object.keys(manifest.endpoints).length;
  const text = `${made} ${made === 1 ? 'endpoint was' : 'endpoints were'} made of ${counted(operations, 'operation')}${skipped.length > 0 ? `; ${skipped.length} ${skipped.length === 1 ? 'thing was' : 'things were'} not imported` : ''}.`;
  if ((await vscode.window.showInformationMessage(text, ...(skipped.length > 0 ? ['Show Log'] : []))) === 'Show Log') services.log.show();
}
