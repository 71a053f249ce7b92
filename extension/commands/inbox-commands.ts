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
  const replay = async (item: InboxItem | undefined, sign: boolean): Promise<void> => {
    const runner = item && services.runners.of(item.root);
    if (!item || !runner) return;
    const { items: [sent] } = await inboxes.of(runner).replay(item.request.id, { sign });
    void vscode.window.setStatusBarMessage(`Request ${item.request.id} was ${sign ? 'signed anew and sent once more' : 'sent once more, as it came'}: ${sent!.status}`, 5_000);
  };
  return {
    'patchbay.openInbox': async (given) => {
      const item = itemOf(given);
      const runner = await runnerOf(item, 'Webhook Inbox');
      if (runner) await panels.open(runner, item?.request.id);
    },
    'patchbay.replayRequest': (given) => replay(itemOf(given), false),
    'patchbay.replaySignedRequest': (given) => replay(itemOf(given), true),
    'patchbay.copyHookUrl': async () => {
      const runner = await chooseRunner(services, 'Copy Webhook URL');
      if (!runner) return;
      const [{ url, taken }, { addresses, publicUrl }] = await Promise.all([runner.address(), inboxes.of(runner).state()]);
      const base = publicUrl ?? (await vscode.env.asExternalUri(vscode.Uri.parse(url))).toString().replace(/\/$/, '');
      const picked = addresses.length > 1 ? await vscode.window.showQuickPick(addresses.map(({ path, isSigned }) => ({ label: path, description: isSigned ? 'signed' : 'not signed' })), { title: 'Copy Webhook URL' }) : { label: addresses[0]?.path ?? '/hooks/' };
      if (!picked) return;
      const whole = addresses.find(({ path }) => path === picked.label)?.url ?? base + picked.label;
      await vscode.env.clipboard.writeText(whole);
      if (taken === undefined) void vscode.window.setStatusBarMessage(`${whole} is copied.`, 5_000);
      else void vscode.window.showWarningMessage(`${whole} is copied. Port ${taken} is taken by another program: with it, the address would stay the same.`);
    },
  };
}

const itemOf = (given: unknown): InboxItem | undefined => ((given as InboxItem | undefined)?.kind === 'inbox-request' ? (given as InboxItem) : undefined);
