import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createTreeRest, type TreeRest } from './tree-rest.ts';

interface World {
  readonly rest: TreeRest;
  /** Begins a `getChildren`; what it gives lets it settle. */
  ask(): { settle(): Promise<void>; fail(): Promise<void> };
  pass(ms: number): void;
}

/** What is done, and how often the tree was read after it, counted from the beginning. */
type Step = readonly [what: string, then: (world: World) => void | Promise<void>, reads: number];

async function check({ mock }: TestContext, steps: readonly Step[]): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let reads = 0;
  const rest = createTreeRest(100, () => { reads++; });
  const world: World = {
    rest,
    ask() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      promise.catch(() => {});
      assert.equal(rest.asked(promise), promise);
      const after = (work: () => void) => async (): Promise<void> => { work(); await promise.catch(() => {}); await Promise.resolve(); };
      return { settle: after(() => resolve()), fail: after(() => reject(new Error('No answer.'))) };
    },
    pass: (ms) => mock.timers.tick(ms),
  };
  for (const [what, then, expected] of steps) {
    await then(world);
    assert.equal(reads, expected, what);
  }
}

test('changes that come together are one reading', (context) => check(context, [
  ['three changes', ({ rest }) => { rest.refresh(); rest.refresh(); rest.refresh(); }, 0],
  ['not yet', ({ pass }) => pass(99), 0],
  ['after the rest', ({ pass }) => pass(1), 1],
  ['and none more', ({ pass }) => pass(1_000), 1],
]));

test('now is at once where nobody asks, and after the rest where somebody has just asked', (context) => check(context, [
  ['at rest', ({ rest }) => rest.now(), 1],
  ['rows that are there', ({ rest }) => { assert.deepEqual(rest.asked(['row']), ['row']); rest.now(); }, 1],
  ['after the rest', ({ pass }) => pass(100), 2],
  ['at rest again', ({ rest }) => rest.now(), 3],
]));

test('a change waits for rows that are slow to come, and rests after them', (context) => {
  let asked: ReturnType<World['ask']>;
  return check(context, [
    ['asked, then a change', ({ rest, ask }) => { asked = ask(); rest.refresh(); }, 0],
    ['however long it takes', ({ pass }) => { for (let nth = 0; nth < 50; nth++) pass(100); }, 0],
    ['nor does now come before', ({ rest, pass }) => { rest.now(); pass(500); }, 0],
    ['they are there', async () => asked.settle(), 0],
    ['not just after', ({ pass }) => pass(99), 0],
    ['after the rest', ({ pass }) => pass(1), 1],
  ]);
});

test('it waits for the last of them, and for those that fail as well', (context) => {
  let asked: readonly ReturnType<World['ask']>[];
  return check(context, [
    ['two are asked for', ({ rest, ask }) => { asked = [ask(), ask()]; rest.refresh(); }, 0],
    ['one is there', async ({ pass }) => { await asked[0]!.settle(); pass(500); }, 0],
    ['the other fails', async ({ pass }) => { await asked[1]!.fail(); pass(99); }, 0],
    ['after the rest', ({ pass }) => pass(1), 1],
  ]);
});

test('rows that never come hold back nothing for good', (context) => check(context, [
  ['asked, then a change', ({ rest, ask }) => { ask(); rest.refresh(); }, 0],
  ['within ten seconds', ({ pass }) => { for (let nth = 0; nth < 99; nth++) pass(100); }, 0],
  ['after them', ({ pass }) => { pass(100); pass(100); }, 1],
]));

test('nothing is read after the end', (context) => check(context, [
  ['a change', ({ rest }) => { rest.refresh(); rest.dispose(); }, 0],
  ['later', ({ pass }) => pass(1_000), 0],
]));

test('who needs rows that VS Code knows waits until it has read them', (context) => {
  const done: string[] = [];
  const isDone = (expected: string): void => assert.equal(done.splice(0).join(' '), expected);
  let asked: ReturnType<World['ask']>;
  return check(context, [
    ['at rest', ({ rest }) => { rest.whenRead(() => done.push('at once')); isDone('at once'); }, 0],
    ['a change', ({ rest }) => { rest.refresh(); rest.whenRead(() => done.push('earlier')); rest.whenRead(() => done.push('later')); }, 0],
    ['it is read', ({ pass }) => { pass(100); isDone(''); }, 1],
    ['VS Code asks', ({ ask, pass }) => { asked = ask(); pass(500); isDone(''); }, 1],
    ['and has the rows', async ({ pass }) => { await asked.settle(); pass(200); isDone('later'); }, 1],
    ['nothing after the end', ({ rest, pass }) => { rest.now(); rest.whenRead(() => done.push('late')); rest.dispose(); pass(1_000); isDone(''); }, 2],
  ]);
});
