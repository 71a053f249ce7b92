import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pageState } from './page-state.ts';

test('what is told to a page that loads comes behind the answer to its question, in order', async () => {
  const page = pageState();
  const told: string[] = [];
  const tell = (what: string): void => page.tell(() => told.push(what));
  page.written();
  tell('select a');
  tell('add');
  await turn();
  assert.equal(told.length, 0);
  page.listens();
  tell('select b');
  told.push('answer');
  await turn();
  assert.deepEqual(told, ['answer', 'select a', 'add', 'select b']);
  tell('select c');
  assert.equal(told.at(-1), 'select c');
});

test('a page that was written anew hears it when it listens again', async () => {
  const page = pageState();
  const told: string[] = [];
  page.listens();
  await turn();
  page.written();
  page.tell(() => told.push('select'));
  await turn();
  assert.equal(told.length, 0);
  page.listens();
  page.written();
  await turn();
  assert.equal(told.length, 0, 'the page that listened is gone');
  page.listens();
  await turn();
  assert.deepEqual(told, ['select']);
});
