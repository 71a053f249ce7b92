import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { isObject, pointerOf, textAt } from '../../server/model/json.ts';
import { valueAt, type ValueChange } from '../form/change.ts';
import '../form/form.ts';
import { formatNumber } from '../shared/format.ts';
import { iconButton, kitStyles, message, tabPanel, tabs, type Tab } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { textAt as valueText } from '../shared/text-at.ts';
import { isProtocol, type Json } from './document.ts';
import { duplicateEndpoint, removeEndpoint, renameEndpoint } from './editor-actions.ts';
import type { ConnectorEditor } from './editor.ts';
import { formNames } from './names.ts';
import './record-fields.ts';
import { endpointSchema, type EndpointPart } from './schemas.ts';

export type EndpointTab = EndpointPart | 'json';

const titles: Readonly<Record<EndpointTab, string>> = { request: 'Request', params: 'Parameters', response: 'Response', paging: 'Paging', rules: 'Limits & errors', examples: 'Examples', json: 'JSON' };

/** One endpoint: its parts, each a form made of the schema of the file and of the plugins that it names. */
export class EndpointView extends LitElement {
  static override properties = { editor: { attribute: false }, name: {}, tab: {}, tick: { attribute: false } };
  declare editor: ConnectorEditor;
  declare name: string;
  declare tab: EndpointTab;
  /** Another object at each change of the store. */
  declare tick: object;

  private get endpoint(): Json {
    const value = valueAt(this.editor.store.connector, ['endpoints', this.name]);
    return isObject(value) ? value : {};
  }

  protected override render(): TemplateResult {
    const { editor, name, endpoint } = this;
    const shown = this.tabs(endpoint);
    const tab = shown.some(({ id }) => id === this.tab) ? this.tab : 'request';
    return html`${this.head(endpoint)}
      ${tabs<EndpointTab>({ label: 'Parts of the endpoint', name: 'endpoint', tabs: shown, selected: tab, onSelect: (to) => { editor.tab = to; } })}
      ${tabPanel('endpoint', tab, keyed(`${name} ${tab}`, tab === 'json' ? this.json() : html`<div class="page">${this.general(tab)}${this.form(tab, endpoint)}${tab === 'response' ? this.record(endpoint) : nothing}</div>`))}`;
  }

  private tabs(endpoint: Json): readonly Tab<EndpointTab>[] {
    const { store } = this.editor;
    const fields = (part: EndpointPart): readonly string[] => Object.keys(endpointSchema(part, store.connector, endpoint, store.catalog).properties ?? {});
    const errors = (names: readonly string[]): number => names.reduce((sum, field) => sum + store.findingsAt(['endpoints', this.name, field]).filter(({ severity }) => severity === 'error').length, 0);
    const parts = (['request', 'params', 'response', 'paging', 'rules', 'examples'] as const).filter((part) => part === 'response' || fields(part).length > 0);
    return [...parts.map((id): Tab<EndpointTab> => {
      const names = id === 'response' ? [...fields(id), 'record'] : fields(id);
      const wrong = errors(names);
      const held = id === 'params' || id === 'examples' ? Object.keys((endpoint[id] ?? {}) as object).length : 0;
      return { id, label: titles[id], ...(wrong > 0 ? { icon: 'error' as const, tone: 'bad' as const, count: formatNumber(wrong) } : held > 0 && { count: formatNumber(held) }) };
    }), { id: 'json', label: titles.json }];
  }

