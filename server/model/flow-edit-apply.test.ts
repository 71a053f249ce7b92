import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseTree } from 'jsonc-parser';
import { FlowError } from '../../plugins/sdk/index.ts';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import { flows, json, stepTo } from '../../test/support/arbitrary-flows.ts';
import type { Catalog } from './catalog.ts';
import { applyChange } from './flow-change.ts';
import { applyEdits, editFlow, invertEdits } from './flow-edit-apply.ts';
import type { FlowChange } from './flow-edit.ts';
import type { Flow } from './flow.ts';
import { isSame } from './json.ts';
import type { Json } from './json-change.ts';
import { editJson } from './json-edit.ts';
import { valueOf } from './json-source.ts';
import { serialize } from './serialize.ts';

const catalog = catalogFile as Catalog;

const start = `{
  "version": 1,
  // Runs at night.
  "title": "Orders", /* see the wiki */
  "start": "get",
  "steps": {
    "get": { // reads
      "shape": "connector",
      "settings": { "instance": "shop", "endpoint": "orders.list" },
      "next": { "out": "map" }
    },
    "map": {
      "shape": "map",
      "settings": {
        "rules": [
          { "from": "id", "to": "reference" }, // the key
          { "from": "total", "to": "total" }
        ]
      },
      "next": { "out": "send" } // to the ERP
    },
    // The last one.
    "send": {
      "shape": "connector",
      "settings": { "instance": "erp", "endpoint": "orders.create", "params": {} }
    }
  },
  "layout": {
    "get": [0, 0],
    "send": [480, 0]
  }
}
`;

/** The lines that are gone and those that are new, as a diff shows them. */
function diff(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [...old.slice(head, old.length - tail).map((line) => `-${line}`), ...now.slice(head, now.length - tail).map((line) => `+${line}`)];
}

const check = (name: string, changes: FlowChange | readonly FlowChange[], expected: readonly string[], text = start) =>
  test(name, () => {
    const edits = editFlow(text, [changes].flat() as FlowChange[], catalog);
    const after = applyEdits(text, edits);
    assert.deepEqual(diff(text, after), expected);
    assert.equal(applyEdits(after, invertEdits(text, edits)), text, 'the inverse restores every byte');
  });

