import * as vscode from 'vscode';
import type { ConnectorFile } from '../../server/model/connector.ts';
import { serialize } from '../../server/model/serialize.ts';
import { chooseMethod } from '../editors/choose-method.ts';
import { newInstance } from '../editors/new-instance.ts';
import type { Services } from '../services.ts';
import { askName } from './ask-name.ts';
import { blankFiles, type BlankKind } from './blank-files.ts';
import { newFlow } from './new-flow.ts';
import { chooseRoot } from './targets.ts';

type Kind = BlankKind | 'flow' | 'instance';

const kinds: readonly (vscode.QuickPickItem & { readonly id: Kind })[] = [
  { id: 'flow', label: '$(type-hierarchy-sub) Flow', detail: 'From a template, or blank' },
  { id: 'connector', label: '$(plug) Connector', detail: 'The description of an API; Import Connector makes one of what there is' },
  { id: 'instance', label: '$(account) Instance', detail: 'A connector with an account' },
  { id: 'environment', label: '$(globe) Environment', detail: 'What is different where a flow runs' },
  { id: 'map', label: '$(arrow-swap) Map', detail: 'Rules that steps and other maps use by name' },
  { id: 'lookup', label: '$(table) Lookup', detail: 'A cross-reference table' },
  { id: 'test', label: '$(beaker) Tests', detail: 'Cases of a flow' },
  { id: 'script', label: '$(code) Script', detail: 'Code of your own, in TypeScript' },
];

/** Makes a file of a kind that a group of the project names, or that the user picks, and opens it. */
export async function newFile(services: Services, given: unknown): Promise<void> {
  const { make, root: at } = (given ?? {}) as { readonly make?: Kind; readonly root?: vscode.Uri };
  const kind = make ?? (await vscode.window.showQuickPick(kinds, { title: 'New', placeHolder: 'What is to be made?', matchOnDetail: true }))?.id;
  if (kind === 'flow') return newFlow(services, at);
  const root = kind && (at ?? (await chooseRoot(services, 'New')));
  if (!kind || !root) return;
  const made = kind === 'instance' ? await instance(services, root) : kind === 'test' ? await test(services, root) : await blank(kind, root);
  if (!made) return;
  const file = vscode.Uri.joinPath(root, ...made.file.split('/'));
  const edit = new vscode.WorkspaceEdit();
  // A new file is one undo step of the explorer, and never written over an old one.
  edit.createFile(file, { contents: new TextEncoder().encode(made.text), overwrite: false });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`The file ${made.file} could not be made: is there one of that name already?`);
  await vscode.commands.executeCommand('vscode.open', file);
}

type Made = { readonly file: string; readonly text: string } | undefined;

async function blank(kind: BlankKind, root: vscode.Uri): Promise<Made> {
  const name = await askName(`New ${kinds.find(({ id }) => id === kind)!.label.replace(/^\$\(.*\) /, '')}`, (typed) => vscode.Uri.joinPath(root, ...blankFiles[kind](typed).file.split('/')));
  return name === undefined ? undefined : blankFiles[kind](name);
}

async function instance({ projects, catalogs }: Services, root: vscode.Uri): Promise<Made> {
  const project = await projects.of(root);
  const own = project.values<ConnectorFile>('connector');
  const coded = catalogs.of(root).plugins.filter(({ kind, source }) => kind === 'connector' && source !== 'built-in').map(({ type, title }) => ({ label: type, description: title }));
  const all = [...Object.entries(own).map(([id, { title }]) => ({ label: id, description: title ?? '' })), ...coded];
  if (all.length === 0) throw new Error('There is no connector yet that an instance could be of: make or import one first.');
  const connector = (await vscode.window.showQuickPick(all, { title: 'New Instance', placeHolder: 'Connector', matchOnDescription: true, ignoreFocusOut: true }))?.label;
  if (connector === undefined) return undefined;
  const place = (name: string): string => `instances/${name}.instance.json`;
  const name = await askName('New Instance', (typed) => vscode.Uri.joinPath(root, ...place(typed).split('/')), connector);
  const parts = name === undefined ? undefined : await chooseMethod(own[connector], catalogs.of(root));
  return name === undefined || !parts ? undefined : { file: place(name), text: serialize('instance', newInstance(name, connector, parts)) };
}

async function test({ projects }: Services, root: vscode.Uri): Promise<Made> {
  const { files } = await projects.of(root);
  const untested = files.filter(({ kind, id }) => kind === 'flow' && !files.some((other) => other.kind === 'test' && other.id === id));
  if (untested.length === 0) throw new Error('Each flow has a file of tests already: add a case to it.');
  const flow = await vscode.window.showQuickPick(untested.map(({ id, read }) => ({ label: id, description: (read.value as { readonly title?: string } | undefined)?.title ?? '' })), { title: 'New Tests', placeHolder: 'Flow', ignoreFocusOut: true });
  return flow && blankFiles.test(flow.label);
}
