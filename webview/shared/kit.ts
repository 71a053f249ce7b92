/**
 * The controls of all screens, as functions that give lit templates. They stand on `@vscode-elements/elements` and on nothing else,
 * and nothing else imports it: another toolkit is another version of this file. Every control has an accessible name, because its type asks for one.
 */
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { codicons } from './codicons.generated.ts';
import { pausedLook, statusLooks, type Tone } from './format.ts';
import { describe } from './describe.ts';
import type { RunStatus } from '../../server/model/run-event.ts';

export type IconName = keyof typeof codicons;

/** A codicon of a plugin's spec, or of any other text; `fallback` where there is none of that name. */
export const iconNamed = (name: string | undefined, fallback: IconName): IconName => (name && Object.hasOwn(codicons, name) ? (name as IconName) : fallback);

/** A picture that says nothing by itself: the words stand beside it or in the control's label. Needs `baseStyles`; works in every shadow root, as it needs the font alone. */
export const icon = (name: IconName, options: { readonly tone?: Tone; readonly spin?: boolean } = {}): TemplateResult =>
  html`<span class="icon ${options.spin ? 'spin' : ''} ${options.tone ? `tone-${options.tone}` : ''}" aria-hidden="true">${codicons[name]}</span>`;

interface Pressable {
  readonly label: string;
  readonly icon?: IconName;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly id?: string;
  readonly onClick: (event: Event) => void;
}

/** For what starts or stops something: the second click of a double click neither starts it twice nor stops what the first one began. */
export const firstClick = (run: () => unknown) => (event: Event): void => { if ((event as UIEvent).detail < 2) run(); };

/** `primary`: the one thing that the user most likely wants here. */
export const button = ({ label, icon: name, title, disabled, id, onClick, primary }: Pressable & { readonly primary?: boolean }): TemplateResult => html`
  <vscode-button id=${ifDefined(id)} title=${ifDefined(title)} ?secondary=${!primary} ?disabled=${disabled} aria-disabled=${disabled ? 'true' : 'false'} @click=${disabled ? nothing : onClick}
    >${name ? html`<span slot="content-before" class="icon" style="margin-right: 4px" aria-hidden="true">${codicons[name]}</span>` : nothing}${label}</vscode-button>`;

/** `pressed` makes it a toggle. `tabStop: false`: the arrow keys of its toolbar or row lead to it. */
export const iconButton = ({ label, icon: name, title, disabled, id, onClick, pressed, tabStop = true, spin }: Pressable & { readonly icon: IconName; readonly pressed?: boolean; readonly tabStop?: boolean; readonly spin?: boolean }): TemplateResult => html`
  <button type="button" class="icon-button" id=${ifDefined(id)} aria-label=${label} title=${title ?? label} aria-pressed=${ifDefined(pressed === undefined ? undefined : pressed ? 'true' : 'false')}
    tabindex=${tabStop ? '0' : '-1'} ?disabled=${disabled} @click=${onClick}>${icon(name, { spin: spin ?? false })}</button>`;

/** Text that acts, among other text. */
export const linkButton = ({ label, icon: name, title, id, onClick }: Pressable): TemplateResult => html`
  <button type="button" class="link-button" id=${ifDefined(id)} title=${ifDefined(title)} @click=${onClick}>${name ? icon(name) : nothing}${label}</button>`;

interface Field {
  /** The accessible name; the visible label stands wherever the form puts it. */
  readonly label: string;
  readonly id?: string;
  readonly disabled?: boolean;
  readonly readOnly?: boolean;
  readonly placeholder?: string;
  /** Read out after the name: the help text and the error. */
  readonly description?: string;
  readonly invalid?: boolean;
}

interface TextField extends Field {
  readonly value: string;
  /** At each key. */
  readonly onInput?: (value: string) => void;
  /** When the user is through: Enter or leaving the field. */
  readonly onChange?: (value: string) => void;
}

