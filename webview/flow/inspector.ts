import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { findPlugin } from '../../server/model/catalog.ts';
import { flowSchema } from '../../server/model/flow-schema.ts';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import type { ValueChange } from '../form/change.ts';
import type { SchemaForm, Preview } from '../form/form.ts';
import '../form/form.ts';
import type { FieldSchema, Path } from '../form/schema.ts';
import { formatCount, formatNumber, formatShort } from '../shared/format.ts';
import { button, icon, iconButton, iconNamed, kitStyles, linkButton, message, tabPanel, tabs, textArea, textField, type IconName } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { runCommand } from './actions.ts';
import { triggerId } from './changes.ts';
import { freshId } from './edit.ts';
import { inspectorStyles } from './inspector-styles.ts';
import { groupFields, noteFields } from './inspector-marks.ts';
import { formNames, settingsSchema } from './names.ts';
import type { SceneNode } from '../../server/model/picture/scene.ts';
import type { Stage } from './stage.ts';
import { textAt } from '../shared/text-at.ts';
import './step-data.ts';

export type InspectorTab = 'setup' | 'data' | 'retry' | 'notes' | 'json';

const stepFields = flowSchema.properties.steps.additionalProperties.properties;
const retrySchema = { type: 'object', additionalProperties: true, properties: { retry: { ...stepFields.retry, default: {} }, timeoutMs: stepFields.timeoutMs, concurrency: stepFields.concurrency, waitForAll: stepFields.waitForAll } } as unknown as FieldSchema;
const { title, description, labels, settings, variables } = flowSchema.properties;
const flowForm = { type: 'object', additionalProperties: true, properties: { title, description: { ...description, 'x-ui': { widget: 'textarea' } }, labels, settings: { ...settings, title: 'Runs' }, variables } } as unknown as FieldSchema;

/** What is selected, to read and to change: a step, a trigger, several, or the flow itself. */
export class Inspector extends LitElement {
  static override properties = { stage: { attribute: false }, tab: { attribute: false }, drafts: { attribute: false }, tick: { attribute: false } };
  static override styles = [baseStyles, toneStyles, kitStyles, inspectorStyles];

  declare stage: Stage;
  declare tab: InspectorTab;
  declare drafts: Record<string, string>;
  /** Another object at each change of the store. */
  declare tick: object;
  onTab: (tab: InspectorTab) => void = () => undefined;
  onClose: () => void = () => undefined;

  /** Puts the focus on the first control of the tab. */
  async focusFirst(): Promise<void> {
    await this.updateComplete;
    const form = this.renderRoot.querySelector<SchemaForm>('.tab-panel patchbay-form, .content patchbay-form');
    await form?.updateComplete;
    const controls = 'vscode-textfield, vscode-single-select, vscode-textarea, vscode-checkbox, button, summary';
    const first = form?.renderRoot.querySelector<HTMLElement>(controls) ?? this.renderRoot.querySelector<HTMLElement>('.tab[aria-selected="true"]') ?? this.renderRoot.querySelector<HTMLElement>(controls);
    first?.focus();
  }

  protected override render(): TemplateResult {
    const { store } = this.stage;
    const node = store.only === undefined ? undefined : store.scene.nodes.get(store.only);
    const [key] = store.selected;
    const edge = store.selected.size === 1 ? store.scene.edges.get(key!) : undefined;
    if (node?.kind === 'step') return this.stepView(node);
    if (node?.kind === 'trigger') return this.triggerView(node);
    if (node?.kind === 'note') return this.plainView('note', 'Note', 'Does nothing in a run.', html`${noteFields(this.stage, node)}<div class="actions-list">${store.readOnly ? nothing : this.action('Remove the note', 'trash', 'delete')}</div>`);
    if (node?.kind === 'group') return this.plainView('group-by-ref-type', 'Group', formatCount(node.members!.length, 'step'), html`${groupFields(this.stage, node)}<div class="actions-list">${store.readOnly ? nothing : this.action('Remove the frame, keep the steps', 'ungroup-by-ref-type', 'delete')}</div>`);
    if (edge) return this.plainView('link', 'Link', `${store.scene.nodes.get(edge.from)?.title ?? ''} · ${edge.port} → ${store.scene.nodes.get(edge.to)?.title ?? ''}`, html`<div class="actions-list">
      ${store.readOnly ? nothing : html`${this.action('Insert a step here', 'add', 'add')}${this.action('Remove the link', 'trash', 'delete')}`}</div>`);
    const steps = [...store.selected].filter((id) => store.scene.nodes.has(id));
    if (steps.length > 1) return this.plainView('list-selection', `${formatCount(steps.length, [...steps].every((id) => store.scene.nodes.get(id)!.kind === 'step') ? 'step' : 'thing')} selected`, 'Move, copy, skip or remove them together.', html`<div class="actions-list">
      ${this.action('Copy', 'copy', 'copy')}${store.readOnly ? nothing : html`${this.action('Group', 'group-by-ref-type', 'group')}${this.action('Duplicate', 'files', 'duplicate')}${this.action('Skip, or no longer', 'circle-slash', 'disable')}${this.action('Remove', 'trash', 'delete')}`}</div>`);
    return this.flowView();
  }

