import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { clearReplays, gitFiles } from './git-files.ts';

const place = mkdtempSync(join(tmpdir(), 'patchbay-git-files-'));
after(() => rmSync(place, { recursive: true, force: true }));
let made = 0;

/** A repository with a workspace at `integrations`, whose files are committed; links are to what stands behind `-> `. */
function commit(files: Readonly<Record<string, string>>): { readonly root: string; put(file: string, text: string): void; git(...args: readonly string[]): void } {
  const repository = join(place, String(made++));
  const root = join(repository, 'integrations');
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(root, file));
    else writeFileSync(join(root, file), text);
  };
  const git = (...args: readonly string[]): void => void execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args], { cwd: repository, stdio: 'pipe' });
  put('../.gitignore', '.patchbay/\n');
  for (const [file, text] of Object.entries(files)) put(file, text);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'all');
  return { root, put, git };
}

async function filesOf(root: string): Promise<Readonly<Record<string, string>>> {
  await using files = await gitFiles(root, 'HEAD');
  const all = readdirSync(files.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(all.map((file) => [file.slice(files.folder.length + 1), readFileSync(file, 'utf8')]));
}

describe('a link is what it leads to', () => {
  const check = (what: string, files: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>, later: Readonly<Record<string, string>> = {}): void => void test(what, async () => {
    const { root, put } = commit(files);
    for (const [file, text] of Object.entries(later)) put(file, text);
    assert.deepEqual(await filesOf(root), expected);
  });
  check('a file of the revision, not of now', { 'shared/a.csv': 'then', 'lookups/a.csv': '-> ../shared/a.csv' }, { 'lookups/a.csv': 'then' }, { 'shared/a.csv': 'now' });
  check('elsewhere in the repository', { '../shared/a.csv': 'then', 'lookups/a.csv': '-> ../../shared/a.csv' }, { 'lookups/a.csv': 'then' });
  check('a link to a link', { 'lookups/a.csv': 'then', 'lookups/b.csv': '-> a.csv', 'lookups/c.csv': '-> b.csv' }, { 'lookups/a.csv': 'then', 'lookups/b.csv': 'then', 'lookups/c.csv': 'then' });
  check('a folder, with a link', { '../shared/a.csv': 'then', '../shared/b.csv': '-> a.csv', lookups: '-> ../shared' }, { 'lookups/a.csv': 'then', 'lookups/b.csv': 'then' });
  check('nothing', { 'lookups/a.csv': '-> b.csv', 'lookups/c.csv': '-> c.csv', 'patchbay.json': '{}' }, { 'patchbay.json': '{}' });
  writeFileSync(join(place, 'far.csv'), 'as it is');
  check('a file out of the repository', { 'lookups/a.csv': '-> ../../../far.csv' }, { 'lookups/a.csv': 'as it is' });
});

describe('what git ignores is as it is', () => {
  test('a folder that is a repository of its own', async () => {
    const { root, put } = commit({ '.gitignore': 'plugins/own/\n', 'plugins/x.ts': 'x' });
    put('plugins/own/a.ts', 'a');
    execFileSync('git', ['init', '-q'], { cwd: join(root, 'plugins/own') });
    assert.deepEqual(await filesOf(root), { 'plugins/x.ts': 'x', 'plugins/own/a.ts': 'a' });
  });
  test('a folder where the revision has a file', async () => {
    const { root, put, git } = commit({ 'scripts/lib': 'a file' });
    git('rm', '-q', 'integrations/scripts/lib');
    put('.gitignore', 'scripts/lib/\n');
    put('scripts/lib/a.ts', 'a');
    assert.deepEqual(await filesOf(root), { 'scripts/lib': 'a file' });
  });
  test('a file where the revision has a folder', async () => {
    const { root, put, git } = commit({ 'scripts/lib/a.ts': 'a' });
    git('rm', '-q', 'integrations/scripts/lib/a.ts');
    put('.gitignore', 'scripts/lib\n');
    put('scripts/lib', 'a file');
    assert.deepEqual(await filesOf(root), { 'scripts/lib/a.ts': 'a' });
  });
  test('links', async () => {
    const { root, put } = commit({ '.gitignore': 'lookups/*\n', 'patchbay.json': '{}' });
    for (const [file, text] of [['elsewhere/a.csv', 'a'], ['lookups/folder', '-> ../elsewhere'], ['lookups/nothing.csv', '-> nowhere.csv']] as const) put(file, text);
    assert.deepEqual(await filesOf(root), { 'patchbay.json': '{}', 'lookups/folder/a.csv': 'a' });
  });
});

test('what a process left that ended in the middle is cleared, and nothing that is in use', async () => {
  const { root } = commit({ 'patchbay.json': '{}' });
  const left = join(root, '.patchbay/replays/left');
  mkdirSync(join(left, 'files'), { recursive: true });
  await using files = await gitFiles(root, 'HEAD');
  await clearReplays(root);
  assert.deepEqual([existsSync(left), existsSync(files.folder)], [false, true]);
});
