import { html, nothing, type TemplateResult } from 'lit';
import { addressNotes } from '../../server/model/address.ts';
import type { ImportPlan } from '../../server/model/import-plan.ts';
import { objectAt, textAt } from '../../server/model/json.ts';
import { importKinds, type ImportKind } from '../protocol/connector.ts';
import { formatCount, formatNumber, formatValue } from '../shared/format.ts';
import { button, emptyState, icon, iconButton, linkButton, message, restricted, moved, select, toolbar, type IconName } from '../shared/kit.ts';
import { endpointsOf, isProtocol } from './document.ts';
import type { ConnectorEditor } from './editor.ts';
import { acceptChanges, isBlank } from './import.ts';
import { sectionIds, sectionTitles, type SectionId } from './schemas.ts';
import type { ConnectorStore } from './store.ts';

export function toolBar(editor: ConnectorEditor): TemplateResult {
  const { store } = editor;
  return html`<header class="bar">
    ${icon('plug')}<h1 class="ellipsis" title=${store.document.file}>${textAt(store.connector, 'title') || store.document.file.split('/').at(-1)}</h1>
    <span class="gap"></span>
    ${toolbar('Connector', html`
      ${select({ label: 'Import into this connector', value: '', disabled: store.readOnly || !store.trusted || isProtocol(store.connector), options: [{ value: '', label: 'Import…' }, ...importKinds.map((kind) => ({ value: kind, label: importTitles[kind] }))], onChange: (kind) => { if (kind !== '') void editor.import(kind as ImportKind); } })}
      <button type="button" class="text-button" aria-pressed=${editor.isTrying ? 'true' : 'false'} title="Call endpoints as a flow would (Alt+3)" @click=${() => { editor.isTrying = !editor.isTrying; }}>${icon('beaker')}Try it</button>
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
    ${store.trusted ? nothing : restricted('the connector can be edited, but not tried out.', 'Trust the workspace in order to ask other systems.')}
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
      ${icon(icons[id])}<span class="label ellipsis">${sectionTitles[id]}</span>${wrong > 0 ? html`<span title=${formatCount(wrong, 'error')}>${icon('error', { tone: 'bad' })}<span class="for-screen-readers">${formatCount(wrong, 'error')}</span></span>` : nothing}<span class="count quiet">${countOf(editor.store, id)}</span></button>`;
  })}</div>`;
}

function countOf({ connector }: ConnectorStore, id: SectionId): string {
  const count = id === 'endpoints' ? endpointsOf(connector).length : id === 'auth' || id === 'variables' ? Object.keys(objectAt(connector, id)).length : 0;
  return count > 0 ? formatNumber(count) : '';
}

const pathsOf: Readonly<Record<SectionId, RegExp>> = { overview: /^(?!\/(variables|auth|defaults|endpoints)(\/|$))/, variables: /^\/variables(\/|$)/, auth: /^\/auth(\/|$)/, paging: /^\/defaults\/pagination(\/|$)/, rules: /^\/defaults(?!\/pagination)(\/|$)/, endpoints: /^\/endpoints(\/|$)/ };

const errorsIn = ({ diagnostics }: ConnectorStore, id: SectionId): number => diagnostics.filter(({ path, severity }) => severity === 'error' && pathsOf[id].test(path)).length;

const importTitles: Readonly<Record<ImportKind, string>> = { curl: 'cURL command', openapi: 'OpenAPI', postman: 'Postman collection', har: 'HTTP archive (HAR)', graphql: 'GraphQL schema', wsdl: 'WSDL' };

/** For a connector without endpoints: where they may come from. */
export function startCard(editor: ConnectorEditor): TemplateResult {
  const { store } = editor;
  return html`<div class="start">${emptyState({
    icon: 'globe', title: isBlank(store.connector) ? 'What is this a connector to?' : 'No endpoints yet',
    text: isBlank(store.connector) ? 'Begin with what describes the other system, or say it by hand.' : 'An endpoint is one thing that can be asked of the other system.',
    actions: store.readOnly ? nothing : html`${(isProtocol(store.connector) ? [] : importKinds).map((kind) => button({ label: kind === 'curl' ? 'Paste a cURL command' : `Import ${importTitles[kind]}`, primary: kind === 'curl', disabled: !store.trusted, onClick: () => void editor.import(kind) }))}
      ${linkButton({ label: 'Add an endpoint by hand', icon: 'add', onClick: () => void editor.addEndpoint() })}`,
  })}</div>`;
}

/** What an import has brought and what not, and what the description seems to say. */
export function importReport(editor: ConnectorEditor, plan: ImportPlan, dismiss: () => void): TemplateResult {
  const { store } = editor;
  const { imported } = plan;
  const open = imported.suggestions.map((suggestion) => ({ suggestion, changes: acceptChanges(store.connector, suggestion) }));
  const secrets = imported.auth.filter(({ secrets: names }) => names.length > 0);
  return html`<div class="report" role="region" aria-label="Import">${message({
    tone: 'info', title: `${formatCount(plan.added.length, 'endpoint')} of ${formatCount(imported.operations, 'operation')} ${plan.added.length === 1 ? 'was' : 'were'} added.`,
    text: html`
      ${plan.kept.length > 0 ? html`<p>${plan.kept.slice(0, 5).join(', ')}${plan.kept.length > 5 ? ` and ${plan.kept.length - 5} more` : ''}: there already, and left as ${plan.kept.length === 1 ? 'it is' : 'they are'}.</p>` : nothing}
      ${addressNotes(imported.manifest).map((note) => html`<p>${note}.</p>`)}
      ${secrets.length > 0 ? html`<p>An instance gives the secrets: ${secrets.map(({ name, type }) => `${name} (${type})`).join(', ')}.</p>` : nothing}
      ${imported.skipped.length > 0 ? html`<details><summary>${formatCount(imported.skipped.length, 'thing')} not imported</summary><ul>${imported.skipped.map(({ what, why }) => html`<li>${what}: <span class="quiet">${why}</span></li>`)}</ul></details>` : nothing}
      ${open.length > 0 ? html`<details open><summary>It seems that</summary><ul>${open.slice(0, 20).map(({ suggestion: { kind, endpoint, value, score, why }, changes }) => html`<li><span class="mono">${kind}${endpoint === undefined ? '' : ` of ${endpoint}`}</span> is <span class="mono">${formatValue(value, 120)}</span> (${Math.round(score * 100)} %): <span class="quiet">${why}</span>
        ${changes.length === 0 ? html`<span class="quiet">In the file.</span>` : store.readOnly ? nothing : linkButton({ label: 'Use', title: `Use ${kind}${endpoint === undefined ? '' : ` of ${endpoint}`}`, onClick: () => void store.edit(changes) })}</li>`)}</ul></details>` : nothing}`,
    actions: linkButton({ label: 'Dismiss', onClick: dismiss }),
  })}</div>`;
}