  private stepView(node: SceneNode): TemplateResult {
    const { store } = this.stage;
    const counts = store.run?.steps[node.id];
    const findings = store.findings.get(node.id) ?? [];
    const inSettings = findings.filter(({ path }) => !path.includes('/next')).length;
    return html`${this.header(node)}
      ${tabs<InspectorTab>({ label: 'Parts of the step', name: 'step', selected: this.tab, onSelect: this.onTab, tabs: [
        { id: 'setup', label: 'Setup', ...(inSettings > 0 && { count: formatNumber(inSettings) }) },
        { id: 'data', label: 'Data', ...(counts && { count: counts.failed > 0 ? `${formatShort(counts.failed)} failed` : formatShort(counts.out) }) },
        { id: 'retry', label: 'Retry' }, { id: 'notes', label: 'Notes' }, { id: 'json', label: 'JSON' },
      ] })}
      ${tabPanel('step', this.tab, keyed(`${node.id} ${this.tab}`, this.stepTab(node)))}`;
  }

  private stepTab(node: SceneNode): unknown {
    const { store, host } = this.stage;
    const step = node.step!;
    const set = (changes: readonly ValueChange[], prefix: Path): void => void store.edit({ changes: changes.map(({ path, value }): FlowChange => ({ op: 'set', step: node.id, path: [...prefix, ...path], value })) });
    switch (this.tab) {
      case 'setup': {
        const entry = findPlugin(store.catalog, 'shape', step.shape);
        if (!entry) return html`<div class="pad">${message({ tone: 'warn', title: `The shape “${step.shape}” is not known.`, text: 'Its settings are kept as they are. It may come from a plugin that is not loaded.' })}</div>`;
        const schema = settingsSchema(entry.settings as FieldSchema, store.workspace, step.settings, store.catalog);
        return html`<div class="pad">${this.findings(node)}${entry.type === 'map' ? html`<div class="actions mapping">${button({ label: 'Edit mapping', icon: 'arrow-swap', primary: true, onClick: () => this.stage.openMap(node.id) })}</div>` : nothing}${this.form(schema, step.settings ?? {}, `/steps/${escape(node.id)}/settings`, node.id, (changes) => set(...belowSettings(changes, step.settings)), node.id)}</div>`;
      }
      case 'data': return html`<patchbay-step-data .host=${host} .run=${store.run} .step=${node.id}></patchbay-step-data>`;
      case 'retry': return html`<div class="pad">${this.form(retrySchema, step, `/steps/${escape(node.id)}`, `${node.id} retry`, (changes) => set(changes, []))}</div>`;
      case 'notes': return html`<div class="pad">${textArea({ label: 'Notes', value: step.notes ?? '', rows: 12, placeholder: 'Why this step is as it is', readOnly: store.readOnly, onChange: (text) => set([{ path: ['notes'], value: text === '' ? undefined : text }], []) })}</div>`;
      case 'json': return this.json(`/steps/${escape(node.id)}`, ['steps', node.id]);
    }
  }

