import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import { applyChange } from './flow-change.ts';
import type { FlowChange } from './flow-edit.ts';
import type { Json } from './json-change.ts';

// `a>b` = step a whose port `out` leads to b; `a.uk>b` = its port `uk`. The first one is the start.
const flow = (...links: readonly string[]): Json => {
  const steps: Record<string, { shape: string; next?: Record<string, string>; settings?: object }> = {};
  for (const link of links) {
    const [, from = '', port = 'out', , to] = /^([a-z0-9-]+)(?:\.([a-z]+))?(>([a-z0-9-]+))?$/.exec(link)!;
    const isRoute = /\.(uk|fr|else)/.test(link);
    const step = (steps[from] ??= { shape: isRoute ? 'route' : /\.(try|catch)/.test(link) ? 'try-catch' : 'filter', ...(isRoute && { settings: { routes: [{ name: 'uk' }, { name: 'fr' }] } }) });
    if (to !== undefined) step.next = { ...step.next, [port]: to };
  }
  return { version: 1, start: Object.keys(steps)[0], steps };
};

const linksOf = ({ steps, start }: Json): string[] => {
  const found = Object.entries(steps as Record<string, { next?: Record<string, string> }>).flatMap(([id, { next = {} }]) => {
    const links = Object.entries(next).map(([port, to]) => `${id}${port === 'out' ? '' : `.${port}`}>${to}`);
    return links.length > 0 ? links : [id];
  });
  return [`${String(start)}:`, ...found];
};

const check = (name: string, before: readonly string[], change: FlowChange, after: readonly string[]) =>
  test(name, () => {
    const given = flow(...before);
    const copy = structuredClone(given);
    assert.deepEqual(linksOf(applyChange(given, change, catalog as Catalog)), after);
    assert.deepEqual(given, copy, 'the flow that was given stays as it was');
  });

const step = { shape: 'map' };

describe('steps are added', () => {
  check('at the end, unconnected', ['a'], { op: 'add-step', id: 'b', step }, ['a:', 'a', 'b']);
  check('behind a port that led nowhere', ['a', 'z'], { op: 'add-step', id: 'b', step, after: { step: 'a', port: 'out' } }, ['a:', 'a>b', 'b', 'z']);
  check('between two steps', ['a>c', 'c'], { op: 'add-step', id: 'b', step, after: { step: 'a', port: 'out' } }, ['a:', 'a>b', 'b>c', 'c']);
  check('with ports of their own', ['a>c', 'c'], { op: 'add-step', id: 'b', step: { shape: 'try-catch' }, after: { step: 'a', port: 'out' } }, ['a:', 'a>b', 'b.try>c', 'c']);
  check('between two steps, with a link already', ['a>c', 'c', 'd'], { op: 'add-step', id: 'b', step: { shape: 'map', next: { out: 'd' } }, after: { step: 'a', port: 'out' } }, ['a:', 'a>b', 'b>d', 'c', 'd']);
  check('as the start, which the old start follows', ['a'], { op: 'add-step', id: 'b', step, start: true }, ['b:', 'b>a', 'a']);
  test('with a place on the canvas, and nothing that is empty', () => {
    const made = applyChange(flow('a'), { op: 'add-step', id: 'b', step: { next: {}, settings: {}, shape: 'map', title: 'B' }, position: [14, 26] }, catalog as Catalog);
    assert.equal(JSON.stringify(made), '{"version":1,"start":"a","steps":{"a":{"shape":"filter"},"b":{"shape":"map","title":"B"}},"layout":{"b":[10,30]}}');
  });
});

