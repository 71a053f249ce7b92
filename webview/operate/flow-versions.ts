import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FlowSummary, FlowVersions, VersionDiff, VersionSummary } from '../../server/model/api.ts';
import { ask } from '../shared/ask.ts';
import { changesOf, changeSize, changeStyles, changeWords } from '../shared/changes.ts';
import { formatCount, formatFullTime, formatRelative } from '../shared/format.ts';
import { button, icon, kitStyles, linkButton, loading, message, select } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Doing } from './doing.ts';
import { reasonOf } from './guarded.ts';
import type { Operations, VersionName } from './operations.ts';

/** What is kept of a screen's height: older versions come into view on demand. */
const shownFirst = 20;

/** The deployed versions of a flow: which one is in use, what is different between two, and the way back. */
class PatchbayFlowVersions extends LitElement {
  static override properties = {
    operations: { attribute: false }, flow: { attribute: false }, onChanged: { attribute: false },
    versions: { state: true }, failed: { state: true }, from: { state: true }, to: { state: true }, diff: { state: true }, isAll: { state: true },
  };
  declare operations: Operations;
  declare flow: FlowSummary;
  /** Another version is in use. */
  declare onChanged: () => void;
  declare private versions: FlowVersions | undefined;
  declare private failed: string | undefined;
  declare private from: string;
  declare private to: string;
  declare private diff: VersionDiff | undefined;
  declare private isAll: boolean;
  private readonly doing = new Doing(this);

  constructor() {
    super();
    this.isAll = false;
    this.from = '';
    this.to = 'draft';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('flow') as FlowSummary | undefined;
    if (before?.id === this.flow.id && before.deployed?.number === this.flow.deployed?.number && before.draftDiffers === this.flow.draftDiffers) return;
    if (!changed.has('flow')) return;
    if (before?.id !== this.flow.id) { this.versions = undefined; this.diff = undefined; this.doing.forget(); this.from = ''; this.to = 'draft'; }
    void this.read();
  }

  private async read(): Promise<void> {
    const { id } = this.flow;
    try {
      const versions = await this.operations.versions(id);
      if (this.flow.id !== id) return;
      this.versions = versions;
      this.failed = undefined;
      this.from ||= String(versions.deployed ?? versions.versions[0]?.number ?? 'draft');
    } catch (error) {
      this.failed = reasonOf(error);
    }
  }

  protected override render(): unknown {
    const { versions, failed } = this;
    if (failed !== undefined && !versions) return message({ tone: 'bad', title: 'The versions could not be read', text: failed, actions: linkButton({ label: 'Try again', onClick: () => void this.read() }) });
    if (!versions) return loading('The versions are loading');
    return html`
      ${this.renderUse(versions)}
      ${this.doing.render()}
      ${versions.versions.length > 0 ? html`${this.renderList(versions)}${this.renderCompare(versions)}` : nothing}`;
  }

  private renderUse({ deployed, draftDiffers }: FlowVersions): TemplateResult {
    const words = deployed === undefined ? 'This flow is not deployed: its files as they are answer the triggers of a development server, and a server with versions does not run it.'
      : draftDiffers ? html`Version ${deployed} is in use. <b>The files are different</b>: they are used after they were deployed.` : html`Version ${deployed} is in use, and the files are the same.`;
    return html`<p>${draftDiffers ? html`${icon('diff-modified', { tone: 'warn' })} ` : nothing}${words}</p>
      <div class="actions">${button({ label: 'Deploy the files…', icon: 'cloud-upload', primary: deployed === undefined || draftDiffers === true, onClick: () => void this.deploy() })}
        ${draftDiffers && deployed !== undefined ? linkButton({ label: 'Show the differences', icon: 'compare-changes', onClick: () => void this.compare(String(deployed), 'draft') }) : nothing}</div>`;
  }

  private renderList({ versions, deployed, history }: FlowVersions): TemplateResult {
    const shown = this.isAll ? versions : versions.slice(0, shownFirst);
    return html`<h3>Versions</h3><div class="scroll" tabindex="0" role="region" aria-label="Versions of the flow"><table class="versions">
      <thead><tr><th scope="col">Version</th><th scope="col">Deployed</th><th scope="col">Note</th><th scope="col"><span class="for-screen-readers">Actions</span></th></tr></thead>
      <tbody>${shown.map((version) => this.renderVersion(version, version.number === deployed, history.find((use) => use.version === version.number)))}</tbody></table></div>
      ${shown.length < versions.length ? linkButton({ label: `Show all ${versions.length}`, onClick: () => { this.isAll = true; } }) : nothing}`;
  }

