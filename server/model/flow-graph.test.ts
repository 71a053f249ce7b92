import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { flows } from '../../test/support/arbitrary-flows.ts';
import { flowGraph } from './flow-graph.ts';
import type { Flow } from './flow.ts';

const check = (name: string, start: string | undefined, steps: Readonly<Record<string, Readonly<Record<string, string>>>>, expected: { readonly order: string; readonly unreachable?: string; readonly cycles?: readonly string[] }) =>
  test(name, () => {
    const flow = { ...(start !== undefined && { start }), steps: Object.fromEntries(Object.entries(steps).map(([id, next]) => [id, { shape: 'x', next }])) };
    const graph = flowGraph(flow, { plugins: [] });
    assert.equal(graph.order.join(' '), expected.order);
    assert.equal(graph.unreachable.join(' '), expected.unreachable ?? '');
    assert.deepEqual(graph.cycles.map((cycle) => cycle.map(({ from, to }) => `${from}>${to}`).join(' ')), expected.cycles ?? []);
  });

check('a chain', 'c', { a: {}, b: { out: 'a' }, c: { out: 'b' } }, { order: 'c b a' });
check('branches by distance, then by id', 's', { s: { x: 'b', y: 'a' }, a: { out: 'z' }, b: { out: 'm' }, m: {}, z: {} }, { order: 's a b m z' });
check('a step comes after all that lead to it', 's', { s: { x: 'z', y: 'a' }, a: { out: 'z' }, z: {} }, { order: 's a z' });
check('what is not reached comes last', 's', { a: {}, s: {} }, { order: 's a', unreachable: 'a' });
check('no start', undefined, { a: {} }, { order: 'a', unreachable: 'a' });
check('a loop', 'a', { a: { out: 'b' }, b: { out: 'a' } }, { order: 'a b', cycles: ['a>b b>a'] });
check('a step that leads to itself', 'a', { a: { out: 'a' } }, { order: 'a', cycles: ['a>a'] });
check('two loops', 'a', { a: { x: 'b', y: 'c' }, b: { out: 'a' }, c: { out: 'd' }, d: { out: 'c' } }, { order: 'a b c d', cycles: ['a>b b>a', 'c>d d>c'] });
check('links to nowhere are left out', 'a', { a: { out: 'x' } }, { order: 'a' });

test('ports come in the order of the shape', () => {
  const flow = { start: 'a', steps: { a: { shape: 'try-catch', next: { catch: 'b', try: 'c' } }, b: { shape: 'x' }, c: { shape: 'x' } } };
  const catalog = { plugins: [{ kind: 'shape', type: 'try-catch', title: 'T', summary: 'T.', settings: {}, examples: [], source: 'built-in', ports: ['try', 'catch'] }] };
  assert.deepEqual(flowGraph(flow, catalog).edges.map(({ port }) => port), ['try', 'catch']);
});

test('every step is there once, after those that lead to it unless they are in a loop', () => {
  fc.assert(fc.property(flows, (flow: Flow) => {
    const { order, edges, cycles, unreachable } = flowGraph(flow, { plugins: [] });
    assert.deepEqual(order.toSorted(), Object.keys(flow.steps).toSorted());
    const reached = new Set(order.filter((id) => !unreachable.includes(id)));
    if (cycles.length === 0) for (const { from, to } of edges) assert.ok(order.indexOf(from) < order.indexOf(to) || (reached.has(to) && !reached.has(from)));
    for (const cycle of cycles) for (const [index, { to }] of cycle.entries()) assert.equal(to, cycle[(index + 1) % cycle.length]!.from);
  }), { seed: 7, numRuns: 300 });
});
