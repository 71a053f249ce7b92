import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openState, type Deployment } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-state-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

function rootWith(text?: string): string {
  const root = join(folder, `${++last}`);
  mkdirSync(join(root, '.patchbay'), { recursive: true });
  if (text !== undefined) writeFileSync(join(root, '.patchbay', 'state.json'), text);
  return root;
}

const deployment: Deployment = { version: 1, versions: [{ number: 1, hash: 'h', at: 1, by: 'ada' }], history: [{ version: 1, at: 1, by: 'ada', action: 'deploy' }] };

test('a flow may start where nothing is said; names of files are only names', async () => {
  const state = await openState(rootWith());
  assert.deepEqual([state.isEnabled('a'), state.isEnabled('__proto__'), state.deployment('__proto__'), state.deployment('constructor'), state.deployed], [true, true, undefined, undefined, []]);
  await state.setEnabled('__proto__', false);
  await state.changeDeployment('constructor', async () => deployment);
  assert.deepEqual([state.isEnabled('__proto__'), state.isEnabled('a'), state.deployment('constructor')?.version, state.deployed], [false, true, 1, ['constructor']]);
});

test('what one process changes, another keeps and sees', async () => {
  const root = rootWith();
  const [one, two] = await Promise.all([openState(root), openState(root)]);
  await Promise.all([one.setEnabled('a', false), two.setEnabled('b', false), one.changeDeployment('a', async () => deployment), two.setEnvironment('staging')]);
  assert.deepEqual(JSON.parse(readFileSync(join(root, '.patchbay', 'state.json'), 'utf8')), { version: 1, enabled: { a: false, b: false }, deployments: { a: deployment }, environment: 'staging' });
  await Promise.all([one.refresh(), two.refresh()]);
  for (const state of [one, two]) assert.deepEqual([state.isEnabled('a'), state.isEnabled('b'), state.environment, state.deployed], [false, false, 'staging', ['a']]);
  assert.equal(await one.refresh(), false);
  const changed = spawnSync(process.execPath, ['--input-type=module', '-e', `import { openState } from ${JSON.stringify(join(import.meta.dirname, 'state.ts'))}; await (await openState(${JSON.stringify(root)})).setEnvironment(undefined);`], { encoding: 'utf8' });
  assert.equal(changed.status, 0, changed.stderr);
  assert.deepEqual([await one.refresh(), one.environment, one.isEnabled('a')], [true, undefined, false]);
});

test('a change that fails changes nothing, and does not keep the next from being made', async () => {
  const root = rootWith();
  const state = await openState(root);
  await state.changeDeployment('a', async () => deployment);
  await assert.rejects(state.changeDeployment('a', async () => { throw new Error('no'); }), /no/);
  assert.equal(state.deployment('a')?.version, 1);
  await state.changeDeployment('a', async (before) => ({ ...before!, version: 2 }));
  assert.equal((await openState(root)).deployment('a')?.version, 2);
});

describe('a file that is damaged is said to be', () => {
  for (const text of ['', '{', 'null', '[]', '{"version":1}', '{"version":1,"enabled":[]}', '{"version":1,"enabled":{},"deployments":{"a":{}}}', '{"version":1,"enabled":{},"deployments":3}']) {
    test(JSON.stringify(text), () => assert.rejects(openState(rootWith(text)), { code: 'STORAGE_FAILED', message: /state\.json/ }));
  }
});
