import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { LookupDocument } from './lookup-document.ts';

export const lookupViewType = 'patchbay.lookup';

export function registerLookupEditor(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<LookupDocument>>();
  const provider: vscode.CustomEditorProvider<LookupDocument> = {
    onDidChangeCustomDocument: changed.event,
    async openCustomDocument(uri, { backupId }) {
      const { openLookupDocument } = await import('./lookup-document.ts');
      const document = await openLookupDocument(services.roots, uri, backupId === undefined ? undefined : vscode.Uri.parse(backupId));
      document.onDidMake((event) => changed.fire(event));
      return document;
    },
    async resolveCustomEditor(document, panel, token) {
      const { openLookupSession } = await import('./lookup-session.ts');
      if (token.isCancellationRequested) return;
      const session = openLookupSession(services, document, panel);
      panel.onDidDispose(() => session.dispose());
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
