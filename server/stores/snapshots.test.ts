import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { hashOf, openSnapshots, type SnapshotContent, type SnapshotHead } from './snapshots.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-snapshots-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

const contentOf = (files: Readonly<Record<string, string>>, packages: Readonly<Record<string, string>> = {}): SnapshotContent => ({ files: Object.entries(files).map(([file, text]) => ({ file, bytes: Buffer.from(text) })), packages });
const content = contentOf({ 'patchbay.json': '{"version":1}', 'flows/a.flow.json': '{}', 'scripts/deep/er/t.ts': 'x' }, { acme: '1.0.0' });
const given = { flow: 'a', number: 1, createdAt: 5, by: 'ada', engine: '0.1.0', flows: ['b'] };

function rootOf(): string {
  const root = join(folder, `${++last}`);
  mkdirSync(root);
  return root;
}

test('the files lie in it as they were, laid out like the workspace', async () => {
  const root = rootOf();
  const snapshots = openSnapshots(root);
  const head = await snapshots.write(content, { ...given, note: 'first' });
  const at = snapshots.folderOf('a', 1);
  assert.equal(at, join(root, '.patchbay', 'versions', 'a', '1'));
  assert.deepEqual([readFileSync(join(at, 'scripts/deep/er/t.ts'), 'utf8'), JSON.parse(readFileSync(join(at, 'snapshot.json'), 'utf8'))], ['x', head]);
  assert.deepEqual({ ...head, files: Object.keys(head.files) }, { version: 1, ...given, note: 'first', hash: hashOf(content), packages: { acme: '1.0.0' }, files: ['patchbay.json', 'flows/a.flow.json', 'scripts/deep/er/t.ts'] });
  assert.deepEqual([snapshots.verify('a', 1, head.hash), readdirSync(join(at, '..'))], [head, ['1']]);
});

test('equal contents have equal hashes, others have not', () => {
  const base = hashOf(contentOf({ a: '1', b: '2' }, { x: '1', y: '2' }));
  assert.equal(hashOf(contentOf({ b: '2', a: '1' }, { y: '2', x: '1' })), base);
  const others = [contentOf({ a: '1', b: '3' }, { x: '1', y: '2' }), contentOf({ a: '1' }, { x: '1', y: '2' }), contentOf({ a: '1', c: '2' }, { x: '1', y: '2' }), contentOf({ a: '1', b: '2' }, { x: '1', y: '3' }), contentOf({ a: '1', b: '2' }), contentOf({ a: '12', b: '' }, { x: '1', y: '2' })];
  assert.equal(new Set([base, ...others.map(hashOf)]).size, others.length + 1);
});

describe('a snapshot that is not what was deployed is refused', () => {
  const changes: readonly (readonly [title: string, change: (at: string) => void, message: RegExp])[] = [
    ['a changed byte', (at) => { chmodSync(join(at, 'flows/a.flow.json'), 0o644); writeFileSync(join(at, 'flows/a.flow.json'), '{ }'); }, /flows\/a\.flow\.json was changed/],
    ['a file less', (at) => rmSync(join(at, 'patchbay.json')), /patchbay\.json is missing/],
    ['a file more', (at) => { mkdirSync(join(at, 'plugins')); writeFileSync(join(at, 'plugins/p.ts'), ''); }, /plugins\/p\.ts was added/],
    ['a link', (at) => symlinkSync('/etc/passwd', join(at, 'scripts/x.ts')), /scripts\/x\.ts was added/],
    ['a head that fits the changed files', (at) => {
      const head = JSON.parse(readFileSync(join(at, 'snapshot.json'), 'utf8')) as SnapshotHead;
      rmSync(join(at, 'scripts'), { recursive: true });
      const { 'scripts/deep/er/t.ts': _, ...files } = head.files;
      rmSync(join(at, 'snapshot.json'));
      writeFileSync(join(at, 'snapshot.json'), JSON.stringify({ ...head, files }));
    }, /snapshot\.json was changed/],
    ['other packages', (at) => { const head = JSON.parse(readFileSync(join(at, 'snapshot.json'), 'utf8')) as SnapshotHead; rmSync(join(at, 'snapshot.json')); writeFileSync(join(at, 'snapshot.json'), JSON.stringify({ ...head, packages: {} })); }, /snapshot\.json was changed/],
    ['no head', (at) => rmSync(join(at, 'snapshot.json')), /snapshot\.json cannot be read/],
    ['half a head', (at) => { rmSync(join(at, 'snapshot.json')); writeFileSync(join(at, 'snapshot.json'), '{"version":1,'); }, /snapshot\.json cannot be read/],
    ['no folder', (at) => rmSync(at, { recursive: true }), /is missing/],
  ];
  for (const [title, change, message] of changes) {
    test(title, async () => {
      const snapshots = openSnapshots(rootOf());
      const { hash } = await snapshots.write(content, given);
      change(snapshots.folderOf('a', 1));
      assert.throws(() => snapshots.verify('a', 1, hash), { code: 'VERSION_DAMAGED', message });
    });
  }
});

test('no two flows share a folder, whatever their names', () => {
  const snapshots = openSnapshots('/root');
  const long = 'x'.repeat(400);
  const names = ['a', 'a/1', 'a%2F1', 'é/ü', 'a b', 'a*', '__proto__', `${long}1`, `${long}2`, encodeURIComponent('a/1')];
  const folders = [...new Set(names)].flatMap((flow) => [1, 2].map((number) => snapshots.folderOf(flow, number)));
  assert.equal(new Set(folders).size, folders.length);
  for (const one of folders) assert.match(one, /^\/root\/\.patchbay\/versions\/[^/]{1,150}\/[12]$/);
});

test('what a crash has left is replaced', async () => {
  const snapshots = openSnapshots(rootOf());
  const at = snapshots.folderOf('a', 1);
  for (const left of [at, `${at}.0123.part`]) { mkdirSync(left, { recursive: true }); writeFileSync(join(left, 'old'), ''); }
  const { hash } = await snapshots.write(content, given);
  assert.ok(snapshots.verify('a', 1, hash));
  assert.deepEqual(readdirSync(join(at, '..')), ['1']);
});

test('it is looked at before it has its name; where it is no good, there is none', async () => {
  const snapshots = openSnapshots(rootOf());
  const at = snapshots.folderOf('a', 1);
  await assert.rejects(snapshots.write(content, given, async (folder, { hash }) => {
    assert.deepEqual([readFileSync(join(folder, 'scripts/deep/er/t.ts'), 'utf8'), hash, existsSync(at)], ['x', hashOf(content), false]);
    throw new TypeError('no good');
  }), TypeError);
  assert.deepEqual(readdirSync(join(at, '..')), []);
});

test('where it cannot be written, it says so and leaves nothing', async () => {
  const root = rootOf();
  writeFileSync(join(root, '.patchbay'), 'a file');
  await assert.rejects(openSnapshots(root).write(content, given), { code: 'STORAGE_FAILED' });
});