export const textField = (field: TextField & { readonly type?: 'text' | 'password' | 'search' | 'date' | 'url'; readonly icon?: IconName; readonly monospace?: boolean }): TemplateResult => html`
  <vscode-textfield class="field ${field.monospace ? 'mono' : ''}" id=${ifDefined(field.id)} type=${field.type ?? 'text'} .label=${field.label} .value=${field.value} placeholder=${ifDefined(field.placeholder)}
    ?disabled=${field.disabled} ?readonly=${field.readOnly} ?invalid=${field.invalid} ${describe(field.description, field.invalid)}
    @keydown=${fieldKeys(field)} @input=${(event: Event) => field.onInput?.(textOf(event))} @change=${(event: Event) => field.onChange?.(textOf(event))}
    >${field.icon ? html`<span slot="content-before" class="icon" aria-hidden="true">${codicons[field.icon]}</span>` : nothing}</vscode-textfield>`;

export const textArea = (field: TextField & { readonly rows?: number; readonly monospace?: boolean }): TemplateResult => html`
  <vscode-textarea class="field" id=${ifDefined(field.id)} .label=${field.label} .value=${field.value} rows=${field.rows ?? 4} placeholder=${ifDefined(field.placeholder)} resize="vertical"
    ?monospace=${field.monospace} ?disabled=${field.disabled} ?readonly=${field.readOnly} ?invalid=${field.invalid} ${describe(field.description, field.invalid)}
    @keydown=${fieldKeys(field)} @input=${(event: Event) => field.onInput?.(textOf(event))} @change=${(event: Event) => field.onChange?.(textOf(event))}></vscode-textarea>`;

/** `undefined`: the field is empty. */
export const numberField = (field: Field & { readonly value: number | undefined; readonly min?: number; readonly max?: number; readonly step?: number; readonly onChange: (value: number | undefined) => void }): TemplateResult => html`
  <vscode-textfield class="field number-field" id=${ifDefined(field.id)} type="number" .label=${field.label} .value=${field.value === undefined ? '' : String(field.value)} placeholder=${ifDefined(field.placeholder)}
    min=${ifDefined(field.min)} max=${ifDefined(field.max)} step=${ifDefined(field.step)} ?disabled=${field.disabled} ?readonly=${field.readOnly} ?invalid=${field.invalid} ${describe(field.description, field.invalid)}
    @keydown=${fieldKeys({ value: field.value === undefined ? '' : String(field.value) })} @change=${(event: Event) => { const text = textOf(event); field.onChange(text === '' ? undefined : Number(text)); }}></vscode-textfield>`;

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  readonly disabled?: boolean;
}

/** `combobox`: the user finds an option by typing. */
export const select = (field: Omit<Field, 'placeholder' | 'readOnly'> & { readonly value: string; readonly options: readonly Option[]; readonly combobox?: boolean; readonly onChange: (value: string) => void }): TemplateResult => html`
  <vscode-single-select class="field" id=${ifDefined(field.id)} label=${field.label} .value=${field.value} ?combobox=${field.combobox} ?disabled=${field.disabled} ?invalid=${field.invalid} ${describe(field.description, field.invalid)}
    @change=${(event: Event) => field.onChange(textOf(event))}>
    ${repeat(field.options, ({ value, label }) => `${value}\n${label}`, (option) => html`<vscode-option value=${option.value} description=${option.description ?? ''} ?selected=${option.value === field.value} ?disabled=${option.disabled}>${option.label}</vscode-option>`)}
  </vscode-single-select>`;

