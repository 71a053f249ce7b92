import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offerTogether, type Offer } from '../support/key-adders.ts';

export interface KeysFigures {
  readonly offered: number;
  readonly seconds: number;
  /** Keys that did not pass exactly once. */
  readonly wrong: number;
  /** Time of the same in a `Map` of one thread. */
  readonly mapSeconds: number;
}

/** Several runs at once offer the same keys to one pool. */
export async function runKeys(runs: number, keys: number, batch = 500): Promise<KeysFigures> {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-keys-'));
  try {
    const offers = Array.from({ length: runs }, (_, index): Offer => ({ root, run: `r${index}`, keys, batch, first: Math.trunc((keys / runs) * index) }));
    const begin = performance.now();
    const counts = await offerTogether(offers);
    const seconds = (performance.now() - begin) / 1000;
    return { offered: runs * keys, seconds, wrong: counts.filter((count) => count !== 1).length, mapSeconds: inMap(offers) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function inMap(offers: readonly Offer[]): number {
  const begin = performance.now();
  const seen = new Map<string, string>();
  let passed = 0;
  for (const { run, keys, first } of offers) {
    for (let index = 0; index < keys; index++) {
      const key = JSON.stringify(['order', String((first + index) % keys)]);
      if (!seen.has(key)) seen.set(key, run);
      if (seen.get(key) === run) passed++;
    }
  }
  if (passed !== seen.size) throw new Error('A key passed twice.');
  return (performance.now() - begin) / 1000;
}