  private triggerView(node: SceneNode): TemplateResult {
    const { store } = this.stage;
    const trigger = node.trigger!;
    const id = triggerId(node);
    const entry = findPlugin(store.catalog, 'trigger', trigger.trigger);
    const edit = (changes: readonly FlowChange[]): void => void store.edit({ changes });
    const apply = (changes: readonly ValueChange[]): void => {
      const [below, prefix] = belowSettings(changes, trigger.settings);
      edit(below.map(({ path, value }) => ({ op: 'set-flow', path: ['triggers', id, ...prefix, ...path], value })));
    };
    return html`${this.head(node.icon, entry?.title ?? trigger.trigger, html`<span class="mono">${id}</span>`, entry?.summary, html`
        ${iconButton({ label: trigger.disabled ? 'Switch on' : 'Switch off', icon: 'circle-slash', pressed: trigger.disabled === true, disabled: store.readOnly, onClick: () => edit([{ op: 'set-flow', path: ['triggers', id, 'disabled'], value: trigger.disabled ? undefined : true }]) })}
        ${iconButton({ label: 'Remove the trigger', icon: 'trash', disabled: store.readOnly, onClick: () => edit([{ op: 'set-flow', path: ['triggers', id], value: undefined }]) })}`)}
      <div class="content pad">${this.findings(node)}${entry
        ? keyed(node.id, this.form(entry.settings as FieldSchema, trigger.settings ?? {}, `/triggers/${escape(id)}/settings`, node.id, apply))
        : message({ tone: 'warn', title: `The trigger “${trigger.trigger}” is not known.`, text: 'Its settings are kept as they are.' })}</div>`;
  }

  private flowView(): TemplateResult {
    const { store } = this.stage;
    const triggers = [...store.scene.nodes.values()].filter(({ kind }) => kind === 'trigger');
    const findings = store.diagnostics.filter(({ path }) => !/^\/(steps|triggers|notes|groups)\/./.test(path));
    return html`${this.head('type-hierarchy-sub', store.flow.title ?? 'Flow', html`<span class="mono">${store.document.file}</span>`)}
      <div class="content pad">
        ${findings.map((finding) => message({ tone: finding.severity === 'error' ? 'bad' : 'warn', title: finding.message, text: finding.fix }))}
        <section><h3>Triggers</h3>
          ${triggers.length === 0 ? html`<p class="quiet">None: it is run by hand, by the command line or by the API.</p>` : html`<ul class="plain">${triggers.map((node) => html`<li><button type="button" class="row-button" @click=${() => store.select([node.id], node.id)}>${icon(iconNamed(node.icon, 'zap'))}<span class="ellipsis">${node.title}</span><span class="quiet ellipsis">${node.summary}</span></button></li>`)}</ul>`}
          ${store.readOnly ? nothing : html`<div class="adds">${store.catalog.plugins.filter(({ kind }) => kind === 'trigger').map((entry) => linkButton({ label: entry.title, icon: 'add', title: entry.summary, onClick: () => this.addTrigger(entry.type) }))}</div>`}
        </section>
        ${keyed('flow', this.form(flowForm, store.flow, '', 'flow', (changes) => void store.edit({ changes: changes.map(({ path, value }) => ({ op: 'set-flow', path, value })) })))}
      </div>`;
  }

  private addTrigger(type: string): void {
    const { store } = this.stage;
    const taken = store.flow.triggers ?? {};
    const id = freshId(type, taken);
    void store.edit({ changes: [{ op: 'set-flow', path: ['triggers', id], value: { trigger: type } }], select: [`trigger:${id}`] });
  }

  private form(schema: FieldSchema, root: unknown, pointer: string, scope: string, onChange: (changes: readonly ValueChange[]) => void, step?: string): TemplateResult {
    const { store, host } = this.stage;
    const { run, debug } = store;
    const evaluate = step === undefined ? undefined : (text: string): Promise<Preview> => host.evaluate(text, step);
    const complete = step === undefined ? undefined : (keys: Path, text: string, offset: number) => host.complete({ step, keys, text, offset });
    return html`<patchbay-form .schema=${schema} .root=${root} .pointer=${pointer} .scope=${scope} .diagnostics=${store.diagnostics} .names=${formNames(store.catalog, store.workspace, store.flow.steps)} .readOnly=${store.readOnly}
      .drafts=${this.drafts} .onChange=${onChange} .evaluate=${evaluate} .complete=${complete} .seen=${`${run?.id} ${run?.status} ${debug.stopped}`} .onOpenFile=${(path: string) => void host.openFile(path)}></patchbay-form>`;
  }

