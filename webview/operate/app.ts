import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FlowSummary, WorkspaceInfo } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import { RunnerProblem, runnerClient, type RunnerClient } from '../protocol/runner-client.ts';
import type { PatchbayRun, RunSelection } from '../run/run-view.ts';
import '../run/run-view.ts';
import type { Announcer } from '../shared/announcer.ts';
import { icon, iconButton, kitStyles, linkButton, loading, message } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { apiHost, started } from './api-host.ts';
import './flow-list.ts';
import type { FlowActions } from './flow-detail.ts';
import { placeHash, readPlace, type Place } from './place.ts';
import './run-list.ts';
import type { RunFilter } from './run-list.ts';
import './sign-in.ts';

/** What the page knows once it has signed in. */
interface Session {
  readonly client: RunnerClient;
  readonly host: ReturnType<typeof apiHost>;
  readonly workspace: WorkspaceInfo;
  readonly catalog: readonly CatalogEntry[];
}

export interface TokenStore {
  get(): string | undefined;
  set(token: string | undefined): void;
}

/** Between two reads of the lists while runs begin and end, in milliseconds. */
const readInterval = 500;

/** The operators' page: the runner's runs and flows in a plain browser. */
export class PatchbayOperate extends LitElement {
  static override properties = { tokens: { attribute: false }, announcer: { attribute: false }, place: { state: true }, session: { state: true }, reason: { state: true }, failed: { state: true }, flows: { state: true }, flowsFailed: { state: true }, version: { state: true }, isLive: { state: true } };
  declare tokens: TokenStore;
  declare announcer: Announcer;
  declare private place: Place;
  declare private session: Session | undefined;
  declare private reason: string | undefined;
  /** Why the runner could not be asked, where it is not the token. */
  declare private failed: string | undefined;
  declare private flows: readonly FlowSummary[] | undefined;
  declare private flowsFailed: string | undefined;
  declare private version: number;
  declare private isLive: boolean;
  private signedOut = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private selections = new Map<string, RunSelection>();

