import * as vscode from 'vscode';
import type { InboxRow } from '../../server/model/inbox.ts';
import { inboxClient, type InboxClient } from '../../webview/protocol/inbox.ts';
import { runnerCalls } from '../../webview/protocol/runner-client.ts';
import type { FolderRunner, Runners } from './runners.ts';

/** The webhook inboxes of all workspaces, live while their runners are. */
export interface Inboxes extends vscode.Disposable {
  of(runner: FolderRunner): InboxClient;
  readonly onDidChange: vscode.Event<{ readonly runner: FolderRunner; readonly rows: readonly InboxRow[]; readonly unread: number }>;
}

const pauseMs = 2_000;

export function openInboxes(runners: Runners, log: vscode.LogOutputChannel): Inboxes {
  const clients = new WeakMap<FolderRunner, InboxClient>();
  const following = new Map<FolderRunner, AbortController>();
  const changed = new vscode.EventEmitter<{ readonly runner: FolderRunner; readonly rows: readonly InboxRow[]; readonly unread: number }>();
  const of = (runner: FolderRunner): InboxClient => {
    const client = clients.get(runner) ?? inboxClient(runnerCalls(() => runner.address()));
    clients.set(runner, client);
    return client;
  };
  /** The runner is not started for it. */
  const follow = async (runner: FolderRunner, { signal }: AbortController): Promise<void> => {
    while (!signal.aborted && runner.state === 'ready') {
      try {
        for await (const news of of(runner).events(signal)) changed.fire({ runner, ...news });
      } catch (error) {
        if (!signal.aborted) log.debug(`Events of the inbox: ${(error as Error).message}`);
      }
      if (!signal.aborted) await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
    }
    following.delete(runner);
  };
  const followReady = (): void => {
    for (const runner of runners.all()) {
      if (runner.state !== 'ready' || following.has(runner)) continue;
      const abort = new AbortController();
      following.set(runner, abort);
      void follow(runner, abort);
      changed.fire({ runner, rows: [], unread: 0 });
    }
  };
  const subscription = runners.onDidChange(followReady);
  return {
    of, onDidChange: changed.event,
    dispose() {
      subscription.dispose();
      for (const abort of following.values()) abort.abort();
      changed.dispose();
    },
  };
}