  private header(node: SceneNode): TemplateResult {
    const { store, host } = this.stage;
    const step = node.step!;
    const rename = async (): Promise<void> => {
      const to = await host.askText({ title: `New id for ${node.id}`, value: node.id, idOf: node.id, prompt: 'Lower-case letters, digits and hyphens. References to it are changed, too.' });
      if (to === undefined || to === node.id) return;
      await store.edit({ changes: [{ op: 'rename-step', from: node.id, to }], select: [to] });
    };
    return this.head(node.icon, keyed(node.id, textField({ label: 'Title of the step', value: step.title ?? '', placeholder: node.id, readOnly: store.readOnly, onChange: (text) => void store.edit({ changes: [{ op: 'set', step: node.id, path: ['title'], value: text.trim() === '' ? undefined : text.trim() }] }) })), html`
      <span>${node.type}</span><span class="dot">·</span><span class="mono ellipsis" title=${node.id}>${node.id}</span>${store.readOnly ? nothing : iconButton({ label: 'Change the id', icon: 'edit', onClick: () => void rename() })}`,
      findPlugin(store.catalog, 'shape', step.shape)?.summary, html`
      ${iconButton({ label: step.disabled ? 'No longer skip (D)' : 'Skip this step (D)', icon: 'circle-slash', pressed: step.disabled === true, disabled: store.readOnly, onClick: () => void runCommand(this.stage, 'disable') })}
      ${iconButton({ label: 'Remove the step (Delete)', icon: 'trash', disabled: store.readOnly, onClick: () => void runCommand(this.stage, 'delete') })}`);
  }

  private head(name: string, title: unknown, subtitle: unknown, summary?: string, tools: unknown = nothing): TemplateResult {
    return html`<header>
      <span class="tile">${icon(iconNamed(name, 'symbol-misc'))}</span>
      <div class="names"><div class="name">${title}</div><div class="sub quiet" title=${summary ?? ''}>${subtitle}</div></div>
      <div class="tools">${tools}${iconButton({ label: 'Close the inspector (Escape)', icon: 'close', onClick: this.onClose })}</div>
    </header>`;
  }

  private plainView(name: IconName, title: string, text: string, content: unknown): TemplateResult {
    return html`${this.head(name, title, text)}<div class="content pad">${content}</div>`;
  }

  private action(label: string, name: IconName, command: Parameters<typeof runCommand>[1]): TemplateResult {
    return linkButton({ label, icon: name, onClick: () => void runCommand(this.stage, command) });
  }

  /** What is wrong with the node and stands at no field: its links, its error in the run. */
  private findings(node: SceneNode): unknown {
    const { store } = this.stage;
    const base = node.kind === 'step' ? `/steps/${escape(node.id)}` : `/triggers/${escape(triggerId(node))}`;
    const general = (store.findings.get(node.id) ?? []).filter(({ path }) => path === base || !path.startsWith(`${base}/settings/`));
    const error = store.run?.errors[node.id];
    return html`${error ? message({ tone: 'bad', title: error.code, text: html`${error.message}${error.remedy ? html`<br>${error.remedy}` : nothing}` }) : nothing}
      ${general.map((finding) => message({ tone: finding.severity === 'error' ? 'bad' : 'warn', title: finding.message, text: finding.fix }))}`;
  }

  private json(pointer: string, path: Path): TemplateResult {
    return html`<div class="json-tab"><div class="pad-bar">${linkButton({ label: 'Edit as JSON', icon: 'go-to-file', onClick: () => void this.stage.host.openText(pointer) })}</div>
      <pre class="mono" tabindex="0" aria-label="JSON of the step">${textAt(this.stage.store.document.text, path)}</pre></div>`;
  }
}

const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Changes below `settings`; where nothing would be left in them, they are removed themselves. */
function belowSettings(changes: readonly ValueChange[], before: unknown): [readonly ValueChange[], Path] {
  const [only] = changes;
  const names = Object.keys((before ?? {}) as object);
  const isEmptied = changes.length === 1 && only!.value === undefined && only!.path.length === 1 && names.length === 1 && names[0] === only!.path[0];
  return isEmptied ? [[{ path: [], value: undefined }], ['settings']] : [changes, ['settings']];
}

customElements.define('patchbay-inspector', Inspector);
