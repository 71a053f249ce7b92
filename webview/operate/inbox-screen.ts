import { css, html, LitElement, type PropertyValues } from 'lit';
import type { PatchbayInbox } from '../inbox/inbox-view.ts';
import '../inbox/inbox-view.ts';
import { inboxClient, type InboxClient, type InboxHost } from '../protocol/inbox.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunnerCalls } from '../protocol/runner-client.ts';
import type { Announcer } from '../shared/announcer.ts';
import { baseStyles } from '../shared/styles.ts';
import { guarded } from './guarded.ts';
import { goTo } from './place.ts';

/** Answers the inbox from the runner's API, where VS Code's extension would. */
export function inboxHost(calls: RunnerCalls, signedOut: () => void): Api<InboxHost> & Pick<InboxClient, 'events'> {
  const { events, ...client } = inboxClient(calls);
  return { ...guarded(client, signedOut), events, open: async () => ({ title: 'Webhooks', base: location.origin }), compare: async () => false, openRun: async (run) => goTo({ at: 'runs', name: run }) };
}

const pauseMs = 2_000;

/** The inbox on the page; it follows what comes while it is shown. */
class PatchbayInboxScreen extends LitElement {
  static override properties = { host: { attribute: false }, request: {}, announcer: { attribute: false } };
  declare host: ReturnType<typeof inboxHost>;
  /** The one that the address names. */
  declare request: string | undefined;
  declare announcer: Announcer;
  private following: AbortController | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.following = new AbortController();
    void this.follow(this.following.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.following?.abort();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('request') && this.request !== undefined && /^\d{1,15}$/.test(this.request)) void this.inbox?.show(Number(this.request));
  }

  private get inbox(): PatchbayInbox | null {
    return this.renderRoot.querySelector('patchbay-inbox');
  }

  private async follow(signal: AbortSignal): Promise<void> {
    await this.updateComplete;
    while (!signal.aborted) {
      try {
        for await (const { rows, unread } of this.host.events(signal)) this.inbox?.changed(rows, unread);
      } catch {
        // The runner is away, or has ended the stream: it is asked for again.
      }
      if (!signal.aborted) await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
    }
  }

  protected override render(): unknown {
    return html`<patchbay-inbox .host=${this.host} .base=${location.origin} .announcer=${this.announcer}></patchbay-inbox>`;
  }

  static override styles = [baseStyles, css`:host { display: flex; flex-direction: column; min-height: 0; height: 100%; } patchbay-inbox { flex: 1; min-height: 0; }`];
}

customElements.define('patchbay-inbox-screen', PatchbayInboxScreen);
