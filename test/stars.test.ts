import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import catalogJson from '../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../server/model/catalog.ts';
import { completeFlow, hoverFlow } from '../server/model/flow-completion.ts';
import { withoutPaths } from '../server/model/ignored-paths.ts';
import { lint, type LintWorld } from '../server/model/lint.ts';
import { checkMap } from '../server/model/map-check.ts';
import { readMapSettings } from '../server/model/map-rules.ts';
import { mapTypes, ruleSource } from '../server/model/map-types.ts';
import { fieldOf } from '../server/model/schema-types.ts';
import { flowTypes } from '../server/model/flow-types.ts';
import { compilePath, pathKeys } from '../server/model/path.ts';
import { traceMap } from '../server/model/trace-map.ts';
import { pickJson, wantedOf } from '../server/engine/pick-json.ts';
import { openRunner } from '../server/runner/runner.ts';

// `[*]` of what is no list. In rules of a map, and wherever such rules are spoken of, it is its only item; everywhere else it is that of JSONPath: the values of the
// fields of an object, and nothing of anything else.

const once = { id: 7, lines: { sku: 'A', qty: 2 } };
const listed = { id: 7, lines: [{ sku: 'A', qty: 2 }, { sku: 'B', qty: 1 }] };

describe('in a run', () => {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-stars-'));
  after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'flows'));
  writeFileSync(join(root, 'patchbay.json'), '{ "version": 1 }');
  const map = (settings: object): object => ({ shape: 'map', settings });
  const rule = { from: 'lines[*].sku', to: 'items[*].id' };
  const places: readonly (readonly [place: string, step: object, ofOnce: unknown, ofList: unknown])[] = [
    ['the source of a rule', map({ rules: [rule] }), { items: [{ id: 'A' }] }, { items: [{ id: 'A' }, { id: 'B' }] }],
    ['a source with more lists than the target', map({ rules: [{ from: 'lines[*].sku', to: 'ids' }] }), { ids: ['A'] }, { ids: ['A', 'B'] }],
    ['several sources, one of which is repeated', map({ rules: [{ from: ['lines[*].sku', 'id'], to: 'items[*]' }] }), { items: [['A', 7]] }, { items: [['A', 7], ['B', 7]] }],
    ['the condition of a rule', map({ rules: [{ ...rule, when: [{ field: 'lines[*].qty', is: 'greater-than', value: 1 }] }] }), { items: [{ id: 'A' }] }, { items: [{ id: 'A' }, {}] }],
    ['what passes through', map({ rules: [rule], passThrough: true }), { id: 7, lines: { qty: 2 }, items: [{ id: 'A' }] }, { id: 7, lines: [{ qty: 2 }, { qty: 1 }], items: [{ id: 'A' }, { id: 'B' }] }],
    ['the fields of an object in a rule', map({ rules: [{ from: 'lines.*', to: 'all' }] }), { all: ['A', 2] }, { all: listed.lines }],
    ['the records of a map', map({ records: 'lines[*]', rules: [{ from: '', to: 'it' }] }), [{ it: 'A' }, { it: 2 }], listed.lines.map((it) => ({ it }))],
    ['the field of a condition', { shape: 'filter', settings: { conditions: [{ field: 'lines[*].sku', is: 'equals', value: 'A' }] } }, undefined, listed],
    ['an expression', { shape: 'manual-payload', settings: { document: { all: '{{ payload.lines[*] }}' } } }, { all: ['A', 2] }, { all: listed.lines }],
    ['the path of a split', { shape: 'split', settings: { path: 'lines[*]', each: true } }, ['A', 2], listed.lines],
  ];
  for (const [place, step, ofOnce, ofList] of places) {
    test(place, async () => {
      writeFileSync(join(root, 'flows/f.flow.json'), JSON.stringify({ version: 1, start: 's', steps: { s: step } }));
      await using runner = await openRunner({ root, editorSecrets: new Map() });
      for (const [body, expected] of [[once, ofOnce], [listed, ofList]]) {
        const { outputs, failures } = await (await runner.start({ flow: 'f', trigger: 'manual', payload: { body, mediaType: 'application/json' } })).done;
        assert.deepEqual(failures, []);
        assert.deepEqual(outputs.length === 1 ? outputs[0] : outputs.length === 0 ? undefined : outputs, expected);
      }
    });
  }
});

