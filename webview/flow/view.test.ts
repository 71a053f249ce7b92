import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, fitAround, pan, reveal, toScene, toView, visible, zoomAt, zoomLimits } from './camera.ts';
import { readFlowText } from './document.ts';
import { boundsOf, contains, distanceTo, overlaps, rectOf, snap } from '../../server/model/picture/geometry.ts';
import { commandOf } from './keymap.ts';
import { labelPoint, pathOf, routeEdge } from '../../server/model/picture/routing.ts';
import { SceneIndex } from './scene-index.ts';
import { textAt } from '../shared/text-at.ts';
import { conditionText, stepSummary } from '../../server/model/picture/summary.ts';

test('camera: zoom keeps what is under the pointer', () => {
  const camera = { x: 10, y: 20, zoom: 0.5 };
  const at = { x: 300, y: 200 };
  assert.deepEqual(toScene(zoomAt(camera, 2, at), at), toScene(camera, at));
  assert.equal(zoomAt(camera, 99, at).zoom, zoomLimits.most);
  assert.deepEqual(toView(camera, toScene(camera, at)), at);
  assert.deepEqual(pan(camera, 5, -5), { x: 15, y: 15, zoom: 0.5 });
});

test('camera: fit shows all in the middle, never larger than life', () => {
  assert.deepEqual(fit({ x: 0, y: 0, width: 100, height: 100 }, { width: 500, height: 300 }), { x: 200, y: 100, zoom: 1 });
  const camera = fit({ x: -500, y: 0, width: 2_000, height: 100 }, { width: 596, height: 300 });
  assert.equal(camera.zoom, 0.25);
  assert.ok(contains(visible(camera, { width: 596, height: 300 }), { x: -500, y: 0, width: 2_000, height: 100 }));
  assert.equal(fit({ x: 0, y: 0, width: 0, height: 0 }, { width: 0, height: 0 }).zoom, 1);
});

test('camera: a flow that is too long for boxes is shown around a step', () => {
  const view = { width: 600, height: 300 };
  const place = { x: 5_000, y: 40, width: 180, height: 60 };
  const camera = fitAround({ x: 0, y: 0, width: 60_000, height: 100 }, view, place);
  assert.equal(camera.zoom, 0.08);
  const middle = toView(camera, { x: 5_090, y: 70 });
  assert.deepEqual([Math.round(middle.x), Math.round(middle.y)], [300, 150]);
  assert.equal(fitAround({ x: 0, y: 0, width: 5_000, height: 100 }, view, place).zoom, 504 / 5_000, 'What can be seen whole is.');
  assert.equal(fitAround({ x: 0, y: 0, width: 60_000, height: 100 }, view, undefined).zoom, zoomLimits.least);
});

test('camera: reveal moves only as much as it must', () => {
  const camera = { x: 0, y: 0, zoom: 1 };
  const view = { width: 400, height: 300 };
  assert.equal(reveal(camera, { x: 100, y: 100, width: 50, height: 50 }, view), camera);
  assert.deepEqual(reveal(camera, { x: 500, y: 100, width: 50, height: 50 }, view), { x: -182, y: 0, zoom: 1 });
  assert.deepEqual(reveal(camera, { x: -100, y: -50, width: 50, height: 50 }, view), { x: 132, y: 82, zoom: 1 });
});

test('geometry', () => {
  assert.deepEqual([snap(4), snap(5), snap(-7)], [0, 10, -10]);
  assert.deepEqual(rectOf({ x: 5, y: 9 }, { x: 1, y: 10 }), { x: 1, y: 9, width: 4, height: 1 });
  assert.deepEqual(boundsOf([]), { x: 0, y: 0, width: 0, height: 0 });
  assert.equal(overlaps({ x: 0, y: 0, width: 10, height: 10 }, { x: 10, y: 0, width: 10, height: 10 }), false);
  assert.equal(distanceTo([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }], { x: 13, y: 5 }), 3);
});

test('index: what overlaps, in the order of the scene, over borders of cells', () => {
  const index = new SceneIndex();
  for (let at = 0; at < 100; at++) index.add(`n${at}`, { x: at * 300, y: 0, width: 220, height: 60 });
  assert.deepEqual(index.find({ x: 250, y: 10, width: 700, height: 10 }), ['n1', 'n2', 'n3']);
  assert.deepEqual(index.find({ x: -900, y: 0, width: 100, height: 100 }), []);
  assert.equal(index.find({ x: -1e6, y: -1e6, width: 3e6, height: 3e6 }).length, 100);
});

for (const [title, ends, corners] of [
  ['straight', { from: { x: 0, y: 0 }, to: { x: 80, y: 0 } }, '0,0 80,0'],
  ['down', { from: { x: 0, y: 0 }, to: { x: 80, y: 50 } }, '0,0 20,0 20,50 80,50'],
  ['the upper of two ports bends later', { from: { x: 0, y: 0 }, to: { x: 80, y: 50 }, port: { index: 0, count: 2 } }, '0,0 28,0 28,50 80,50'],
  ['by a lane', { from: { x: 0, y: 0 }, to: { x: 680, y: 0 }, lane: 90 }, '0,0 20,0 20,90 660,90 660,0 680,0'],
  ['backwards, below all', { from: { x: 300, y: 0 }, to: { x: 0, y: 0 }, below: 100 }, '300,0 320,0 320,120 -20,120 -20,0 0,0'],
  ['backwards, between', { from: { x: 300, y: 0 }, to: { x: 0, y: 100 } }, '300,0 320,0 320,50 -20,50 -20,100 0,100'],
] as const) test(`route: ${title}`, () => {
  const points = routeEdge(ends);
  assert.equal(points.map(({ x, y }) => `${x},${y}`).join(' '), corners);
  for (let at = 1; at < points.length; at++) assert.ok(points[at]!.x === points[at - 1]!.x || points[at]!.y === points[at - 1]!.y);
});

