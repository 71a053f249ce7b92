import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { isObject, pointerOf } from '../../server/model/json.ts';
import { formatValue } from '../shared/format.ts';
import { icon, kitStyles } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { addItem, changesFor, pathKey, schemaOf, valueAt, type ValueChange } from './change.ts';
import type { FormContext, FormNames } from './context.ts';
import { fieldView } from './field-view.ts';
import { formStyles } from './form-styles.ts';
import { Suggestions, type Complete } from './suggestions.ts';
import { fieldOf, fieldsOf, unknownNames, type Field, type FieldSchema, type Path } from './schema.ts';

export type Preview = { readonly value?: unknown; readonly error?: string };

interface Draft {
  readonly path: Path;
  readonly text: string;
  readonly commit: (text: string) => void;
}

/**
 * A form made from the JSON Schema of a plugin's settings, for every kind of plugin. It keeps nothing but what is being typed: each change goes to
 * `onChange` and comes back as a new `value`.
 */
export class SchemaForm extends LitElement implements FormContext {
  static override properties = {
    schema: { attribute: false }, root: { attribute: false }, pointer: { attribute: false }, diagnostics: { attribute: false }, names: { attribute: false }, readOnly: { attribute: false }, drafts: { attribute: false }, scope: { attribute: false },
    empty: { attribute: false }, seen: { attribute: false }, opened: { state: true }, previews: { state: true },
  };
  static override styles = [baseStyles, toneStyles, kitStyles, formStyles];

  declare schema: FieldSchema;
  declare root: unknown;
  /** Where the value stands in its file, for the diagnostics. */
  declare pointer: string;
  declare diagnostics: readonly Diagnostic[];
  declare names: FormNames;
  declare readOnly: boolean;
  /** Half-typed texts by `scope` and path; kept by the owner. */
  declare drafts: Record<string, string>;
  declare scope: string;
  /** Said where there are no fields. */
  declare empty: string;
  /** Names what was run: with another, values that were computed are no longer true. */
  declare seen: string;
  declare private opened: ReadonlyMap<string, boolean>;
  declare private previews: ReadonlyMap<string, Preview | undefined>;

  onChange: (changes: readonly ValueChange[]) => void = () => undefined;
  evaluate: ((text: string) => Promise<Preview>) | undefined;
  complete: Complete | undefined;
  onOpenFile: (path: string) => void = () => undefined;

  /** Parts whose schema is another than the form's. */
  private readonly inner = new Map<string, { readonly path: Path; readonly schema: FieldSchema }>();
  private readonly typing = new Map<string, Draft>();
  /** Drafts that were given to the owner and wait for the new value. */
  private readonly committed = new Set<string>();
  /** An item that was added, and has not come back yet. */
  private added: Path | undefined;
  private readonly asked = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly suggestions = new Suggestions(this, () => this.complete);

  constructor() {
    super();
    this.schema = {};
    this.pointer = '';
    this.diagnostics = [];
    this.readOnly = false;
    this.drafts = {};
    this.scope = '';
    this.seen = '';
    this.empty = 'There is nothing to set.';
    this.opened = new Map();
    this.previews = new Map();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // What was typed and not left must not be lost when another step is shown.
    for (const [key, { text, commit }] of this.typing) if (!this.committed.has(key)) commit(text);
    for (const key of this.typing.keys()) delete this.drafts[key];
    this.typing.clear();
    for (const timer of this.asked.values()) clearTimeout(timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('schema')) this.inner.clear();
    if (changed.has('seen')) this.forgetPreviews();
    if (changed.has('root') && changed.get('root') !== undefined) {
      for (const key of this.committed) this.forget(key);
      this.committed.clear();
    }
  }