describe('of a type', () => {
  const text = { type: 'string' };
  const line = { type: 'object', properties: { sku: text, qty: { type: 'integer' } }, required: ['sku', 'qty'], additionalProperties: false };
  const order = (lines: object): object => ({ type: 'object', properties: { lines }, required: ['lines'], additionalProperties: false });
  const catalog = catalogJson as unknown as Catalog;
  const types = { once: order(line), listed: order({ type: 'array', items: line }) };

  for (const [kind, source] of Object.entries(types)) {
    test(`a rule makes an item, ${kind}`, () => {
      const found = mapTypes(readMapSettings({ rules: [{ from: 'lines[*].sku', to: 'items[*].id' }] }, {}), source, { catalog, maps: {} });
      assert.deepEqual(checkMap({ types: found, source, target: {}, ownRules: 1 }), []);
      const { items } = (found.output as { properties: { items: { items: { properties: object } } } }).properties;
      assert.deepEqual(items.items.properties, { id: text });
    });
  }

  const typed: readonly (readonly [what: string, of: (source: object) => object, ofOnce: object, ofList: object])[] = [
    ['the records of a map', (source) => ruleSource(readMapSettings({ records: 'lines[*]' }, {}), source), { anyOf: [text, { type: 'integer' }] }, line],
    ['what records are grouped by', (source) => fieldOf(ruleSource(readMapSettings({ groupBy: ['lines[*].sku'] }, {}), source), 'key')!, { type: 'array', items: {} }, { type: 'array', items: text }],
    ['what a split gives', (source) => flowTypes({ start: 'get', steps: { get: { shape: 'connector', settings: { instance: 'shop', endpoint: source === types.once ? 'once' : 'listed' }, next: { out: 'each' } }, each: { shape: 'for-each', next: { each: 'split' } }, split: { shape: 'split', settings: { path: 'lines[*]', each: true }, next: { out: 'it' } }, it: { shape: 'wait' } } } as never, world).into('it').schema, { anyOf: [text, { type: 'integer' }] }, line],
  ];
  for (const [what, of, ofOnce, ofList] of typed) test(what, () => assert.deepEqual([of(types.once), of(types.listed)], [ofOnce, ofList]));

  const get = { direction: 'receive', method: 'GET', path: '/' } as const;
  const endpoints = Object.fromEntries(Object.entries(types).map(([kind, record]) => [kind, { ...get, title: kind, record }]));
  const world = { catalog, connectors: { shop: { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints } }, instances: { shop: { version: 1, connector: 'shop' } }, environments: {}, scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [] } as unknown as LintWorld;
  const flowOf = (kind: string, step: object): string => JSON.stringify({ version: 1, start: 'get', steps: { get: { shape: 'connector', settings: { instance: 'shop', endpoint: kind }, next: { out: 'each' } }, each: { shape: 'for-each', next: { each: 'it' } }, it: step } });
  const notify = (path: string): object => ({ shape: 'notify', settings: { message: `{{ ${path} }}` } });
  const rule = (from: string): object => ({ shape: 'map', settings: { rules: [{ from, to: 'a' }] } });
  const filter = (field: string): object => ({ shape: 'filter', settings: { conditions: [{ field, is: 'exists' }] } });

  const hovers: readonly (readonly [what: string, step: object, path: string, ofOnce: string | undefined, ofList: string])[] = [
    ['an expression', notify('payload.lines[*]'), 'payload.lines[*]', 'a list', 'a list of objects'],
    ['a field of an expression', notify('payload.lines[*].sku'), 'payload.lines[*].sku', undefined, 'a list of texts'],
    ['a source', rule('lines[*].sku'), 'lines[*].sku', 'a list of texts', 'a list of texts'],
    ['a field of a condition', filter('lines[*].sku'), 'lines[*].sku', undefined, 'a list of texts'],
  ];
  for (const [what, step, path, ofOnce, ofList] of hovers) {
    test(`${what} is told`, async () => {
      for (const [kind, wanted] of [['once', ofOnce], ['listed', ofList]] as const) {
        const file = flowOf(kind, step);
        assert.equal((await hoverFlow(file, file.indexOf(path) + path.length - 1, world, async () => undefined))?.type, wanted, kind);
      }
    });
  }

  const completed: readonly (readonly [what: string, step: object, path: string, ofOnce: readonly string[], ofList: readonly string[]])[] = [
    ['an expression', notify('payload.lines[*].'), 'payload.lines[*].', [], ['sku', 'qty']],
    ['a source', rule('lines[*].'), 'lines[*].', ['sku', 'qty'], ['sku', 'qty']],
    ['a field of a condition', filter('lines[*].'), 'lines[*].', [], ['sku', 'qty']],
  ];
  for (const [what, step, path, ofOnce, ofList] of completed) {
    test(`${what} is completed`, async () => {
      for (const [kind, wanted] of [['once', ofOnce], ['listed', ofList]] as const) {
        const file = flowOf(kind, step);
        const found = await completeFlow(file, file.indexOf(path) + path.length, world, async () => undefined);
        assert.deepEqual(found.map(({ label }) => label), wanted, kind);
      }
    });
  }

  const warned: readonly (readonly [what: string, step: object, isWarned: boolean])[] = [
    ['an expression', notify('payload.lines[*].sku'), true], ['a source', rule('lines[*].sku'), false], ['a field of a condition', filter('lines[*].sku'), true],
  ];
  for (const [what, step, isWarned] of warned) {
    test(`${what} is checked`, () => {
      const said = (kind: string): readonly string[] => lint('flow', 'flows/f.flow.json', flowOf(kind, step), world).filter(({ code }) => code === 'CONFIG_PATH').map(({ message }) => message);
      assert.deepEqual(said('listed'), []);
      assert.equal(said('once').length, isWarned ? 1 : 0, said('once').join('\n'));
    });
  }
});

