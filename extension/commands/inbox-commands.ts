import * as vscode from 'vscode';
import type { InboxPanels } from '../editors/inbox-panels.ts';
import type { Inboxes } from '../runner/inboxes.ts';
import type { FolderRunner } from '../runner/runners.ts';
import type { Services } from '../services.ts';
import type { InboxItem } from '../views/inbox-tree.ts';
import { chooseRunner } from './targets.ts';

/** The commands about webhooks. */
export function inboxCommands(services: Services, inboxes: Inboxes, panels: InboxPanels): Readonly<Record<string, (given?: unknown) => Promise<void>>> {
  const runnerOf = async (item: InboxItem | undefined, title: string): Promise<FolderRunner | undefined> => (item ? services.runners.of(item.root) : chooseRunner(services, title));
  return {
    'patchbay.openInbox': async (given) => {
      const item = itemOf(given);
      const runner = await runnerOf(item, 'Webhook Inbox');
      if (runner) await panels.open(runner, item?.request.id);
    },
    'patchbay.replayRequest': async (given) => {
      const item = itemOf(given);
      const runner = item && services.runners.of(item.root);
      if (!item || !runner) return;
      const { items: [sent] } = await inboxes.of(runner).replay(item.request.id, {});
      void vscode.window.setStatusBarMessage(`Request ${item.request.id} was sent once more: ${sent!.status}`, 5_000);
    },
    'patchbay.copyHookUrl': async () => {
      const runner = await chooseRunner(services, 'Copy Webhook URL');
      if (!runner) return;
      const [{ url }, { addresses }] = await Promise.all([runner.address(), inboxes.of(runner).state()]);
      const base = (await vscode.env.asExternalUri(vscode.Uri.parse(url))).toString().replace(/\/$/, '');
      const picked = addresses.length > 1 ? await vscode.window.showQuickPick(addresses.map(({ path, isSigned }) => ({ label: path, description: isSigned ? 'signed' : 'not signed' })), { title: 'Copy Webhook URL' }) : { label: addresses[0]?.path ?? '/hooks/' };
      if (!picked) return;
      await vscode.env.clipboard.writeText(base + picked.label);
      void vscode.window.setStatusBarMessage(`${base}${picked.label} is copied.`, 5_000);
    },
  };
}

const itemOf = (given: unknown): InboxItem | undefined => ((given as InboxItem | undefined)?.kind === 'inbox-request' ? (given as InboxItem) : undefined);
