import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { readFile } from '../server/model/read.ts';
import { serialize } from '../server/model/serialize.ts';
import { fileKinds, type FileKind } from '../server/model/workspace.ts';
import { openRunner } from '../server/runner/runner.ts';

const samples = join(import.meta.dirname, '..', 'samples');
const workspaces = globSync('*/patchbay.json', { cwd: samples }).map((file) => join(samples, file, '..'));

test('the walk found the samples', () => assert.ok(workspaces.length > 0));

for (const root of workspaces) {
  describe(`sample ${basename(root)}`, () => {
    test('its files are in canonical text', () => {
      const files = Object.entries(fileKinds).flatMap(([kind, { folder, ending }]) => globSync(kind === 'workspace' ? ending : `${folder}/**/*${ending}`, { cwd: root }).map((file) => ({ kind: kind as FileKind, file })));
      assert.ok(files.length > 5);
      for (const { kind, file } of files) {
        const text = readFileSync(join(root, file), 'utf8');
        const { value, diagnostics } = readFile(kind, file, text);
        assert.deepEqual(diagnostics, []);
        assert.equal(serialize(kind, value as never), text, file);
      }
    });
    test('its own tests pass, and run every step of its flows', async () => {
      await using runner = await openRunner({ root });
      const { cases, coverage } = await runner.tests.run({ signal: new AbortController().signal });
      assert.deepEqual(cases.filter(({ status }) => status === 'failed').map(({ file, name, failures }) => [file, name, failures[0]?.message]), []);
      assert.ok(cases.length >= 10);
      assert.deepEqual(coverage.flatMap(({ flow, steps }) => steps.filter(({ count }) => count === 0).map(({ id }) => `${flow} ${id}`)), []);
    });
    test('the examples of its connectors hold', async () => {
      await using runner = await openRunner({ root });
      const checks = await runner.mocks.check({ signal: new AbortController().signal });
      assert.deepEqual(checks.filter(({ result }) => result !== 'passed'), []);
      assert.ok(checks.length >= 5);
    });
    test('lint finds nothing but the secrets that nobody has set', async () => {
      await using runner = await openRunner({ root });
      const findings = await runner.diagnostics();
      assert.deepEqual(findings.filter(({ code, severity }) => code !== 'SECRET_MISSING' || severity === 'error'), []);
    });
  });
}
