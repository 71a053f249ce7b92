import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { PayloadDiff, RunDiff } from '../server/model/run-diff.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-diff-'));
after(() => rmSync(root, { recursive: true, force: true }));
const put = (name: string, value: unknown): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), JSON.stringify(value));
};
put('patchbay.json', { version: 1 });
const flow = (to: string) => ({
  version: 1, start: 'map',
  steps: { map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'id' }, { from: 'name', to }] }, next: { out: 'some' } }, some: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'less-than', value: 3 }] } } },
});
const command = (...args: readonly string[]) => runFake([...args], { folder: root, open: (options) => openRunner(options) });

test('two runs are compared: by their order or a key, with the whole difference, and as JSON', async () => {
  const runs: string[] = [];
  for (const [to, records] of [['name', [{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: 4, name: 'd' }]], ['title', [{ id: 2, name: 'b' }, { id: 1, name: 'a' }]]] as const) {
    put('flows/f.flow.json', flow(to));
    put('in.json', records);
    runs.push((JSON.parse((await command('run', 'f', '--input', 'in.json', '--json')).out) as { run: string }).run);
  }
  const [one, two] = runs as [string, string];
  const diff = JSON.parse((await command('runs', 'diff', one, two, '--key', 'id', '--json')).out) as RunDiff;
  assert.deepEqual(diff.steps.map(({ step, counts, ports }) => [step, counts, ports.map(({ port, total }) => [port, total])]), [
    ['map', { records: { before: 3, after: 2 } }, [['out', { same: 0, changed: 2, added: 0, removed: 1, moved: 1 }]]], ['some', {}, [['out', { same: 0, changed: 2, added: 0, removed: 0, moved: 1 }]]],
  ]);
  assert.deepEqual(diff.steps[1]!.ports[0]!.rows[0], { kind: 'changed', key: 2, before: 1, after: 0, changes: [{ pointer: '/name', before: 'b' }, { pointer: '/title', after: 'b' }] });
  const shown = await command('runs', 'diff', one, two, '--key', 'id', '--step', 'map');
  assert.equal(shown.code, 1);
  assert.equal(shown.out, 'map\n  records: 3 → 2\n  out: 2 changed, 0 added, 1 removed, 0 the same, 1 in another order (by id)\n    2 /name: "b" → not there\n    2 /title: not there → "b"\n    1 /name: "a" → not there\n    1 /title: not there → "a"\n    -{"id":4,"name":"d"}\n');
  assert.equal((await command('runs', 'diff', one, two, '--key', 'id', '--ignore', 'name', '--ignore', 'title', '--step', 'some')).code, 0, 'what is ignored does not matter');
  const same = await command('runs', 'diff', one, one);
  assert.deepEqual([same.code, same.said], [0, 'The runs gave the same.\n']);
  assert.match((await command('runs', 'diff', one, 'nope')).said, /There is no run "nope"/);
});

test('what a step made of what came to it, two steps, one payload, texts, and what is too much', async () => {
  const lines = { version: 1, start: 'csv', steps: { csv: { shape: 'convert', settings: { from: 'json', to: 'csv' }, next: { out: 'tsv' } }, tsv: { shape: 'convert', settings: { from: 'csv', to: 'csv', writing: { delimiter: ';' } } } } };
  put('flows/text.flow.json', lines);
  put('flows/f.flow.json', flow('title'));
  put('in.json', [{ id: 1, name: 'a', note: 'x' }, { id: 2, name: 'b', note: 'y' }, { id: 4, name: 'd', note: 'z' }]);
  const started = async (name: string): Promise<string> => (JSON.parse((await command('run', name, '--input', 'in.json', '--json')).out) as { run: string }).run;
  const run = await started('f');
  const made = await command('runs', 'diff', run, '--step', 'map');
  assert.equal(made.out, 'records: 3 changed, 0 added, 0 removed, 0 the same (by id)\n' + [1, 2, 4].map((id) => `    ${id} /name: "${'abcd'[id - 1]}" → not there\n    ${id} /note: "${'xy?z'[id - 1]}" → not there\n    ${id} /title: not there → "${'abcd'[id - 1]}"\n`).join(''));
  assert.equal(made.code, 1);
  assert.match((await command('runs', 'diff', run, '--step', 'map', '--to-step', 'some')).out, /^records: 0 changed, 0 added, 1 removed, 2 the same \(by id\)\n {4}-\{"id":4,"title":"d"\}\n$/);
  const { input: { id: payload } } = JSON.parse((await command('runs', 'show', run, '--json')).out) as { input: { id: string } };
  assert.match((await command('runs', 'diff', run, '--step', 'map', '--payload', payload)).out, /^records: 3 changed/);
  assert.match((await command('runs', 'diff', run)).said, /Name another run, or a step/);
  const text = await started('text');
  assert.deepEqual((await command('runs', 'diff', text, '--step', 'csv', '--to-step', 'tsv')).out.split('\n').slice(0, 2), ['-id,name,note', '-1,a,x']);
});

