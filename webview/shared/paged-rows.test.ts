import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRows, PagedRows } from './paged-rows.ts';

/** A host with `state.rows`, whose pages have ten entries; says which pages were asked. */
function open(count: number) {
  const state = { rows: Array.from({ length: count }, (_, n) => `r${n}`), asked: [] as number[], broken: false };
  const waiting: (() => void)[] = [];
  const rows = new PagedRows<string>(async (page) => {
    state.asked.push(page);
    if (state.broken) throw new Error('The runner is away.');
    return { items: state.rows.slice((page - 1) * 10, page * 10), page, perPage: 10, total: state.rows.length };
  }, () => waiting.splice(0).forEach((go) => go()));
  const settle = async (until: () => boolean) => { while (!until()) await new Promise<void>((resolve) => waiting.push(resolve)); };
  const show = async (first: number, end: number) => {
    rows.want(first, end);
    const wanted = () => Array.from({ length: Math.min(end, rows.total ?? 0) - first }, (_, at) => rows.row(first + at));
    await settle(() => rows.total !== undefined && wanted().every((row) => row !== undefined));
    return wanted();
  };
  return { state, rows, show, settle };
}

test('only the pages in view are read', async () => {
  const { state, rows, show } = open(1_000);
  assert.deepEqual(await show(0, 3), ['r0', 'r1', 'r2']);
  assert.equal(rows.total, 1_000);
  assert.deepEqual(await show(705, 712), ['r705', 'r706', 'r707', 'r708', 'r709', 'r710', 'r711']);
  assert.deepEqual(state.asked, [1, 71, 72]);
});

test('what is shown stays until the newer rows are there', async () => {
  const { state, rows, show, settle } = open(12);
  await show(0, 12);
  state.rows = ['new', ...state.rows];
  rows.refresh();
  assert.equal(rows.row(0), 'r0');
  await settle(() => rows.row(0) === 'new' && rows.row(12) === 'r11');
  assert.equal(rows.total, 13);
});

test('rows added at the end leave full pages alone', async () => {
  const { state, rows, show, settle } = open(25);
  await show(0, 10);
  await show(20, 25);
  state.asked.length = 0;
  state.rows.push('r25', 'r26');
  rows.refresh('grown');
  await settle(() => rows.total === 27 && rows.row(26) === 'r26');
  assert.deepEqual(state.asked, [3]);
});

test('growth is seen where the last page was full', async () => {
  const { state, rows, show, settle } = open(20);
  await show(0, 10);
  state.rows.push('r20');
  rows.refresh('grown');
  await settle(() => rows.total === 21);
  assert.deepEqual(await show(20, 21), ['r20']);
});

test('an answer that was under way when the rows changed is asked for again', async () => {
  const { state, rows, settle } = open(3);
  rows.want(0, 3);
  rows.refresh();
  await settle(() => rows.total === 3 && state.asked.length === 2);
  assert.deepEqual(state.asked, [1, 1]);
});

test('a failure is told and tried again on demand only', async () => {
  const { state, rows, show, settle } = open(5);
  state.broken = true;
  rows.want(0, 5);
  await settle(() => rows.failed !== undefined);
  assert.equal(rows.failed, 'The runner is away.');
  rows.want(0, 5);
  assert.deepEqual(state.asked, [1]);
  state.broken = false;
  rows.retry();
  assert.deepEqual(await show(0, 2), ['r0', 'r1']);
});

test('a list without rows is one', async () => {
  const { rows, settle } = open(0);
  rows.want(0, 1);
  await settle(() => rows.total === 0);
  assert.equal(rows.row(0), undefined);
});

test('rows that are all there are read anew each time', () => {
  let list = ['a'];
  const rows = allRows(() => list);
  list = ['b', 'c'];
  assert.deepEqual([rows.total, rows.row(0), rows.row(1)], [2, 'b', 'c']);
});
