import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSecrets, type Secrets, type SecretsOptions } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-secrets-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

function world(changes: Partial<SecretsOptions> = {}): { root: string; handedOut: string[]; open: (more?: Partial<SecretsOptions>) => Secrets } {
  const root = join(folder, `${++last}`);
  const handedOut: string[] = [];
  const options: SecretsOptions = { root, environment: {}, referenced: () => [], keyFile: join(root, 'config/key'), handedOut: (value) => handedOut.push(value), ...changes };
  return { root, handedOut, open: (more = {}) => openSecrets({ ...options, ...more }) };
}

test('the editor counts before the environment, the environment before the store', async () => {
  const { open } = world();
  await open().set('shop-eu/token', 'from the store');
  const environment = { PATCHBAY_SECRET_SHOP_EU_TOKEN: 'from the environment' };
  const editor = new Map([['shop-eu/token', 'from the editor']]);
  assert.equal(await open().get('shop-eu/token'), 'from the store');
  assert.equal(await open({ environment }).get('shop-eu/token'), 'from the environment');
  assert.equal(await open({ environment, editor }).get('shop-eu/token'), 'from the editor');
  assert.equal(await open().get('other'), undefined);
  assert.equal(await open().get('toString'), undefined);
});

test('names are listed with their origin, values never', async () => {
  const { open } = world();
  await open().set('stored', 'v1');
  const secrets = open({ environment: { PATCHBAY_SECRET_A_B: 'v2', PATCHBAY_SECRET_NOBODY_ASKS: 'v3' }, editor: new Map([['edited', 'v4']]), referenced: () => ['a/b', 'missing'] });
  assert.deepEqual(await secrets.list(), [{ name: 'a/b', origin: 'environment' }, { name: 'edited', origin: 'editor' }, { name: 'stored', origin: 'store' }]);
});

for (const [title, environment] of [['a key file', {}], ['a passphrase', { PATCHBAY_SECRETS_PASSPHRASE: 'correct horse' }]] as const) {
  test(`the store is sealed with ${title}, for its owner only`, async () => {
    const { root, open } = world({ environment });
    await open().set('token', 'canary-4711');
    await open().set('other', 'canary-4712');
    const file = join(root, '.patchbay/secrets.json');
    assert.ok(!readFileSync(file, 'utf8').includes('canary'));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    if (title === 'a key file') assert.equal(statSync(join(root, 'config/key')).mode & 0o777, 0o600);
    assert.deepEqual([await open().get('token'), await open().get('other')], ['canary-4711', 'canary-4712']);
    assert.deepEqual([await open().remove('token'), await open().remove('token'), await open().get('token'), await open().get('other')], [true, false, undefined, 'canary-4712']);
  });
}

test('with a wrong passphrase or key, or after a change to the file, nothing is given and nothing is overwritten', async () => {
  const { root, open } = world({ environment: { PATCHBAY_SECRETS_PASSPHRASE: 'right' } });
  await open().set('a', 'value a');
  await open().set('b', 'value b');
  const file = join(root, '.patchbay/secrets.json');
  const before = readFileSync(file, 'utf8');
  const wrong = open({ environment: { PATCHBAY_SECRETS_PASSPHRASE: 'wrong' } });
  await assert.rejects(wrong.get('a'), { code: 'SECRET_MISSING', message: /cannot be decrypted/ });
  await assert.rejects(wrong.set('c', 'value c'), { code: 'SECRET_MISSING' });
  await assert.rejects(open({ environment: {} }).get('a'), { code: 'SECRET_MISSING', message: /PATCHBAY_SECRETS_PASSPHRASE/ });
  assert.equal(readFileSync(file, 'utf8'), before);
  const content = JSON.parse(before) as { secrets: Record<string, unknown> };
  writeFileSync(file, JSON.stringify({ ...content, secrets: { a: content.secrets['b'], b: content.secrets['a'] } }));
  await assert.rejects(open().get('a'), { code: 'SECRET_MISSING' }, 'an entry does not fit another name');
});

test('a secret that another process has set is seen', async () => {
  const { open } = world();
  const secrets = open();
  assert.equal(await secrets.get('token'), undefined);
  await open().set('token', 'new value');
  assert.equal(await secrets.get('token'), 'new value');
});

test('secrets that are set at the same time, by several processes, are all kept', async () => {
  const { open } = world();
  const names = Array.from({ length: 12 }, (_, index) => `token-${index}`);
  await Promise.all(names.map((name) => open().set(name, `value of ${name}`)));
  await Promise.all([open().remove('token-0'), open().set('another', 'x1234')]);
  assert.deepEqual((await open().list()).map(({ name }) => name), ['another', ...names.slice(1)].sort());
});

test('whatever is handed out is told, and all that is known can be', async () => {
  const { open, handedOut } = world({ environment: { PATCHBAY_SECRET_X: 'env value' }, editor: new Map([['e', 'editor value']]) });
  await open().set('s', 'store value');
  handedOut.length = 0;
  const secrets = open();
  await secrets.get('X');
  assert.deepEqual(handedOut, ['env value']);
  await secrets.revealAll();
  assert.deepEqual(new Set(handedOut), new Set(['env value', 'editor value', 'store value']));
});

for (const name of ['', '../x', 'a b', '$x', 'a'.repeat(300)]) {
  test(`${JSON.stringify(name.slice(0, 10))} is no name`, () => assert.rejects(world().open().set(name, 'v'), { code: 'CONFIG_INVALID' }));
}
