import * as vscode from 'vscode';
import type { Catalog } from '../../server/model/catalog.ts';
import { fileEdits } from '../../server/model/file-edit.ts';
import { fileSchemas } from '../../server/model/file-schemas.ts';
import type { Flow } from '../../server/model/flow.ts';
import { isObject } from '../../server/model/json.ts';
import { withValue } from '../../server/model/json-change.ts';
import { namesIn } from '../../server/model/names.ts';
import { propertyOrder, schemaAt } from '../../server/model/schema-walk.ts';
import { serialize } from '../../server/model/serialize.ts';
import type { ColumnSettings, LookupUse } from '../../webview/protocol/lookup.ts';
import { lintWorld, type Project } from '../language/project.ts';
import { applyToDocument } from './document-edits.ts';
import type { LookupDocument } from './lookup-document.ts';
import { showText } from './show-text.ts';

/** Flows, mappings and scripts that ask a lookup. `file`: of it, below the root. */
export async function findUses(project: Project, catalog: Catalog, file: string): Promise<readonly LookupUse[]> {
  const lookup = file.replaceAll(/^lookups\/|\.csv$/g, '');
  const world = lintWorld(project, catalog);
  const named = project.files.flatMap((one): readonly LookupUse[] => {
    const { kind, file: path, id, read } = one;
    if (kind !== 'flow' && kind !== 'map') return [];
    const value = (isObject(read.value) ? read.value : {}) as Partial<Flow>;
    return namesIn(one, world).filter((spot) => spot.kind === 'lookup' && spot.name === lookup).map(({ pointer }) => ({ file: path, pointer, kind, title: `${value.title ?? id}${stepTitle(value, pointer)}` }));
  });
  const scripts = await Promise.all(project.scripts.map(async (path): Promise<readonly LookupUse[]> => {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(project.root, path)));
    return asksFor(text, lookup) ? [{ file: path, kind: 'script', title: path }] : [];
  }));
  return [...named, ...scripts.flat()];
}

function stepTitle({ steps }: Partial<Flow>, pointer: string): string {
  const id = /^\/steps\/([^/]+)/.exec(pointer)?.[1];
  return id === undefined ? '' : ` › ${steps?.[id]?.title ?? id}`;
}

/** `context.lookup('countries')`. */
const asksFor = (text: string, lookup: string): boolean => [...text.matchAll(/\blookup\(\s*(['"`])(.*?)\1/g)].some(([, , name]) => name === lookup);

/** Writes what a column is into the settings of a lookup, which are saved: what is shown follows from them. */
export async function changeColumn({ sheet, settingsUri }: LookupDocument, name: string, { type, required, isKey }: ColumnSettings): Promise<void> {
  const { columns } = sheet.state;
  const keys = columns.filter((column) => (column.name === name ? isKey : column.isKey)).map((column) => column.name);
  if (keys.length === 0) throw new Error('A lookup needs a column that rows are found by.');
  const isFirst = keys.length === 1 && keys[0] === columns[0]?.name;
  const order = (place: readonly (string | number)[]) => propertyOrder(schemaAt(fileSchemas.lookup, place));
  const change = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const before = isObject(value['columns']) && isObject(value['columns'][name]) ? value['columns'][name] : {};
    const column = Object.fromEntries(Object.entries({ ...before, type: type === 'string' ? undefined : type, required: required || undefined }).filter(([, field]) => field !== undefined));
    const typed = withValue(value, ['columns', name], Object.keys(column).length > 0 ? column : undefined, order, () => true);
    return withValue(typed, ['key'], isFirst ? value['key'] && keys : keys, order, () => true);
  };
  const document = await settingsDocument(settingsUri);
  await applyToDocument(document, fileEdits('lookup', document.getText(), change));
  await document.save();
}

export async function openSettings({ settingsUri }: LookupDocument): Promise<void> {
  await settingsDocument(settingsUri);
  await showText(settingsUri);
}

async function settingsDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const isThere = await vscode.workspace.fs.stat(uri).then(() => true, () => false);
  if (!isThere) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(serialize('lookup', { version: 1 })));
  return vscode.workspace.openTextDocument(uri);
}
