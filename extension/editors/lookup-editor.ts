import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { LookupDocument } from './lookup-document.ts';
import { keepSessions } from './sessions.ts';

export const lookupViewType = 'patchbay.lookup';

export function registerLookupEditor(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<LookupDocument>>();
  const sessions = keepSessions();
  const provider: vscode.CustomEditorProvider<LookupDocument> = {
    onDidChangeCustomDocument: changed.event,
    async openCustomDocument(uri, { backupId }) {
      const { openLookupDocument } = await import('./lookup-document.ts');
      const document = await openLookupDocument(services.roots, uri, backupId === undefined ? undefined : vscode.Uri.parse(backupId));
      document.onDidMake((event) => changed.fire(event));
      services.lookupProblems.follow(document);
      return document;
    },
    async resolveCustomEditor(document, panel, token) {
      await sessions.open(panel, token, import('./lookup-session.ts').then(({ openLookupSession }) => () => openLookupSession(services, document, panel)));
    },
    saveCustomDocument: (document) => document.save(),
    saveCustomDocumentAs: (document, to) => document.saveAs(to),
    revertCustomDocument: (document) => document.revert(),
    async backupCustomDocument(document, { destination }) {
      await document.saveAs(destination);
      return { id: destination.toString(), delete: () => void vscode.workspace.fs.delete(destination).then(undefined, () => undefined) };
    },
  };
  const registered = vscode.window.registerCustomEditorProvider(lookupViewType, provider, { webviewOptions: { retainContextWhenHidden: false }, supportsMultipleEditorsPerDocument: true });
  return { dispose: () => { registered.dispose(); changed.dispose(); } };
}
