import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InboxRow } from '../model/inbox.ts';
import type { InboxStore, NewRequest } from '../stores/inbox-store.ts';
import { createMasker, secretValues } from '../stores/redact.ts';
import { createCaptures, type Capture } from './inbox-capture.ts';

// What becomes of requests that the disk does not take.

interface World {
  readonly written: string[];
  readonly lost: string[];
  add(...urls: readonly string[]): void;
  keep(url: string, bytes?: number): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

function world(refuses: (url: string) => boolean): World {
  const written: string[] = [];
  const lost: string[] = [];
  const add = (requests: readonly NewRequest[]): InboxRow[] => {
    const wrong = requests.find(({ url }) => refuses(url));
    if (wrong) throw new Error(`${wrong.url} is not taken`);
    written.push(...requests.map(({ url }) => url));
    return requests.map(({ url }, id) => ({ id, url }) as InboxRow);
  };
  const captures = createCaptures({
    store: () => ({ add }) as unknown as InboxStore, masker: () => createMasker(secretValues(), []), reveal: async () => undefined, seal: undefined as never, inspect: async () => undefined,
    added: () => undefined, lost: (count, error) => void lost.push(`${count}: ${(error as Error).message}`),
  });
  return {
    written, lost, flush: captures.flush, close: captures.close,
    add(...urls) {
      for (const url of urls) captures.add(captureOf(url));
    },
    keep: (url, bytes) => captures.keep(captureOf(url, bytes)),
  };
}

const captureOf = (url: string, bytes = 0): Capture => ({ request: { method: 'POST', url, query: {}, headers: {}, body: new Uint8Array(bytes), receivedAt: 0, respond: () => undefined }, flow: 'f', answeredBy: 'flow' });

test('who waits for one is told when it is written, or that it is not, and it is not tried again', async () => {
  const isBroken = { now: false };
  const { written, lost, add, keep, flush } = world(() => isBroken.now);
  await Promise.all([keep('/1'), keep('/2')]);
  isBroken.now = true;
  add('/3');
  await assert.rejects(keep('/4'), /^Error: \/3 is not taken$/);
  isBroken.now = false;
  await flush();
  assert.deepEqual([written, lost], [['/1', '/2', '/3'], ['1: /3 is not taken']]);
  // Of more than are kept, the oldest have had their time.
  await Promise.all(Array.from({ length: 300 }, (_, index) => keep(`/many/${index}`)));
  assert.deepEqual([written.length, written.at(-1)], [203, '/many/299']);
});

test('who waits for one that memory has no room for is told so', async () => {
  const { written, lost, keep } = world(() => false);
  const kept = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => keep(`/${index}`, 10 * 2 ** 20)));
  assert.deepEqual(kept.map(({ status }) => status), ['rejected', 'rejected', ...Array.from({ length: 6 }, () => 'fulfilled')]);
  assert.deepEqual([written, lost], [['/2', '/3', '/4', '/5', '/6', '/7'], Array.from({ length: 2 }, () => '1: More than 64 MB of requests wait to be written.')]);
});

test('one that can never be written keeps no other out, and those are in their order', async () => {
  const { written, lost, add, flush } = world((url) => url === '/2');
  add('/1', '/2', '/3');
  await flush();
  add('/4');
  await flush();
  assert.deepEqual([written, lost], [['/1', '/3', '/4'], ['1: /2 is not taken']]);
});

test('where nothing can be written, all wait, and come in their order when it can be', async () => {
  let left = 2;
  const isBroken = { now: true };
  const { written, lost, add, flush } = world(() => isBroken.now);
  for (; left > 0; left--) {
    add(`/${3 - left}`);
    await flush();
  }
  isBroken.now = false;
  add('/3');
  await flush();
  assert.deepEqual([written, lost], [['/1', '/2', '/3'], []]);
});

test('what cannot be written three times is lost, and that is said; so it is at the end', async () => {
  const { written, lost, add, flush, close } = world(() => true);
  add('/1', '/2');
  for (let round = 0; round < 3; round++) await flush();
  assert.deepEqual([written, lost], [[], ['2: /1 is not taken']]);
  add('/3');
  await close();
  assert.deepEqual([written, lost], [[], ['2: /1 is not taken', '1: /3 is not taken']]);
});
