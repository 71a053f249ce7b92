import * as vscode from 'vscode';
import type { GivenPayload } from './run-actions.ts';

const mediaTypes: Readonly<Record<string, string>> = { json: 'application/json', ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson', csv: 'text/csv', xml: 'application/xml', txt: 'text/plain' };

/** Lets the user give the payload of a run. */
export async function pickPayload(root: vscode.Uri): Promise<GivenPayload | undefined> {
  const picked = await vscode.window.showQuickPick([
    { label: '$(file) File…', detail: 'JSON, NDJSON, CSV or another file, as it is', give: () => fromFile(root) },
    { label: '$(clippy) Clipboard', detail: 'The text in the clipboard', give: async () => fromText(await vscode.env.clipboard.readText()) },
    { label: '$(edit) Type it…', detail: 'One line of JSON', give: typed },
  ], { title: 'Payload of the Run', placeHolder: 'Where does the payload come from?' });
  return picked?.give();
}

async function fromFile(root: vscode.Uri): Promise<GivenPayload | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ defaultUri: root, title: 'Payload', openLabel: 'Run', filters: { Data: Object.keys(mediaTypes), 'All Files': ['*'] } })) ?? [];
  if (!file) return undefined;
  return { body: await vscode.workspace.fs.readFile(file), mediaType: mediaTypes[file.path.split('.').at(-1)!.toLowerCase()] ?? 'application/octet-stream' };
}

async function typed(): Promise<GivenPayload | undefined> {
  const text = await vscode.window.showInputBox({ title: 'Payload of the Run', value: '{}', valueSelection: [1, 1], prompt: 'JSON', ignoreFocusOut: true, validateInput: problemOf });
  return text === undefined ? undefined : { body: text, mediaType: 'application/json' };
}

/** JSON where it is some, else plain text: a clipboard may hold anything. */
function fromText(text: string): GivenPayload {
  if (text.trim() === '') throw new Error('The clipboard holds no text.');
  return { body: text, mediaType: isJson(text) ? 'application/json' : 'text/plain' };
}

/** What tells faults is loaded where there is one. */
async function problemOf(text: string): Promise<string | undefined> {
  return isJson(text) ? undefined : (await import('../../server/model/syntax-errors.ts')).sayBrokenJson(text, 'The payload');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
