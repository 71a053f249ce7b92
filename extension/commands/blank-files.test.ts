import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from '../../server/model/read.ts';
import type { FileKind } from '../../server/model/workspace.ts';
import { blankFiles, type BlankKind } from './blank-files.ts';

for (const kind of Object.keys(blankFiles) as BlankKind[]) {
  void test(`a new ${kind} has no errors`, () => {
    const { file, text } = blankFiles[kind]('acme-shop');
    assert.match(file, /^[a-z]+\/acme-shop\./);
    assert.ok(text.endsWith('\n'));
    if (kind !== 'lookup' && kind !== 'script') assert.deepEqual(readFile(kind as FileKind, file, text).diagnostics, []);
  });
}
