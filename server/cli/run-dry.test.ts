import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('a command that waits for what never comes ends with an error of its own', () => {
  const program = `
    const { commands } = await import(${JSON.stringify(join(import.meta.dirname, 'commands.ts'))});
    Object.assign(commands.find(({ name }) => name === 'runs'), { load: async () => ({ default: (command) => { command.action(() => new Promise(() => {})); } }) });
    process.argv.splice(1, 0, 'patchbay');
    await import(${JSON.stringify(join(import.meta.dirname, 'patchbay.ts'))});
  `;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, 'runs'], { encoding: 'utf8' });
  assert.equal(status, 70, stderr);
  assert.match(stderr, /^error INTERNAL: The command waits for what can never come[^\n]*\n {2}\S/);
});
