import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalog, CatalogEntry } from '../../server/model/catalog.ts';
import type { Flow } from '../../server/model/flow.ts';
import { applyEdits, editFlow } from '../../server/model/flow-edit-apply.ts';
import { serialize } from '../../server/model/serialize.ts';
import { idFault } from '../../server/model/step-id.ts';
import { addStep, connectTo, placeAfter, removeAll, tidy, toggleDisabled } from './changes.ts';
import { copyText, duplicate, paste, readClipboard } from './clipboard.ts';
import { describeEdge, describeNode } from './describe.ts';
import { changedIds } from './difference.ts';
import { freshId } from './edit.ts';
import { findNodes, nextFound } from './find.ts';
import { findIn } from './hit.ts';
import { linkTargets, neighbour } from './navigate.ts';
import { buildScene, portPoint, readingOrder, rerouteEdges, startNode } from '../../server/model/picture/scene.ts';
import { sizes } from '../../server/model/picture/layout.ts';
import { labelPoint } from '../../server/model/picture/routing.ts';

const entry = (kind: string, type: string, more: Partial<CatalogEntry> = {}): CatalogEntry => ({ kind, type, title: type[0]!.toUpperCase() + type.slice(1), summary: '', settings: {}, examples: [], source: 'built-in', ...more });
const catalog: Catalog = {
  plugins: [
    entry('shape', 'map', { ports: ['out'] }), entry('shape', 'route', { ports: { each: 'routes', and: ['else'] } }), entry('shape', 'guard', { ports: ['try', 'catch'], catches: 'catch' }), entry('shape', 'merge', { ports: ['out'], settings: { type: 'object', properties: { inputs: { type: 'array', items: { type: 'string', 'x-ui': { ref: 'step' } } } } } }), entry('trigger', 'schedule'),
  ],
};

/** start → route(uk, else) → a | b → end; `lost` is not linked; `odd` is of an unknown shape. */
const flow: Flow = {
  version: 1, start: 'start', triggers: { hourly: { trigger: 'schedule', disabled: true } },
  steps: {
    start: { shape: 'map', title: 'Begin', next: { out: 'by' } },
    by: { shape: 'route', settings: { routes: [{ name: 'uk' }] }, next: { uk: 'a', else: 'b' } },
    a: { shape: 'map', settings: { secret: 'needle' }, next: { out: 'end' } }, b: { shape: 'guard', next: { try: 'end' } },
    end: { shape: 'map' }, lost: { shape: 'map', notes: 'why' }, odd: { shape: 'teleport', next: { beam: 'lost' } },
  },
  layout: { odd: [900, 900], gone: [0, 0] },
};
const scene = buildScene(flow, catalog);

test('scene: ports of plugins, and of links that the plugin does not know', () => {
  assert.deepEqual(Object.fromEntries([...scene.nodes].map(([id, { ports }]) => [id, ports.map(({ name }) => name)])), {
    start: ['out'], by: ['uk', 'else'], a: ['out'], b: ['try', 'catch'], end: ['out'], lost: ['out'], odd: ['out', 'beam'], 'trigger:hourly': ['out'],
  });
  assert.equal(scene.nodes.get('b')?.ports[1]?.isError, true);
  assert.equal(scene.nodes.get('odd')?.unknown, true);
  assert.deepEqual([scene.nodes.get('odd')?.x, scene.nodes.get('odd')?.y], [900, 900]);
});

test('scene: triggers lead to the start; without one there is a place to start', () => {
  assert.equal(scene.edges.get('trigger:hourly\nout')?.to, 'start');
  assert.equal(buildScene({ ...flow, triggers: {} }, catalog).nodes.get(startNode)?.ports[0]?.to, 'start');
  assert.equal(buildScene({ version: 1, steps: {} }, catalog).nodes.size, 0);
});

test('scene: links of moved nodes are drawn anew', () => {
  const [edge] = rerouteEdges(scene, new Map([['start', { x: 0, y: 500 }]])).filter(({ from }) => from === 'start');
  assert.deepEqual(edge?.points[0], { x: sizes.width, y: 500 + sizes.input });
});

test('hit: ports before nodes before links', () => {
  const finder = findIn(scene);
  const start = scene.nodes.get('start')!;
  assert.deepEqual(finder.hit({ x: start.x + 100, y: start.y + 20 }, 1), { kind: 'node', id: 'start', isStep: true });
  assert.deepEqual(finder.hit({ ...portPoint(start, start.ports[0]!) }, 1), { kind: 'port', id: 'start', port: 'out' });
  const edge = scene.edges.get('start\nout')!;
  assert.deepEqual(finder.hit(labelPoint(edge.points), 1), { kind: 'insert', key: 'start\nout' });
  assert.deepEqual(finder.hit({ x: labelPoint(edge.points).x - 18, y: edge.points[0]!.y + 3 }, 1), { kind: 'edge', key: 'start\nout' });
  assert.deepEqual(finder.hit({ x: -5_000, y: 0 }, 1), { kind: 'canvas' });
  assert.equal(finder.hit({ x: scene.nodes.get('trigger:hourly')!.x + 20, y: scene.nodes.get('trigger:hourly')!.y + 10 }, 1).kind, 'node');
});

