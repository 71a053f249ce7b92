import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { logLine } from './log-line.ts';

function written(lines: readonly string[]): string[] {
  const all: string[] = [];
  const write = (level: string) => (message: string): void => void all.push(`${level} ${message}`);
  for (const line of lines) logLine({ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }, 'error', line);
  return all;
}

test('what the log of the runner writes comes at its level', () => {
  const log = join(import.meta.dirname, '../../server/runner/log.ts');
  const script = `const { stderrLog } = await import(${JSON.stringify(log)}); const log = stderrLog('debug'); for (const level of ['debug', 'info', 'warn', 'error']) log[level]('It is ' + level, { step: 'a' });`;
  const { stderr: text } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  assert.deepEqual(written(text.trim().split('\n')), ['debug', 'info', 'warn', 'error'].map((level) => `${level} It is ${level} {"step":"a"}`));
});

test('whatever else comes is shown as it is', () => {
  assert.deepEqual(written(['Segmentation fault', '{ no JSON', '{"msg":"No level"}']), ['error Segmentation fault', 'error { no JSON', 'info No level']);
});