  private head(endpoint: Json): TemplateResult {
    const { editor, name } = this;
    const { store } = editor;
    const what = isProtocol(store.connector) ? textAt(endpoint, 'call') : textAt(endpoint, 'method');
    return html`<header>
      <span class="method mono">${what || '?'}</span>
      <div class="names"><h2 class="ellipsis" title=${textAt(endpoint, 'title')}>${textAt(endpoint, 'title') || name}</h2><div class="sub quiet mono ellipsis" title=${name}>${name}${textAt(endpoint, 'path') ? html` · ${textAt(endpoint, 'path')}` : nothing}</div></div>
      ${store.readOnly ? nothing : html`${iconButton({ label: 'Rename the endpoint', icon: 'edit', onClick: () => void renameEndpoint(editor, name) })}
      ${iconButton({ label: 'Duplicate the endpoint', icon: 'files', onClick: () => void duplicateEndpoint(editor, name) })}
      ${iconButton({ label: 'Remove the endpoint', icon: 'trash', onClick: () => void removeEndpoint(editor, name) })}`}
    </header>`;
  }

  /** What is wrong with the endpoint as a whole stands in its first part. */
  private general(part: EndpointPart): unknown {
    const { store } = this.editor;
    const own = pointerOf(['endpoints', this.name]);
    const names = Object.keys(this.endpoint);
    const findings = store.findingsAt(['endpoints', this.name]).filter(({ path, severity }) => (path === own && severity !== 'info') || (path !== own && !names.includes(path.slice(own.length + 1).split('/')[0]!.replaceAll('~1', '/').replaceAll('~0', '~'))));
    return part === 'request' && findings.length > 0 ? findings.map(({ severity, message: text, fix }) => message({ tone: severity === 'error' ? 'bad' : 'warn', title: text, text: fix })) : nothing;
  }

  private form(part: EndpointPart, endpoint: Json): TemplateResult {
    const { editor, name } = this;
    const { store } = editor;
    const path = ['endpoints', name];
    return html`<patchbay-form .schema=${endpointSchema(part, store.connector, endpoint, store.catalog)} .root=${endpoint} .pointer=${pointerOf(path)} .scope=${`endpoint ${name}`} .diagnostics=${store.findingsAt(path)}
      .names=${formNames(store.catalog, store.workspace)} .readOnly=${store.readOnly} .drafts=${editor.drafts} .onChange=${(changes: readonly ValueChange[]) => editor.change(path, changes)} .onOpenFile=${editor.openFile} .empty=${''}></patchbay-form>`;
  }

  private record(endpoint: Json): TemplateResult {
    const { editor, name } = this;
    return html`<patchbay-record .record=${endpoint['record']} .readOnly=${editor.store.readOnly} .diagnostics=${editor.store.findingsAt(['endpoints', name, 'record'])} .pointer=${pointerOf(['endpoints', name, 'record'])}
      .onChange=${(changes: readonly ValueChange[]) => editor.change(['endpoints', name, 'record'], changes)}></patchbay-record>`;
  }

  private json(): TemplateResult {
    return html`<pre class="mono" tabindex="0" aria-label="JSON of the endpoint">${valueText(this.editor.store.document.text, ['endpoints', this.name])}</pre>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; flex: 1; }
    header { display: flex; align-items: center; gap: 4px; padding: 10px 12px 6px 20px; flex: none; }
    .method { font-size: 11px; font-weight: 600; padding: 3px 7px; margin-right: 8px; border-radius: 4px; background: color-mix(in srgb, var(--vscode-foreground) 10%, transparent); border: 1px solid var(--vscode-contrastBorder, transparent); flex: none; max-width: 120px; overflow: hidden; text-overflow: ellipsis; }
    .names { flex: 1; min-width: 0; }
    h2 { font-size: 15px; font-weight: 600; margin: 0; }
    .sub { font-size: 11px; }
    .tabs { padding: 0 14px; }
    .tab-panel { flex: 1; min-height: 0; overflow: auto; }
    .page { max-width: 760px; padding: 14px 20px 32px; }
    .page > .message { margin-bottom: 14px; }
    patchbay-record { margin-top: 18px; display: block; }
    pre { margin: 0; padding: 12px 20px; min-height: 100%; line-height: 1.5; font-size: 12px; }
    pre:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  `];
}

customElements.define('patchbay-endpoint', EndpointView);
