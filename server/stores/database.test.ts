import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareStateFolder } from './database.ts';

for (const there of [undefined, 0o755, 0o777, 0o700]) {
  test(`the state folder is its owner's alone, where there ${there === undefined ? 'was none' : `was one of mode ${there.toString(8)}`}`, { skip: process.platform === 'win32' }, () => {
    const root = mkdtempSync(join(tmpdir(), 'patchbay-'));
    try {
      const folder = join(root, '.patchbay');
      if (there !== undefined) {
        mkdirSync(folder);
        chmodSync(folder, there);
      }
      assert.equal(prepareStateFolder(root), folder);
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      assert.ok(existsSync(join(folder, '.gitignore')));
    } finally {
      rmSync(root, { recursive: true });
    }
  });
}
