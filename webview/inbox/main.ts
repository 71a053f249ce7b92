import type { InboxHost, InboxOpening, InboxView } from '../protocol/inbox.ts';
import { connect } from '../protocol/rpc.ts';
import { pageAnnouncer } from '../shared/announcer.ts';
import { hostPort, viewState } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { PatchbayInbox, type InboxKept } from './inbox-view.ts';

/** The inbox in VS Code's panel. */
async function start(): Promise<void> {
  stylePage();
  const view = new PatchbayInbox();
  view.announcer = pageAnnouncer();
  const local: InboxView = { changed: (rows, unread) => view.changed(rows, unread), show: (request) => void view.show(request) };
  const { remote } = connect<InboxHost>(hostPort(), local);
  view.host = remote;
  const restored = async (kept: InboxKept | undefined): Promise<void> => { if (kept) await view.restore(kept); };
  await openPage<InboxOpening>(remote, {
    begin: ({ base, request, title }) => {
      const state = viewState<InboxKept>(1, title);
      const kept = state.get();
      view.base = base;
      view.onKept = (now) => state.set(now);
      document.body.append(view);
      void restored(kept).then(() => (request !== undefined && request !== kept?.chosen ? view.show(request) : undefined));
    },
    refresh: ({ base, request }, isOther) => {
      view.base = base;
      if (isOther('request') && request !== undefined) void view.show(request);
    },
  });
}

void start();