describe('steps are removed', () => {
  check('from the middle', ['a>b', 'b>c', 'c'], { op: 'remove-steps', ids: ['b'] }, ['a:', 'a>c', 'c']);
  check('several in a row', ['a>b', 'b>c', 'c>d', 'd'], { op: 'remove-steps', ids: ['c', 'b'] }, ['a:', 'a>d', 'd']);
  check('at the end', ['a>b', 'b'], { op: 'remove-steps', ids: ['b'] }, ['a:', 'a']);
  check('at the start', ['a>b', 'b'], { op: 'remove-steps', ids: ['a'] }, ['b:', 'b']);
  check('all', ['a>b', 'b'], { op: 'remove-steps', ids: ['a', 'b'] }, ['undefined:']);
  check('what several lead to', ['a.uk>c', 'a.else>b', 'b>c', 'c>d', 'd'], { op: 'remove-steps', ids: ['c'] }, ['a:', 'a.uk>d', 'a.else>b', 'b>d', 'd']);
  test('out of the groups that they are in', () => {
    const groups = { one: { title: 'One', steps: ['a', 'b'] }, two: { steps: ['c'] } };
    const removed = applyChange({ ...flow('a>b', 'b>c', 'c'), groups }, { op: 'remove-steps', ids: ['a', 'c'] }, catalog as Catalog);
    assert.deepEqual(removed['groups'], { one: { title: 'One', steps: ['b'] } });
    assert.deepEqual(applyChange(removed, { op: 'remove-steps', ids: ['b'] }, catalog as Catalog)['groups'], undefined);
    assert.deepEqual(applyChange({ ...flow('a>b', 'b>c', 'c'), groups }, { op: 'rename-step', from: 'c', to: 'x' }, catalog as Catalog)['groups'], { ...groups, two: { steps: ['x'] } });
  });
  check('of a loop', ['a>b', 'b>a'], { op: 'remove-steps', ids: ['b'] }, ['a:', 'a']);
  check('not where there are none', ['a'], { op: 'remove-steps', ids: ['x'] }, ['a:', 'a']);
  check('the first port is the way on', ['a>t', 't.catch>x', 't.try>y', 'x', 'y'], { op: 'remove-steps', ids: ['t'] }, ['a:', 'a>y', 'x', 'y']);
});

describe('links', () => {
  check('connect', ['a', 'b'], { op: 'connect', from: { step: 'a', port: 'out' }, to: 'b' }, ['a:', 'a>b', 'b']);
  check('connect elsewhere', ['a>b', 'b', 'c'], { op: 'connect', from: { step: 'a', port: 'out' }, to: 'c' }, ['a:', 'a>c', 'b', 'c']);
  check('ports in their order', ['a.else>b', 'b'], { op: 'connect', from: { step: 'a', port: 'uk' }, to: 'b' }, ['a:', 'a.uk>b', 'a.else>b', 'b']);
  check('disconnect', ['a>b', 'b'], { op: 'disconnect', from: { step: 'a', port: 'out' } }, ['a:', 'a', 'b']);
  check('start', ['a>b', 'b'], { op: 'set-start', step: 'b' }, ['b:', 'a>b', 'b']);
  check('rename', ['a>b', 'b>c', 'c.uk>b'], { op: 'rename-step', from: 'b', to: 'x' }, ['a:', 'a>x', 'x>c', 'c.uk>x']);
  check('rename the start', ['a>b', 'b'], { op: 'rename-step', from: 'a', to: 'x' }, ['x:', 'x>b', 'b']);
  test('rename: settings that name the step', () => {
    const before = { version: 1, start: 'a', steps: { a: { shape: 'filter', settings: { conditions: [{ field: 'a', value: 'a' }] }, next: { out: 'm' } }, m: { shape: 'merge', settings: { inputs: ['a', 'b'], key: 'a' } } } };
    const made = applyChange(before, { op: 'rename-step', from: 'a', to: 'x' }, catalog as Catalog);
    const pasted = applyChange(before, { op: 'paste', steps: { a: { shape: 'filter', next: { out: 'm' } }, m: { shape: 'merge', settings: { inputs: ['a', 'b'] } } } }, catalog as Catalog);
    assert.deepEqual((pasted['steps'] as Record<string, { readonly settings?: unknown }>)['m-2']?.settings, { inputs: ['a-2', 'b'] });
    assert.deepEqual(made['steps'], { x: { ...before.steps.a }, m: { shape: 'merge', settings: { inputs: ['x', 'b'], key: 'a' } } });
  });
  check('a port that is renamed keeps its link', ['a.uk>b', 'b'], { op: 'set', step: 'a', path: ['settings', 'routes', 0, 'name'], value: 'gb' }, ['a:', 'a.gb>b', 'b']);
  check('a port that goes takes its link along', ['a.uk>b', 'a.fr>b', 'b'], { op: 'set', step: 'a', path: ['settings', 'routes', 0], value: undefined }, ['a:', 'a.fr>b', 'b']);
});

describe('paste', () => {
  check('with the links among them', ['a>b', 'b'], { op: 'paste', steps: { b: { shape: 'map', next: { out: 'c', else: 'nowhere' } }, c: step } }, ['a:', 'a>b', 'b', 'b-2>c', 'c']);
  check('behind a port', ['a>z', 'z'], { op: 'paste', steps: { b: { shape: 'map', next: { out: 'c' } }, c: step }, after: { step: 'a', port: 'out' } }, ['a:', 'a>b', 'b>c', 'c>z', 'z']);
  check('what is taken gets a number', ['a', 'a-2'], { op: 'paste', steps: { a: step, 'a-2': step } }, ['a:', 'a', 'a-2', 'a-3', 'a-4']);
});

