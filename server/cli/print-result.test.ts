import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { errors } from '../../plugins/sdk/index.ts';
import type { FailureNote } from '../model/api.ts';
import { openRunner } from '../runner/runner.ts';
import { runFake, type Outcome } from '../../test/support/fake-terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-print-result-'));
after(() => rmSync(root, { recursive: true }));
const steps = { each: { shape: 'split', settings: { each: true } } };
mkdirSync(join(root, 'flows'));
writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
writeFileSync(join(root, 'flows', 'each.flow.json'), JSON.stringify({ version: 1, start: 'each', steps }));
writeFileSync(join(root, 'flows', 'bare.flow.json'), JSON.stringify({ version: 1, settings: { recording: 'none' }, start: 'each', steps }));
writeFileSync(join(root, 'flows', 'csv.flow.json'), JSON.stringify({ version: 1, start: 'to', steps: { to: { shape: 'convert', settings: { from: 'json', to: 'csv' } } } }));

mkdirSync(join(root, 'scripts'));
writeFileSync(join(root, 'scripts', 'check.js'), 'export default ({ payload }) => {\n  if (payload > 1) throw new Error("Too many.");\n};\n');
writeFileSync(join(root, 'flows', 'check.flow.json'), JSON.stringify({ version: 1, start: 'each', steps: { each: { ...steps.each, next: { out: 'check' } }, check: { shape: 'script', settings: { script: 'scripts/check.js' } } } }));

mkdirSync(join(root, 'maps'));
writeFileSync(join(root, 'maps', 'line.map.json'), JSON.stringify({ version: 1, rules: [{ from: 'sku', to: 'article', transforms: [{ type: 'cast-to-number' }] }] }));
writeFileSync(join(root, 'flows', 'lines.flow.json'), JSON.stringify({ version: 1, start: 'map', steps: { map: { shape: 'map', settings: { rules: [{ from: 'lines', to: 'items', map: 'line' }] } } } }));

const run = (args: readonly string[], input?: string): Promise<Outcome> => runFake(args, { folder: root, open: (options) => openRunner(options), ...(input !== undefined && { input }) });
const resultOf = ({ out }: Outcome): { readonly run: string; readonly outputs: readonly unknown[]; readonly failures?: readonly FailureNote[] } => JSON.parse(out) as never;
const long = [...Array.from({ length: 300 }, (_, id) => ({ id })), 'é'.repeat(1_500_000), Array.from({ length: 2_000 }, () => 'x'.repeat(1_000))];

test('run, retry and replay print with --json all that leaves the flow, whatever is recorded', async () => {
  for (const flow of ['each', 'bare']) {
    const first = await run(['run', flow, '--input', '-', '--json'], JSON.stringify(long));
    assert.deepEqual([first.code, resultOf(first).outputs], [0, long]);
  }
  const many = long.slice(0, 300);
  const first = resultOf(await run(['run', 'each', '--input', '-', '--json'], JSON.stringify(many)));
  for (const again of [['runs', 'retry', first.run], ['replay', first.run]]) assert.deepEqual(resultOf(await run([...again, '--json'])).outputs, many, again.join(' '));
});

test('run prints with --json also a document that is no longer in memory when it leaves the flow', async () => {
  const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `näme ${id}` }));
  const { outputs } = resultOf(await run(['run', 'csv', '--input', '-', '--json'], JSON.stringify(rows)));
  assert.equal(outputs.length, 1);
  assert.equal(outputs[0], `id,name\n${rows.map(({ id, name }) => `${id},${name}\n`).join('')}`);
});

test('what did not get through is named with the line of the script, with and without --json', async () => {
  const { failures } = resultOf(await run(['run', 'check', '--input', '-', '--json'], '[1,2]'));
  assert.deepEqual(failures, [{ step: 'check', payload: failures?.[0]?.payload, code: 'SCRIPT_THREW', message: 'Too many.', remedy: errors.SCRIPT_THREW.fix, place: { file: 'scripts/check.js', line: 2 }, details: { stack: 'Error: Too many.\n    at $pb.default (scripts/check.js:2:26)' } }]);
  assert.match((await run(['run', 'check', '--input', '-'], '[1,2]')).said, /^ +check: Too many\. \(SCRIPT_THREW, scripts\/check\.js:2\)$/m);
});

test('a record that cannot be mapped is named with its number and with the items of its lists, with and without --json', async () => {
  const orders = JSON.stringify([{ lines: [{ sku: '1' }] }, { lines: [{ sku: '2' }, { sku: 'A' }] }]);
  const { failures } = resultOf(await run(['run', 'lines', '--input', '-', '--json'], orders));
  assert.deepEqual(failures?.map(({ message, details }) => [message.slice(0, 33), details?.['record'], details?.['target'], details?.['source']]), [['Record 2 of 2: items[1].article: ', 1, 'items[1].article', 'lines[1].sku']]);
  assert.match((await run(['run', 'lines', '--input', '-'], orders)).said, /^ +map: Record 2 of 2: items\[1\]\.article: /m);
});

test('run without --json says how many left the flow', async () => {
  const { said } = await run(['run', 'each', '--input', '-'], JSON.stringify(long));
  assert.match(said, /The first of 302 outputs/);
});
