import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openStateDatabase } from '../../server/stores/state-database.ts';

/** What one run offers to a pool: the keys from 0 on, in an order of its own. */
export interface Offer {
  readonly root: string;
  readonly run: string;
  readonly keys: number;
  /** Keys per call, as those of the records of one payload. */
  readonly batch: number;
  /** Where in the keys it begins. */
  readonly first: number;
}

/** How often each key was new, over all offers, which work at the same time in a thread each. */
export async function offerTogether(offers: readonly Offer[]): Promise<Uint8Array> {
  const counts = new Uint8Array(offers[0]!.keys);
  const workers = offers.map((offer) => new Worker(import.meta.filename, { workerData: offer }));
  const answers = await Promise.all(workers.map(async (worker) => {
    const [answer] = (await Promise.race([once(worker, 'message'), once(worker, 'error').then(([error]) => { throw error as Error; })])) as [Uint8Array];
    return answer;
  }));
  for (const answer of answers) for (const [key, isNew] of answer.entries()) counts[key]! += isNew;
  return counts;
}

export interface Ended {
  /** Keys that it knows to be new. */
  readonly told: readonly string[];
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** The same by a process of its own, that kills itself at a fault point. */
export const offerAndDie = (offer: Offer, faultPoint: string): Promise<Ended> => offerOutside(process.execPath, [], offer, { PATCHBAY_FAULT_POINT: faultPoint });

/** The same by a process that may not write longer files than that, as on a full disk. */
export const offerOnFullDisk = (offer: Offer, kilobytes: number): Promise<Ended> => offerOutside('bash', ['-c', `ulimit -f ${kilobytes}; exec "$@"`, 'bash', process.execPath], offer, {});

async function offerOutside(command: string, args: readonly string[], offer: Offer, environment: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(command, [...args, import.meta.filename, JSON.stringify(offer)], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said += chunk; });
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { told: text.split('\n').filter(Boolean), signal, said };
}

/** Offers all keys and gives which were new: one byte per key. `tell` hears of each call's. */
export async function offerKeys({ root, run, keys, batch, first }: Offer, tell: (added: readonly string[]) => void = () => undefined): Promise<Uint8Array> {
  await using state = openStateDatabase(root, Date.now);
  const news = new Uint8Array(keys);
  for (let at = 0; at < keys; at += batch) {
    const numbers = Array.from({ length: Math.min(batch, keys - at) }, (_, index) => (first + at + index) % keys);
    const added = await state.pools.add('orders', numbers.map(String), { entity: 'order', owner: { run, payload: `p${at}` }, ttlMs: 86_400_000 });
    for (const [index, number] of numbers.entries()) if (added[index]) news[number] = 1;
    tell(numbers.filter((_, index) => added[index]).map(String));
  }
  return news;
}

// A port of a thread has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
if (!isMainThread && parentPort) parentPort.postMessage(await offerKeys(workerData as Offer));
else if (process.argv[1] === import.meta.filename) await offerKeys(JSON.parse(process.argv[2]!) as Offer, (added) => process.stdout.write(added.map((key) => `${key}\n`).join('')));
