import * as vscode from 'vscode';
import type { ImportKind } from '../../webview/protocol/connector.ts';

export type Description = { readonly text: string | Uint8Array<ArrayBuffer> } | { readonly address: string };

const titles: Readonly<Record<ImportKind, string>> = { curl: 'Import cURL', openapi: 'Import OpenAPI', postman: 'Import Postman Collection', har: 'Import HTTP Archive', graphql: 'Import GraphQL Schema', wsdl: 'Import WSDL' };
const endings: Readonly<Record<ImportKind, readonly string[]>> = { curl: ['txt', 'sh'], openapi: ['json', 'yaml', 'yml'], postman: ['json'], har: ['har', 'json'], graphql: ['graphql', 'gql', 'json'], wsdl: ['wsdl', 'xml'] };
/** Above this nobody reads a description into a text. */
const mostBytes = 64 * 1024 * 1024;

/** Lets the user choose where a description is: the clipboard, a file, or an address. */
export async function pickDescription(kind: ImportKind): Promise<Description | undefined> {
  const clipboard = (await vscode.env.clipboard.readText()).trim();
  const items = [
    { label: '$(clippy) From the clipboard', detail: clipboard === '' ? 'It is empty' : clipboard.slice(0, 80), from: 'clipboard' },
    { label: '$(file) From a file…', from: 'file' },
    ...(kind === 'curl' || kind === 'har' ? [] : [{ label: '$(globe) From an address…', from: 'address' }]),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: titles[kind], placeHolder: 'Where is it?' });
  switch (picked?.from) {
    case 'clipboard': return clipboard === '' ? refuse('The clipboard is empty. Copy the description first.') : { text: clipboard };
    case 'file': return fromFile(kind);
    case 'address': return fromAddress(kind);
    default: return undefined;
  }
}

async function fromFile(kind: ImportKind): Promise<Description | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: titles[kind], filters: { [titles[kind]]: [...endings[kind]], 'All files': ['*'] } })) ?? [];
  if (!file) return undefined;
  if ((await vscode.workspace.fs.stat(file)).size > mostBytes) return refuse(`${file.path.split('/').at(-1)} is too large: ${mostBytes / 1024 / 1024} MB are the limit.`);
  // The runner knows what text it is, and says where it is none.
  return { text: new Uint8Array(await vscode.workspace.fs.readFile(file)) };
}

async function fromAddress(kind: ImportKind): Promise<Description | undefined> {
  const address = await vscode.window.showInputBox({ title: titles[kind], prompt: 'Address of the description. No credentials are sent.', placeHolder: 'https://api.example.com/openapi.json', ignoreFocusOut: true, validateInput: (text) => (text === '' || /^https?:\/\/\S+$/.test(text.trim()) ? undefined : 'An address begins with https:// or http://.') });
  return address === undefined || address.trim() === '' ? undefined : { address: address.trim() };
}

function refuse(message: string): never {
  throw new Error(message);
}
