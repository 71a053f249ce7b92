import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { ReplayResult } from '../server/model/api.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const repository = mkdtempSync(join(tmpdir(), 'patchbay-committed-'));
after(() => rmSync(repository, { recursive: true, force: true }));
const root = join(repository, 'integrations');
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const flow = (factor: number): string => JSON.stringify({ version: 1, start: 'map', steps: { map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'id' }, { from: 'price', to: 'total', transforms: [{ type: 'math', settings: { operation: 'multiply', with: factor } }] }] } } } });
const git = (...args: readonly string[]): string => execFileSync('git', ['-C', repository, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args], { encoding: 'utf8' });
const command = (...args: readonly string[]) => runFake([...args], { folder: root, open: (options) => openRunner(options) });

test('a run is replayed with the flow as it is committed: what that would have given with the same input', async () => {
  put('patchbay.json', JSON.stringify({ version: 1 }));
  put('in.json', JSON.stringify([{ id: 1, price: 2 }, { id: 2, price: 3 }]));
  put('flows/f.flow.json', flow(10));
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'ten');
  put('flows/f.flow.json', flow(20));
  const { run } = JSON.parse((await command('run', 'f', '--input', 'in.json', '--json')).out) as { run: string };
  assert.equal((await command('replay', run, '--version', 'now')).code, 0, 'as it is now, it is the same');
  const replayed = await command('replay', run, '--git', 'HEAD', '--json');
  const { identical, differences, outputs } = JSON.parse(replayed.out) as ReplayResult;
  assert.deepEqual([replayed.code, identical, outputs], [1, false, [[{ id: 1, total: 20 }, { id: 2, total: 30 }]]]);
  assert.deepEqual(differences.map(({ kind, step, values }) => [kind, step, values]), [['changed', 'map', [{ pointer: '/0/total', before: 40, after: 20 }, { pointer: '/1/total', before: 60, after: 30 }]]]);

  put('flows/f.flow.json', '{ "version": 1 }');
  git('add', '-A');
  git('commit', '-qm', 'broken');
  put('flows/f.flow.json', flow(20));
  assert.match((await command('replay', run, '--git', 'HEAD')).said, /The version of the flow that is to be replayed cannot be read/);
  assert.equal((await command('replay', run, '--git', 'HEAD~1')).code, 1);
  for (const [revision, said] of [['nowhere', /Git does not give flows\/f\.flow\.json of nowhere/], ['--output=x', /is no revision/]] as const) assert.match((await command('replay', run, `--git=${revision}`)).said, said);
});