describe('one change is a small diff', () => {
  check('no change, no edit', [], []);
  check('the same value again', { op: 'set', step: 'get', path: ['settings', 'instance'], value: 'shop' }, []);
  check('a setting: its line alone', { op: 'set', step: 'get', path: ['settings', 'endpoint'], value: 'orders.search' }, ['-      "settings": { "instance": "shop", "endpoint": "orders.list" },', '+      "settings": { "instance": "shop", "endpoint": "orders.search" },']);
  check('a field of a rule: its line alone, with the comment', { op: 'set', step: 'map', path: ['settings', 'rules', 0, 'to'], value: 'ref' }, ['-          { "from": "id", "to": "reference" }, // the key', '+          { "from": "id", "to": "ref" }, // the key']);
  check('a new setting on a line', { op: 'set', step: 'get', path: ['settings', 'params'], value: { since: '{{ flow.since }}' } }, ['-      "settings": { "instance": "shop", "endpoint": "orders.list" },', '+      "settings": { "instance": "shop", "endpoint": "orders.list", "params": { "since": "{{ flow.since }}" } },']);
  check('a setting into an empty object', { op: 'set', step: 'send', path: ['settings', 'params', 'a'], value: 1 }, ['-      "settings": { "instance": "erp", "endpoint": "orders.create", "params": {} }', '+      "settings": { "instance": "erp", "endpoint": "orders.create", "params": { "a": 1 } }']);
  check('a setting less', { op: 'set', step: 'get', path: ['settings', 'endpoint'], value: undefined }, ['-      "settings": { "instance": "shop", "endpoint": "orders.list" },', '+      "settings": { "instance": "shop" },']);
  check('the first setting less', { op: 'set', step: 'get', path: ['settings', 'instance'], value: undefined }, ['-      "settings": { "instance": "shop", "endpoint": "orders.list" },', '+      "settings": { "endpoint": "orders.list" },']);
  check('a title: a line of its own', { op: 'set', step: 'map', path: ['title'], value: 'To "ERP"' }, ['+      "title": "To \\"ERP\\"",']);
  check('a line behind a comment', { op: 'set', step: 'map', path: ['settings', 'rules', 1], value: { from: 'x', to: 'y' } }, ['-          { "from": "total", "to": "total" }', '+          { "from": "x", "to": "y" }']);
  check('an item at the end', { op: 'set', step: 'map', path: ['settings', 'rules', 2], value: { from: 'x', to: 'y' } }, ['-          { "from": "total", "to": "total" }', '+          { "from": "total", "to": "total" },', '+          { "from": "x", "to": "y" }']);
  check('an item in between', { op: 'set', step: 'map', path: ['settings', 'rules'], value: [{ from: 'id', to: 'reference' }, { to: 'n' }, { from: 'total', to: 'total' }] }, ['+          { "to": "n" },']);
  check('the first item goes with its comment', { op: 'set', step: 'map', path: ['settings', 'rules', 0], value: undefined }, ['-          { "from": "id", "to": "reference" }, // the key']);
  check('the last item goes', { op: 'set', step: 'map', path: ['settings', 'rules', 1], value: undefined }, ['-          { "from": "id", "to": "reference" }, // the key', '-          { "from": "total", "to": "total" }', '+          { "from": "id", "to": "reference" } // the key']);
  check('a move touches its line', { op: 'move', positions: { send: [500, 40] } }, ['-    "send": [480, 0]', '+    "send": [500, 40]']);
  check('a step gets a place', { op: 'move', positions: { map: [240, 0] } }, ['+    "map": [240, 0],']);
  check('the last place in the order gives its comma', { op: 'move', positions: { send: null } }, ['-    "get": [0, 0],', '-    "send": [480, 0]', '+    "get": [0, 0]']);
  check('without a place no layout', { op: 'move', positions: { send: null, get: null } }, ['-  },', '-  "layout": {', '-    "get": [0, 0],', '-    "send": [480, 0]']);
  check('a step in between', { op: 'add-step', id: 'paid', step: { shape: 'filter', settings: { conditions: [{ field: 'paid', is: 'is-true' }] } }, after: { step: 'get', port: 'out' } }, [
    '+      "next": { "out": "paid" }', '+    },', '+    "paid": {', '+      "shape": "filter",', '+      "settings": { "conditions": [{ "field": "paid", "is": "is-true" }] },',
  ]);
  check('a step at the end', { op: 'add-step', id: 'log', step: { shape: 'notify' } }, ['+    },', '+    "log": {', '+      "shape": "notify"']);
  check('a step is removed and the chain closed', { op: 'remove-steps', ids: ['map'] }, [
    '-      "next": { "out": "map" }', '-    },', '-    "map": {', '-      "shape": "map",', '-      "settings": {', '-        "rules": [', '-          { "from": "id", "to": "reference" }, // the key', '-          { "from": "total", "to": "total" }', '-        ]', '-      },',
    '-      "next": { "out": "send" } // to the ERP', '+      "next": { "out": "send" }',
  ]);
  check('a link is cut', { op: 'disconnect', from: { step: 'map', port: 'out' } }, ['-      },', '-      "next": { "out": "send" } // to the ERP', '+      }']);
  check('a trigger is added', { op: 'set-flow', path: ['triggers', 'hourly'], value: { trigger: 'schedule', settings: { cron: '0 * * * *' } } }, ['+  "triggers": { "hourly": { "trigger": "schedule", "settings": { "cron": "0 * * * *" } } },']);
  test('an edit replaces nothing that stays the same', () => {
    const [edit, ...more] = editFlow(start, [{ op: 'set', step: 'get', path: ['settings', 'endpoint'], value: 'orders.first.list' }], catalog);
    assert.deepEqual([edit?.length, edit?.text, more.length], [0, 'first.', 0]);
    assert.deepEqual(editFlow(start, [{ op: 'set', step: 'get', path: ['settings', 'endpoint'], value: 'old.list' }], catalog).map(({ length, text }) => [length, text]), [[5, 'ld']]);
  });
  test('a step is renamed: only its names change', () => {
    const after = applyEdits(start, editFlow(start, [{ op: 'rename-step', from: 'send', to: 'to-erp' }], catalog));
    assert.equal(after, start.replaceAll('"send"', '"to-erp"'));
  });
  test('a line that would become too long is broken where its object begins', () => {
    const after = applyEdits(start, editFlow(start, [{ op: 'set', step: 'get', path: ['settings', 'params'], value: { since: '{{ flow.since }}', until: '{{ now | custom-dynamic-date(add: 1) }}', kind: 'a' } }], catalog));
    assert.ok(after.includes(`      "settings": {
        "instance": "shop",
        "endpoint": "orders.list",
        "params": { "since": "{{ flow.since }}", "until": "{{ now | custom-dynamic-date(add: 1) }}", "kind": "a" }
      },
`), after);
  });
});

