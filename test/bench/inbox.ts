import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, serveWorkspace, type Served } from './webhook-load.ts';

// What the inbox costs: an order comes in, is kept, goes through a flow that sets three fields, renames one and asks one condition, and is answered with JSON.
// Against the same runner while its inbox is paused, in turns, because the machine decides about everything else.

const secret = 'a secret of the shop';
const order = Buffer.from(JSON.stringify({ id: '100000001', status: 'paid', total: '75.00', note: 'Leave it with the neighbour. '.repeat(20), lines: Array.from({ length: 20 }, (_, n) => ({ sku: `SKU-${n}`, title: 'Porcelain teapot', quantity: 1 })) }));
const flows = { unrecorded: { recording: 'none' }, recorded: {}, signed: {} } as const;

export interface InboxResult {
  readonly flow: string;
  readonly connections: number;
  /** Milliseconds per request with the inbox, and without. */
  readonly kept: number;
  readonly paused: number;
  /** Of the two, in the middle of the rounds. */
  readonly ratio: number;
}

export async function runInbox(count: number, rounds: number): Promise<InboxResult[]> {
  const folder = await makeWorkspace();
  const runner = await serveWorkspace(folder, { PATCHBAY_SECRET_HOOK: secret });
  try {
    const results: InboxResult[] = [];
    for (const flow of Object.keys(flows)) {
      await load(runner.url, flow, 400, 32, requestOf(flow));
      for (const connections of [1, 32]) results.push({ flow, connections, ...(await inTurns(runner, flow, connections === 1 ? Math.round(count / 4) : count, connections, rounds)) });
    }
    return results;
  } finally {
    runner.child.kill('SIGKILL');
    await once(runner.child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

export const describeInbox = (results: readonly InboxResult[]): string =>
  results.map(({ flow, connections, kept, paused, ratio }) => `inbox, ${flow} flow, ${connections} at once: ${kept.toFixed(2)} ms a request, ${paused.toFixed(2)} ms without the inbox: ${ratio.toFixed(2)} times (at most 1.5)\n`).join('');

async function inTurns(runner: Served, flow: string, count: number, connections: number, rounds: number): Promise<Pick<InboxResult, 'kept' | 'paused' | 'ratio'>> {
  const measured: { readonly kept: number; readonly paused: number }[] = [];
  const once = async (isPaused: boolean): Promise<number> => {
    await pause(runner, isPaused);
    return ((await load(runner.url, flow, count, connections, requestOf(flow))).seconds * 1_000) / count;
  };
  for (let round = 0; round < rounds; round++) {
    const [first, second] = [await once(round % 2 === 0), await once(round % 2 === 1)];
    measured.push(round % 2 === 0 ? { paused: first, kept: second } : { kept: first, paused: second });
  }
  const middle = (values: readonly number[]): number => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
  return { kept: middle(measured.map(({ kept }) => kept)), paused: middle(measured.map(({ paused }) => paused)), ratio: middle(measured.map(({ kept, paused }) => kept / paused)) };
}

async function pause({ url, token }: Served, isPaused: boolean): Promise<void> {
  const { ok, status } = await fetch(`${url}/api/v1/inbox/state`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ isPaused }) });
  if (!ok) throw new Error(`The inbox answered ${status}.`);
}

const requestOf = (flow: string): { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> } => ({ body: order, headers: flow === 'signed' ? { 'x-signature': createHmac('sha256', secret).update(order).digest('hex') } : {} });

async function makeWorkspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  await mkdir(join(folder, 'flows'), { recursive: true });
  await writeFile(join(folder, 'patchbay.json'), JSON.stringify({ version: 1 }));
  for (const [name, settings] of Object.entries(flows)) await writeFile(join(folder, `flows/${name}.flow.json`), JSON.stringify(flowOf(settings, name === 'signed')));
  return folder;
}

const fixed = (to: string, value: string) => ({ to, transforms: [{ type: 'custom-string', settings: { value } }] });
const flowOf = (settings: object, isSigned: boolean) => ({
  version: 1, settings, start: 'paid', triggers: { web: { trigger: 'webhook', settings: { answer: 'callback', ...(isSigned && { signature: { header: 'x-signature', secret: { $secret: 'hook' } } }) } } },
  steps: {
    paid: { shape: 'filter', settings: { conditions: [{ field: 'status', value: 'paid' }] }, next: { out: 'map' } },
    map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'reference' }, { from: 'lines', to: 'lines' }, fixed('channel', 'web'), fixed('currency', 'GBP'), fixed('state', 'new')] }, next: { out: 'answer' } },
    answer: { shape: 'callback' },
  },
});

if (import.meta.main) process.stdout.write(describeInbox(await runInbox(Number(process.argv[2] ?? 4_000), Number(process.argv[3] ?? 5))));
