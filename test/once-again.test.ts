import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onceAgain } from './support/once-again.ts';

const outcomes: readonly { readonly title: string; readonly fails: readonly (string | undefined)[]; readonly attempts: readonly string[]; readonly printed: readonly string[]; readonly thrown?: string }[] = [
  { title: 'what succeeds is done once, and nothing is said', fails: [undefined], attempts: ['a story'], printed: [] },
  { title: 'what fails once is done again, and the failure is said', fails: ['too late', undefined], attempts: ['a story', 'a story again'], printed: ['again: a story: Error: too late'] },
  { title: 'what fails twice has failed, with the second failure', fails: ['too late', 'not there'], attempts: ['a story', 'a story again'], printed: ['again: a story: Error: too late'], thrown: 'not there' },
];

for (const { title, fails, attempts, printed, thrown } of outcomes) {
  test(title, async () => {
    const [done, lines]: [string[], string[]] = [[], []];
    const attempt = async (name: string): Promise<void> => {
      const message = fails[done.push(name) - 1];
      if (message !== undefined) throw new Error(message);
    };
    const end = await onceAgain('a story', attempt, (line) => lines.push(line)).then(() => undefined, (error: Error) => error.message);
    assert.deepEqual([done, lines.map((line) => line.split('\n')[0]), end], [attempts, printed, thrown]);
    assert.ok(lines.every((line) => line.includes('once-again.test.ts')), 'A stack tells where.');
  });
}