test('of lists that are too long the first records are compared, and that is said', async () => {
  put('flows/all.flow.json', { version: 1, start: 'keep', steps: { keep: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'less-than', value: 11_999 }] }, next: { out: 'less' } }, less: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'less-than', value: 11_990 }] } } } });
  put('in.json', Array.from({ length: 12_000 }, (_, id) => ({ id: 1 + id, text: 'x'.repeat(1_000) })));
  const { run } = JSON.parse((await command('run', 'all', '--input', 'in.json', '--json')).out) as { run: string };
  const diff = JSON.parse((await command('runs', 'diff', run, '--step', 'keep', '--to-step', 'less', '--json')).out) as PayloadDiff;
  assert.deepEqual([diff.before.isCut, diff.after.isCut, diff.before.records === diff.after.records, diff.before.records > 5_000, diff.total.changed + diff.total.added + diff.total.removed], [true, true, true, true, 0]);
  assert.equal((await command('runs', 'diff', run, '--step', 'keep', '--to-step', 'less')).code, 1, 'what was not compared is not the same');
});

test('runs that fail otherwise are not the same: by the error, what failed, and the step that failed', async () => {
  const failing = (wanted: number): object => ({ version: 1, start: 'each', steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'check' } }, check: { shape: 'assert', settings: { expressions: [`{{ payload.id == ${wanted} }}`] } } } });
  const started = async (flowNow: object, records: unknown): Promise<string> => {
    put('flows/fails.flow.json', flowNow);
    put('in.json', records);
    return (JSON.parse((await command('run', 'fails', '--input', 'in.json', '--json')).out) as { run: string }).run;
  };
  const one = await started(failing(3), [{ id: 1 }]);
  const other = await started(failing(3), [{ id: 2 }]);
  const otherwise = await started(failing(4), [{ id: 1 }]);
  assert.equal((await command('runs', 'diff', one, one)).code, 0);

  const payloads = JSON.parse((await command('runs', 'diff', one, other, '--json')).out) as RunDiff;
  assert.equal(payloads.identical, false);
  assert.deepEqual(payloads.steps.map(({ step, failed }) => [step, failed?.rows.map(({ changes }) => changes)]), [['each', undefined], ['check', [[{ pointer: '/id', before: 1, after: 2 }]]]]);

  const errors = await command('runs', 'diff', one, otherwise);
  assert.equal(errors.code, 1);
  assert.match(errors.out, /^error: ASSERT_FAILED: .*== 3.* → ASSERT_FAILED: .*== 4/);
  assert.match(errors.out, /check\n {2}ASSERT_FAILED: .*== 3.*: 1 → 0\n {2}ASSERT_FAILED: .*== 4.*: 0 → 1\n/);
  assert.match((await command('runs', 'diff', one, other, '--step', 'check')).out, /check\n {2}failed: 1 changed/);
});

test('a step that is not there is refused, with those that there are', async () => {
  put('flows/f.flow.json', flow('title'));
  put('in.json', [{ id: 1, name: 'a' }]);
  const { run } = JSON.parse((await command('run', 'f', '--input', 'in.json', '--json')).out) as { run: string };
  const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['two runs', ['runs', 'diff', run, run, '--step', 'som'], /no step "som".*Did you mean "some"\?/s],
    ['two runs, far off', ['runs', 'diff', run, run, '--step', 'nothing'], /no step "nothing".*There are "map", "some"/s],
    ['one run', ['runs', 'diff', run, '--step', 'mpa'], /no step "mpa".*Did you mean "map"\?/s],
    ['two steps', ['runs', 'diff', run, '--step', 'map', '--to-step', 'nope'], /no step "nope"/],
    ['one payload', ['runs', 'diff', run, '--step', 'map', '--payload', 'nope'], /No payload "nope" came to the step "map"/],
    ['lineage: the step', ['runs', 'lineage', run, 'mapp', 'id'], /no step "mapp".*Did you mean "map"\?/s],
    ['lineage: the path', ['runs', 'lineage', run, 'map', '[0].titel'], /nothing at \/0\/titel.*Did you mean "title"\?/s],
    ['lineage: the payload', ['runs', 'lineage', run, 'map', 'id', '--payload', 'nope'], /No payload "nope"/],
    ['lineage: a side where nothing is', ['runs', 'lineage', run, 'map', 'id', '--side', 'failed'], /Nothing failed in the step "map"/],
  ];
  for (const [name, args, said] of rows) {
    const answer = await command(...args);
    assert.deepEqual([name, answer.code, answer.out], [name, 2, '']);
    assert.match(answer.said, said, name);
  }
});
