import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Point } from '../../../server/model/picture/geometry.ts';
import { handlePointer } from './handle.ts';
import { idle, type Effect, type Hit, type PointerInput, type Tool, type ToolScene } from './tool.ts';

const canvas: Hit = { kind: 'canvas' };
const node = (id: string): Hit => ({ kind: 'node', id, isStep: !id.startsWith('trigger:') });
const port = (id: string, name = 'out'): Hit => ({ kind: 'port', id, port: name });
const corner: Hit = { kind: 'corner', id: 'note:n', size: { width: 220, height: 100 } };

const places: Record<string, Point> = { a: { x: 0, y: 0 }, b: { x: 303, y: 5 } };

type Act = readonly [type: PointerInput['type'], x: number, y: number, hit: Hit, more?: Partial<PointerInput>];

/** Plays a gesture; selection follows the effects as it does on the canvas. Gives the last effects of each kind and the final state. */
function play(acts: readonly Act[], { selected = [], readOnly = false }: { readonly selected?: readonly string[]; readonly readOnly?: boolean } = {}) {
  let tool: Tool = idle;
  let now = new Set(selected);
  const effects: Effect[] = [];
  for (const [type, x, y, hit, more] of acts) {
    const scene: ToolScene = { readOnly, selected: now, movedWith: (id) => (id === 'group:g' ? ['a', 'b'] : [id]).flatMap((one) => (places[one] ? [[one, places[one]] as const] : [])), nodesIn: (area) => Object.keys(places).filter((id) => places[id]!.x >= area.x && places[id]!.x <= area.x + area.width) };
    const result = handlePointer(tool, { type, view: { x, y }, scene: { x, y }, hit, button: 0, shift: false, mod: false, space: false, ...more }, scene);
    tool = result.tool;
    effects.push(...result.effects);
    for (const effect of result.effects) if (effect.kind === 'select') now = new Set(effect.ids);
  }
  return { tool: tool.name, selected: [...now], effects };
}

function check(title: string, acts: readonly Act[], options: Parameters<typeof play>[1], expected: { readonly selected?: readonly string[]; readonly effects?: readonly Effect[]; readonly kinds?: readonly string[] }): void {
  test(title, () => {
    const result = play(acts, options);
    assert.equal(result.tool, 'idle');
    if (expected.selected) assert.deepEqual(result.selected, expected.selected);
    if (expected.effects) assert.deepEqual(result.effects.filter(({ kind }) => kind !== 'select' && !kind.startsWith('preview') && kind !== 'marquee'), expected.effects);
    if (expected.kinds) assert.deepEqual(result.effects.map(({ kind }) => kind), expected.kinds);
  });
}

