import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { readFile } from '../server/model/read.ts';
import { serialize } from '../server/model/serialize.ts';
import type { StepCoverage } from '../server/model/test-report.ts';
import { fileKinds, type FileKind } from '../server/model/workspace.ts';
import { openRunner } from '../server/runner/runner.ts';

/** What no case has run of a step. */
const notTaken = ({ count, ports, conditions, rules }: StepCoverage): string[] => [
  ...(count === 0 ? ['the step'] : []), ...Object.entries(ports).filter(([, payloads]) => payloads === 0).map(([port]) => port),
  ...conditions.flatMap(({ text, holds, fails }) => (holds === 0 || fails === 0 ? [text] : [])), ...rules.flatMap(({ to, value }) => (value === 0 ? [to] : [])),
];

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
    test('its own tests pass, and take every way through its flows', async () => {
      await using runner = await openRunner({ root });
      const { cases, coverage } = await runner.tests.run({ signal: new AbortController().signal });
      assert.deepEqual(cases.filter(({ status }) => status === 'failed').map(({ file, name, failures }) => [file, name, failures[0]?.message]), []);
      assert.ok(cases.length >= 10);
      assert.deepEqual(coverage.flatMap(({ flow, steps }) => steps.flatMap((step) => notTaken(step).map((what) => `${flow} ${step.id}: ${what}`))), []);
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

/** What the tests of the sample show, as paths below a file; `*` is any key. Whoever reads them has seen the format. */
const shown = [
  ['mocks of requests', ['cases', '*', 'mocks', '*', 'request', 'endpoint']], ['answers one after the other', ['cases', '*', 'mocks', '*', 'answer', '1']], ['answers out of files', ['cases', '*', 'mocks', '*', 'answer', '*', 'file']],
  ['an answer that is none', ['cases', '*', 'mocks', '*', 'answer', '*', 'fault']], ['the mock of a connector', ['mocks', '*', 'connector']], ['its faults', ['cases', '*', 'mocks', '*', 'faults']], ['a mock in place of a step', ['mocks', '*', 'step']],
  ['payload', ['given', 'payload', 'file']], ['clock', ['cases', '*', 'given', 'now']], ['seed', ['cases', '*', 'given', 'seed']], ['variables', ['cases', '*', 'given', 'variables']], ['state before', ['cases', '*', 'given', 'pools']], ['a crash', ['cases', '*', 'given', 'crash']],
  ['a part of the flow', ['cases', '*', 'given', 'until']], ['steps', ['cases', '*', 'expect', 'steps', '*', 'inputs']], ['ports', ['cases', '*', 'expect', 'steps', '*', 'outputs', 'else']], ['outputs', ['cases', '*', 'expect', 'outputs']], ['requests', ['cases', '*', 'expect', 'requests', '*', 'json']],
  ['state after: pools', ['cases', '*', 'expect', 'pools']], ['state after: caches', ['cases', '*', 'expect', 'caches']], ['logs', ['cases', '*', 'expect', 'logs', '*', 'message']], ['failures', ['cases', '*', 'expect', 'failures']], ['an error', ['cases', '*', 'expect', 'error']], ['a reply', ['cases', '*', 'expect', 'reply']],
  ['a snapshot that leaves something out', ['cases', '*', 'expect', 'snapshot', 'ignore']], ['a table of a CSV file', ['cases', '*', 'table']], ['inputs that are made up', ['cases', '*', 'generate', 'schema']],
] as const;

const isThere = (value: unknown, [key, ...rest]: readonly string[]): boolean => {
  if (key === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => (key === '*' || key === name) && isThere(inner, rest));
};

describe('the tests of brook-and-co show', () => {
  const files = globSync('flows/*.test.json', { cwd: join(samples, 'brook-and-co') }).map((file) => JSON.parse(readFileSync(join(samples, 'brook-and-co', file), 'utf8')) as unknown);
  for (const [what, path] of shown) test(what, () => assert.ok(files.some((file) => isThere(file, path)), path.join('.')));
});
