import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { faultPoints } from '../server/stores/fault-point.ts';
import { performAndDie, performScript, readScript } from './support/state-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-state-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const kinds = ['cache', 'pool', 'tracked', 'memory', 'settle', 'prune'];
const points = faultPoints.filter((point) => kinds.some((kind) => point === `${kind}-before-commit` || point === `${kind}-committed`));
const order = Array.from({ length: 5 }, (_, index) => kinds.map((kind) => `${kind} ${index + 1}`)).flat();

describe('a process that dies while it keeps state has kept what it was told, and done again all is as if it had not died', { concurrency: 2 }, () => {
  test('there is a place before and after each commit', () => assert.equal(points.length, kinds.length * 2));
  const whole = performScript(join(folder, 'whole')).then(() => readScript(join(folder, 'whole')));
  for (const point of points) {
    test(point, async () => {
      const root = join(folder, point);
      const { steps, signal } = await performAndDie(root, `${point}:3`);
      const kind = point.slice(0, point.indexOf('-'));
      assert.deepEqual([signal, steps], ['SIGKILL', order.slice(0, order.indexOf(`${kind} 3`))]);
      const told = (of: string): number[] => steps.flatMap((step) => (step.startsWith(`${of} `) ? [Number(step.slice(of.length + 1))] : []));
      const left = (await readScript(root)) as { documents: { n: number }[]; values: [string, string?][]; tracked: [string][]; memory?: { last: number } };
      const isDone = point.endsWith('-committed');
      const kept = (of: string): number => (told(of).at(-1) ?? 0) + (isDone && kind === of ? 1 : 0);
      assert.deepEqual([left.documents.length, left.values.filter(([value]) => value !== 'shared').length, left.tracked.length, left.memory?.last ?? 0], [kept('cache'), kept('pool'), kept('tracked'), kept('memory')]);
      assert.deepEqual(left.values.filter(([, pending]) => pending !== undefined).length, kept('pool') - kept('settle'));
      await performScript(root);
      assert.deepEqual(await readScript(root), await whole);
    });
  }
});
