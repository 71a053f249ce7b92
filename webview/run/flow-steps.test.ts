import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunDetail } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { PageNote, StepCounts } from '../../server/model/run-event.ts';
import { flowTitle, pagesSentence, runSentence, runSteps } from './flow-steps.ts';

const catalog: CatalogEntry[] = [
  { kind: 'shape', type: 'route', title: 'Route', summary: '', icon: 'git-branch', settings: {}, examples: [], source: 'built-in', ports: { each: 'routes', and: ['else'] } },
  { kind: 'shape', type: 'try-catch', title: 'Try and catch', summary: '', settings: {}, examples: [], source: 'built-in', ports: ['try', 'catch'] },
];
const none: StepCounts = { in: 0, out: 0, failed: 0, records: 0, durationMs: 0, ports: {}, retries: 0 };
const detail = (flow: unknown, steps: Record<string, StepCounts> = {}, failedPayloads = 0): RunDetail => ({ id: 'r', flow: 'orders', status: 'success', trigger: 'manual', queuedAt: 0, failedPayloads, flowVersion: '', steps, flowText: typeof flow === 'string' ? flow : JSON.stringify(flow) });

const orders: readonly [name: string, flow: unknown, ids: string[]][] = [
  ['along the links, whatever the order in the file', { start: 'a', steps: { c: { shape: 'x' }, b: { shape: 'x', next: { out: 'c' } }, a: { shape: 'x', next: { out: 'b' } } } }, ['a', 'b', 'c']],
  ['ports in the order of the shape', { start: 'r', steps: { r: { shape: 'route', settings: { routes: [{ name: 'uk' }, { name: 'de' }] }, next: { else: 'rest', de: 'd', uk: 'u' } }, rest: { shape: 'x' }, d: { shape: 'x' }, u: { shape: 'x' } } }, ['r', 'u', 'd', 'rest']],
  ['where paths meet, after both', { start: 't', steps: { t: { shape: 'try-catch', next: { try: 'a', catch: 'b' } }, a: { shape: 'x', next: { out: 'end' } }, end: { shape: 'x' }, b: { shape: 'x', next: { out: 'end' } } } }, ['t', 'a', 'b', 'end']],
  ['a circle ends', { start: 'a', steps: { a: { shape: 'x', next: { out: 'b' } }, b: { shape: 'x', next: { out: 'a' } } } }, ['a', 'b']],
  ['what nothing leads to stands last', { start: 'a', steps: { lost: { shape: 'x' }, a: { shape: 'x', next: { out: 'gone' } } } }, ['a', 'lost']],
  ['a flow without a start', { steps: { b: { shape: 'x' }, a: { shape: 'x' } } }, ['b', 'a']],
];
for (const [name, flow, ids] of orders) test(`steps: ${name}`, () => assert.deepEqual(runSteps(detail(flow), catalog).map(({ id }) => id), ids));

test('steps which only the recording knows are shown, too', () => {
  assert.deepEqual(runSteps(detail('{ broken', { a: none }), catalog).map(({ id, title, kind }) => [id, title, kind]), [['a', 'a', '']]);
});

test('a step has the words of its shape', () => {
  const [step] = runSteps(detail({ start: 'r', steps: { r: { shape: 'route', title: 'By country', disabled: true } } }, { r: { ...none, in: 3 } }), catalog);
  assert.deepEqual([step!.title, step!.kind, step!.icon, step!.disabled, step!.counts!.in], ['By country', 'Route', 'git-branch', true, 3]);
});

test('the title of a flow', () => {
  assert.equal(flowTitle(detail({ title: 'Import', steps: {} })), 'Import');
  assert.equal(flowTitle(detail('[]')), 'orders');
});

test('why paging ended', () => {
  const pages = (...lastPages: Partial<PageNote>[]) => pagesSentence({ ...none, pages: lastPages.length, lastPages: lastPages.map((page, index) => ({ index, records: 1, at: 0, ...page })) });
  assert.equal(pagesSentence(none), undefined);
  assert.equal(pages({}), '1 page');
  assert.equal(pages({}, { stop: 'no-link' }), '2 pages; ended as the last page had no link to a next one');
  assert.equal(pages({ stop: 'short-page', byGuess: true }), '1 page; ended as the last page was not full (concluded, the server did not say so)');
  assert.equal(pages({ stop: 'of-a-plugin' }), '1 page; ended as of-a-plugin');
});

test('a run in a sentence', () => {
  assert.equal(runSentence(detail({ steps: {} }, { a: { ...none, out: 1_200, retries: 1 }, b: { ...none, out: 1 } }, 2)), '1,201 payloads passed on, 2 failed, 1 retry');
  assert.equal(runSentence(detail({ steps: {} })), '0 payloads passed on');
});
