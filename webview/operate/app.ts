import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FlowSummary, WorkspaceInfo } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import { RunnerProblem, runnerCalls, runnerClient, type RunnerClient } from '../protocol/runner-client.ts';
import type { PatchbayRun, RunSelection } from '../run/run-view.ts';
import '../run/run-view.ts';
import type { StepTab } from '../run/step-panel.ts';
import type { Announcer } from '../shared/announcer.ts';
import { icon, iconButton, kitStyles, linkButton, loading, message } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { apiHost, started } from './api-host.ts';
import './inbox-screen.ts';
import { inboxHost } from './inbox-screen.ts';
import './audit-list.ts';
import './flow-list.ts';
import type { FlowActions } from './flow-detail.ts';
import { guarded, reasonOf } from './guarded.ts';
import './insights-screen.ts';
import { operations, type Operations } from './operations.ts';
import { goTo, placeHash, placeOf, readPlace, screens, type Place, type PlaceQuery, type Screen } from './place.ts';
import './queue-list.ts';
import './run-list.ts';
import './search-screen.ts';
import { searchKinds } from './search-screen.ts';
import './sign-in.ts';
import './state-screen.ts';
import { stateKinds } from './state-screen.ts';

/** What the page knows once it has signed in. */
interface Session {
  readonly client: RunnerClient;
  readonly operations: Operations;
  readonly host: ReturnType<typeof apiHost>;
  readonly inbox: ReturnType<typeof inboxHost>;
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
  /** The last run that was shown. */
  private lookedAt: string | undefined;
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
    if (token) void this.signInAgain(token);
    else this.signedOut = true;
  }

  /** With the token of a link or of before: why it is not taken stands above the form. */
  private async signInAgain(token: string): Promise<void> {
    const problem = await this.signIn(token);
    if (this.signedOut) this.reason = problem;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onPlace);
    this.session?.host.end();
  }

  private readonly onPlace = (): void => {
    const before = this.place;
    this.place = readPlace(location.hash);
    if (isRun(this.place) !== isRun(before) || this.place.at !== before.at) this.followPlace();
    if (isRun(this.place) !== isRun(before) && this.place.at === before.at) void this.focusPlace();
  };

  /** Where there is little room the links are scrolled: the current one is in view. Not by `scrollIntoView`, from where Tab would go on. */
  protected override updated(changed: PropertyValues): void {
    const link = changed.has('place') || changed.has('session') ? this.renderRoot.querySelector<HTMLElement>('nav [aria-current]') : null;
    const nav = link?.parentElement;
    if (link && nav) nav.scrollLeft = link.offsetLeft - nav.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
  }

  /** What had the focus is gone: it is on the way back, or on the run that was looked at. */
  private async focusPlace(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(isRun(this.place) ? '.crumbs a' : 'patchbay-run-list')?.focus();
  }

  /** The run view follows its own run; the lists follow all. */
  private followPlace(): void {
    if (isRun(this.place)) return;
    void this.session?.host.follow(undefined);
    this.readSoon(0);
  }

  /** Gives the reason where the runner does not take the token. */
  private async signIn(token: string): Promise<string | undefined> {
    this.failed = undefined;
    const address = async () => ({ url: location.origin, token });
    const client = runnerClient(address);
    const signedOut = (): void => this.signOut('The runner does not take the token any more. It has one of its own each time it starts.');
    try {
      const [workspace, { plugins }] = await Promise.all([client.workspace(), client.catalog()]);
      this.tokens.set(token);
      const host = apiHost({ client, catalog: plugins, events: (events) => this.onEvents(events), connected: (is) => this.onConnected(is), signedOut, openFlow: (flow) => goTo({ at: 'flows', name: flow }) });
      this.signedOut = false;
      this.reason = undefined;
      this.session = { client, operations: guarded(operations(runnerCalls(address)), signedOut), host, inbox: inboxHost(runnerCalls(address), signedOut), workspace, catalog: plugins };
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
    if (!isRun(this.place)) this.readSoon(readInterval);
  }

  /** What happened while the stream was away is read now. */
  private onConnected(isLive: boolean): void {
    if (isLive && !this.isLive && !isRun(this.place)) this.readSoon(0);
    this.isLive = isLive;
  }

  private readSoon(delay: number): void {
    this.timer ??= setTimeout(() => { this.timer = undefined; this.version++; void this.readFlows(); }, delay);
  }

  private async readFlows(): Promise<void> {
    try {
      this.flows = await this.session?.operations.flows();
      this.flowsFailed = undefined;
    } catch (error) {
      this.flowsFailed = reasonOf(error);
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
    const here = this.place.at;
    return html`<header>
      <span class="title ellipsis" title=${workspace.root}>${icon('plug')} ${workspace.title}</span>
      <nav aria-label="Parts of the page">${screens.map((at) => html`<a class="tab" href=${placeHash({ at })} aria-current=${at === here ? 'page' : nothing}>${screenWords[at]}</a>`)}</nav>
      <span class="gap"></span>
      ${workspace.environment ? html`<span class="quiet ellipsis environment" title="Environment ${workspace.environment}">${icon('server-environment')} ${workspace.environment}</span>` : nothing}
      <span class="quiet state" role="status">${this.isLive ? html`${icon('pulse', { tone: 'good' })} Live` : html`${icon('debug-disconnect', { tone: 'warn' })} Reconnecting…`}</span>
      ${iconButton({ label: 'Sign out', icon: 'sign-out', onClick: () => this.signOut(undefined) })}
    </header>`;
  }

  private renderPlace(session: Session): TemplateResult {
    const { place, flows = [], version } = this;
    const { at, name, query = noQuery } = place;
    const { operations: ask } = session;
    const title = html`<h1 class="for-screen-readers">${screenWords[at]}</h1>`;
    switch (at) {
      case 'runs':
        return name === undefined ? html`${title}<patchbay-run-list .chosen=${this.lookedAt} .operations=${ask} .query=${query} .flows=${flows} .environments=${session.workspace.environments.map(({ id }) => id)} .version=${version} .announcer=${this.announcer} .onQuery=${this.onQuery}></patchbay-run-list>` : this.renderRun(session, name, query);
      case 'queue':
        return html`${title}<patchbay-queue-list .operations=${ask} .flow=${query.flow} .flows=${flows} .version=${version} .onFlow=${(flow: string) => this.onQuery({ flow })}></patchbay-queue-list>`;
      case 'flows':
        return html`${title}<patchbay-flow-list .operations=${ask} .flows=${this.flows} .failed=${this.flowsFailed} .flow=${name} .tab=${query.tab} .actions=${this.actions}></patchbay-flow-list>`;
      case 'inbox':
        return html`${title}<patchbay-inbox-screen .host=${session.inbox} .request=${name} .announcer=${this.announcer}></patchbay-inbox-screen>`;
      case 'search':
        return html`${title}<patchbay-search .operations=${ask} .kind=${searchKinds.find((kind) => kind === name) ?? 'tracked'} .query=${query} .flows=${flows} .announcer=${this.announcer} .onQuery=${this.onQuery}></patchbay-search>`;
      case 'state':
        return html`${title}<patchbay-state .operations=${ask} .kind=${stateKinds.find((kind) => kind === name) ?? 'caches'} .query=${query} .flows=${flows} .onQuery=${this.onChoice}></patchbay-state>`;
      case 'insights':
        return html`${title}<patchbay-insights .operations=${ask} .query=${query} .flows=${flows} .onQuery=${this.onQuery}></patchbay-insights>`;
      case 'audit':
        return html`${title}<patchbay-audit .operations=${ask} .query=${query} .onQuery=${this.onQuery}></patchbay-audit>`;
    }
  }

  private renderRun({ host, catalog }: Session, run: string, { step, tab, payload }: PlaceQuery): TemplateResult {
    const asked: RunSelection = step === undefined ? {} : { step, ...(tab !== undefined && { tab: tab as StepTab }), ...(payload !== undefined && { payload }) };
    this.lookedAt = run;
    return html`<div class="crumbs"><a href=${placeHash({ at: 'runs' })}>${icon('arrow-left')} All runs</a></div>
      <patchbay-run .host=${host} .run=${run} .catalog=${catalog} .announcer=${this.announcer} .selection=${this.selections.get(run) ?? asked}
        .onSelection=${(selection: RunSelection) => { this.selections.set(run, selection); }} .onRun=${(other: string) => goTo({ at: 'runs', name: other })}></patchbay-run>`;
  }

  /** Filters are places of their own: going back takes one away. */
  private readonly onQuery = (query: Readonly<Record<string, string>>): void => goTo(placeOf(this.place.at, this.place.name, query));

  /** Choosing is not going anywhere: it stands in the address, but not in the history. */
  private readonly onChoice = (query: Readonly<Record<string, string>>): void => this.replacePlace(placeOf(this.place.at, this.place.name, query));

  private replacePlace(place: Place): void {
    history.replaceState(undefined, '', placeHash(place));
    this.place = place;
  }

  private readonly actions: FlowActions = {
    choose: (flow) => this.replacePlace(placeOf('flows', flow, this.place.query)),
    show: (tab) => this.replacePlace(placeOf('flows', this.place.name, { tab: tab === 'versions' ? tab : undefined })),
    enable: async (flow, enabled) => { await this.session!.operations.enable(flow, enabled); await this.readFlows(); },
    start: async (flow, payload) => goTo({ at: 'runs', name: await started((confirm) => this.session!.client.start(flow, { confirm, ...(payload && { payload: payload.text, mediaType: payload.mediaType }) })) }),
    reload: () => void this.readFlows(),
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; height: 100%; background: var(--vscode-editor-background); }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 12px; padding: 0 12px; min-height: 38px; flex: none; background: var(--vscode-sideBar-background); border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .title { font-weight: 600; }
    nav { display: flex; gap: 4px; align-self: stretch; min-height: 37px; overflow-x: auto; scrollbar-width: none; }
    .environment { max-width: 160px; }
    nav .tab { height: auto; text-decoration: none; padding: 0 8px; }
    nav .tab[aria-current] { color: var(--vscode-panelTitle-activeForeground); box-shadow: inset 0 -1px var(--vscode-panelTitle-activeBorder); }
    .gap { flex: 1; }
    .state { white-space: nowrap; }
    main { flex: 1; min-height: 0; display: flex; flex-direction: column; position: relative; }
    main > :last-child { flex: 1; min-height: 0; }
    main.outer { padding: 16px; display: block; }
    .crumbs { padding: 8px 12px 0; flex: none; }
    a { color: var(--vscode-textLink-foreground); text-decoration: none; }
    a:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
    @media (max-width: 900px) { nav { order: 1; width: 100%; min-height: 32px; } header { padding-top: 6px; } }
    nav a.tab { color: var(--vscode-panelTitle-inactiveForeground); }
  `];
}

customElements.define('patchbay-operate', PatchbayOperate);

const screenWords: Readonly<Record<Screen, string>> = { runs: 'Runs', queue: 'Queue', flows: 'Flows', inbox: 'Webhooks', search: 'Search', state: 'State', insights: 'Insights', audit: 'Audit' };

/** One and the same, so that screens do not take it for a change. */
const noQuery: PlaceQuery = {};

const isRun = ({ at, name }: Place): boolean => at === 'runs' && name !== undefined;
