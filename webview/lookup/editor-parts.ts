import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount } from '../shared/format.ts';
import { button, emptyState, icon, iconButton, linkButton, message, textField, toolbar } from '../shared/kit.ts';
import { addColumn, fillDown, insertRows, pasteText, removeRows } from './editor-actions.ts';
import type { LookupEditor } from './editor.ts';

/** Above this each change takes a moment, as the whole file is read again. */
const largeBytes = 5 * 2 ** 20;

export function toolBar(editor: LookupEditor): TemplateResult {
  const { sheet, host, readOnly } = editor;
  const isFixed = readOnly || sheet?.columns.length === 0;
  return html`<header class="bar">
    ${icon('table')}<h1 class="ellipsis" title=${sheet?.file ?? ''}>${sheet?.title ?? sheet?.file.split('/').at(-1)}</h1><span class="quiet" role="status">${editor.count}</span>
    <span class="gap"></span>
    ${toolbar('Lookup', html`
      ${iconButton({ label: 'Insert row', title: 'Insert a row behind the selected ones (Ctrl+Enter)', icon: 'insert', disabled: isFixed, onClick: () => void insertRows(editor, 1) })}
      ${iconButton({ label: 'Delete rows', title: 'Delete the selected rows (Ctrl+Shift+K)', icon: 'trash', disabled: isFixed, onClick: () => void removeRows(editor) })}
      ${iconButton({ label: 'Fill down', title: 'Fill the selected cells with the first one (Ctrl+D)', icon: 'arrow-down', disabled: isFixed, onClick: () => void fillDown(editor) })}
      ${iconButton({ label: 'Add column…', icon: 'split-horizontal', disabled: readOnly, onClick: () => void addColumn(editor) })}
      ${iconButton({ label: 'Find and replace', title: 'Find and replace (Ctrl+F)', icon: 'search', onClick: () => editor.find() })}
      ${iconButton({ label: 'Import CSV…', title: 'Changes and adds rows, by their key', icon: 'cloud-upload', disabled: readOnly, onClick: () => void editor.say(host.import()) })}
      ${iconButton({ label: 'Export CSV…', title: 'The rows that are shown, in their order', icon: 'cloud-download', onClick: () => void editor.say(host.export(editor.filter)) })}
      ${iconButton({ label: 'Settings of the lookup', icon: 'settings-gear', onClick: () => void editor.say(host.openSettings()) })}
      ${iconButton({ label: 'Show text', icon: 'file-code', onClick: () => void host.openText() })}
      <button type="button" class="icon-button" aria-label="Problems, uses, test" title="Problems, uses, test (Alt+2)" aria-pressed=${editor.side === undefined ? 'false' : 'true'} @click=${() => { editor.side = editor.side === undefined ? 'problems' : undefined; }}>${icon('layout-sidebar-right')}</button>`)}
  </header>`;
}

/** Why the rows cannot be changed, why a change was refused, what is special of a large file. */
export function banners(editor: LookupEditor): TemplateResult | typeof nothing {
  const { sheet, refusal, note, host, findings } = editor;
  if (!sheet) return nothing;
  const openText = linkButton({ label: 'Open as text', onClick: () => void host.openText() });
  const broken = findings.find(({ severity, row, path }) => severity === 'error' && row === undefined && path === '');
  return html`<div class="banners">
    ${sheet.readOnly === undefined ? nothing : message({ tone: 'info', title: 'The rows can be looked at only.', text: sheet.readOnly, actions: openText })}
    ${sheet.readOnly === undefined && sheet.isBroken ? message({ tone: 'bad', title: broken?.message ?? 'The header makes no table.', text: 'Give the column another name; the rows can be changed then.', actions: openText }) : nothing}
    ${sheet.isOutdated ? message({ tone: 'warn', title: 'Somebody else has changed the file.', text: 'What you see has changes of yours that are not saved. Saving asks whether to overwrite; “File: Revert File” takes over the other content.' }) : nothing}
    ${refusal === undefined ? nothing : message({ tone: 'warn', title: 'It was not done.', text: refusal, actions: linkButton({ label: 'Dismiss', onClick: () => { editor.refusal = undefined; } }) })}
    ${sheet.readOnly === undefined && sheet.bytes > largeBytes ? html`<div class="hint">${icon('info', { tone: 'info' })}<span>A large lookup: ${formatCount(sheet.rows, 'row')}, ${formatBytes(sheet.bytes)}. Rows are read as they come into view. Everything works; a change, a filter and the checks take a moment, and at most 200,000 cells are changed at once.</span></div>` : nothing}
    ${note === undefined ? nothing : html`<div class="hint">${icon('check', { tone: 'good' })}<span>${note}</span>${iconButton({ label: 'Dismiss', icon: 'close', onClick: () => { editor.note = undefined; } })}</div>`}
  </div>`;
}

/** What of the rows is shown, and how to see all of them. */
export function filterLine(editor: LookupEditor): TemplateResult | typeof nothing {
  const { filter, sheet } = editor;
  if (!sheet || sheet.columns.length === 0) return nothing;
  const { text = '', columns = {}, sort } = filter;
  const without = (name: string): void => { const { [name]: _gone, ...rest } = columns; editor.setFilter({ ...filter, columns: rest }); };
  const isDown = sort !== undefined && !sheet.columns.some(({ name }) => name === sort);
  const chip = (label: string, remove: () => void): TemplateResult => html`<span class="chip"><span class="ellipsis">${label}</span>${iconButton({ label: `Remove: ${label}`, icon: 'close', onClick: remove })}</span>`;
  return html`<div class="filters">
    <div class="filter">${textField({ label: 'Rows that hold', type: 'search', icon: 'filter', placeholder: 'Rows that hold', value: text, onChange: (value) => editor.setFilter({ ...filter, text: value }) })}</div>
    ${Object.entries(columns).filter(([, part]) => part !== '').map(([name, part]) => chip(`${name} holds “${part}”`, () => without(name)))}
    ${sort === undefined ? nothing : chip(`Sorted by ${isDown ? sort.slice(1) : sort}, ${isDown ? 'down' : 'up'}`, () => { const { sort: _gone, ...rest } = filter; editor.setFilter(rest); })}
  </div>`;
}

/** For a lookup without columns: where they may come from. */
export function emptyTable(editor: LookupEditor): TemplateResult {
  const { sheet, readOnly, host } = editor;
  if (readOnly) return emptyState({ icon: 'table', title: 'There is nothing to show', text: sheet?.readOnly });
  const onPaste = (event: ClipboardEvent): void => { event.preventDefault(); void pasteText(editor, event.clipboardData?.getData('text/plain') ?? ''); };
  return html`<div class="start">${emptyState({
    icon: 'table', title: 'This lookup has no columns yet', text: 'A lookup says what a value of one system is in another. The first row names the columns; rows are found by the first one.',
    actions: html`<div class="paste" @paste=${onPaste}>${textField({ label: 'Paste a table', placeholder: 'Paste cells of a spreadsheet here', value: '', onChange: () => undefined })}</div>
      ${button({ label: 'Import CSV…', icon: 'cloud-upload', onClick: () => void editor.say(host.import()) })}${button({ label: 'Add a column…', icon: 'add', onClick: () => void addColumn(editor) })}`,
  })}</div>`;
}
