import * as vscode from 'vscode';
import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { methodsOf, type InstanceOf } from './new-instance.ts';

/** What an instance is made of: where the connector has several auth methods, the user says which. `undefined`: cancelled. */
export async function chooseMethod(file: ConnectorFile | undefined, catalog: Catalog): Promise<InstanceOf | undefined> {
  const methods = methodsOf(file, catalog);
  if (methods.length < 2) return { file, catalog };
  const method = (await vscode.window.showQuickPick(methods, { title: 'New Instance', placeHolder: 'How does it sign in?', matchOnDescription: true }))?.label;
  return method === undefined ? undefined : { file, catalog, method };
}
