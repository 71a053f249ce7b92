import type { InboxHost, InboxOpening, InboxView } from '../protocol/inbox.ts';
import { connect } from '../protocol/rpc.ts';
import { pageAnnouncer } from '../shared/announcer.ts';
import { hostPort } from '../shared/host.ts';
import { openPage } from '../shared/open-page.ts';
import { stylePage } from '../shared/styles.ts';
import { PatchbayInbox } from './inbox-view.ts';

/** The inbox in VS Code's panel. */
async function start(): Promise<void> {
  stylePage();
  const view = new PatchbayInbox();
  view.announcer = pageAnnouncer();
  const local: InboxView = { changed: (rows, unread) => view.changed(rows, unread), show: (request) => void view.show(request) };
  const { remote } = connect<InboxHost>(hostPort(), local);
  view.host = remote;
  await openPage<InboxOpening>(remote, {
    begin: ({ base, request }) => {
      view.base = base;
      document.body.append(view);
      if (request !== undefined) void view.show(request);
    },
    refresh: ({ base, request }, isOther) => {
      view.base = base;
      if (isOther('request') && request !== undefined) void view.show(request);
    },
  });
}

void start();
