import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { openStateDatabase } from '../server/stores/state-database.ts';

// Three processes on one workspace, whose runners all find that the same fifty times were missed.

const minute = 60_000;
const missed = 50;
const root = mkdtempSync(join(tmpdir(), 'patchbay-schedules-'));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

const program = `
  import { openRunner } from ${JSON.stringify(join(import.meta.dirname, '../server/runner/runner.ts'))};
  const runner = await openRunner({ root: ${JSON.stringify(root)}, editorSecrets: new Map() });
  await runner.listen();
  process.stdin.on('end', async () => { await runner[Symbol.asyncDispose](); process.exit(0); }).resume();
`;

function keys(): string[] {
  if (!existsSync(join(root, '.patchbay', 'patchbay.db'))) return [];
  const database = new DatabaseSync(join(root, '.patchbay', 'patchbay.db'), { readOnly: true });
  try {
    return (database.prepare("SELECT key FROM runs WHERE flow = 'tick' ORDER BY key").all() as unknown as { key: string }[]).map(({ key }) => key);
  } catch {
    // The first of the processes is still making the tables.
    return [];
  } finally {
    database.close();
  }
}

test('three processes that catch up start one run for each time', { timeout: 120_000 }, async () => {
  mkdirSync(join(root, 'flows'));
  writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
  const settings = { cron: '* * * * *', missed: 'all', missedLimit: 1000 };
  writeFileSync(join(root, 'flows', 'tick.flow.json'), JSON.stringify({ version: 1, triggers: { every: { trigger: 'schedule', settings } }, start: 'pass', steps: { pass: { shape: 'split' } } }));
  const last = (Math.floor(Date.now() / minute) - missed) * minute;
  const state = openStateDatabase(root, Date.now);
  await state.memory.set('tick', 'every', { last, of: JSON.stringify(['* * * * *', [], 'UTC']) });
  await state[Symbol.asyncDispose]();

  const start = (): void => void children.push(spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['pipe', 'inherit', 'inherit'] }));
  const end = async (): Promise<void> => {
    const ends = children.map((child) => once(child, 'exit'));
    for (const child of children) child.stdin!.end();
    assert.deepEqual(await Promise.all(ends), children.map(() => [0, null]));
    children.length = 0;
  };
  const remembered = async (): Promise<number> => {
    const state = openStateDatabase(root, Date.now);
    const { last: time } = (await state.memory.get('tick', 'every')) as { last: number };
    await state[Symbol.asyncDispose]();
    return time;
  };
  // The test may see a minute begin.
  const check = (): number => {
    const found = keys();
    assert.deepEqual(found, Array.from({ length: found.length }, (_, index) => new Date(last + (index + 1) * minute).toISOString()));
    assert.ok(found.length <= missed + 5, `${found.length} runs`);
    return last + found.length * minute;
  };

  for (let index = 0; index < 3; index++) start();
  while (keys().length < missed) await sleep(100);
  await end();
  // Whoever ends between a run and the note of it remembers less, and never more: what was not started would be lost.
  const until = check();
  assert.ok((await remembered()) <= until);
  start();
  while ((await remembered()) < until) await sleep(100);
  await end();
  check();
});