test('route: corners are rounded, labels stand on the longest level piece', () => {
  assert.equal(pathOf([{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 50 }]), 'M0 0L12 0Q20 0 20 8L20 50');
  assert.deepEqual(labelPoint([{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 50 }, { x: 80, y: 50 }]), { x: 50, y: 50 });
  assert.equal(pathOf([]), '');
});

const plain = { shift: false, mod: false, alt: false };
for (const [title, key, more, command] of [
  ['an arrow', 'ArrowLeft', {}, 'left'], ['with shift', 'ArrowUp', { shift: true }, 'extend-up'], ['with alt', 'ArrowDown', { alt: true }, 'move-down'], ['with both', 'ArrowDown', { alt: true, shift: true }, 'jump-down'],
  ['a letter', 'a', {}, 'add'], ['the same letter with Ctrl', 'a', { mod: true }, 'select-all'], ['a letter with caps lock', 'C', {}, 'connect'], ['?', '?', { shift: true }, 'help'], ['Ctrl+C is the browser’s', 'c', { mod: true }, undefined],
  ['Ctrl+Z is VS Code’s', 'z', { mod: true }, undefined], ['Ctrl+P is VS Code’s', 'p', { mod: true }, undefined], ['F5 is VS Code’s', 'F5', {}, undefined], ['F9 is VS Code’s', 'F9', {}, undefined], ['Ctrl+= is VS Code’s', '=', { mod: true }, undefined],
  ['Shift+F10', 'F10', { shift: true }, 'menu'], ['F10 is VS Code’s', 'F10', {}, undefined],
] as const) test(`key: ${title}`, () => assert.equal(commandOf({ ...plain, key, ...more }, { singleKeys: true }), command));

test('keys: letters can be switched off', () => {
  assert.equal(commandOf({ ...plain, key: 'a' }, { singleKeys: false }), undefined);
  assert.equal(commandOf({ ...plain, key: 'Insert' }, { singleKeys: false }), 'add');
});

test('document: a flow, as far as it can be shown', () => {
  const { flow, problem } = readFlowText('{\n// why\n"version": 1, "start": 5, "steps": {"a": {"shape": 7, "next": {"out": 1, "b": "a"}}, "b": 5}, "layout": {"a": [1, 2], "b": "x"}}');
  assert.equal(problem, undefined);
  assert.deepEqual(flow?.steps['a'], { shape: '', settings: {}, next: { b: 'a' }, title: undefined });
  assert.deepEqual([Object.keys(flow?.steps ?? {}), flow?.start, flow?.layout], [['a'], undefined, { a: [1, 2] }]);
});

for (const [title, text, message] of [
  ['a comma is missing', '{\n"version": 1\n"steps": {}}', /line 3/], ['a list', '[]', /no flow/], ['a later version', '{"version": 2, "steps": {}}', /newer/], ['half a file', '{"version": 1, "steps": {', /line 1/], ['both versions of a merge', '{\n<<<<<<< HEAD\n"start": "a"\n=======\n"start": "b"\n>>>>>>> other\n}', /both versions at line 2/],
] as const) test(`document: ${title}`, () => assert.match(readFlowText(text).problem?.message ?? '', message));

test('document: an empty file is an empty flow', () => assert.deepEqual(readFlowText(' \n').flow?.steps, {}));

test('document: broken anywhere, it never throws', () => {
  const text = JSON.stringify({ version: 1, start: 'a', steps: { a: { shape: 'map', settings: { rules: [{ to: 'x' }] }, next: { out: 'b' } }, b: { shape: 'x' } }, layout: { a: [0, 10] } }, null, 2);
  for (let at = 0; at < text.length; at++) {
    const read = readFlowText(text.slice(0, at) + text.slice(at + 1));
    assert.ok(read.flow !== undefined || read.problem !== undefined);
  }
});

test('slice: a value as it stands in the text', () => {
  assert.equal(textAt('{\n  "steps": {\n    "a": {\n      "shape": "map" // why\n    }\n  }\n}', ['steps', 'a']), '{\n  "shape": "map" // why\n}');
  assert.equal(textAt('{}', ['steps', 'a']), '');
});

test('summary: what a step does, in a line', () => {
  const entry = { kind: 'shape', type: 't', title: 'Filter', summary: '', examples: [], source: 'built-in', settings: { properties: { conditions: { 'x-ui': { widget: 'conditions' } }, keep: { default: 'matches' }, size: {} } } };
  assert.equal(stepSummary({ shape: 'connector', settings: { instance: 'shop', endpoint: 'orders.list' } }, undefined), 'shop · orders.list');
  assert.equal(stepSummary({ shape: 't', settings: { conditions: [{ of: '{{ flow.country }}', value: 'GB' }] } }, entry), '{{ flow.country }} equals GB');
  assert.equal(stepSummary({ shape: 't', settings: { conditions: [{ field: '$.status', is: 'equals', value: 'paid' }, { any: [{ field: 'a', is: 'is-empty' }, { field: 'b', is: 'at-least', value: 3 }] }], keep: 'matches' } }, entry), 'status equals paid and a is empty or b at least 3');
  assert.equal(stepSummary({ shape: 't' }, entry), 'Filter');
  assert.equal(stepSummary({ shape: 'x' }, undefined), 'x (unknown)');
  assert.equal(conditionText({ field: 'a' }), 'a');
});
