import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CachedDocument, TrackedValue } from '../../plugins/sdk/index.ts';
import { openStateDatabase } from '../../server/stores/state-database.ts';
import type { StateStore } from '../../server/stores/state-store.ts';

// What five payloads of a run do with the state, each step as often as it takes.

const day = 86_400_000;
const place = { flow: 'f', run: 'r', step: 's', at: 0 };
const documentOf = (n: number): CachedDocument => ({ body: { n }, mediaType: 'application/json', meta: {} });
const valueOf = (n: number): TrackedValue => ({ entity: 'order', value: `${n}`, direction: 'in' });

/** `reached` hears of each step that is durable. A step that was done before, by a process that died, is done again. */
export async function performScript(root: string, reached: (step: string) => void = () => undefined): Promise<void> {
  await using state = openStateDatabase(root, Date.now);
  for (let n = 1; n <= 5; n++) {
    await state.caches.append({ name: 'pages', scope: 'run', owner: 'r' }, 'all', documentOf(n), { id: `p${n}`, ttlMs: day, maxBytes: 10_000 });
    reached(`cache ${n}`);
    await state.pools.add('orders', [`${n}`, 'shared'], { entity: 'order', owner: { run: 'r', payload: `p${n}` }, ttlMs: day, pending: true });
    reached(`pool ${n}`);
    await state.tracked.add([valueOf(n)], { ...place, payload: `p${n}` }, { ttlMs: day });
    reached(`tracked ${n}`);
    await state.memory.set('f', 't', { last: n });
    reached(`memory ${n}`);
    await state.settle('r', new Set([`p${n}`]));
    reached(`settle ${n}`);
    await state.prune();
    reached(`prune ${n}`);
  }
}

/** All that the script leaves. */
export async function readScript(root: string): Promise<unknown> {
  await using state: StateStore = openStateDatabase(root, Date.now);
  const documents = await state.caches.get({ name: 'pages', scope: 'run', owner: 'r' }, 'all');
  const { items: values } = await state.pools.values('orders', {});
  const { items: tracked } = await state.tracked.search({});
  return {
    documents: documents.map(({ body }) => body), values: values.map(({ value, pendingFor }) => [value, pendingFor]), tracked: tracked.map(({ value, payload }) => [value, payload]).toSorted(),
    memory: await state.memory.get('f', 't'), undecided: await state.undecided('r'),
  };
}

/** The script in a process of its own, that kills itself at a fault point. Gives the steps that it knows to be durable. */
export async function performAndDie(root: string, faultPoint: string): Promise<{ readonly steps: readonly string[]; readonly signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [import.meta.filename, root], { env: { ...process.env, PATCHBAY_FAULT_POINT: faultPoint }, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { steps: text.split('\n').filter(Boolean), signal };
}

if (process.argv[1] === import.meta.filename) await performScript(process.argv[2]!, (step) => process.stdout.write(`${step}\n`));