  constructor() {
    super();
    this.place = readPlace(location.hash);
    this.version = 0;
    this.isLive = true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.onPlace);
    const token = this.tokens.get();
    if (token) void this.signIn(token).then((problem) => { if (this.signedOut) this.reason = problem; });
    else this.signedOut = true;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onPlace);
    this.session?.host.end();
  }

  private readonly onPlace = (): void => {
    const before = this.place;
    this.place = readPlace(location.hash);
    if (this.place.at !== before.at) this.followPlace();
  };

  /** The run view follows its own run; the lists follow all. */
  private followPlace(): void {
    if (this.place.at === 'run') return;
    void this.session?.host.follow(undefined);
    this.readSoon(0);
  }

  /** Gives the reason where the runner does not take the token. */
  private async signIn(token: string): Promise<string | undefined> {
    this.failed = undefined;
    const client = runnerClient(async () => ({ url: location.origin, token }));
    try {
      const [workspace, { plugins }] = await Promise.all([client.workspace(), client.catalog()]);
      this.tokens.set(token);
      const host = apiHost({ client, catalog: plugins, events: (events) => this.onEvents(events), connected: (is) => { this.isLive = is; }, signedOut: () => this.signOut('The runner does not take the token any more. It has one of its own each time it starts.'), openFlow: (flow) => { location.hash = placeHash({ at: 'flows', flow }); } });
      this.signedOut = false;
      this.reason = undefined;
      this.session = { client, host, workspace, catalog: plugins };
      document.title = `${workspace.title} · Patchbay`;
      this.followPlace();
      void this.readFlows();
      return undefined;
    } catch (error) {
      if (error instanceof RunnerProblem && error.status === 401) {
        this.signOut(undefined);
        return 'The runner does not take this token.';
      }
      this.failed = error instanceof RunnerProblem ? error.message : 'The runner cannot be reached. Check that it runs.';
      return this.failed;
    }
  }

  private signOut(reason: string | undefined): void {
    this.session?.host.end();
    this.session = undefined;
    this.tokens.set(undefined);
    this.signedOut = true;
    this.reason = reason;
    this.requestUpdate();
  }

  private onEvents(events: readonly NumberedRunEvent[]): void {
    this.renderRoot.querySelector<PatchbayRun>('patchbay-run')?.events(events);
    if (this.place.at !== 'run') this.readSoon(readInterval);
  }

  private readSoon(delay: number): void {
    this.timer ??= setTimeout(() => { this.timer = undefined; this.version++; void this.readFlows(); }, delay);
  }

  private async readFlows(): Promise<void> {
    try {
      this.flows = await this.session?.host.flows();
      this.flowsFailed = undefined;
    } catch (error) {
      this.flowsFailed = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): unknown {
    const { session } = this;
    if (this.signedOut) return html`<patchbay-sign-in .onToken=${(token: string) => this.signIn(token)} .reason=${this.reason}></patchbay-sign-in>`;
    if (this.failed !== undefined) return html`<main class="outer">${message({ tone: 'bad', title: 'The runner could not be asked', text: this.failed, actions: html`${linkButton({ label: 'Try again', onClick: () => void this.signIn(this.tokens.get() ?? '') })} ${linkButton({ label: 'Use another token', onClick: () => this.signOut(undefined) })}` })}</main>`;
    if (!session) return loading('Signing in');
    return html`${this.renderBar(session)}<main>${this.renderPlace(session)}</main>`;
  }

  private renderBar({ workspace }: Session): TemplateResult {
    const { place } = this;
    const link = (to: Place, label: string, isHere: boolean) => html`<a class="tab" href=${placeHash(to)} aria-current=${isHere ? 'page' : nothing}>${label}</a>`;
    return html`<header>
      <span class="title ellipsis" title=${workspace.root}>${icon('plug')} ${workspace.title}</span>
      <nav aria-label="Parts of the page">${link({ at: 'runs' }, 'Runs', place.at === 'runs' || place.at === 'run')}${link({ at: 'flows' }, 'Flows', place.at === 'flows')}</nav>
      <span class="gap"></span>
      ${workspace.environment ? html`<span class="quiet ellipsis" title="Environment">${icon('server-environment')} ${workspace.environment}</span>` : nothing}
      <span class="quiet state" role="status">${this.isLive ? html`${icon('pulse', { tone: 'good' })} Live` : html`${icon('debug-disconnect', { tone: 'warn' })} Reconnecting…`}</span>
      ${iconButton({ label: 'Sign out', icon: 'sign-out', onClick: () => this.signOut(undefined) })}
    </header>`;
  }

  private renderPlace({ host, catalog }: Session): TemplateResult {
    const { place } = this;
    if (place.at === 'run') {
      return html`<div class="crumbs"><a href=${placeHash({ at: 'runs' })}>${icon('arrow-left')} All runs</a></div>
        <patchbay-run .host=${host} .run=${place.run} .catalog=${catalog} .announcer=${this.announcer} .selection=${this.selections.get(place.run) ?? {}}
          .onSelection=${(selection: RunSelection) => { this.selections.set(place.run, selection); }} .onRun=${(run: string) => { location.hash = placeHash({ at: 'run', run }); }}></patchbay-run>`;
    }
    if (place.at === 'flows') return html`<h1 class="for-screen-readers">Flows</h1><patchbay-flow-list .flows=${this.flows} .failed=${this.flowsFailed} .flow=${place.flow} .actions=${this.actions}></patchbay-flow-list>`;
    const { flow, status } = place;
    return html`<h1 class="for-screen-readers">Runs</h1><patchbay-run-list .host=${host} .filter=${{ ...(flow && { flow }), ...(status && { status }) }} .flows=${this.flows ?? []} .version=${this.version}
      .onFilter=${(filter: RunFilter) => { location.hash = placeHash({ at: 'runs', ...filter }); }}></patchbay-run-list>`;
  }

  private readonly actions: FlowActions = {
    choose: (flow) => { this.place = { at: 'flows', flow }; },
    enable: async (flow, enabled) => { await this.session!.client.enable(flow, enabled); await this.readFlows(); },
    start: async (flow, payload) => {
      const run = await started((confirm) => this.session!.client.start(flow, { confirm, ...(payload && { payload: payload.text, mediaType: payload.mediaType }) }));
      location.hash = placeHash({ at: 'run', run });
    },
    reload: () => void this.readFlows(),
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; height: 100%; background: var(--vscode-editor-background); }
    header { display: flex; align-items: center; gap: 12px; padding: 0 12px; height: 38px; flex: none; background: var(--vscode-sideBar-background); border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .title { font-weight: 600; }
    nav { display: flex; gap: 4px; align-self: stretch; }
    nav .tab { height: auto; text-decoration: none; padding: 0 8px; }
    nav .tab[aria-current] { color: var(--vscode-panelTitle-activeForeground); box-shadow: inset 0 -1px var(--vscode-panelTitle-activeBorder); }
    .gap { flex: 1; }
    .state { white-space: nowrap; }
    main { flex: 1; min-height: 0; display: flex; flex-direction: column; position: relative; }
    main > patchbay-run, main > patchbay-run-list, main > patchbay-flow-list { flex: 1; min-height: 0; }
    main.outer { padding: 16px; display: block; }
    .crumbs { padding: 8px 12px 0; flex: none; }
    a { color: var(--vscode-textLink-foreground); text-decoration: none; }
    a:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
    nav a.tab { color: var(--vscode-panelTitle-inactiveForeground); }
  `];
}

customElements.define('patchbay-operate', PatchbayOperate);
