import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FlowError, type OpenContext, type ValueTransform } from '../plugins/sdk/index.ts';
import { generateDocs } from '../server/runner/docs.ts';

const root = join(import.meta.dirname, '..');

test('the generated files are up to date', async () => {
  assert.deepEqual(await generateDocs(root, { check: true }), [], 'run `npm run generate`');
});

test('the example of plugins/sdk/README.md works as it says', async () => {
  const readme = await readFile(join(root, 'plugins/sdk/README.md'), 'utf8');
  const [, source] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  assert.ok(source, 'the README has an example');
  // Beside the other plugins, so that its import is taken as it stands.
  const folder = await mkdtemp(join(root, 'plugins', '.readme-'));
  try {
    const file = join(folder, 'repeat.ts');
    await writeFile(file, source);
    const { default: plugin } = (await import(pathToFileURL(file).href)) as { default: ValueTransform };
    assert.ok(plugin.examples.length >= 3);
    for (const { title, settings, input, output, error } of plugin.examples) {
      const run = async () => (await plugin.compile({ times: 2, ...(settings as object) } as never, {} as OpenContext))(input, { now: 0, random: () => 0 });
      if (error) await assert.rejects(run, (thrown) => FlowError.is(thrown, error), title);
      else assert.deepEqual(await run(), output, title);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
