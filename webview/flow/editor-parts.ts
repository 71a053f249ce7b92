import { html, nothing, type TemplateResult } from 'lit';
import { pointerOf as pointerFrom } from '../../server/model/json.ts';
import { markId } from '../../server/model/picture/marks.ts';
import { keySheetView } from '../shared/editor-frame.ts';
import { formatDuration, isFinal } from '../shared/format.ts';
import { button, firstClick, icon, iconButton, iconNamed, linkButton, message, restricted, statusBadge, textField, toolbar } from '../shared/kit.ts';
import { add } from './add-actions.ts';
import { freshId } from './edit.ts';
import type { FlowEditor } from './editor.ts';
import { keySheet } from './keymap.ts';

export function toolBar(editor: FlowEditor): TemplateResult {
  const { store, zoom } = editor;
  return html`<div class="bar">${toolbar('Flow', html`
    <button type="button" class="text-button" ?disabled=${store.readOnly} title="Add a step behind the selected one (A)" @click=${() => editor.run('add')}>${icon('add')}Add step</button>
    ${iconButton({ label: 'Add a note (N)', icon: 'note', disabled: store.readOnly, onClick: () => editor.run('note') })}
    <span class="sep"></span>
    ${iconButton({ label: 'Find (Ctrl+F)', icon: 'search', onClick: () => editor.openFind() })}
    ${iconButton({ label: 'Tidy: give all steps back to the layout (T)', icon: 'layout', disabled: store.readOnly, onClick: () => editor.run('tidy') })}
    ${iconButton({ label: 'Show the whole flow (1)', icon: 'screen-full', onClick: () => editor.run('fit') })}
    ${iconButton({ label: 'Zoom out (−)', icon: 'zoom-out', onClick: () => editor.run('zoom-out') })}
    <button type="button" class="zoom" title="Zoom to 100 % (0)" aria-label="Zoom ${Math.round(zoom * 100)} percent, back to 100" @click=${() => editor.run('zoom-reset')}>${Math.round(zoom * 100)} %</button>
    ${iconButton({ label: 'Zoom in (+)', icon: 'zoom-in', onClick: () => editor.run('zoom-in') })}
    ${store.scene.nodes.size >= 8 ? iconButton({ label: 'Map of the flow (M)', icon: 'map', pressed: editor.minimap, onClick: () => editor.toggleMinimap() }) : nothing}
    ${iconButton({ label: 'Keys (?)', icon: 'keyboard', onClick: () => editor.toggleHelp() })}`)}
    <span class="gap"></span>
    ${runPart(editor)}
    <span class="sep"></span>
    ${iconButton({ label: 'Show JSON', icon: 'json', onClick: () => void editor.host.openText(pointerOf(editor)) })}
    ${iconButton({ label: 'Inspector', icon: 'layout-sidebar-right', pressed: editor.inspecting, onClick: () => { editor.inspecting = !editor.inspecting; } })}
  </div>`;
}

/** What the canvas cannot show: why the flow cannot be edited, why an edit was refused. */
export function banners(editor: FlowEditor): TemplateResult | typeof nothing {
  const { store } = editor;
  const { problem, refusal } = store;
  if (!problem && refusal === undefined && !store.document.readOnly && store.trusted) return nothing;
  const openText = () => void editor.host.openText();
  return html`<div class="banners">
    ${problem ? message({ tone: 'bad', title: problem.message, text: 'The canvas shows the last flow that could be read, and changes nothing.', actions: linkButton({ label: 'Open as text', onClick: openText }) }) : nothing}
    ${!problem && store.loaded && store.document.readOnly ? message({ tone: 'info', title: 'This flow can be read only.', actions: linkButton({ label: 'Open as text', onClick: openText }) }) : nothing}
    ${refusal === undefined ? nothing : message({ tone: 'warn', title: 'The change was not made.', text: refusal, actions: linkButton({ label: 'Dismiss', onClick: () => { store.refusal = undefined; editor.requestUpdate(); } }) })}
    ${store.trusted ? nothing : restricted('the flow can be edited, but not run.', 'Trust the workspace in order to run flows, scripts and plugins.')}
  </div>`;
}

