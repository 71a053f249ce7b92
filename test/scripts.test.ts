import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-scripts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

type Files = Readonly<Record<string, unknown>>;

async function withRunner<T>(files: Files, work: (runner: Runner) => Promise<T>): Promise<T> {
  const root = join(folder, `${++last}`);
  for (const [file, content] of Object.entries({ 'patchbay.json': { version: 1 }, ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const runner = await openRunner({ root, editorSecrets: new Map() });
  try {
    return await work(runner);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

const flow = (settings: object = {}): object => ({ version: 1, settings, start: 's', steps: { s: { shape: 'script', settings: { script: 's.js' } } } });
const run = async (runner: Runner, body: unknown = {}): Promise<readonly unknown[]> => {
  const { outputs, error, failures } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType: 'application/json' } })).done;
  assert.deepEqual([error, failures], [undefined, []]);
  return outputs;
};

describe('what runs a script', () => {
  for (const [workspace, own, engine] of [
    [undefined, undefined, 'vm2'], [undefined, 'default', 'vm2'], [undefined, 'strict', 'strict'], ['default', undefined, 'vm2'], ['default', 'strict', 'strict'],
    ['strict', undefined, 'strict'], ['strict', 'default', 'strict'], ['strict', 'strict', 'strict'],
  ] as const) {
    test(`the workspace says ${workspace ?? 'nothing'}, the flow ${own ?? 'nothing'}: ${engine}`, async () => {
      await withRunner({
        'patchbay.json': { version: 1, ...(workspace && { scripts: { engine: workspace } }) },
        'flows/f.flow.json': flow(own && { scripts: { engine: own } }),
        // Only vm2 has a Buffer.
        'scripts/s.js': 'export default (input) => ({ payload: typeof Buffer === "function" ? "vm2" : "strict" })',
      }, async (runner) => assert.deepEqual(await run(runner), [engine]));
    });
  }
  test('an engine that there is not', async () => {
    await withRunner({ 'patchbay.json': { version: 1, scripts: { engine: 'eval' } }, 'flows/f.flow.json': flow({ scripts: { engine: 'none' } }), 'scripts/s.js': 'export default (x) => x' }, async (runner) => {
      const found = (await runner.diagnostics()).map(({ file, path, message }) => [file, path, message]);
      assert.deepEqual(found.map(([file, path]) => [file, path]), [['flows/f.flow.json', '/settings/scripts/engine'], ['patchbay.json', '/scripts/engine']]);
      for (const [, , message] of found) assert.match(message!, /default.*strict/);
    });
  });
});
