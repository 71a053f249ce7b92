import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { watchFolders } from './watch-folders.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-watch-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('files are seen whenever they change, however they are written, also in folders that are new', { timeout: 30_000 }, async () => {
  mkdirSync(join(root, 'flows'));
  mkdirSync(join(root, '.git'));
  writeFileSync(join(root, 'flows/a.json'), '1');
  const seen: string[] = [];
  let wake = (): void => undefined;
  using _watching = watchFolders(root, { isIgnored: (path) => path.startsWith('.git'), onChange: (path) => { seen.push(path); wake(); } });
  const sees = async (path: string, change: () => void): Promise<void> => {
    seen.length = 0;
    change();
    while (!seen.includes(path)) await new Promise<void>((resolve) => { wake = resolve; });
  };
  const replace = (text: string): void => {
    writeFileSync(join(root, 'flows/a.json.part'), text);
    renameSync(join(root, 'flows/a.json.part'), join(root, 'flows/a.json'));
  };
  await sees('flows/a.json', () => writeFileSync(join(root, 'flows/a.json'), '2'));
  await sees('flows/a.json', () => replace('3'));
  await sees('flows/a.json', () => replace('4'));
  await sees('flows/a.json', () => writeFileSync(join(root, 'flows/a.json'), '5'));
  await sees('flows/a.json', () => rmSync(join(root, 'flows/a.json')));
  await sees('flows/a.json', () => writeFileSync(join(root, 'flows/a.json'), '6'));
  await sees('maps', () => mkdirSync(join(root, 'maps')));
  await sees('maps/b.json', () => writeFileSync(join(root, 'maps/b.json'), '1'));
  await sees('maps/c', () => mkdirSync(join(root, 'maps/c')));
  await sees('maps', () => rmSync(join(root, 'maps'), { recursive: true }));
  await sees('maps', () => mkdirSync(join(root, 'maps')));
  await sees('maps/b.json', () => writeFileSync(join(root, 'maps/b.json'), '2'));
  await sees('maps', () => { rmSync(join(root, 'maps'), { recursive: true }); mkdirSync(join(root, 'maps/c'), { recursive: true }); });
  await sees('maps/c/d.json', () => writeFileSync(join(root, 'maps/c/d.json'), '1'));
  await sees('maps', () => { mkdirSync(join(root, 'other/c'), { recursive: true }); renameSync(join(root, 'maps'), join(root, 'old')); renameSync(join(root, 'other'), join(root, 'maps')); });
  await sees('maps/b.json', () => writeFileSync(join(root, 'maps/b.json'), '3'));
  await sees('maps/c/d.json', () => writeFileSync(join(root, 'maps/c/d.json'), '2'));
  writeFileSync(join(root, '.git/index'), '1');
  await sees('last', () => writeFileSync(join(root, 'last'), ''));
  assert.deepEqual(seen.filter((path) => path.startsWith('.git/')), []);
});