  private renderVersion({ number, at, by, note, hash }: VersionSummary, isInUse: boolean, use: FlowVersions['history'][number] | undefined): TemplateResult {
    return html`<tr class=${isInUse ? 'in-use' : ''}>
      <th scope="row" title=${hash}>${number}${isInUse ? html` <span class="used">${icon('pass-filled', { tone: 'good' })} in use</span>` : nothing}</th>
      <td title=${formatFullTime(at)}>${formatRelative(at, Date.now())}${use?.action === 'rollback' ? html` <span class="quiet" title=${formatFullTime(use.at)}>rolled back to ${formatRelative(use.at, Date.now())}</span>` : nothing} <span class="quiet">by ${by}</span></td><td class="note">${note ?? ''}</td>
      <td class="doing">${isInUse ? nothing : linkButton({ label: 'Roll back', title: `Put version ${number} into use`, onClick: () => void this.rollback(number) })}</td></tr>`;
  }

  private renderCompare({ versions }: FlowVersions): TemplateResult {
    const options = [{ value: 'draft', label: 'The files' }, ...versions.map(({ number }) => ({ value: String(number), label: `Version ${number}` }))];
    return html`<h3>Compare</h3><div class="pair">
        <div class="filter">${select({ label: 'From', value: this.from, options, onChange: (from) => { this.from = from; } })}</div><span class="quiet">with</span>
        <div class="filter">${select({ label: 'To', value: this.to, options, onChange: (to) => { this.to = to; } })}</div>
        ${button({ label: 'Compare', onClick: () => void this.compare(this.from, this.to) })}</div>
      ${this.diff ? this.renderDiff(this.diff) : nothing}`;
  }

  private renderDiff({ from, to, files, packages }: VersionDiff): TemplateResult {
    const words = (name: string): string => (name === 'draft' ? 'the files' : `version ${name}`);
    const count = files.length + packages.length;
    return html`<section aria-label="Differences"><p role="status">${count === 0 ? `There is no difference between ${words(from)} and ${words(to)}.` : `${formatCount(count, 'difference')} from ${words(from)} to ${words(to)}.`}</p>
      ${files.map((file) => html`<details ?open=${files.length < 4}><summary><b>${changeWords[file.change]}</b> <span class="mono">${file.file}</span> <span class="quiet">${changeSize(file)}</span></summary>${changesOf(file, file.file)}</details>`)}
      ${packages.map(({ name, before, after }) => html`<p><b>Package</b> <span class="mono">${name}</span> ${before ?? 'none'} → ${after ?? 'none'}</p>`)}</section>`;
  }

  private async compare(from: string, to: string): Promise<void> {
    this.from = from;
    this.to = to;
    const name = (text: string): VersionName => (text === 'draft' ? 'draft' : Number(text));
    await this.doing.run(async () => { this.diff = await this.operations.compare(this.flow.id, name(from), name(to)); });
  }

  private async deploy(): Promise<void> {
    const note = await ask({ title: `Deploy the files of ${this.flow.title}?`, text: 'They become a version, which answers the triggers from now on.', action: 'Deploy', field: { label: 'Note', placeholder: 'What is new in it' } });
    if (note === undefined) return;
    await this.doing.run(async () => {
      const { number, isNew } = await this.operations.deploy(this.flow.id, note);
      this.changed();
      return isNew ? `Version ${number} is in use.` : `The files are as version ${number}, which is in use.`;
    });
  }

  private async rollback(version: number): Promise<void> {
    const isWanted = await ask({ title: `Roll back to version ${version}?`, text: `New runs use version ${version} at once. Runs that are at work go on with theirs.`, action: 'Roll back' });
    if (isWanted === undefined) return;
    await this.doing.run(async () => {
      await this.operations.rollback(this.flow.id, version);
      this.changed();
      return `Version ${version} is in use.`;
    });
  }

  private changed(): void {
    this.diff = undefined;
    void this.read();
    this.onChanged();
  }

  static override styles = [baseStyles, toneStyles, kitStyles, changeStyles, css`
    :host { display: block; }
    h3 { font-size: inherit; font-weight: 600; margin: 18px 0 6px; }
    p { margin: 6px 0; overflow-wrap: anywhere; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 4px 8px; vertical-align: top; font-weight: normal; }
    thead th { font-weight: 600; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .in-use > * { background: var(--vscode-list-inactiveSelectionBackground); }
    .in-use .quiet { color: inherit; }
    .versions tbody th { white-space: nowrap; }
    .used { margin-left: 6px; }
    .note { overflow-wrap: anywhere; min-width: 80px; }
    .doing { white-space: nowrap; text-align: right; }
    .pair { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
    .filter { width: 124px; }
    details { margin: 8px 0; }
    summary { cursor: pointer; margin-bottom: 4px; overflow-wrap: anywhere; }
    .message { margin: 8px 0; }
  `];
}

customElements.define('patchbay-flow-versions', PatchbayFlowVersions);