/** `hideLabel`: the words stand elsewhere on the screen. */
export const checkbox = (field: Omit<Field, 'placeholder' | 'readOnly'> & { readonly checked: boolean; readonly hideLabel?: boolean; readonly toggle?: boolean; readonly onChange: (checked: boolean) => void }): TemplateResult => html`
  <vscode-checkbox class="check" id=${ifDefined(field.id)} .label=${field.hideLabel ? '' : field.label} .checked=${live(field.checked)} ?toggle=${field.toggle} ?disabled=${field.disabled} aria-disabled=${field.disabled ? 'true' : nothing} ?invalid=${field.invalid}
    ${describe(field.description, field.invalid, field.label)} @change=${(event: Event) => field.onChange((event.target as HTMLInputElement).checked)}></vscode-checkbox>`;

/** One of a few, all in sight. `name` must differ between the groups of a shadow root. The toolkit's own radio button calls itself a check box. */
export const radioGroup = (field: { readonly label: string; readonly name: string; readonly value: string; readonly options: readonly Option[]; readonly disabled?: boolean; readonly onChange: (value: string) => void }): TemplateResult => html`
  <div class="radio-group" role="radiogroup" aria-label=${field.label}>
    ${field.options.map((option) => html`<label class="radio" title=${ifDefined(option.description)}><input type="radio" name=${field.name} value=${option.value} .checked=${option.value === field.value} ?disabled=${field.disabled || option.disabled}
      aria-description=${ifDefined(option.description)} @change=${() => field.onChange(option.value)}>${option.label}</label>`)}
  </div>`;

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly icon?: IconName;
  /** Shown as a badge. */
  readonly count?: string;
  readonly tone?: Tone;
}

/** The headers; the panel stands below in `tabPanel` with the same `name`. Arrow keys select, as the panels are cheap to show. */
export function tabs<Id extends string>(options: { readonly label: string; readonly name: string; readonly tabs: readonly Tab<Id>[]; readonly selected: Id; readonly onSelect: (id: Id) => void }): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const to = moved(event.key, options.tabs.findIndex(({ id }) => id === options.selected), options.tabs.length);
    if (to === undefined) return;
    event.preventDefault();
    const list = event.currentTarget as HTMLElement;
    (list.children[to] as HTMLElement).focus();
    options.onSelect(options.tabs[to]!.id);
  };
  return html`<div class="tabs" role="tablist" aria-label=${options.label} @keydown=${onKey}>${options.tabs.map((tab) => {
    const selected = tab.id === options.selected;
    return html`<button type="button" class="tab" role="tab" id="${options.name}-tab-${tab.id}" aria-selected=${selected ? 'true' : 'false'} aria-controls=${ifDefined(selected ? `${options.name}-panel` : undefined)}
      tabindex=${selected ? '0' : '-1'} @click=${() => options.onSelect(tab.id)}>${tab.icon ? icon(tab.icon, tab.tone ? { tone: tab.tone } : {}) : nothing}${tab.label}${tab.count ? html`<vscode-badge variant="counter">${tab.count}</vscode-badge>` : nothing}</button>`;
  })}</div>`;
}

export const tabPanel = (name: string, selected: string, content: unknown): TemplateResult =>
  html`<div class="tab-panel" role="tabpanel" id="${name}-panel" aria-labelledby="${name}-tab-${selected}">${content}</div>`;

/** One tab stop; the arrow keys lead through it. */
export const toolbar = (label: string, content: unknown): TemplateResult => html`<div class="toolbar" role="toolbar" aria-label=${label} @keydown=${toolbarKeys}>${content}</div>`;

/** Status as icon and word. `paused`: the run stands still in the debugger. */
export function statusBadge(status: RunStatus, options: { readonly iconOnly?: boolean; readonly paused?: boolean } = {}): TemplateResult {
  const isPaused = options.paused === true && status === 'running';
  const look = isPaused ? pausedLook : statusLooks[status];
  const picture = icon(look.icon as IconName, { tone: look.tone, spin: status === 'running' && !isPaused });
  return html`<span class="status" title=${look.label}>${picture}${options.iconOnly ? html`<span class="for-screen-readers">${look.label}</span>` : html`<span>${look.label}</span>`}</span>`;
}

