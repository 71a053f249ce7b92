import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { referencePage } from '../server/runner/file-reference.ts';
import { referencePages } from '../server/runner/reference-pages.ts';
import { readFile } from '../server/model/read.ts';
import { serialize } from '../server/model/serialize.ts';
import { fileKinds, type FileKind } from '../server/model/workspace.ts';
import { openRunner } from '../server/runner/runner.ts';

const root = join(import.meta.dirname, '..');
const example = join(root, 'server/model/reference/example');
const pages = await referencePages(root);

test('there is a page for each kind of file', () => assert.deepEqual(pages.map(({ kind }) => kind).toSorted(), Object.keys(fileKinds).toSorted()));

// Tests of flows have their examples beside the sample's flows, which show what such tests need.
for (const { kind, missing, text } of pages.filter((page) => page.kind !== 'test')) test(`each field of a ${kind} has an example`, () => {
  assert.deepEqual(missing, []);
  assert.ok(text.split('\n').filter((line) => line.startsWith('| `')).length > 4);
});

for (const { kind, text } of pages) test(`what the page of a ${kind} points to is there`, () => {
  const anchors = new Set(text.split('\n').filter((line) => line.startsWith('## ')).map((line) => line.slice(3).toLowerCase().replaceAll(/[^a-z\d_ -]/g, '')));
  for (const [, anchor] of text.matchAll(/\]\(#([^)]*)\)/g)) assert.ok(anchors.has(anchor!), anchor);
  for (const [, file] of text.matchAll(/\]\(([^#)]+)[^)]*\)/g)) assert.ok(readFileSync(join(root, 'server/model/reference', file!)).length > 0);
  for (const line of text.split('\n').filter((row) => row.startsWith('| `'))) assert.equal(line.split(/(?<!\\)\|/).length, 7, line);
});

test('the example is in canonical text', () => {
  let count = 0;
  for (const [kind, { folder, ending }] of Object.entries(fileKinds)) for (const file of globSync(kind === 'workspace' ? ending : `${folder}/*${ending}`, { cwd: example })) {
    const text = readFileSync(join(example, file), 'utf8');
    const { value, diagnostics } = readFile(kind as FileKind, file, text);
    assert.deepEqual(diagnostics, []);
    assert.equal(serialize(kind as FileKind, value as never), text, file);
    count++;
  }
  assert.ok(count >= 8);
});

test('the examples of the example’s connectors hold', async () => {
  await using runner = await openRunner({ root: example });
  const checks = await runner.mocks.check({ signal: new AbortController().signal });
  assert.deepEqual(checks.filter(({ result }) => result !== 'passed'), []);
  assert.ok(checks.length >= 10);
});

test('lint finds nothing in the example but secrets that nobody has set', async () => {
  await using runner = await openRunner({ root: example });
  assert.deepEqual((await runner.diagnostics()).filter(({ code }) => code !== 'SECRET_MISSING').map(({ file, path, message }) => [file, path, message]), []);
});

test('a page says type, default, meaning and example of fields, with those below in tables of their own', () => {
  const schema = {
    type: 'object', required: ['a'],
    properties: {
      a: { type: 'string', description: 'First | one.', enum: ['x', 'y'], enumDescriptions: ['Ex.', 'Why.'] },
      b: { type: 'array', default: [], description: 'Second.', items: { type: 'object', description: 'Items.', properties: { c: { type: 'integer', minimum: 1, maximum: 9, description: 'Third.' } } } },
      d: { description: 'Fourth.', anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'number' } }] },
      e: { type: 'boolean', description: 'Fifth.' },
    },
  };
  const { text, missing } = referencePage(schema, ['# Page', ''], [{ a: 'x', b: [{}, { c: 2 }], d: { n: 1 } }]);
  assert.deepEqual(missing, ['e']);
  assert.equal(text, [
    '# Page', '', '| field | type | default | meaning | example |', '|---|---|---|---|---|',
    '| `a` | string | *required* | First \\| one. `x`: Ex. `y`: Why. | `x` |', '| `b` | list of object | `[]` | Second. [more](#b) | `[{},{"c":2}]` |', '| `d` | string or number, by name |  | Fourth. | `{"n":1}` |', '| `e` | boolean |  | Fifth. |  |',
    '', '## `b[]`', '', 'Items.', '', '| field | type | default | meaning | example |', '|---|---|---|---|---|', '| `c` | integer |  | Third. (at least 1, at most 9) | `2` |', '',
  ].join('\n'));
});
