import type { InboxHost, InboxView } from '../protocol/inbox.ts';
import { connect } from '../protocol/rpc.ts';
import { pageAnnouncer } from '../shared/announcer.ts';
import { bootData, hostPort } from '../shared/host.ts';
import { stylePage } from '../shared/styles.ts';
import { PatchbayInbox } from './inbox-view.ts';

/** The inbox in VS Code's panel. */
async function start(): Promise<void> {
  stylePage();
  const view = new PatchbayInbox();
  view.announcer = pageAnnouncer();
  const local: InboxView = { changed: (rows, unread) => view.changed(rows, unread), show: (request) => void view.show(request) };
  const { remote } = connect<InboxHost>(hostPort(), local);
  const { base, request } = bootData<Awaited<ReturnType<typeof remote.open>>>() ?? (await remote.open());
  view.base = base;
  view.host = remote;
  document.body.append(view);
  if (request !== undefined) void view.show(request);
}

void start();
