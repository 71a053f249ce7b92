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
  keep(url: string): Promise<void>;
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
    keep: (url) => captures.keep(captureOf(url)),
  };
}

const captureOf = (url: string): Capture => ({ request: { method: 'POST', url, query: {}, headers: {}, body: new Uint8Array(), receivedAt: 0, respond: () => undefined }, flow: 'f', answeredBy: 'flow' });

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