check('a click selects', [['down', 0, 0, node('a')], ['up', 0, 0, node('a')]], {}, { selected: ['a'], effects: [] });
check('a click with shift adds', [['down', 0, 0, node('b'), { shift: true }], ['up', 0, 0, node('b')]], { selected: ['a'] }, { selected: ['a', 'b'] });
check('a click with shift on a selected one takes it out', [['down', 0, 0, node('b'), { shift: true }], ['up', 0, 0, node('b')]], { selected: ['a', 'b'] }, { selected: ['a'] });
check('a click on one of several selects it alone', [['down', 0, 0, node('b')], ['up', 1, 0, node('b')]], { selected: ['a', 'b'] }, { selected: ['b'] });
check('a click on the canvas selects nothing', [['down', 50, 50, canvas], ['up', 51, 50, canvas]], { selected: ['a'] }, { selected: [] });
check('the right button selects what it opens a menu for', [['down', 0, 0, node('b'), { button: 2 }]], { selected: ['a'] }, { selected: ['b'] });
check('the right button selects a link', [['down', 0, 0, { kind: 'edge', key: 'a\nout' }, { button: 2 }]], { selected: ['a'] }, { selected: ['a\nout'] });
check('the right button keeps a selection', [['down', 0, 0, node('b'), { button: 2 }]], { selected: ['a', 'b'] }, { selected: ['a', 'b'] });
check('a drag moves once, on the grid', [['down', 0, 0, node('a')], ['move', 3, 0, node('a')], ['move', 23, 14, node('a')], ['move', 48, 18, canvas], ['up', 48, 18, canvas]], {}, { effects: [{ kind: 'move', positions: new Map([['a', { x: 50, y: 20 }]]) }] });
check('a drag moves all that is selected', [['down', 0, 0, node('a')], ['move', 20, 0, node('a')], ['up', 20, 0, node('a')]], { selected: ['a', 'b'] }, { effects: [{ kind: 'move', positions: new Map([['a', { x: 20, y: 0 }], ['b', { x: 320, y: 10 }]]) }] });
check('a group takes its steps along', [['down', 0, 0, node('group:g')], ['move', 20, 0, node('group:g')], ['up', 20, 0, node('group:g')]], { selected: [] }, { effects: [{ kind: 'move', positions: new Map([['a', { x: 20, y: 0 }], ['b', { x: 320, y: 10 }]]) }] });
check('the corner of a note changes its size, on the grid', [['down', 220, 100, corner], ['move', 240, 131, canvas], ['move', 262, 131, canvas], ['up', 262, 131, canvas]], {}, { effects: [{ kind: 'resize', id: 'note:n', size: { width: 260, height: 130 } }], selected: ['note:n'] });
check('a note keeps a least size', [['down', 220, 100, corner], ['move', 0, 0, canvas], ['up', 0, 0, canvas]], {}, { effects: [{ kind: 'resize', id: 'note:n', size: { width: 60, height: 30 } }] });
check('a click on the corner of a note selects it', [['down', 220, 100, corner], ['up', 220, 101, corner]], {}, { effects: [], selected: ['note:n'] });
check('a corner that is given up leaves the note as it was', [['down', 220, 100, corner], ['move', 300, 100, canvas], ['cancel', 0, 0, canvas]], {}, { effects: [], kinds: ['select', 'preview-size', 'preview-size'] });
check('no note gets another size where nothing may be changed', [['down', 220, 100, corner], ['move', 300, 100, canvas], ['up', 300, 100, canvas]], { readOnly: true }, { effects: [] });
check('a drag back to the start moves nothing', [['down', 0, 0, node('a')], ['move', 20, 0, node('a')], ['move', 1, 0, node('a')], ['up', 1, 0, node('a')]], {}, { effects: [] });
check('a drag that is cancelled moves nothing', [['down', 0, 0, node('a')], ['move', 90, 0, node('a')], ['cancel', 90, 0, canvas]], {}, { effects: [], kinds: ['select', 'preview-move', 'preview-move'] });
check('nothing is dragged where nothing may be changed', [['down', 0, 0, node('a')], ['move', 90, 0, node('a')], ['up', 90, 0, node('a')]], { readOnly: true }, { effects: [], kinds: ['select'] });
check('triggers stay where they are', [['down', 0, 0, node('trigger:t')], ['move', 90, 0, canvas], ['up', 90, 0, canvas]], {}, { effects: [], selected: ['trigger:t'] });
check('a rectangle selects what it touches', [['down', 100, 0, canvas], ['move', 200, 50, canvas], ['move', 400, 50, canvas], ['up', 400, 50, canvas]], { selected: ['a'] }, { selected: ['b'] });
check('a rectangle with shift adds', [['down', 100, 0, canvas, { shift: true }], ['move', 400, 50, canvas], ['up', 400, 50, canvas]], { selected: ['a'] }, { selected: ['a', 'b'] });
check('a rectangle that is cancelled leaves the selection', [['down', 100, 0, canvas, { mod: true }], ['move', 400, 50, canvas], ['cancel', 400, 50, canvas]], { selected: ['a'] }, { selected: ['a'] });
check('space and drag moves the view', [['down', 0, 0, node('a'), { space: true }], ['move', 30, 5, canvas], ['up', 30, 5, canvas]], {}, { effects: [{ kind: 'pan', dx: 30, dy: 5 }] });
check('the middle button moves the view', [['down', 0, 0, canvas, { button: 1 }], ['move', -9, 5, canvas], ['up', 0, 0, canvas]], {}, { effects: [{ kind: 'pan', dx: -9, dy: 5 }] });
check('a link onto a step connects', [['down', 0, 0, port('a')], ['move', 50, 0, canvas], ['up', 300, 0, node('b')]], {}, { effects: [{ kind: 'connect', from: { id: 'a', port: 'out' }, to: 'b' }] });
check('a link onto a port connects to its step', [['down', 0, 0, port('a', 'uk')], ['move', 50, 0, canvas], ['up', 300, 0, port('b')]], {}, { effects: [{ kind: 'connect', from: { id: 'a', port: 'uk' }, to: 'b' }] });
check('a link onto the canvas asks for a step there', [['down', 0, 0, port('a')], ['move', 50, 0, canvas], ['up', 400, 90, canvas]], {}, { effects: [{ kind: 'add', after: { id: 'a', port: 'out' }, at: { x: 400, y: 90 } }] });
check('a link back to its own step is none', [['down', 0, 0, port('a')], ['move', 50, 0, canvas], ['up', 0, 0, node('a')]], {}, { effects: [] });
check('a link onto a trigger is none', [['down', 0, 0, port('a')], ['move', 50, 0, canvas], ['up', 0, 0, node('trigger:t')]], {}, { effects: [] });
check('a link that is cancelled is none', [['down', 0, 0, port('a')], ['move', 50, 0, canvas], ['cancel', 0, 0, node('b')]], {}, { effects: [] });
check('a click on a port asks for the next step', [['down', 0, 0, port('a')], ['up', 1, 1, port('a')]], {}, { effects: [{ kind: 'add', after: { id: 'a', port: 'out' } }] });
check('a click on a link selects it', [['down', 0, 0, { kind: 'edge', key: 'a\nout' }], ['up', 0, 0, canvas]], { selected: ['a'] }, { selected: ['a\nout'] });
check('a click on the plus of a link inserts', [['down', 0, 0, { kind: 'insert', key: 'a\nout' }], ['up', 0, 0, canvas]], {}, { effects: [{ kind: 'insert', key: 'a\nout' }] });
check('nothing is linked where nothing may be changed', [['down', 0, 0, port('a')], ['move', 50, 0, canvas], ['up', 300, 0, node('b')]], { readOnly: true }, { effects: [] });
