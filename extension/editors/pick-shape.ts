import * as vscode from 'vscode';
import type { Catalog, CatalogEntry } from '../../server/model/catalog.ts';

const groups = ['connect', 'logic', 'data', 'script', 'control'];
const titles: Readonly<Record<string, string>> = { connect: 'Connect', logic: 'Logic', data: 'Data', script: 'Script', control: 'Control' };

/** Lets the user pick a shape: the native list, which can be searched by title, type and summary. */
export async function pickShape(catalog: Catalog): Promise<string | undefined> {
  const shapes = catalog.plugins.filter(({ kind, status }) => kind === 'shape' && status !== 'deprecated');
  const names = [...groups, ...new Set(shapes.map(({ group = 'other' }) => group).filter((group) => !groups.includes(group)))];
  const items = names.flatMap((group) => {
    const own = shapes.filter((shape) => (shape.group ?? 'other') === group).sort((one, other) => one.title.localeCompare(other.title));
    return own.length > 0 ? [{ label: titles[group] ?? group, kind: vscode.QuickPickItemKind.Separator, type: '' }, ...own.map(itemOf)] : [];
  });
  const picked = await vscode.window.showQuickPick(items, { title: 'Add a Step', placeHolder: 'Shape', matchOnDescription: true, matchOnDetail: true });
  return picked?.type;
}

const itemOf = ({ title, type, summary, icon, source }: CatalogEntry): vscode.QuickPickItem & { readonly type: string } => ({
  label: icon ? `$(${icon}) ${title}` : title, description: source === 'built-in' ? type : `${type} · ${source}`, detail: summary, type,
});
