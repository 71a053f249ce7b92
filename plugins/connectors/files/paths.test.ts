import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as holds, constantFrom, oneof, property, string } from 'fast-check';
import { resolve, sep } from 'node:path';
import { mediaTypeOf } from './media-types.ts';
import { comparePaths, isTemporary, parentOf, safeFile, safePath, temporaryName } from './paths.ts';
import { selectionOf } from './patterns.ts';

describe('paths that are refused', () => {
  const nasty = [
    '..', '../x', 'a/../b', 'a/..', '../../etc/passwd', '/etc/passwd', '//host/share', '\\\\host\\share', 'a\\..\\..\\b', '..\\x', 'a/..\\b', 'C:/x', 'c:x', 'C:\\x', 'a\0b', 'a\nDELE b', 'a\r\nQUIT', 'a\u007fb', 'a/.. /b', ' ../x', '..\t/x', '\ud800',
  ];
  for (const path of nasty) test(JSON.stringify(path), () => assert.throws(() => safePath(path), { code: 'DATA_INVALID' }));
  const keys = ['..', 'a/../b', 'a/./b', '.', '../x', 'a\0b', 'a\\..\\b'];
  for (const key of keys) test(`${JSON.stringify(key)} as a key`, () => assert.throws(() => safePath(key, { keepsSlashes: true }), { code: 'DATA_INVALID' }));
  for (const path of ['', '.', './', 'a/', 'a//'].slice(0, 3)) test(`${JSON.stringify(path)} as a file`, () => assert.throws(() => safeFile(path), { code: 'DATA_INVALID' }));
});

describe('paths that stay', () => {
  const cases: readonly (readonly [given: string, path: string])[] = [
    ['', ''], ['a', 'a'], ['a/b.csv', 'a/b.csv'], ['./a//b/', 'a/b'], ['a b+c.csv', 'a b+c.csv'], ['ü#1?.csv', 'ü#1?.csv'], ["it's (1)!*.csv", "it's (1)!*.csv"], ['per%20cent', 'per%20cent'], ['%2e%2e/x', '%2e%2e/x'], ['..%2fx', '..%2fx'],
    ['日本/😀', '日本/😀'], ['...', '...'], ['a..b', 'a..b'], ['..a/b..', '..a/b..'], ['-rf', '-rf'], ['~root/x', '~root/x'], ['$(x)`y`|z', '$(x)`y`|z'], ['a=b&c', 'a=b&c'],
  ];
  for (const [given, path] of cases) test(JSON.stringify(given), () => assert.equal(safePath(given), path));
  test('keys of S3 keep all of their slashes', () => assert.deepEqual(['a//b', '/a', 'a/', 'C:/x'].map((key) => safePath(key, { keepsSlashes: true })), ['a//b', '/a', 'a/', 'C:/x']));
  test('whatever the text, the place is below the folder', () => {
    const part = oneof(constantFrom('..', '.', '', 'a', '\\', '..\\', '%2e%2e', ' ..', '.. ', '...'), string({ unit: 'binary' }));
    holds(property(array(part, { maxLength: 6 }), (parts) => {
      let path: string;
      try {
        path = safePath(parts.join('/'));
      } catch {
        return;
      }
      assert.ok(`${resolve('/root', path)}${sep}`.startsWith(`/root${sep}`), path);
      assert.equal(safePath(path), path);
    }), { numRuns: 2_000, seed: 7 });
  });
});

describe('patterns', () => {
  const all = ['a.csv', 'b.json', '.hidden.csv', 'in/a.csv', 'in/x/b.csv', 'in/[1].csv', 'out/a.CSV'];
  const cases: readonly (readonly [title: string, given: Partial<Parameters<typeof selectionOf>[0]>, accepted: readonly string[], folder: string, isRecursive: boolean])[] = [
    ['names', { pattern: '*.csv' }, ['a.csv'], '', false],
    ['names in the folders below', { pattern: '*.csv', recursive: true }, ['a.csv', 'in/a.csv', 'in/x/b.csv', 'in/[1].csv'], '', true],
    ['any folders', { pattern: '**/*.csv' }, ['a.csv', 'in/a.csv', 'in/x/b.csv', 'in/[1].csv'], '', true],
    ['all that lies below', { pattern: '**' }, ['a.csv', 'b.json', 'in/a.csv', 'in/x/b.csv', 'in/[1].csv', 'out/a.CSV'], '', true],
    ['a regular expression with folders', { pattern: 'in/[^/]*\\.csv', match: 'regex' }, ['in/a.csv', 'in/[1].csv'], '', true],
    ['a regular expression of names', { pattern: '[a-z]\\.csv', match: 'regex' }, ['a.csv'], '', false],
    ['a fixed beginning', { pattern: 'in/*.csv' }, ['in/a.csv', 'in/[1].csv'], 'in', false],
    ['a folder', { path: 'in', pattern: '*.csv' }, ['in/a.csv', 'in/[1].csv'], 'in', false],
    ['alternatives', { pattern: '*.{csv,json}' }, ['a.csv', 'b.json'], '', false],
    ['a name as it stands', { pattern: 'a.csv' }, ['a.csv'], '', false],
    ['a regular expression', { pattern: '.*\\.(csv|CSV)', match: 'regex', recursive: true }, ['a.csv', '.hidden.csv', 'in/a.csv', 'in/x/b.csv', 'in/[1].csv', 'out/a.CSV'], '', true],
    ['all', { recursive: true }, all, '', true],
  ];
  for (const [title, given, accepted, folder, isRecursive] of cases) {
    test(title, () => {
      const selection = selectionOf({ path: '', match: 'glob', recursive: false, ...given }, {});
      assert.deepEqual({ accepted: all.filter((path) => (folder === '' || path.startsWith(`${folder}/`)) && selection.accepts(path)), folder: selection.folder, isRecursive: selection.isRecursive }, { accepted, folder, isRecursive });
    });
  }
  test('that lead out', () => assert.throws(() => selectionOf({ path: '', pattern: '../*.csv', match: 'glob', recursive: false }, {}), { code: 'DATA_INVALID' }));
  test('that are none', () => assert.throws(() => selectionOf({ path: '', pattern: '(', match: 'regex', recursive: false }, {}), { code: 'CONFIG_INVALID' }));
});

test('names and their order', () => {
  assert.deepEqual(['a/b', 'a-b', 'a', 'a/b/c', 'a/a'].sort(comparePaths), ['a', 'a/a', 'a/b', 'a/b/c', 'a-b']);
  assert.deepEqual([parentOf('a'), parentOf('a/b/c'), isTemporary(temporaryName('0a1b')), isTemporary('.patchbay')], ['', 'a/b', true, false]);
  assert.deepEqual(['a.CSV', 'a.tar.gz', 'a', '.json', 'a.jsonl'].map(mediaTypeOf), ['text/csv', 'application/gzip', 'application/octet-stream', 'application/json', 'application/x-ndjson']);
});
