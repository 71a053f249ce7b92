import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { strayFiles } from './stray-files.ts';

test('files that look like a part of the workspace and are not read', () => {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-stray-'));
  const flow = '{"start":"a","steps":{}}';
  const files = {
    'patchbay.json': '{}', 'package.json': '{}', 'top.instance.json': '{}', 'connectors/a.connector.json': '{}', 'connectors/b.json': '{}', 'connector/c.connector.json': '{}', 'connectors/i.instance.json': '{}', 'instance/i.instance.json': '{}',
    'flows/f.flow.json': flow, 'flows/wrong.json': flow, 'flows/f.snapshot.json': '{"exchanges":[]}', 'flows/broken.json': '{',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const found = strayFiles(root, new Set(['patchbay.json', 'connectors/a.connector.json', 'flows/f.flow.json'])).map(({ file, fix }) => `${file}: ${fix}`);
  rmSync(root, { recursive: true });
  assert.deepEqual(found, [
    'connector/c.connector.json: Move it to connectors/.', 'connectors/b.json: Call it connectors/b.connector.json.', 'connectors/i.instance.json: Move it to instances/.',
    'flows/wrong.json: Call it flows/wrong.flow.json.', 'instance/i.instance.json: Move it to instances/.', 'top.instance.json: Move it to instances/.',
  ]);
});