const text = (name: string, before: Json, change: FlowChange, after: Json) => test(name, () => assert.equal(JSON.stringify(applyChange(before, change, catalog as Catalog)), JSON.stringify(after)));

describe('values', () => {
  const base = { version: 1, steps: { a: { shape: 'filter', settings: { conditions: [{ field: 'x' }] }, next: { out: 'a' } } }, layout: { a: [0, 0] } };
  const a = base.steps.a;
  text('a new key of a step stands where the schema has it', base, { op: 'set', step: 'a', path: ['title'], value: 'A' }, { ...base, steps: { a: { shape: 'filter', title: 'A', settings: a.settings, next: a.next } } });
  text('a new setting too', base, { op: 'set', step: 'a', path: ['settings', 'records'], value: 'items' }, { ...base, steps: { a: { ...a, settings: { conditions: a.settings.conditions, records: 'items' } } } });
  text('objects on the way are made', base, { op: 'set', step: 'a', path: ['retry', 'attempts'], value: 2 }, { ...base, steps: { a: { shape: 'filter', settings: a.settings, retry: { attempts: 2 }, next: a.next } } });
  text('and go when they are empty', { version: 1, steps: { a: { shape: 'filter', retry: { attempts: 2 } } } }, { op: 'set', step: 'a', path: ['retry', 'attempts'], value: undefined }, { version: 1, steps: { a: { shape: 'filter' } } });
  text('an item is added', base, { op: 'set', step: 'a', path: ['settings', 'conditions', 1], value: { field: 'y' } }, { ...base, steps: { a: { ...a, settings: { conditions: [{ field: 'x' }, { field: 'y' }] } } } });
  text('an item is removed', base, { op: 'set', step: 'a', path: ['settings', 'conditions', 0], value: undefined }, { ...base, steps: { a: { ...a, settings: { conditions: [] } } } });
  text('what is not there is not removed', base, { op: 'set', step: 'a', path: ['settings', 'x', 'y'], value: undefined }, base);
  text('a trigger is added before the steps', base, { op: 'set-flow', path: ['triggers', 'hourly'], value: { trigger: 'manual' } }, { version: 1, triggers: { hourly: { trigger: 'manual' } }, steps: base.steps, layout: base.layout });
  text('the last trigger goes', { version: 1, triggers: { hourly: { trigger: 'manual' } }, steps: {} }, { op: 'set-flow', path: ['triggers', 'hourly'], value: undefined }, { version: 1, steps: {} });
  text('the last place goes', base, { op: 'move', positions: { a: null, x: [1, 1] } }, { version: 1, steps: base.steps });
  text('an unknown key stays before the layout', base, { op: 'set-flow', path: ['owner'], value: 'me' }, { version: 1, steps: base.steps, owner: 'me', layout: base.layout });
});

describe('what does not fit is refused', () => {
  const refuse = (name: string, change: FlowChange, code: ErrorCode, message: RegExp) =>
    test(name, () => assert.throws(() => applyChange(flow('alpha>beta', 'beta'), change, catalog as Catalog), (error) => FlowError.is(error, code) && message.test(error.message)));
  refuse('a step that is there', { op: 'add-step', id: 'beta', step }, 'CONFIG_INVALID', /"beta" already/);
  refuse('an id that is none', { op: 'add-step', id: 'My step', step }, 'CONFIG_INVALID', /lower-case/);
  refuse('an unknown step', { op: 'set', step: 'bta', path: ['title'], value: 'x' }, 'CONFIG_UNKNOWN_STEP', /"bta".*"beta"/);
  refuse('a link to nowhere', { op: 'connect', from: { step: 'alpha', port: 'out' }, to: 'gamma' }, 'CONFIG_UNKNOWN_STEP', /"gamma"/);
  refuse('an unknown port', { op: 'connect', from: { step: 'alpha', port: 'ot' }, to: 'beta' }, 'CONFIG_UNKNOWN_PORT', /"ot".*"out"/);
  refuse('a name that is taken', { op: 'rename-step', from: 'alpha', to: 'beta' }, 'CONFIG_INVALID', /already/);
  refuse('a value of another type in the way', { op: 'set', step: 'alpha', path: ['shape', 'x'], value: 1 }, 'CONFIG_INVALID', /"filter"/);
  refuse('a hole in a list', { op: 'set', step: 'alpha', path: ['settings', 'conditions', 2], value: 1 }, 'CONFIG_INVALID', /no item 2/);
  refuse('no step at all', { op: 'set', step: 'alpha', path: [], value: 1 }, 'CONFIG_INVALID', /object/);
});
