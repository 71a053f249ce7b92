import { html, nothing, type TemplateResult } from 'lit';
import { keySheetView } from '../shared/editor-frame.ts';
import { formatNumber } from '../shared/format.ts';
import { icon, iconButton, linkButton, message, restricted, toolbar } from '../shared/kit.ts';
import type { MapEditor } from './editor.ts';
import { sampleLinks } from './sample-links.ts';
import { keySheet } from './keymap.ts';

export function toolBar(editor: MapEditor): TemplateResult {
  const { store, actions } = editor;
  return html`<div class="bar">${toolbar('Mapping', html`
    ${editor.onBack ? html`<button type="button" class="text-button" title="Back to the flow (Escape)" @click=${editor.onBack}>${icon('arrow-left')}Flow</button><span class="sep"></span>` : nothing}
    <button type="button" class="text-button" title="New rule (N)" ?disabled=${store.readOnly} @click=${() => actions.run('add')}>${icon('add')}Add rule</button>
    <button type="button" class="text-button" title="Rules from names and types (S)" @click=${() => actions.suggest()}>${icon('sparkle')}Auto-map${store.sample.suggestions ? html` <span class="quiet">${formatNumber(store.sample.suggestions.length)}</span>` : nothing}</button>
    ${editor.canSwitch ? iconButton({ label: 'Rules as a table (T)', icon: 'table', pressed: editor.isTable, onClick: () => { editor.isTable = !editor.isTable; } }) : nothing}
    ${iconButton({ label: 'Filter the fields (Ctrl+F)', icon: 'search', onClick: () => editor.openFilter() })}
    ${iconButton({ label: 'Keys (?)', icon: 'keyboard', onClick: () => editor.toggleHelp() })}`)}
    <span class="gap"></span>
    ${sample(editor)}
    <span class="sep"></span>
    ${iconButton({ label: 'Show JSON', icon: 'json', onClick: () => void store.link.openText(rulePointer(editor)) })}
    ${iconButton({ label: 'Panel', icon: 'layout-sidebar-right', pressed: editor.isOpen, onClick: () => { editor.isOpen = !editor.isOpen; } })}
  </div>`;
}

/** What the mapping is tried with, and which record of it. */
function sample(editor: MapEditor): TemplateResult {
  const { store } = editor;
  const { trial } = store.sample;
  const name = store.sample.name ?? (trial ? (trial.from === 'given' ? 'sample' : `last payload, run ${trial.from}`) : undefined);
  return toolbar('Sample', html`
    <span class="sample ellipsis" title=${name ?? ''}>${icon('beaker')} ${name ?? html`<span class="quiet">no sample</span>`}</span>
    ${trial ? html`${iconButton({ label: 'Record before ([)', icon: 'chevron-left', disabled: store.sample.record === 0, onClick: () => actionsRun(editor, 'previous-record') })}
      <span class="record" role="status" aria-label=${`Record ${store.sample.record + 1} of ${trial.records}`}>${formatNumber(store.sample.record + 1)}/${formatNumber(trial.records)}</span>
      ${iconButton({ label: 'Record after (])', icon: 'chevron-right', disabled: store.sample.record >= trial.records - 1, onClick: () => actionsRun(editor, 'next-record') })}` : nothing}
    ${iconButton({ label: 'Paste a sample', icon: 'clippy', onClick: () => void editor.pasteSample() })}
    ${iconButton({ label: 'Sample from a file', icon: 'folder-opened', onClick: () => void store.sample.pick() })}
    ${store.input?.trusted === false ? nothing : iconButton({ label: 'Sample from an endpoint', icon: 'plug', onClick: () => void store.sample.callEndpoint() })}
    ${store.sample.name === undefined ? nothing : iconButton({ label: 'Last recorded payload again', icon: 'history', onClick: () => void store.sample.use(undefined) })}`);
}

const actionsRun = (editor: MapEditor, command: 'previous-record' | 'next-record'): void => editor.actions.run(command);

/** Why an edit was refused, why there is no result. */
export function notices(editor: MapEditor): TemplateResult | typeof nothing {
  const { store } = editor;
  const { refusal, input } = store;
  const { trial } = store.sample;
  // Where nothing is known of the source, its side says so.
  const trialProblem = store.sample.isMissing && store.fields.rows.source.length === 0 && !editor.showsTable ? undefined : store.sample.problem;
  const failure = trial?.error && !trial.fields.some(({ error }) => error) ? trial.error : undefined;
  const file = typeof input?.settings['map'] === 'string' ? `maps/${input.settings['map']}.map.json` : undefined;
  if (refusal === undefined && trialProblem === undefined && !failure && input?.trusted !== false && file === undefined) return nothing;
  return html`<div class="banners">
    ${refusal === undefined ? nothing : message({ tone: 'warn', title: 'The change was not made.', text: refusal, actions: linkButton({ label: 'Dismiss', onClick: () => { store.refusal = undefined; editor.requestUpdate(); } }) })}
    ${input?.trusted === false ? restricted('the mapping can be edited, but not tried.', 'Trust the workspace in order to see results.')
      : trialProblem === undefined ? nothing : html`<div class="hint"><span role="status">${icon('info', { tone: 'info' })} ${trialProblem}</span> ${store.sample.isMissing ? sampleLinks({ onRun: editor.onRun, onCall: () => void store.sample.callEndpoint(), onPaste: () => void editor.pasteSample(), onFile: () => void store.sample.pick() }) : linkButton({ label: 'Try again', icon: 'refresh', onClick: () => store.sample.ask() })}</div>`}
    ${file === undefined ? nothing : html`<div class="hint"><span>${icon('references')} ${store.rules.length === 0 ? 'The rules stand' : 'Rules stand'} in ${file}.</span> ${linkButton({ label: 'Open it', title: `Open ${file}`, onClick: () => void store.link.openFile(file) })}</div>`}
    ${failure ? message({ tone: 'bad', title: failure.message, text: failure.remedy }) : nothing}
  </div>`;
}

export const keyHelp = (editor: MapEditor): TemplateResult => keySheetView({ title: 'Keys of the mapping', keys: keySheet, onClose: () => void editor.closeTop() });

function rulePointer({ store }: MapEditor): string | undefined {
  const { input, rule } = store;
  if (!input) return undefined;
  return rule === undefined ? input.pointer || undefined : `${input.pointer}/rules/${rule}`;
}