/** Stands where rows will be. It shows after a moment only, so that what is there at once does not flash. */
export const loading = (label: string, rows = 4): TemplateResult =>
  html`<div class="loading" role="status"><span class="for-screen-readers">${label}</span>${Array.from({ length: rows }, (_, row) => html`<div class="skeleton" style="width: ${[62, 84, 48, 71][row % 4]}%"></div>`)}</div>`;

export interface Message {
  readonly tone: 'bad' | 'warn' | 'info';
  readonly title: string;
  readonly text?: unknown;
  readonly actions?: unknown;
}

/** Something that the user should know, in the place that it is about. */
export const message = ({ tone, title, text, actions }: Message): TemplateResult => html`
  <div class="message message-${tone}" role="group" aria-label=${title}>
    ${icon(tone === 'bad' ? 'error' : tone === 'warn' ? 'warning' : 'info', { tone })}
    <div class="message-body"><div class="message-title">${title}</div>${text ? html`<div class="message-text">${text}</div>` : nothing}${actions ? html`<div class="actions">${actions}</div>` : nothing}</div>
  </div>`;

/** What a workspace that is not trusted keeps from being done, and the way to trust it: VS Code takes the address for its command. */
export const restricted = (title: string, text: string): TemplateResult =>
  message({ tone: 'info', title: `Restricted mode: ${title}`, text, actions: html`<a class="link-button" href="command:workbench.trust.manage">Manage workspace trust</a>` });

/** A place with nothing in it yet, and what to do about it. */
export const emptyState = (options: { readonly icon: IconName; readonly title: string; readonly text?: unknown; readonly actions?: unknown }): TemplateResult => html`
  <div class="empty"><span class="icon large" aria-hidden="true">${codicons[options.icon]}</span><div class="empty-title">${options.title}</div>
    ${options.text ? html`<div class="quiet">${options.text}</div>` : nothing}${options.actions ? html`<div class="actions">${options.actions}</div>` : nothing}</div>`;

