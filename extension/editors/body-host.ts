import * as vscode from 'vscode';
import type { BodyHost } from '../../webview/protocol/bodies.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';
import { showGivenText } from './text-diff.ts';

/** The start of a body that is shown as a document. */
const headBytes = 5 * 1024 * 1024;

type Later<T> = { readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never };

/** Recorded bodies for the screens: in windows, as a document, as a file. */
export function bodyHost(client: () => RunnerClient, folder: () => vscode.Uri | undefined): Later<BodyHost> {
  return {
    body: (run, hash, window) => client().window(run, hash, window),
    findInBody: (run, hash, request) => client().findInBody(run, hash, request),
    queryBody: (run, hash, request) => client().queryBody(run, hash, request),
    async openBody(run, hash, name) {
      const { bytes, size, mediaType } = await client().bodyHead(run, hash, headBytes);
      await showGivenText(/\.\w+$/.test(name) ? name : `${name}.${/[/+]json\b/.test(mediaType) ? 'json' : 'txt'}`, headText(bytes, size));
      return true;
    },
    async saveBody(run, hash, suggestedName) {
      const root = folder();
      const name = suggestedName.replaceAll(/[\\/:*?"<>|]/g, '-');
      const file = await vscode.window.showSaveDialog(root ? { defaultUri: vscode.Uri.joinPath(root, name) } : {});
      if (file) await vscode.workspace.fs.writeFile(file, await client().body(run, hash));
    },
  };
}

/** The text, and where it is not the whole a line that says so. */
function headText(bytes: Uint8Array, size: number): string {
  const text = new TextDecoder().decode(bytes);
  if (bytes.length >= size) return text;
  return `${text.replace(/\uFFFD+$/, '')}\n\n… Cut here: these are the first ${megabytes(bytes.length)} of ${megabytes(size)}. The payload viewer shows, searches and saves all of it.\n`;
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
