import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Token } from '../../plugins/sdk/index.ts';
import { createSeal } from '../stores/seal.ts';
import { createTokenStore, type TokenStore } from './token-store.ts';

const roots: string[] = [];
after(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

function workspace() {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-tokens-'));
  roots.push(root);
  const told: string[] = [];
  const open = (key = 'key'): TokenStore => createTokenStore({ root, seal: createSeal({ keyFile: join(root, key), spareFile: join(root, 'spare') }), handedOut: (value, owner) => told.push(`${owner}=${value}`) });
  const files = (): string[] => readdirSync(join(root, '.patchbay', 'tokens')).filter((name) => name.endsWith('.json')).sort().map((name) => join(root, '.patchbay', 'tokens', name));
  return { open, files, told };
}

const token = (value: string): Token => ({ values: { refresh_token: value }, expiresAt: 1 });
const kept = (store: TokenStore, name = 'shop'): Promise<Token | undefined> => store.change(name, async (last) => last ?? token('none'));

test('what was kept is there for another process, encrypted, and for its user only', async () => {
  const { open, files, told } = workspace();
  await open().change('shop', async (last) => {
    assert.equal(last, undefined);
    return token('first-value');
  });
  assert.equal(files().length, 1, 'it is there at once');
  await open().set('other', token('other-value'));
  assert.deepEqual([await kept(open()), await kept(open(), 'other')], [token('first-value'), token('other-value')]);
  assert.equal(files().length, 2);
  for (const file of files()) {
    assert.doesNotMatch(readFileSync(file, 'utf8'), /value|shop|other/);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  }
  assert.deepEqual(new Set(told), new Set(['shop refresh_token=first-value', 'other refresh_token=other-value']));
});

test('it is on the disk before the renewal is over', async () => {
  const { open } = workspace();
  const [one, two] = [open(), open()];
  const order: string[] = [];
  await Promise.all([
    one.change('shop', async () => (await new Promise(setImmediate), order.push('one'), token('1'))),
    two.change('shop', async (last) => (order.push(`two after ${last?.values['refresh_token']}`), token('2'))).catch(() => undefined),
  ]);
  // Whoever came second, saw what the first has made.
  assert.ok(['one,two after 1', 'two after undefined,one'].includes(order.join()), order.join());
});

test('one that fails leaves the last as it was, and the way free', async () => {
  const { open } = workspace();
  await open().set('shop', token('1'));
  await assert.rejects(open().change('shop', async () => { throw new Error('The server is down.'); }), /server is down/);
  assert.deepEqual(await kept(open()), token('1'));
});

test('one that gives the same writes nothing', async () => {
  const { open, files } = workspace();
  await open().set('shop', token('1'));
  const before = readFileSync(files()[0]!, 'utf8');
  await kept(open());
  assert.equal(readFileSync(files()[0]!, 'utf8'), before);
});

test('another key, a damaged file and one of another instance are told, and a new login heals them', async () => {
  const { open, files } = workspace();
  for (const damage of [
    () => open('another').set('shop', token('1')),
    async () => writeFileSync(files()[0]!, '{"version":1,"sealed":"AAAA"}'),
    async () => writeFileSync(files()[0]!, 'nothing'),
    async () => {
      const [shop] = files();
      await open().set('other', token('2'));
      copyFileSync(files().find((file) => file !== shop)!, shop!);
    },
  ]) {
    await open().set('shop', token('1'));
    await damage();
    await assert.rejects(kept(open()), { code: 'SECRET_MISSING', remedy: /patchbay login/ });
    await open().set('shop', token('3'));
    assert.deepEqual(await kept(open()), token('3'));
  }
});

test('one that can be got anew is, where it cannot be read', async () => {
  const { open, files } = workspace();
  await open().set('shop', token('1'));
  writeFileSync(files()[0]!, 'nothing');
  assert.deepEqual(await open().change('shop', async (last) => last ?? token('2'), { isReplaceable: true }), token('2'));
  assert.deepEqual(await kept(open()), token('2'));
  await assert.rejects(open().change('shop', async () => { throw new Error('The server is down.'); }, { isReplaceable: true }), /server is down/);
});
