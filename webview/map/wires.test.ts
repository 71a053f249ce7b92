import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fieldTree, shownRows } from './fields.ts';
import { readRules } from './rules.ts';
import { drawWires, wiresOf, type RowView } from './wires.ts';

const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
const schema = { properties: { ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])), group: { properties: { a: {}, b: {} } } } };

/** Rows of 10 pixels; `top` and `height` in rows. */
function view(top: number, height: number, closed: readonly string[] = [], paths: readonly string[] = []): RowView {
  const tree = fieldTree(schema, undefined, paths);
  const rows = shownRows(tree, { closed: new Set(closed), filter: '' });
  return { rows: new Map(rows.map(({ id }, row) => [id, row])), tree, rowHeight: 10, top: top * 10, height: height * 10 };
}

const wires = (...pairs: readonly (readonly [string | readonly string[], string])[]) => wiresOf(readRules(pairs.map(([from, to]) => ({ from, to }))), undefined, () => 'good');

describe('lines', () => {
  const check = (what: string, given: ReturnType<typeof wires>, [source, target]: readonly [RowView, RowView], expected: object): void => void test(what, () => {
    const { segments, ...stubs } = drawWires(given, source, target);
    assert.deepEqual({ lines: segments.map(({ y1, y2, out }) => `${y1} ${y2}${out ? ` ${out} is out` : ''}`), ...stubs }, { source: { above: 0, below: 0 }, target: { above: 0, below: 0 }, ...expected });
  });
  check('between rows in view', wires(['f0', 'f2']), [view(0, 10), view(0, 10)], { lines: ['5 25'] });
  check('of a rule with two sources', wires([['f0', 'f1'], 'f2']), [view(0, 10), view(0, 10)], { lines: ['5 25', '15 25'] });
  check('to a row that is scrolled out below: it ends at the edge, and is counted there', wires(['f0', 'f15'], ['f1', 'f16']), [view(0, 10), view(0, 10)], { lines: ['5 97 target is out', '15 97 target is out'], target: { above: 0, below: 2 } });
  check('from a row above', wires(['f0', 'f12']), [view(8, 10), view(8, 10)], { lines: ['3 45 source is out'], source: { above: 1, below: 0 } });
  check('both ends out of view: none', wires(['f0', 'f19']), [view(5, 5), view(5, 5)], { lines: [] });
  check('what is folded ends at the row around it, once', wires(['group.a', 'f0'], ['group.b', 'f1']), [view(15, 10, ['group']), view(0, 10)], { lines: ['55 5', '55 15'] });
  check('a field that nobody knows has no line', wires(['zebra', 'f0']), [view(0, 10), view(0, 10)], { lines: [] });
});

test('rules of a mapping file have lines, too, and none of their own is lost', () => {
  const all = wiresOf(readRules([{ from: 'f0', to: 'f1' }, { to: 'f2' }]), { targets: [{ path: 'f3', rules: [{ sources: ['f4'], chain: [], isConditional: false }] }, { path: 'f1', rules: [{ rule: 0, sources: ['f0'], chain: [], isConditional: false }] }], sources: [] }, (rule) => (rule === 0 ? 'bad' : 'good'));
  assert.deepEqual(all.map(({ rule, source, target, tone }) => [rule, source, target, tone]), [[0, 'f0', 'f1', 'bad'], [undefined, 'f4', 'f3', 'good']]);
});