for (const [from, direction, to] of [
  ['trigger:hourly', 'right', 'start'], ['start', 'right', 'by'], ['start', 'left', 'trigger:hourly'], ['by', 'right', 'a'], ['a', 'down', 'b'], ['b', 'up', 'a'], ['b', 'right', 'end'],
  ['end', 'right', 'end'], ['end', 'left', 'a'], ['a', 'up', 'by'], ['nowhere', 'right', 'trigger:hourly'], ['odd', 'right', 'lost'],
] as const) test(`keys: ${direction} of ${from} is ${to}`, () => assert.equal(neighbour(scene, from, direction), to));

test('order: triggers first, then by columns', () => {
  assert.deepEqual(readingOrder(scene).slice(0, 3), ['trigger:hourly', 'start', 'by']);
  assert.equal(linkTargets(scene, 'a').includes('a'), false);
  assert.equal(linkTargets(scene, 'a').includes('trigger:hourly'), false);
});

test('words for a screen reader', () => {
  const facts = { place: 2, of: 7, diagnostics: [] };
  assert.equal(describeNode(scene, scene.nodes.get('by')!, facts), 'by, Route, step 2 of 7, leads to a by uk, b by else');
  assert.equal(describeNode(scene, scene.nodes.get('end')!, facts), 'end, Map, step 2 of 7, leads nowhere');
  assert.equal(describeNode(scene, scene.nodes.get('trigger:hourly')!, facts), 'hourly, Schedule, trigger, skipped, leads to Begin');
  const run = { id: 'r', status: 'failed', errors: {}, startedAt: 0, steps: { start: { in: 1_204, out: 1_200, failed: 4, records: 0, durationMs: 1, ports: {}, retries: 0 } } } as const;
  assert.equal(describeNode(scene, scene.nodes.get('start')!, { ...facts, run }), 'Begin, Map, step 2 of 7, 1,204 in, 1,200 out, 4 failed, leads to by');
  assert.equal(describeEdge(scene, scene.edges.get('by\nuk')!), 'the link from by, port uk, to a');
});

test('find: in titles, ids, kinds, notes and settings', () => {
  assert.deepEqual(findNodes(scene, 'NEEDLE'), ['a']);
  assert.deepEqual(findNodes(scene, 'why'), ['lost']);
  assert.deepEqual(findNodes(scene, 'begin'), ['start']);
  assert.deepEqual(findNodes(scene, ' '), []);
  assert.deepEqual([nextFound(['a', 'b'], 'b', 1), nextFound(['a', 'b'], 'a', -1), nextFound(['a', 'b'], undefined, 1), nextFound([], 'a', 1)], ['a', 'b', 'a', undefined]);
});

test('what another has changed', () => {
  assert.deepEqual(changedIds(flow, { ...flow, layout: {}, steps: { ...flow.steps, a: { shape: 'map' }, x: { shape: 'map' } }, triggers: { hourly: { trigger: 'schedule' } } }), ['a', 'x', 'trigger:hourly']);
});

test('add: behind a port, before the first step, as the first step', () => {
  assert.deepEqual(addStep(flow, 'map', { after: { step: 'a', port: 'out' }, at: { x: 10, y: 20 } }), { changes: [{ op: 'add-step', id: 'map', step: { shape: 'map' }, after: { step: 'a', port: 'out' }, position: [10, 20] }], select: ['map'] });
  assert.deepEqual(addStep(flow, 'map', { first: true }).changes, [{ op: 'add-step', id: 'map', step: { shape: 'map' }, start: true }]);
  assert.deepEqual(addStep({ version: 1, steps: {} }, 'map', {}).changes, [{ op: 'add-step', id: 'map', step: { shape: 'map' }, start: true }]);
});

test('add: where, if nothing is said', () => {
  assert.deepEqual(placeAfter(scene, flow, 'a'), { after: { step: 'a', port: 'out' } });
  assert.deepEqual(placeAfter(scene, flow, 'b'), { after: { step: 'b', port: 'catch' } });
  assert.deepEqual(placeAfter(scene, flow, 'trigger:hourly'), { first: true });
  assert.deepEqual(placeAfter(scene, flow, undefined), { after: { step: 'end', port: 'out' } });
  assert.deepEqual(placeAfter(buildScene({ version: 1, steps: {} }, catalog), { version: 1, steps: {} }, undefined), {});
});

test('remove: steps, triggers and links, each in its way', () => {
  assert.deepEqual(removeAll(scene, ['a', 'trigger:hourly', 'by\nelse', 'a\nout']).changes, [
    { op: 'set-flow', path: ['triggers', 'hourly'], value: undefined }, { op: 'disconnect', from: { step: 'by', port: 'else' } }, { op: 'remove-steps', ids: ['a'] },
  ]);
  assert.deepEqual(removeAll(scene, ['trigger:hourly\nout']).changes, []);
});

