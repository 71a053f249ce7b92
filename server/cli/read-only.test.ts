import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openRunner } from '../runner/runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-read-only-'));
after(() => {
  chmodAll(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** Who may do everything may write everywhere; then it is somebody else who reads. */
const reader = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const command = join(import.meta.dirname, 'patchbay.ts');
const patchbay = (args: readonly string[]) => spawnSync(process.execPath, [command, ...args, '--workspace', folder], { encoding: 'utf8', ...reader, env: { ...process.env, HOME: '/nonexistent' } });

function chmodAll(place: string, mode: number): void {
  chmodSync(place, mode);
  if (statSync(place).isDirectory()) for (const name of readdirSync(place)) chmodAll(join(place, name), mode);
}

const canReadSources = (): boolean => {
  try {
    execFileSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(command)})`], { stdio: 'ignore', ...reader });
    return true;
  } catch {
    return false;
  }
};

test('what was recorded can be looked at where nothing can be written', { skip: process.platform === 'win32' || !canReadSources() }, async () => {
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'patchbay.json'), '{"version":1}');
  writeFileSync(join(folder, 'flows', 'f.flow.json'), '{"version":1,"start":"a","steps":{"a":{"shape":"split"}}}');
  const run = await (async () => {
    await using runner = await openRunner({ root: folder });
    const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body: { note: 'needle' }, mediaType: 'application/json' } });
    await done;
    return head.id;
  })();
  chmodAll(folder, 0o555);
  for (const args of [['runs', 'list'], ['runs', 'list', '--flow', 'f'], ['runs', 'search', 'needle'], ['runs', 'logs', run], ['insights'], ['audit']]) {
    const { status, stdout, stderr } = patchbay(args);
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    if (args[0] === 'runs' && args[1] !== 'logs') assert.ok(stdout.includes(run), `${args.join(' ')}: ${stdout}`);
  }
  const { status, stderr } = patchbay(['run', 'f']);
  assert.notEqual(status, 0);
  assert.match(stderr, /STORAGE_FAILED.*cannot be kept/);
});
