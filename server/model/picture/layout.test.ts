import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlaps } from './geometry.ts';
import { layOut, sizes, type LayoutStep } from './layout.ts';

/** `a>b`, `a>b,c` (two ports), `a` ; steps in the order in which they are named. */
function steps(text: string, pins: Record<string, [number, number]> = {}): LayoutStep[] {
  const links = new Map<string, string[]>();
  for (const line of text.split(' ')) {
    const [from, to] = line.split('>') as [string, string | undefined];
    links.set(from, to?.split(',') ?? []);
    for (const id of to?.split(',') ?? []) if (id !== '' && !links.has(id)) links.set(id, []);
  }
  return [...links].map(([id, to]) => ({
    id, height: to.length > 1 ? 70 + 20 * to.length : 60,
    ports: to.map((target, index) => ({ name: `p${index}`, y: to.length > 1 ? 70 + 20 * index : 30, to: target === '' ? undefined : target })),
    ...(pins[id] && { pinned: { x: pins[id][0], y: pins[id][1] } }),
  }));
}

const column = sizes.width + sizes.columnGap;

function check(text: string, expected: Record<string, [column: number, y: number]>): void {
  const { positions } = layOut(steps(text), text.slice(0, text.search(/[> ]|$/)));
  assert.deepEqual(Object.fromEntries([...positions].map(([id, { x, y }]) => [id, [x / column, y]])), expected);
}

test('a chain is a straight line', () => check('a>b b>c', { a: [0, 0], b: [1, 0], c: [2, 0] }));
test('the first branch is level with its port, the next below', () => check('a>b,c', { a: [0, 0], b: [1, 40], c: [1, 140] }));
test('where branches meet again the step stands behind the longer one', () => check('a>b,c b>d d>e c>e', { a: [0, 0], b: [1, 40], d: [2, 40], e: [3, 40], c: [1, 140] }));
test('a step that nothing leads to stands below', () => check('a>b c', { a: [0, 0], b: [1, 0], c: [0, 120] }));
test('a link to nowhere is no link', () => check('a>b,', { a: [0, 0], b: [1, 40] }));

test('a loop does not hang and is told', () => {
  const { back, positions } = layOut(steps('a>b b>c c>a'), 'a');
  assert.deepEqual([...back], ['c\np0']);
  assert.equal(positions.get('c')?.x, 2 * column);
  assert.equal(layOut(steps('a>a'), 'a').back.size, 1);
  assert.equal(layOut(steps('a>b b>a'), undefined).positions.size, 2);
});

test('a link past columns has a lane that no step stands in', () => {
  const all = steps('a>b,d b>c c>d');
  const { lanes, positions } = layOut(all, 'a');
  const y = lanes.get('a\np1')!;
  for (const id of ['b', 'c']) assert.ok(!overlaps({ ...positions.get(id)!, width: sizes.width, height: 60 }, { x: 0, y: y - 5, width: 10_000, height: 10 }));
});

test('pinned steps stand where they are pinned and others make room', () => {
  const { positions } = layOut(steps('a>b b>c', { b: [700, 500], c: [10, 10] }), 'a');
  assert.deepEqual(Object.fromEntries(positions), { a: { x: 0, y: 110 }, b: { x: 700, y: 500 }, c: { x: 10, y: 10 } });
});

test('what is added to the last branch moves nothing of those above', () => {
  const before = layOut(steps('a>b,c b>d'), 'a').positions;
  const after = layOut(steps('a>b,c b>d c>e,f e>g'), 'a').positions;
  for (const id of ['a', 'b', 'c', 'd']) assert.deepEqual(after.get(id), before.get(id), id);
});

/** A flow of 500 steps: a chain of routes whose branches meet again. */
function large(count: number): string {
  const parts: string[] = [];
  for (let at = 0; at + 4 < count; at += 4) parts.push(`s${at}>s${at + 1},s${at + 2},s${at + 3}`, `s${at + 1}>s${at + 4}`, `s${at + 2}>s${at + 4}`, ...(at % 8 === 0 ? [`s${at + 3}>s${at + 4}`] : []));
  return parts.join(' ');
}

test('500 steps, none over another, always the same', () => {
  const all = steps(large(500));
  const { positions } = layOut(all, 's0');
  const rects = all.map((step) => ({ ...positions.get(step.id)!, width: sizes.width, height: step.height }));
  for (const [at, rect] of rects.entries()) for (const other of rects.slice(at + 1)) assert.ok(!overlaps(rect, other));
  assert.deepEqual(layOut(steps(large(500)), 's0').positions, positions);
});

test('a chain of 20,000 steps', () => {
  const all = Array.from({ length: 20_000 }, (_, at): LayoutStep => ({ id: `s${at}`, height: 60, ports: [{ name: 'out', y: 30, to: `s${at + 1}` }] }));
  assert.equal(layOut(all, 's0').positions.get('s19999')?.x, 19_999 * column);
});