  protected override render(): TemplateResult {
    const content = this.fields(this.schema, this.root, [], false);
    const isEmpty = fieldsOf(this.schema, this.root).length === 0 && unknownNames(this.schema, this.root).length === 0;
    return html`<div class="form" @focusout=${this.onFocusOut} @keydown=${this.onKey} @input=${(event: Event) => this.suggestions.input(event)}>${isEmpty ? html`<p class="quiet">${this.empty}</p>` : content}</div>${this.suggestions.view()}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.suggestions.place();
    const { added } = this;
    if (!added || !changed.has('root')) return;
    this.added = undefined;
    if (valueAt(this.root, added) !== undefined) this.focusIn(added);
  }

  private focusIn(path: Path): void {
    const key = pathKey(path);
    const inside = [...this.renderRoot.querySelectorAll<HTMLElement>('[data-path]')].filter(({ dataset: { path: own = '' } }) => own === key || own.startsWith(`${key.slice(0, -1)},`));
    const field = inside.map((holder) => holder.querySelector<LitElement>(controls)).find((one) => one !== null);
    void field?.updateComplete.then(() => field.focus());
  }

  fields(schema: FieldSchema, value: unknown, path: Path, expression: boolean): TemplateResult {
    // Settings of a transform in a mapping: their schema is the transform's, not the form's.
    if (path.length > 0 && schemaOf(this.schema, path) !== schema) this.inner.set(pathKey(path), { path, schema });
    const fields = fieldsOf(schema, value, path, expression);
    const groups = new Map<string | undefined, Field[]>();
    for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
    const values = isObject(value) ? value : {};
    const strangers = unknownNames(schema, value).map((name) => fieldOf({ title: name, description: 'This setting is not known.' }, name, [...path, name], values[name], { required: false, expression: true }));
    return html`${(groups.get(undefined) ?? []).map((field) => this.view(field))}
      ${[...groups].filter(([name]) => name !== undefined).map(([name, members]) => this.group(name!, members, path))}
      ${strangers.map((field) => this.view(field))}`;
  }

  view(field: Field): TemplateResult {
    return fieldView(this, field);
  }

  problems(path: Path): readonly Diagnostic[] {
    const pointer = this.pointer + pointerOf(path);
    return this.diagnostics.filter((diagnostic) => diagnostic.path === pointer);
  }

  set(path: Path, value: unknown): void {
    const inner = [...this.inner.values()].filter((one) => one.path.length < path.length && one.path.every((key, place) => key === path[place])).sort((a, b) => b.path.length - a.path.length)[0];
    if (!inner) return this.apply(changesFor(this.schema, this.root, path, value));
    const below = valueAt(this.root, inner.path);
    const changes = changesFor(inner.schema, below, path.slice(inner.path.length), value);
    const isEmptied = changes.some((change) => change.value === undefined && change.path.length === 1) && Object.keys((below ?? {}) as object).length === 1;
    this.apply(isEmptied ? [{ path: inner.path, value: undefined }] : changes.map((change) => ({ ...change, path: [...inner.path, ...change.path] })));
  }

  apply(changes: readonly ValueChange[]): void {
    if (changes.length > 0 && !this.readOnly) this.onChange(changes);
    else this.requestUpdate();
  }

  add(list: Path, item: unknown): void {
    const items = valueAt(this.root, list);
    this.added = [...list, Array.isArray(items) ? items.length : 0];
    this.apply(addItem(this.root, list, item));
  }

  text(path: Path, printed: string): string {
    return this.drafts[this.key(path)] ?? printed;
  }

  typed(path: Path, text: string, commit: (text: string) => void): void {
    const key = this.key(path);
    this.committed.delete(key);
    this.typing.set(key, { path, text, commit });
    this.drafts[key] = text;
    this.requestUpdate();
  }

  commit(path: Path, text: string, commit: (text: string) => void): void {
    const key = this.key(path);
    if (this.committed.has(key)) return;
    const before = this.root;
    this.committed.add(key);
    let isChanged = false;
    const { onChange } = this;
    this.onChange = (changes) => { isChanged = true; onChange(changes); };
    try {
      commit(text);
    } finally {
      this.onChange = onChange;
    }
    // Nothing changes: the text goes back to what the value is.
    if (!isChanged || this.root !== before) this.forget(key);
    this.requestUpdate();
  }

  isOpen(key: string, otherwise: boolean): boolean {
    return this.opened.get(key) ?? otherwise;
  }

  setOpen(key: string, open: boolean): void {
    this.opened = new Map(this.opened).set(key, open);
  }

  preview(text: string): TemplateResult | undefined {
    if (!this.evaluate) return undefined;
    if (!this.previews.has(text) && !this.asked.has(text)) {
      // The host is asked when the typing pauses.
      this.asked.set(text, setTimeout(() => void this.ask(text), 300));
    }
    const found = this.previews.get(text);
    if (!found) return undefined;
    return found.error === undefined
      ? html`<div class="preview mono" title=${formatValue(found.value, 2_000)}><span class="quiet">=</span> ${formatValue(found.value, 120)}</div>`
      : html`<div class="preview problem">${icon('info')} ${found.error}</div>`;
  }

  openFile(path: string): void {
    this.onOpenFile(path);
  }

  private forgetPreviews(): void {
    for (const timer of this.asked.values()) clearTimeout(timer);
    this.asked.clear();
    this.previews = new Map();
  }

  private async ask(text: string): Promise<void> {
    const own = this.asked.get(text);
    const result = await this.evaluate?.(text).catch((error: unknown): Preview => ({ error: error instanceof Error ? error.message : String(error) }));
    if (this.asked.get(text) !== own) return;
    this.asked.delete(text);
    this.previews = new Map([...this.previews].slice(-50)).set(text, result);
  }

  private group(name: string, members: readonly Field[], path: Path): TemplateResult {
    const key = `group:${pathKey(path)}:${name}`;
    return html`<details class="group" ?open=${this.isOpen(key, members.some(({ value }) => value !== undefined))} @toggle=${(event: Event) => this.setOpen(key, (event.target as HTMLDetailsElement).open)}>
      <summary>${name}</summary>${members.map((field) => this.view(field))}</details>`;
  }

  private key(path: Path): string {
    return `${this.scope} ${pathKey(path)}`;
  }

  private forget(key: string): void {
    this.typing.delete(key);
    delete this.drafts[key];
  }

  /** The field shows its value again, and not what was typed. Says whether anything was. */
  private takeBack(event: Event): boolean {
    const path = pathAt(event);
    const key = path && this.key(path);
    if (key === undefined || this.drafts[key] === undefined || this.committed.has(key)) return false;
    this.forget(key);
    this.requestUpdate();
    return true;
  }

  private readonly onFocusOut = (event: FocusEvent): void => {
    this.suggestions.close();
    const path = pathAt(event);
    if (!path) return;
    const draft = this.typing.get(this.key(path));
    // The control's own change event comes first; this is for those that tell none.
    if (draft) queueMicrotask(() => { if (this.typing.has(this.key(path))) this.commit(path, draft.text, draft.commit); });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.suggestions.key(event)) {
      event.preventDefault();
      return event.stopPropagation();
    }
    if (event.key === 'Escape' && !event.isComposing && this.takeBack(event)) {
      event.preventDefault();
      return event.stopPropagation();
    }
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    for (const { path, text, commit } of this.typing.values()) this.commit(path, text, commit);
    event.preventDefault();
  };
}

const controls = 'vscode-textfield, vscode-textarea, vscode-single-select, vscode-checkbox';

/** The path of the field in which something happens. */
function pathAt(event: Event): Path | undefined {
  const holder = (event.target as Element).closest<HTMLElement>('[data-path]');
  return holder ? (JSON.parse(holder.dataset['path']!) as Path) : undefined;
}

customElements.define('patchbay-form', SchemaForm);