test('skip: all, or none where all are skipped', () => {
  assert.deepEqual(toggleDisabled(scene, ['a', 'trigger:hourly']).changes, [{ op: 'set', step: 'a', path: ['disabled'], value: true }]);
  assert.deepEqual(toggleDisabled(scene, ['trigger:hourly']).changes, [{ op: 'set-flow', path: ['triggers', 'hourly', 'disabled'], value: undefined }]);
});

test('connect: a port to a step; a trigger says where the flow starts', () => {
  assert.deepEqual(connectTo(scene, { id: 'a', port: 'out' }, 'lost').changes, [{ op: 'connect', from: { step: 'a', port: 'out' }, to: 'lost' }]);
  assert.deepEqual(connectTo(scene, { id: 'trigger:hourly', port: 'out' }, 'lost').changes, [{ op: 'set-start', step: 'lost' }]);
});

test('tidy gives back what is pinned', () => {
  assert.deepEqual(tidy(flow).changes, [{ op: 'move', positions: { odd: null } }]);
  assert.deepEqual(tidy({ ...flow, layout: {} }).changes, []);
});

test('clipboard: links inside are kept, ids that are taken get a number', () => {
  const clip = readClipboard(copyText(flow, ['by', 'a'])!)!;
  const steps = { by: { shape: 'route', settings: { routes: [{ name: 'uk' }] }, next: { uk: 'a' } }, a: { shape: 'map', settings: { secret: 'needle' } } };
  assert.deepEqual(clip, { steps, notes: {}, groups: {} });
  assert.deepEqual(paste(flow, clip), { changes: [{ op: 'paste', steps }], select: ['by-2', 'a-2'] });
  assert.equal(copyText(flow, ['trigger:hourly']), undefined);
  assert.deepEqual(duplicate(flow, ['start']).select, ['start-2']);
});

test('clipboard: a group takes its steps along, and a note stands a little aside; steps name the copies of each other', () => {
  const marked: Flow = {
    version: 1, start: 'a', steps: { a: { shape: 'map', next: { out: 'both' } }, both: { shape: 'merge', settings: { inputs: ['a', 'c'] } }, c: { shape: 'map' } },
    notes: { why: { text: 'Why', place: [10, 20, 220, 80] }, plain: { text: 'Above' } }, groups: { pair: { title: 'Pair', steps: ['a', 'both'] } },
  };
  const { changes, select } = paste(marked, readClipboard(copyText(marked, ['group:pair', 'note:why', 'note:plain'])!)!);
  assert.deepEqual(select, ['a-2', 'both-2', 'note:why-2', 'note:plain-2', 'group:pair-2']);
  const pasted = JSON.parse(applyEdits(serialize('flow', marked), editFlow(serialize('flow', marked), changes, catalog))) as Flow;
  assert.deepEqual(pasted.steps['both-2'], { shape: 'merge', settings: { inputs: ['a-2', 'c'] } });
  assert.deepEqual(pasted.groups, { pair: marked.groups!['pair'], 'pair-2': { title: 'Pair', steps: ['a-2', 'both-2'] } });
  assert.deepEqual(pasted.notes, { ...marked.notes, 'why-2': { text: 'Why', place: [40, 50, 220, 80] }, 'plain-2': { text: 'Above' } });
  // Of a group whose steps are elsewhere there is nothing to frame.
  assert.deepEqual(paste(marked, { steps: {}, notes: {}, groups: marked.groups! }).changes, []);
});

for (const [title, text, expected] of [
  ['no JSON', '"steps"', undefined], ['other JSON', '{"a":1}', undefined], ['steps of another kind', '{"steps":[1]}', undefined], ['no shape', '{"steps":{"a":{}}}', undefined], ['a whole flow', '{"version":1,"steps":{"a":{"shape":"map"}}}', ['a']],
  ['a note', '{"notes":{"n":{"text":""}}}', ['n']], ['a group alone', '{"groups":{"g":{"steps":["a"]}},"steps":{}}', undefined],
] as const) {
  test(`clipboard: ${title}`, () => {
    const clip = readClipboard(text);
    assert.deepEqual(clip && [...Object.keys(clip.steps), ...Object.keys(clip.notes)], expected);
  });
}

test('ids', () => {
  assert.deepEqual([freshId('map', {}), freshId('map', { map: 1 }), freshId('map-2', { map: 1, 'map-2': 1 })], ['map', 'map-2', 'map-3']);
  const rule = 'Ids are lower-case letters and digits, with hyphens between them, such as get-orders.';
  assert.deepEqual(['map', 'map-2', 'Map', 'a--b', '', 'a b', 'taken'].map((id) => idFault(id, ['taken'])), [undefined, undefined, rule, rule, rule, rule, 'There is a step taken already.']);
});
