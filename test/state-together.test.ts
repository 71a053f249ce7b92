import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openStateDatabase } from '../server/stores/state-database.ts';
import { offerAndDie, offerKeys, offerOnFullDisk, offerTogether, type Offer } from './support/key-adders.ts';

const folders: string[] = [];
after(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }); });
function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-together-'));
  folders.push(root);
  return root;
}

const newKeys = (news: Uint8Array): number => news.reduce((sum, isNew) => sum + isNew, 0);

test('of 8 runs that offer the same 2,000 keys at the same time, each key passes once', async () => {
  const root = makeRoot();
  const offers = Array.from({ length: 8 }, (_, index): Offer => ({ root, run: `r${index}`, keys: 2_000, batch: 50, first: index * 250 }));
  const counts = await offerTogether(offers);
  assert.deepEqual([counts.length, counts.findIndex((count) => count !== 1)], [2_000, -1]);
});

for (const [point, isCommitted] of [['pool-before-commit:7', false], ['pool-committed:7', true]] as const) {
  test(`a process that dies at ${point} has lost no key that it was told of, and its run passes each once`, async () => {
    const offer: Offer = { root: makeRoot(), run: 'r1', keys: 200, batch: 10, first: 0 };
    const { told, signal } = await offerAndDie(offer, point);
    assert.deepEqual([signal, told.length], ['SIGKILL', 60]);
    const state = openStateDatabase(offer.root, Date.now);
    assert.ok((await state.pools.has('orders', told, 'order')).every(Boolean));
    assert.equal((await state.pools.list({})).items[0]?.values, isCommitted ? 70 : 60);
    await state[Symbol.asyncDispose]();
    // Another run takes one key that the dead one had not come to: the dead one, begun again, has all others.
    assert.equal(newKeys(await offerKeys({ ...offer, run: 'r2', keys: 200, batch: 1, first: 199 })), isCommitted ? 130 : 140);
    assert.equal(newKeys(await offerKeys(offer)), isCommitted ? 70 : 60);
    checkIntegrity(offer.root);
  });
}

test('where the disk is full it says so, keeps what it told of, and goes on when there is room', { skip: process.platform === 'win32' && 'there is no ulimit' }, async () => {
  const offer: Offer = { root: makeRoot(), run: 'r1', keys: 100_000, batch: 100, first: 0 };
  const { told, said } = await offerOnFullDisk(offer, 400);
  assert.match(said, /Caches, pools and tracked data cannot be kept in .*state\.db: the disk fails or is full\.[^]*STORAGE_FAILED/);
  assert.ok(told.length >= 100 && told.length < 100_000, `${told.length} keys`);
  const state = openStateDatabase(offer.root, Date.now);
  assert.ok((await state.pools.has('orders', told, 'order')).every(Boolean));
  assert.equal((await state.pools.list({})).items[0]?.values, told.length);
  assert.deepEqual(await state.pools.add('orders', ['one more'], { entity: 'order', owner: { run: 'r1', payload: 'p' }, ttlMs: 1_000 }), [true]);
  await state[Symbol.asyncDispose]();
  checkIntegrity(offer.root);
});

function checkIntegrity(root: string): void {
  const database = new DatabaseSync(join(root, '.patchbay', 'state.db'));
  assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  database.close();
}