export function findBox(editor: FlowEditor, found: readonly string[]): TemplateResult {
  const text = editor.finding ?? '';
  const place = found.indexOf(editor.store.current ?? '');
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === 'F3') {
      event.preventDefault();
      editor.findNext(event.shiftKey ? -1 : 1);
    }
  };
  return html`<div class="sheet find" role="search" @keydown=${onKey}>
    ${textField({ label: 'Find in the flow', type: 'search', icon: 'search', value: text, placeholder: 'Title, kind, id, setting', onInput: (value) => { editor.finding = value; } })}
    <span class="quiet" role="status">${text === '' ? '' : found.length === 0 ? 'none' : `${place < 0 ? '–' : place + 1} of ${found.length}`}</span>
    ${iconButton({ label: 'The one before (Shift+Enter)', icon: 'arrow-up', disabled: found.length === 0, onClick: () => editor.findNext(-1) })}
    ${iconButton({ label: 'The next one (Enter)', icon: 'arrow-down', disabled: found.length === 0, onClick: () => editor.findNext(1) })}
    ${iconButton({ label: 'Close (Escape)', icon: 'close', onClick: () => void editor.closeTop() })}
  </div>`;
}

export const keyHelp = (editor: FlowEditor): TemplateResult => keySheetView({ title: 'Keys of the canvas', keys: keySheet, onClose: () => void editor.closeTop() });

/** For a flow without steps: how it starts and what it does first. */
export function emptyCard(editor: FlowEditor): TemplateResult {
  const { store } = editor;
  const triggers = store.catalog.plugins.filter(({ kind }) => kind === 'trigger');
  const used = new Set(Object.values(store.flow.triggers ?? {}).map(({ trigger }) => trigger));
  const addTrigger = (type: string) => void store.edit({ changes: [{ op: 'set-flow', path: ['triggers', freshId(type, store.flow.triggers ?? {})], value: { trigger: type } }] });
  return html`<section class="card" aria-label="Empty flow">
    <h2>${used.size === 0 ? 'What starts this flow?' : 'What does it do first?'}</h2>
    <p>${used.size === 0 ? 'Pick a trigger, or begin with the first step and start the flow by hand.' : 'Add the first step. It gets what the trigger brings.'}</p>
    ${used.size === 0 ? html`<div class="choices">${triggers.map((entry) => html`
      <button type="button" class="choice" title=${entry.summary} @click=${() => addTrigger(entry.type)}>${icon(iconNamed(entry.icon, 'zap'))}${entry.title}</button>`)}</div>` : nothing}
    ${button({ label: 'Add first step', icon: 'add', primary: true, onClick: () => void add(editor, {}) })}
    <p style="margin: 12px 0 0">…or paste steps as JSON here.</p>
  </section>`;
}

function runPart(editor: FlowEditor): TemplateResult {
  const { store } = editor;
  const { run, workspace } = store;
  const isRunning = run !== undefined && !isFinal(run.status);
  const count = Object.values(store.flow.steps).length;
  return html`
    ${workspace?.environment ? html`<span class="quiet wide" title="Environment of the runs">${icon('server-environment')} ${workspace.environment}</span><span class="sep wide"></span>` : nothing}
    ${run ? html`<button type="button" class="text-button" title="Open this run" @click=${() => void editor.host.openRun(run.id)}>${statusBadge(run.status, { paused: store.isPaused })}${run.durationMs === undefined ? nothing : html`<span class="quiet wide">${formatDuration(run.durationMs)}</span>`}</button>` : nothing}
    ${isRunning
      ? html`<button type="button" class="text-button stop" @click=${firstClick(() => void editor.host.stop(run.id))}>${icon('debug-stop')}Stop</button>`
      : html`<button type="button" class="text-button run" ?disabled=${!store.trusted || count === 0 || editor.starting} title=${store.trusted ? 'Run this flow' : 'Running needs a trusted workspace'} @click=${firstClick(() => void editor.start())}>${icon('play')}Run</button>`}`;
}

function pointerOf({ store }: FlowEditor): string | undefined {
  const node = store.only === undefined ? undefined : store.scene.nodes.get(store.only);
  return !node || node.kind === 'start' ? undefined : pointerFrom([`${node.kind}s`, node.kind === 'step' ? node.id : markId(node)]);
}