describe('the file keeps its way of writing', () => {
  const minimal = '{"version":1,"steps":{"a":{"shape":"map"}}}';
  check('on one line', { op: 'set', step: 'a', path: ['title'], value: 'A' }, [`-${minimal}`, '+{"version":1,"steps":{"a":{"shape":"map", "title": "A"}}}'], minimal);
  check('tabs', { op: 'set', step: 'a', path: ['title'], value: 'A' }, ['-\t\t\t"shape": "map"', '+\t\t\t"shape": "map",', '+\t\t\t"title": "A"'], '{\n\t"version": 1,\n\t"steps": {\n\t\t"a": {\n\t\t\t"shape": "map"\n\t\t}\n\t}\n}');
  check('line ends of two characters', { op: 'set', step: 'a', path: ['title'], value: 'A' }, ['-      "shape": "map"\r', '+      "shape": "map",\r', '+      "title": "A"\r'], '{\r\n  "version": 1,\r\n  "steps": {\r\n    "a": {\r\n      "shape": "map"\r\n    }\r\n  }\r\n}\r\n');
  check('an empty object with a comment', { op: 'add-step', id: 'a', step: { shape: 'map' } }, ['-{ "version": 1, "steps": { /* none yet */ } }', '+{ "version": 1, "steps": {', '+  "a": {', '+    "shape": "map"', '+  } /* none yet */ } }'], '{ "version": 1, "steps": { /* none yet */ } }');
  test('a byte order mark', () => {
    const text = `\uFEFF${start}`;
    assert.equal(applyEdits(text, editFlow(text, [{ op: 'set-start', step: 'map' }], catalog)), text.replace('"start": "get"', '"start": "map"'));
  });
  test('a blank text becomes a flow', () => {
    assert.equal(applyEdits('\n', editFlow('\n', [{ op: 'add-step', id: 'a', step: { shape: 'map' }, start: true }], catalog)), '{\n  "version": 1,\n  "start": "a",\n  "steps": {\n    "a": {\n      "shape": "map"\n    }\n  }\n}\n');
  });
});

describe('what cannot be changed is refused', () => {
  const refuse = (name: string, text: string, code: 'CONFIG_INVALID' | 'CONFIG_VERSION', message: RegExp) =>
    test(name, () => assert.throws(() => editFlow(text, [{ op: 'set-start', step: 'a' }], catalog), (error) => FlowError.is(error, code) && message.test(error.message)));
  refuse('wrong syntax', '{\n  "version": 1\n  "steps": {}\n}', 'CONFIG_INVALID', /Line 2: A comma is missing after 1/);
  refuse('no object', '[]', 'CONFIG_INVALID', /object/);
  refuse('a newer version', '{ "version": 9, "steps": { "a": {} } }', 'CONFIG_VERSION', /version 9/);
  refuse('no steps', '{ "version": 1, "steps": [] }', 'CONFIG_INVALID', /"steps"/);
});

const idAmong = (flow: Json): string[] => Object.keys(flow['steps'] as object);

/** A change that may fit the flow. */
const changeOf = (flow: Json): fc.Arbitrary<FlowChange> => {
  const ids = idAmong(flow);
  const some = fc.constantFrom(...(ids.length > 0 ? ids : ['none']));
  const port = fc.constantFrom('out', 'else', 'uk', 'try', 'catch');
  const ref = fc.record({ step: some, port }, { noNullPrototype: true });
  const position = fc.tuple(fc.integer({ min: -5, max: 500 }), fc.integer({ min: -5, max: 500 }));
  const fresh = fc.constantFrom('n1', 'n2', 'n3', 'n4');
  const key = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('conditions', 'records', 'a', '__proto__'), fc.nat(2));
  return fc.oneof(
    fc.record({ op: fc.constant('add-step' as const), id: fresh, step: stepTo([...ids, 'n1']), after: ref, start: fc.boolean(), position }, { requiredKeys: ['op', 'id', 'step'], noNullPrototype: true }),
    fc.record({ op: fc.constant('remove-steps' as const), ids: fc.array(some, { maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('rename-step' as const), from: some, to: fresh }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('connect' as const), from: ref, to: some }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('disconnect' as const), from: ref }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('set-start' as const), step: some }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('set' as const), step: some, path: fc.tuple(fc.constantFrom('settings', 'title', 'retry'), key).map(([head, tail]) => (head === 'title' ? [head] : [head, tail])), value: fc.option(json, { nil: undefined }) }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('set-flow' as const), path: fc.constantFrom(['title'], ['labels'], ['triggers', 'x'], ['triggers', 'x', 'settings', 'cron'], ['variables', 'y', 'default']), value: fc.option(json, { nil: undefined }) }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('move' as const), positions: fc.dictionary(some, fc.option(position), { maxKeys: 3, noNullPrototype: true }) }, { noNullPrototype: true }),
    fc.record({ op: fc.constant('paste' as const), steps: fc.dictionary(fc.constantFrom('n1', 'n2', 'a'), stepTo(['n1', 'n2', 'a']), { maxKeys: 2, noNullPrototype: true }), after: ref }, { requiredKeys: ['op', 'steps'], noNullPrototype: true }),
  ) as fc.Arbitrary<FlowChange>;
};

