import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { InboxHost } from '../../webview/protocol/inbox.ts';
import type { Runner } from '../../server/runner/contract.ts';
import { serve } from '../../server/api/serve.ts';
import { openRunner } from '../../server/runner/runner.ts';

const root = join(import.meta.dirname, '../..');
export const token = 'the-token-of-the-runner';
export const longFlow = 'orders-of-the-shop-in-the-long-street-with-a-name-that-does-not-fit-anywhere';

const hook = (signature?: object) => ({ trigger: 'webhook', settings: { ...(signature && { signature }) } });
const flow = (triggers: object) => JSON.stringify({ version: 1, triggers, start: 'pass', steps: { pass: { shape: 'split' } } });

export interface InboxWorld extends AsyncDisposable {
  readonly url: string;
  readonly runner: Runner;
  /** Answers the panel, as the extension does. `opened`: runs that it was to open. */
  readonly host: object;
  readonly opened: string[];
}

type Later<T> = { readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never };

/** A real runner with webhooks that are signed, and one that is not; its API, and the operators' page where it is wanted. */
export async function inboxWorld({ withPage = false, publicUrl }: { readonly withPage?: boolean; readonly publicUrl?: string } = {}): Promise<InboxWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-inbox-page-'));
  await mkdir(join(folder, 'flows'));
  await writeFile(join(folder, 'patchbay.json'), '{"version":1,"title":"Brook & Co"}');
  await writeFile(join(folder, 'flows/orders.flow.json'), flow({ shop: hook({ scheme: 'stripe', secret: { $secret: 'hook' } }), open: hook() }));
  await writeFile(join(folder, `flows/${longFlow}.flow.json`), flow({ shop: hook({ scheme: 'github', secret: { $secret: 'hook' } }) }));
  const webRoot = join(folder, 'web');
  if (withPage) {
    await build({ absWorkingDir: root, entryPoints: { operate: 'webview/operate/main.ts' }, outdir: webRoot, bundle: true, format: 'esm', platform: 'browser', target: 'es2024', logLevel: 'silent' });
    for (const name of ['codicon.css', 'codicon.ttf']) await cp(join(root, 'node_modules/@vscode/codicons/dist', name), join(webRoot, name));
  }
  const runner = await openRunner({ root: folder, editorSecrets: new Map([['hook', 'a secret of the shop']]), ...(publicUrl !== undefined && { publicUrl: () => publicUrl }) });
  await runner.listen();
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token, webRoot, drainMs: 100 });
  const { inbox } = runner;
  const opened: string[] = [];
  const host: Later<InboxHost> = {
    open: () => ({ title: 'Webhooks', base: 'http://127.0.0.1:7341' }), state: () => inbox.state(), list: (page) => inbox.list({ page, perPage: 100 }), request: (id) => inbox.get(id), markRead: (ids) => inbox.markRead(ids ?? undefined),
    async pin(id, isPinned) { await inbox.pin(id, isPinned); return inbox.get(id); },
    remove: async (id) => ({ added: 0, changed: 0, removed: await inbox.remove(id ?? undefined) }),
    async pause(isPaused) { await inbox.setPaused(isPaused); return inbox.state(); },
    async setRule(rule) { await inbox.setRule(rule); return inbox.state(); },
    async removeRule(name, trigger) { await inbox.removeRule(name, trigger ?? undefined); return inbox.state(); },
    send: (name, trigger, draft) => inbox.send(name, trigger ?? undefined, draft), replay: (id, how) => inbox.replay(id, how),
    saveTest: (id) => inbox.saveTest(id, { signal: new AbortController().signal }), compare: () => false, openRun: (run) => void opened.push(run),
  };
  return {
    url: server.url, runner, host, opened,
    async [Symbol.asyncDispose]() {
      await server.close();
      await runner[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a shop has sent: two that are right, a delivery that came again, one with another body, one without a signature, and a long one. */
export async function fill({ runner: { inbox } }: InboxWorld): Promise<void> {
  const json = { 'content-type': 'application/json' };
  await inbox.send('orders', 'shop', { headers: json, body: '{"id":"evt_1","total":12.5,"lines":[{"sku":"TEA-1","quantity":2}]}' });
  await inbox.send('orders', 'shop', { headers: json, body: '{"id":"evt_2","total":99}' });
  await inbox.replay(2, { sameDelivery: true });
  await inbox.send('orders', 'shop', { headers: { ...json, 'stripe-signature': 't=1600000000,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd' }, body: '{"id":"evt_3"}', sign: false });
  await inbox.send(longFlow, 'shop', { headers: { ...json, 'x-a-header-with-a-long-name-that-goes-on-and-on': 'v'.repeat(400), 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }, query: `?state=${'s'.repeat(300)}`, body: '{"id":3}', sign: false });
  await inbox.send('orders', 'open', { headers: json, body: JSON.stringify({ text: 'long '.repeat(20_000) }) });
}
