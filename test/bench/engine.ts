import { testHost, shape } from '../support/engine-host.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { planFlow, type Plan } from '../../server/engine/plan.ts';
import { executeRun } from '../../server/engine/run.ts';
import type { Step } from '../../server/model/flow.ts';

// The cost of the engine alone: `node test/bench/engine.ts [payloads]` prints microseconds per payload and step, per run, and the highest heap.

const payloads = Number(process.argv[2] ?? 300_000);
const stepCount = 5;
const kept = { hash: '', size: 1 };

async function measure(kind: 'sync' | 'async'): Promise<void> {
  const pass = shape('pass', () => (kind === 'sync' ? (payload) => [{ port: 'out', payload }] : async (payload) => {
    await payload.json();
    return [{ port: 'out', payload }];
  }));
  const source = shape('source', () => async function* (payload) {
    for (let index = 0; index < payloads; index++) yield { port: 'out', payload: payload.with({ body: { index } }) };
  });
  const wallClock = { now: Date.now, sleep: (ms: number, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  }) };
  const host = { ...testHost({ plugins: [pass, source], clock: wallClock }), bodies: { keep: () => kept, keepRaw: () => kept, mask: <T>(value: T): T => value } };
  const line = Array.from({ length: stepCount }, (_, index): [string, Step] => [`s${index}`, { shape: 'pass', ...(index < stepCount - 1 && { next: { out: `s${index + 1}` } }) }]);
  const steps: Record<string, Step> = { source: { shape: 'source', next: { out: 's0' } }, ...Object.fromEntries(line) };
  const planOf = (start: string): Promise<Plan> => planFlow(host, { flow: { version: 1, start, steps }, flowId: 'bench', file: 'bench' });
  const run = (plan: Plan) => executeRun(host, plan, { run: { id: 'r', flow: 'bench', flowVersion: '', trigger: 'manual', queuedAt: 0 }, seed: 1, variables: {}, signal: new AbortController().signal, payload: createPayload({ id: 'p', body: {} }), emit: () => undefined });

  let peak = 0;
  const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage().heapUsed); }, 20);
  const stream = await timed(async () => void (await run(await planOf('source'))));
  clearInterval(watch);
  const one = await planOf('s0');
  const runs = 20_000;
  const small = await timed(async () => {
    for (let index = 0; index < runs; index++) await run(one);
  });
  console.log(`${kind}: ${(stream * 1_000 / payloads / stepCount).toFixed(2)} µs per payload and step, ${(small * 1_000 / runs).toFixed(1)} µs per run of ${stepCount} steps, heap at most ${(peak / 1e6).toFixed(0)} MB`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

await measure('sync');
await measure('async');