/** Texts of a flow: canonical, with two other indentations, on one line, with comments. */
const texts = fc.tuple(flows, fc.constantFrom(0, 1, 2, 3, 4)).map(([flow, way]) => {
  const canonical = serialize('flow', flow as Flow);
  if (way === 1) return JSON.stringify(flow, undefined, 4).replaceAll('\n', '\r\n');
  if (way === 2) return JSON.stringify(flow, undefined, '\t');
  if (way === 3) return JSON.stringify(flow);
  return way === 4 ? canonical.replaceAll(/\{\n/g, '{ // here\n').replaceAll(/,\n/g, ', /* there */ // and here\n').replace(/\n\}/, '\n/* end */}') : canonical;
});

test('after any changes the text holds what the changes make of the value, and taking them back restores every byte', () => {
  let applied = 0;
  fc.assert(fc.property(texts, fc.gen(), (given, gen) => {
    let text = given;
    for (let round = 0; round < 4; round++) {
      const value = valueOf(parseTree(text)!) as Json;
      const change = gen(changeOf as never, value as never) as FlowChange;
      let expected: Json;
      try {
        expected = applyChange(value, change, catalog);
      } catch (error) {
        assert.ok(FlowError.is(error), String(error));
        assert.throws(() => editFlow(text, [change], catalog));
        continue;
      }
      const edits = editFlow(text, [change], catalog);
      const after = applyEdits(text, edits);
      const faults: never[] = [];
      const root = parseTree(after, faults, { allowTrailingComma: false });
      assert.deepEqual(faults, [], after);
      assert.ok(isSame(valueOf(root!), expected), `${JSON.stringify(change)}\n${text}\n=>\n${after}\n${JSON.stringify(expected)}`);
      assert.equal(applyEdits(after, invertEdits(text, edits)), text);
      for (const [index, { offset, length }] of edits.entries()) assert.ok(index === 0 || offset > edits[index - 1]!.offset + edits[index - 1]!.length - (length === 0 ? 1 : 0), 'edits do not touch');
      applied++;
      text = after;
    }
  }), { seed: 7, numRuns: 400 });
  assert.ok(applied > 400, `only ${applied} changes were applied`);
});

test('several changes at once are the same as one after the other', () => {
  fc.assert(fc.property(texts, fc.gen(), (text, gen) => {
    const value = valueOf(parseTree(text)!) as Json;
    const changes = [0, 1, 2].map(() => gen(changeOf as never, value as never) as FlowChange);
    try {
      const expected = changes.reduce((made, change) => applyChange(made, change, catalog), value);
      assert.ok(isSame(valueOf(parseTree(applyEdits(text, editFlow(text, changes, catalog)))!), expected));
    } catch (error) {
      assert.ok(FlowError.is(error), String(error));
    }
  }), { seed: 7, numRuns: 200 });
});

test('any value becomes any other, and comments outside of what changed stay', () => {
  const style = { eol: '\n', unit: '  ', isBroken: () => false };
  fc.assert(fc.property(json, json, fc.boolean(), (value, next, isWide) => {
    const text = `/* head */ ${JSON.stringify(value, undefined, isWide ? 2 : undefined)} // tail`;
    const root = parseTree(text)!;
    const after = applyEdits(text, editJson(text, root, valueOf(root), next, style));
    const faults: never[] = [];
    assert.ok(isSame(valueOf(parseTree(after, faults)!), next), after);
    assert.deepEqual(faults, []);
    assert.ok(after.startsWith('/* head */ ') && after.endsWith(' // tail'));
  }), { seed: 7, numRuns: 1_000 });
});
