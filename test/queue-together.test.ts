import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openRunner } from '../server/runner/runner.ts';
import type { Runner, StartedRun } from '../server/runner/contract.ts';
import { ask, makeWorkspace, startOutside, startRunner, until, type RunnerProcess } from './support/fault-world.ts';

test('three runners on one workspace share its queue; one that is killed loses nothing, and nothing is done twice', { timeout: 120_000 }, async (t) => {
  await using outside = await startOutside(1);
  await using workspace = await makeWorkspace(outside.url);
  const runners = await Promise.all([1, 2, 3].map(() => startRunner(workspace.folder)));
  t.after(() => { for (const { child } of runners) child.kill('SIGKILL'); });
  const ids = Array.from({ length: 90 }, (_, n) => `d${n}`);
  const open = new Set(ids);
  const deliver = async (to: readonly RunnerProcess[]): Promise<void> => {
    await Promise.all([...open].map(async (id, n) => {
      const answer = await ask(to[n % to.length]!, '/hooks/hook/web', { method: 'POST', body: JSON.stringify({ id }), headers: { 'content-type': 'application/json', 'x-delivery': id } });
      if (answer?.status === 200) open.delete(id);
    }));
  };
  const first = deliver(runners);
  await until(() => open.size < 60, 20_000);
  runners[0]!.child.kill('SIGKILL');
  await first;
  const [, ...left] = runners;
  assert.ok(await until(() => deliver(left).then(() => open.size === 0), 30_000), 'all are accepted');
  const isIdle = async (): Promise<boolean> => (await Promise.all(['queued', 'running'].map((status) => ask(left[0]!, `/api/v1/runs?filter[status]=${status}`)))).every((page) => (page?.body as { total?: number } | undefined)?.total === 0);
  assert.ok(await until(isIdle, 40_000), 'all come to an end');
  assert.deepEqual(outside.effects.toSorted(), ids.toSorted());
  // The workspace has a schedule as well.
  assert.equal(((await ask(left[0]!, '/api/v1/runs?filter[flow]=hook'))?.body as { total: number } | undefined)?.total, ids.length);
  for (const { child, ended } of left) {
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  }
});

/** A disk of its own, of a few megabytes, that can be filled and made read-only. */
function smallDisk(): { readonly folder: string; setReadOnly(isReadOnly: boolean): void; remove(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    folder,
    setReadOnly: (isReadOnly) => void execFileSync('/bin/mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder], { stdio: 'ignore' }),
    remove() {
      execFileSync('/bin/umount', ['-l', folder], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const disk = smallDisk();
const skip = disk === undefined && 'a small disk can only be mounted by root';

test('on a disk that is full, and on one that may only be read, nothing is accepted and nothing is damaged; when there is room it goes on', { skip, timeout: 120_000 }, async (t) => {
  t.after(() => disk!.remove());
  const root = disk!.folder;
  mkdirSync(join(root, 'flows'));
  writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
  writeFileSync(join(root, 'flows/each.flow.json'), JSON.stringify({ version: 1, start: 'each', steps: { each: { shape: 'split', settings: { each: true } } } }));
  const runner = await openRunner({ root });
  await runner.listen();
  const accepted: StartedRun[] = [];
  const start = async (): Promise<string> => {
    try {
      accepted.push(await runner.start({ flow: 'each', trigger: 'manual', payload: { body: [{ text: `${accepted.length}${'x'.repeat(30_000)}` }], mediaType: 'application/json' } }));
      return 'accepted';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
  const settled = async (): Promise<void> => void (await Promise.all(accepted.map(({ done }) => done)));
  assert.equal(await start(), 'accepted');
  await settled();

  const filler = join(root, 'filler');
  fill(filler, root);
  const refused = new Set<string>();
  for (let n = 0; n < 200 && !refused.has('STORAGE_FAILED'); n++) refused.add(await start());
  assert.ok(refused.has('STORAGE_FAILED'), [...refused].join());
  rmSync(filler);
  assert.equal(await start(), 'accepted');
  await settled();
  await checkAll(runner, accepted);

  await runner[Symbol.asyncDispose]();

  disk!.setReadOnly(true);
  const reader = await openRunner({ root });
  const again = () => reader.start({ flow: 'each', trigger: 'manual' });
  await assert.rejects(again(), { code: 'STORAGE_FAILED' });
  disk!.setReadOnly(false);
  assert.equal((await (await again()).done).status, 'success');
  await reader[Symbol.asyncDispose]();
  const database = new DatabaseSync(join(root, '.patchbay/patchbay.db'), { readOnly: true });
  assert.deepEqual(database.prepare('PRAGMA integrity_check').all().map((row) => Object.values(row)[0]), ['ok']);
  database.close();
});

/** All but a little of a disk. */
function fill(file: string, root: string): void {
  const { bavail, bsize } = statfsSync(root);
  writeFileSync(file, Buffer.alloc(bavail * bsize - 200_000));
}

/** What was accepted has come to an end, however often it had to begin. */
async function checkAll(runner: Runner, accepted: readonly StartedRun[]): Promise<void> {
  const isOver = (): boolean => accepted.every(({ head }) => !['queued', 'running'].includes(runner.archive.run(head.id)?.status ?? 'queued'));
  assert.ok(await until(isOver, 20_000), accepted.map(({ head }) => runner.archive.run(head.id)?.status).join());
  assert.equal(runner.archive.runs({}).total, accepted.length);
  assert.equal(runner.archive.run(accepted.at(-1)!.head.id)?.status, 'success');
}
