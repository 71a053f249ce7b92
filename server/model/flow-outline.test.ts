import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { flows } from '../../test/support/arbitrary-flows.ts';
import { flowOutline, type OutlineNode } from './flow-outline.ts';

/** `a b(yes: c no: d) e`: chains with branches in brackets. */
const written = (nodes: readonly OutlineNode[]): string => nodes.map(({ step, port, isUnreached, children }) => (port === undefined ? `${isUnreached ? '?' : ''}${step}${children.length > 0 ? `(${written(children)})` : ''}` : `${port}: ${written(children)}`.trim())).join(' ');

const check = (name: string, steps: Readonly<Record<string, Readonly<Record<string, string>>>>, expected: string, start: string | null = 'a'): void =>
  void test(name, () => {
    const flow = { ...(start !== null && { start }), steps: Object.fromEntries(Object.entries(steps).map(([id, next]) => [id, { shape: 'x', next }])) };
    assert.equal(written(flowOutline(flow, { plugins: [] })), expected);
  });

check('a chain is one list', { a: { out: 'b' }, b: { out: 'c' }, c: {} }, 'a b c');
check('branches stand below their ports', { a: { yes: 'b', no: 'c' }, b: {}, c: { out: 'd' }, d: {} }, 'a(yes: b no: c d)');
check('where branches come together the chain goes on', { a: { yes: 'b', no: 'c' }, b: { out: 'd' }, c: { out: 'd' }, d: { out: 'e' }, e: {} }, 'a(yes: b no: c) d e');
check('branches that come together within a branch', { a: { yes: 'b', no: 'f' }, b: { x: 'c', y: 'd' }, c: { out: 'e' }, d: { out: 'e' }, e: {}, f: {} }, 'a(yes: b(x: c y: d) e no: f)');
check('both outputs lead to one step', { a: { x: 'b', y: 'b' }, b: {} }, 'a(x: y:) b');
check('one output that is not the usual one', { a: { error: 'b' }, b: {} }, 'a(error: b)');
check('a loop', { a: { out: 'b' }, b: { again: 'a', done: 'c' }, c: {} }, 'a b(again: done: c)');
check('a loop that begins late in the alphabet', { a: { out: 'z' }, z: { again: 'a', done: 'b' }, b: { out: 'z' } }, 'z(again: a done: b)', 'z');
check('what no step leads to stands at the end', { a: {}, b: { out: 'c' }, c: {} }, 'a ?b ?c');
check('a loop that no step leads to', { a: {}, b: { out: 'c' }, c: { out: 'b' } }, 'a ?b ?c');
check('without a start', { a: { out: 'b' }, b: {} }, '?a ?b', null);

test('each step is there once', () => {
  const ids = (nodes: readonly OutlineNode[]): string[] => nodes.flatMap(({ step, port, children }) => [...(port === undefined ? [step] : []), ...ids(children)]);
  fc.assert(fc.property(flows, (flow) => {
    assert.deepEqual(ids(flowOutline(flow, { plugins: [] })).toSorted(), Object.keys(flow.steps).toSorted());
  }), { seed: 7, numRuns: 300 });
});