/** Where an arrow key, Home or End leads among `count` things in a row that begins again at its end. */
export function moved(key: string, from: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowRight' || key === 'ArrowDown') return (from + 1) % count;
  if (key === 'ArrowLeft' || key === 'ArrowUp') return (from + count - 1) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

/** For each shadow root that uses a control; after `baseStyles` and `toneStyles`. */
export const kitStyles = css`
  .icon-button { display: inline-flex; align-items: center; justify-content: center; width: 22px; height: 22px; padding: 0; border: 1px solid transparent; border-radius: 5px; background: none; color: var(--vscode-icon-foreground); font: inherit; cursor: pointer; flex: none; }
  .icon-button:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent); outline-offset: -1px; }
  .icon-button:active:not(:disabled) { background: var(--vscode-toolbar-activeBackground); }
  .icon-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .icon-button:disabled { opacity: 0.4; cursor: default; }
  .icon-button[aria-pressed='true'] { background: var(--vscode-inputOption-activeBackground); color: var(--vscode-inputOption-activeForeground); border-color: var(--vscode-inputOption-activeBorder); }
  .link-button { display: inline-flex; align-items: center; gap: 4px; padding: 0; border: 0; background: none; color: var(--vscode-textLink-foreground); font: inherit; cursor: pointer; text-align: left; }
  .link-button:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
  .link-button:focus-visible { outline-offset: 1px; }
  .field { width: 100%; }
  .tabs { display: flex; gap: 4px; padding: 0 8px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); flex-wrap: wrap; flex: none; }
  .tab { display: inline-flex; align-items: center; gap: 6px; height: 30px; padding: 0 6px; border: 0; background: none; color: var(--vscode-panelTitle-inactiveForeground); font: inherit; white-space: nowrap; cursor: pointer; }
  .tab:hover { color: var(--vscode-panelTitle-activeForeground); }
  .tab[aria-selected='true'] { color: var(--vscode-panelTitle-activeForeground); box-shadow: inset 0 -1px var(--vscode-panelTitle-activeBorder); }
  .toolbar { display: flex; align-items: center; gap: 4px; flex-wrap: wrap; }
  .status { white-space: nowrap; }
  .status .icon { margin-right: 6px; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; align-items: center; }
  .message { display: flex; gap: 8px; padding: 8px 10px; border: 1px solid var(--edge); border-left-width: 3px; border-radius: 3px; background: color-mix(in srgb, var(--edge) 8%, transparent); }
  .message > .icon { color: color-mix(in srgb, var(--edge) 75%, var(--vscode-foreground)); }
  .message-bad { --edge: var(--vscode-problemsErrorIcon-foreground); }
  .message-warn { --edge: var(--vscode-problemsWarningIcon-foreground); }
  .message-info { --edge: var(--vscode-charts-blue); }
  .message-body { min-width: 0; flex: 1; overflow-wrap: anywhere; }
  .message-title { font-weight: 600; }
  .message-text { margin-top: 2px; }
  .empty { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 6px; padding: 32px 16px; text-align: center; }
  .empty .actions { justify-content: center; }
  .empty-title { font-weight: 600; }
  .icon.large { font-size: 32px; width: 32px; height: 32px; color: var(--vscode-descriptionForeground); }
  .loading { display: flex; flex-direction: column; gap: 10px; padding: 10px 12px; animation: appear 1ms 150ms both; }
  .skeleton { height: 12px; border-radius: 3px; background: color-mix(in srgb, var(--vscode-foreground) 12%, transparent); animation: breathe calc(1.6s * var(--patchbay-motion, 1)) ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.4; } }
  @keyframes appear { from { opacity: 0; } }
  .radio-group { display: flex; flex-wrap: wrap; gap: 4px 16px; }
  .radio { display: inline-flex; align-items: center; gap: 8px; cursor: pointer; }
  .radio input { appearance: none; width: 16px; height: 16px; margin: 0; flex: none; border: 1px solid var(--vscode-checkbox-border, var(--vscode-foreground)); border-radius: 50%; background: var(--vscode-checkbox-background); display: inline-grid; place-content: center; cursor: pointer; }
  .radio input:checked::after { content: ''; width: 8px; height: 8px; border-radius: 50%; background: var(--vscode-checkbox-foreground, var(--vscode-foreground)); }
  .radio input:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
  .radio input:disabled { opacity: 0.4; cursor: default; }
`;

const textOf = (event: Event): string => (event.target as HTMLInputElement).value;

/** Escape takes back what was typed and not yet told. Who is told each key keeps what is typed, and sees to Escape. */
const fieldKeys = ({ value, onInput }: Pick<TextField, 'value' | 'onInput'>) => (event: KeyboardEvent): void => {
  keepUndo(event);
  if (event.key !== 'Escape' || event.isComposing || onInput || textOf(event) === value) return;
  (event.target as HTMLInputElement).value = value;
  event.preventDefault();
  event.stopPropagation();
};

/** In VS Code the undo keys would change the document behind the field: the field takes them for its own text. */
export function keepUndo(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key !== 'z' && key !== 'y') return;
  event.preventDefault();
  event.stopPropagation();
  document.execCommand(key === 'y' || event.shiftKey ? 'redo' : 'undo');
}

/** Where the focus is in a toolbar is kept by the browser; the arrow keys move it. */
function toolbarKeys(event: KeyboardEvent): void {
  if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key) || (event.target as Element).matches('vscode-textfield, vscode-single-select, input')) return;
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button:not(:disabled), vscode-button:not([disabled]), vscode-single-select, vscode-textfield')];
  const to = moved(event.key, items.indexOf(event.target as HTMLElement), items.length);
  if (to === undefined) return;
  event.preventDefault();
  items[to]!.focus();
}