describe('of a value', () => {
  test('where it stands', () => {
    for (const [path, places] of [['lines[*]', [['lines', 'sku'], ['lines', 'qty']]], ['lines[*].sku', []], ['id[*]', []]] as const) {
      assert.deepEqual(compilePath(path).places(once), places);
      assert.deepEqual(compilePath(path).all(once), places.map(([, name]) => once.lines[name]));
    }
  });
  test('what is read of a long payload', async () => {
    const pick = (paths: readonly string[]): Promise<unknown> => pickJson((async function* () { yield Buffer.from(JSON.stringify(once)); })(), wantedOf(paths.map((path) => pathKeys(path)))!, 1_000);
    assert.deepEqual(await pick(['lines[*]']), { lines: once.lines });
  });
  test('what a comparison leaves out', () => assert.deepEqual(withoutPaths(once, ['lines[*]']), { id: 7, lines: {} }));

  const made = (from: string, to: string, output: unknown, keys: readonly (string | number)[], input: unknown = once, more: object = {}) => traceMap({ rules: [{ from, to }], ...more }, {}, input, output, keys, [])?.sources;
  test('what a map made an item of', () => assert.deepEqual(made('lines[*].sku', 'items[*].id', { items: [{ id: 'A' }] }, ['items', 0, 'id']), [['lines', 'sku']]));
  test('what a map made a list of', () => assert.deepEqual(made('lines[*].sku', 'ids', { ids: ['A'] }, ['ids']), [['lines', 'sku']]));
  test('what a map made nothing of', () => assert.deepEqual(made('none[*].sku', 'ids', {}, ['ids']), undefined));
  test('what a map made of the fields of an object', () => assert.deepEqual(made('', 'it', [{ it: 'A' }, { it: 2 }], [1, 'it'], once, { records: 'lines[*]' }), [['lines', 'qty']]));
});
