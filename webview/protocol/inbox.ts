import type { PageOf, StateChange } from '../../server/model/api.ts';
import type { InboxDetail, InboxDraft, InboxReplay, InboxRow, InboxRule, InboxSent, InboxState } from '../../server/model/inbox.ts';
import type { SavedCase } from '../../server/model/test-report.ts';
import type { RunnerCalls } from './runner-client.ts';
import { serverSentEvents } from './runner-client.ts';

/** The inbox as it is shown for the first time. */
export interface InboxOpening {
  readonly title: string;
  readonly base: string;
  readonly request?: number;
}

/** What the webhook inbox asks. In VS Code the extension answers, on the operators' page a client of the runner's API. */
export interface InboxHost {
  /** First call. `base`: the address of the runner, as the user may copy it; `request`: the one to show. */
  open(): InboxOpening;
  state(): InboxState;
  /** Pages count from 1. */
  list(page: number): PageOf<InboxRow>;
  request(id: number): InboxDetail;
  /** All of them without ids. */
  markRead(ids?: readonly number[]): void;
  pin(id: number, isPinned: boolean): InboxDetail;
  /** All that are not pinned without an id. */
  remove(id?: number): StateChange;
  pause(isPaused: boolean): InboxState;
  setRule(rule: InboxRule): InboxState;
  removeRule(flow: string, trigger?: string): InboxState;
  send(flow: string, trigger: string | undefined, draft: InboxDraft): InboxSent;
  replay(id: number, how: InboxReplay): InboxSent;
  saveTest(id: number): SavedCase;
  /** Shows how two requests differ. False: the view is to do so itself. */
  compare(before: number, after: number): boolean;
  openRun(run: string): void;
}

export interface InboxView {
  /** Requests have come, or something else of the inbox is another. */
  changed(rows: readonly InboxRow[], unread: number): void;
  show(request: number): void;
}

/** What the runner's API gives of it. */
export type InboxClient = { readonly [K in Exclude<keyof InboxHost, 'open' | 'compare' | 'openRun'>]: (...args: Parameters<InboxHost[K]>) => Promise<ReturnType<InboxHost[K]>> } & {
  /** From now on, until the signal ends it or the runner does. */
  events(signal: AbortSignal): AsyncIterable<{ readonly rows: readonly InboxRow[]; readonly unread: number }>;
};

export function inboxClient({ request, get }: RunnerCalls): InboxClient {
  const ask = async <T>(method: string, path: string, body?: object, query?: Readonly<Record<string, string | undefined>>): Promise<T> => (await request(`/inbox${path}`, query, { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })).json();
  return {
    state: () => get('/inbox/state'),
    list: (page) => get('/inbox', { page, per_page: 100 }),
    request: (id) => get(`/inbox/${id}`),
    markRead: async (ids) => { await ask('POST', '/read', { ...(ids && { ids }) }); },
    pin: (id, isPinned) => ask('POST', `/${id}/pin`, { isPinned }),
    remove: (id) => ask('DELETE', id === undefined ? '' : `/${id}`),
    pause: (isPaused) => ask('PUT', '/state', { isPaused }),
    setRule: (rule) => ask('PUT', '/rules', rule),
    removeRule: (flow, trigger) => ask('DELETE', '/rules', undefined, { flow, trigger }),
    send: (flow, trigger, draft) => ask('POST', '/send', { flow, ...(trigger !== undefined && { trigger }), ...draft }),
    replay: (id, how) => ask('POST', `/${id}/replay`, how),
    saveTest: (id) => ask('POST', `/${id}/case`, {}),
    async *events(signal) {
      const { body } = await request('/inbox/events', {}, { signal });
      if (body) for await (const data of serverSentEvents(body as unknown as AsyncIterable<Uint8Array>)) yield JSON.parse(data) as { rows: readonly InboxRow[]; unread: number };
    },
  };
}
