import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { RunDiff } from '../server/model/run-diff.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-diff-'));
after(() => rmSync(root, { recursive: true, force: true }));
const put = (name: string, value: unknown): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), JSON.stringify(value));
};
const flow = (to: string) => ({
  version: 1, start: 'map',
  steps: { map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'id' }, { from: 'name', to }] }, next: { out: 'some' } }, some: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'less-than', value: 3 }] } } },
});
const command = (...args: readonly string[]) => runFake([...args], { folder: root, open: (options) => openRunner(options) });

test('two runs are compared: by their order or a key, with the whole difference, and as JSON', async () => {
  put('patchbay.json', { version: 1 });
  const runs: string[] = [];
  for (const [to, records] of [['name', [{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: 4, name: 'd' }]], ['title', [{ id: 2, name: 'b' }, { id: 1, name: 'a' }]]] as const) {
    put('flows/f.flow.json', flow(to));
    put('in.json', records);
    runs.push((JSON.parse((await command('run', 'f', '--input', 'in.json', '--json')).out) as { run: string }).run);
  }
  const [one, two] = runs as [string, string];
  const diff = JSON.parse((await command('runs', 'diff', one, two, '--key', 'id', '--json')).out) as RunDiff;
  assert.deepEqual(diff.steps.map(({ step, counts, ports }) => [step, counts, ports.map(({ port, total }) => [port, total])]), [
    ['map', { records: { before: 3, after: 2 } }, [['out', { same: 0, changed: 2, added: 0, removed: 1 }]]], ['some', {}, [['out', { same: 0, changed: 2, added: 0, removed: 0 }]]],
  ]);
  assert.deepEqual(diff.steps[1]!.ports[0]!.changed[0], { key: 2, changes: [{ pointer: '/name', before: 'b' }, { pointer: '/title', after: 'b' }] });
  const shown = await command('runs', 'diff', one, two, '--key', 'id', '--step', 'map');
  assert.equal(shown.code, 1);
  assert.equal(shown.out, 'map\n  records: 3 → 2\n  out: 2 changed, 0 added, 1 removed, 0 the same\n    2 /name: "b" → not there\n    2 /title: not there → "b"\n    1 /name: "a" → not there\n    1 /title: not there → "a"\n    -{"id":4,"name":"d"}\n');
  assert.equal((await command('runs', 'diff', one, two, '--key', 'id', '--ignore', 'name', '--ignore', 'title', '--step', 'some')).code, 0, 'what is ignored does not matter');
  const same = await command('runs', 'diff', one, one);
  assert.deepEqual([same.code, same.said], [0, 'The runs gave the same.\n']);
  assert.match((await command('runs', 'diff', one, 'nope')).said, /There is no run "nope"/);
});
