import { ask } from '../shared/ask.ts';
import { formatCount } from '../shared/format.ts';
import { readCells, readTable, writeCells } from './clipboard.ts';
import { askColumn, type ColumnWish } from './column-dialog.ts';
import type { LookupEditor } from './editor.ts';
import { rangeOf, single } from './selection.ts';

/** Puts the selected cells onto the clipboard: at once where they are at hand, else when the host has given them. */
export function copySelection(editor: LookupEditor, event: ClipboardEvent, isCut: boolean): void {
  const range = rangeOf(editor.selection);
  const last = Math.min(range.bottom, (editor.rows.total ?? 0) - 1);
  const rows = Array.from({ length: Math.min(2_000, last - range.top + 1) }, (_, at) => editor.rows.row(range.top + at)?.cells.slice(range.left, range.right + 1));
  const isAll = rows.length === last - range.top + 1 && rows.every((row) => row !== undefined);
  const clear = async (): Promise<void> => { if (isCut && !editor.readOnly) await editor.edit({ op: 'clear', range }); };
  if (isAll) {
    event.clipboardData?.setData('text/plain', writeCells(rows as (readonly string[])[]));
    return void clear();
  }
  void editor.say((async () => {
    const cells = await editor.host.cells(editor.filter, range);
    await navigator.clipboard.writeText(writeCells(cells));
    await clear();
    return `${formatCount(cells.length, 'row')} copied.`;
  })());
}

/** Writes cells of the clipboard from the active cell on; rows that are missing are added. */
export async function pasteText(editor: LookupEditor, text: string): Promise<void> {
  if (text === '' || editor.readOnly) return;
  if (editor.sheet?.columns.length === 0) {
    const done = await editor.edit({ op: 'begin', cells: readTable(text) });
    if (done) editor.announce(`${formatCount(Math.max(0, done.changed - 1), 'row')} pasted.`);
    return;
  }
  const cells = readCells(text);
  const range = rangeOf(editor.selection);
  const done = await editor.edit({ op: 'set', cells, range });
  if (!done) return;
  const wide = Math.max(...cells.map((row) => row.length));
  editor.select({ anchor: { row: range.top, column: range.left }, active: { row: Math.max(range.bottom, range.top + cells.length - 1), column: Math.max(range.right, range.left + wide - 1) } });
  editor.announce(`${formatCount(done.changed, 'cell')} pasted.`);
}

/** Keys of the rows that do more than lead somewhere. Says whether it was one. */
export function onSheetKey(editor: LookupEditor, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  const command = ({ d: event.shiftKey ? undefined : () => fillDown(editor), enter: () => insertRows(editor, event.shiftKey ? 0 : 1), k: event.shiftKey ? () => removeRows(editor) : undefined } as Readonly<Record<string, (() => unknown) | undefined>>)[key];
  if (!command) return false;
  void command();
  return true;
}

export async function fillDown(editor: LookupEditor): Promise<void> {
  const range = rangeOf(editor.selection);
  if (editor.readOnly || range.bottom === range.top) return editor.announce('Select the cell to fill from and those below it first.');
  const done = await editor.edit({ op: 'fill-down', range });
  if (done) editor.announce(`${formatCount(done.changed, 'cell')} filled.`);
}

/** As many rows as are selected, before them (0) or behind them (1). */
export async function insertRows(editor: LookupEditor, side: 0 | 1): Promise<void> {
  if (editor.readOnly) return;
  const { top, bottom } = rangeOf(editor.selection);
  const total = editor.rows.total ?? 0;
  const count = Math.min(1_000, Math.max(1, Math.min(bottom, total - 1) - top + 1));
  const before = side === 0 ? top : bottom + 1;
  const done = await editor.edit({ op: 'insert', count, ...(before < total && { before }) });
  if (!done) return;
  editor.goTo(Math.min(before, total), 0);
  editor.announce(`${formatCount(count, 'row')} inserted.`);
}

export async function removeRows(editor: LookupEditor): Promise<void> {
  const { top, bottom } = rangeOf(editor.selection);
  const last = Math.min(bottom, (editor.rows.total ?? 0) - 1);
  if (editor.readOnly || last < top) return;
  const done = await editor.edit({ op: 'remove', first: top, last });
  if (!done) return;
  editor.select(single(top, editor.selection.active.column));
  editor.announce(`${formatCount(done.changed, 'row')} deleted.`);
}

export async function addColumn(editor: LookupEditor): Promise<void> {
  const add = await ask({ title: 'Add a column', text: 'It is the last one. Its cells are empty.', action: 'Add', field: { label: 'Name' } });
  if (add === undefined || add === '') return;
  if (await editor.edit({ op: 'columns', change: { add } })) editor.announce(`The column ${add} was added.`);
}

/** Sorting, filter, name and type of a column. */
export async function openColumn(editor: LookupEditor, at: number): Promise<void> {
  const column = editor.sheet?.columns[at];
  if (!column || !editor.sheet) return;
  const { filter, sheet } = editor;
  const sort = filter.sort === column.name ? 'up' : filter.sort === `-${column.name}` ? 'down' : 'none';
  const wish = await askColumn({ column, sort, filter: filter.columns?.[column.name] ?? '', readOnly: sheet.readOnly !== undefined, onlyName: sheet.isBroken });
  editor.grid?.focus();
  if (wish?.kind === 'delete') return removeColumn(editor, at, column.name);
  if (wish) await followWish(editor, at, wish);
}

async function followWish(editor: LookupEditor, at: number, { name, sort, filter, settings }: Extract<ColumnWish, { kind: 'done' }>): Promise<void> {
  const column = editor.sheet?.columns[at];
  if (!column) return;
  if (name !== column.name && !(await editor.edit({ op: 'columns', change: { rename: at, to: name } }))) return;
  const { type, required, isKey } = column;
  if (settings.type !== type || settings.required !== required || settings.isKey !== isKey) await editor.say(editor.host.setColumn(name, settings));
  const { [column.name]: _own, ...others } = editor.filter.columns ?? {};
  const columns = { ...others, ...(filter !== '' && { [name]: filter }) };
  const isOurs = editor.filter.sort === column.name || editor.filter.sort === `-${column.name}`;
  const wanted = sort === 'none' ? (isOurs ? undefined : editor.filter.sort) : sort === 'up' ? name : `-${name}`;
  const next = { ...(editor.filter.text && { text: editor.filter.text }), ...(Object.keys(columns).length > 0 && { columns }), ...(wanted !== undefined && { sort: wanted }) };
  if (JSON.stringify(next) !== JSON.stringify(editor.filter)) editor.setFilter(next);
}

async function removeColumn(editor: LookupEditor, at: number, name: string): Promise<void> {
  const used = editor.uses.length === 0 ? 'Nothing asks this lookup.' : `${formatCount(editor.uses.length, 'place')} ${editor.uses.length === 1 ? 'asks' : 'ask'} this lookup.`;
  if ((await ask({ title: `Delete the column ${name}?`, text: `Its cells go from all rows. ${used} It can be undone.`, action: 'Delete' })) === undefined) return;
  if (await editor.edit({ op: 'columns', change: { remove: at } })) editor.announce(`The column ${name} was deleted.`);
}

