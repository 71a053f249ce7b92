import { html, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../shared/format.ts';
import { icon, iconButton, linkButton, message, moved, toolbar, type IconName } from '../shared/kit.ts';
import { endpointsOf, objectAt, textAt } from './document.ts';
import type { ConnectorEditor } from './editor.ts';
import { sectionIds, sectionTitles, type SectionId } from './schemas.ts';
import type { ConnectorStore } from './store.ts';

export function toolBar(editor: ConnectorEditor): TemplateResult {
  const { store } = editor;
  return html`<header class="bar">
    ${icon('plug')}<h1 class="ellipsis" title=${store.document.file}>${textAt(store.connector, 'title') || store.document.file.split('/').at(-1)}</h1>
    <span class="gap"></span>
    ${toolbar('Connector', html`
      ${iconButton({ label: 'Try it', icon: 'beaker', pressed: editor.isTrying, onClick: () => { editor.isTrying = !editor.isTrying; } })}
      ${iconButton({ label: 'Show JSON', icon: 'json', onClick: () => void editor.host.openText(editor.pointer) })}`)}
  </header>`;
}

/** Why the connector cannot be edited, why an edit was refused. */
export function banners({ store, host }: ConnectorEditor, dismiss: () => void): TemplateResult | typeof nothing {
  const { problem, refusal } = store;
  if (!problem && refusal === undefined && !store.document.readOnly && store.trusted) return nothing;
  const openText = linkButton({ label: 'Open as text', onClick: () => void host.openText() });
  return html`<div class="banners">
    ${problem ? message({ tone: 'bad', title: problem.message, text: 'The forms show the last connector that could be read, and change nothing.', actions: openText }) : nothing}
    ${!problem && store.loaded && store.document.readOnly ? message({ tone: 'info', title: 'This connector can be read only.', actions: openText }) : nothing}
    ${refusal === undefined ? nothing : message({ tone: 'warn', title: 'The change was not made.', text: refusal, actions: linkButton({ label: 'Dismiss', onClick: dismiss }) })}
    ${store.trusted ? nothing : message({ tone: 'info', title: 'Restricted mode: the connector can be edited, but not tried out.', text: 'Trust the workspace in order to ask other systems.' })}
  </div>`;
}

const icons: Readonly<Record<SectionId, IconName>> = { overview: 'info', variables: 'symbol-variable', auth: 'key', paging: 'files', rules: 'dashboard', endpoints: 'globe' };

/** The sections, one tab stop: arrow keys lead through them. */
export function sectionTabs(editor: ConnectorEditor): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const to = moved(event.key, sectionIds.indexOf(editor.section), sectionIds.length);
    if (to === undefined) return;
    event.preventDefault();
    editor.show(sectionIds[to]!);
    ((event.currentTarget as HTMLElement).children[to] as HTMLElement).focus();
  };
  return html`<div class="sections" role="tablist" aria-label="Sections" aria-orientation="vertical" @keydown=${onKey}>${sectionIds.map((id) => {
    const isChosen = id === editor.section;
    const wrong = errorsIn(editor.store, id);
    return html`<button type="button" class="section" role="tab" id="section-${id}" aria-selected=${isChosen ? 'true' : 'false'} aria-controls="section" tabindex=${isChosen ? '0' : '-1'} @click=${() => editor.show(id)}>
      ${icon(icons[id])}<span class="label ellipsis">${sectionTitles[id]}</span>${wrong > 0 ? html`<span title="${wrong} errors">${icon('error', { tone: 'bad' })}<span class="for-screen-readers">${wrong} errors</span></span>` : nothing}<span class="count quiet">${countOf(editor.store, id)}</span></button>`;
  })}</div>`;
}

function countOf({ connector }: ConnectorStore, id: SectionId): string {
  const count = id === 'endpoints' ? endpointsOf(connector).length : id === 'auth' || id === 'variables' ? Object.keys(objectAt(connector, id)).length : 0;
  return count > 0 ? formatNumber(count) : '';
}

const pathsOf: Readonly<Record<SectionId, RegExp>> = { overview: /^(?!\/(variables|auth|defaults|endpoints)(\/|$))/, variables: /^\/variables(\/|$)/, auth: /^\/auth(\/|$)/, paging: /^\/defaults\/pagination(\/|$)/, rules: /^\/defaults(?!\/pagination)(\/|$)/, endpoints: /^\/endpoints(\/|$)/ };

const errorsIn = ({ diagnostics }: ConnectorStore, id: SectionId): number => diagnostics.filter(({ path, severity }) => severity === 'error' && pathsOf[id].test(path)).length;

/** The section of a place in the file, and the endpoint. */
export function sectionAt(keys: readonly (string | number)[]): { readonly section: SectionId; readonly endpoint?: string } {
  const [area, name] = keys;
  if (area === 'endpoints') return { section: 'endpoints', ...(typeof name === 'string' && { endpoint: name }) };
  if (area === 'defaults') return { section: name === 'pagination' ? 'paging' : 'rules' };
  return { section: area === 'variables' || area === 'auth' ? area : 'overview' };
}
