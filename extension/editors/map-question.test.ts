import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import type { Flow } from '../../server/model/flow.ts';
import { questionOf, rulesOfOthers, sidesOf, type MapPlace, type MapQuestion } from './map-question.ts';

const rules = [{ from: 'id', to: 'reference' }];
const flow = (map?: string): Flow => ({ version: 1, start: 'begin', steps: {
  begin: { shape: 'manual-payload', settings: { document: { id: 1 } }, next: { out: 'm' } },
  m: { shape: 'map', settings: { ...(map === undefined ? { rules } : { map }), records: 'orders' } },
} });
const flows = { plain: flow(), user: flow('address') };

describe('the question of a document', () => {
  const check = (what: string, text: string, place: MapPlace, expected: MapQuestion): void => void test(what, () => assert.deepEqual(questionOf(text, place, flows), expected));
  check('a step, as the document has it', JSON.stringify({ steps: { m: { shape: 'map', settings: { rules: [] } } } }), { flow: 'plain', step: 'm' }, { flow: 'plain', step: 'm', settings: { rules: [] } });
  check('a step without settings, outside of a workspace', '{ "steps": { "m": { "shape": "map" } } }', { flow: undefined, step: 'm' }, { step: 'm', settings: {} });
  check('a file that no step uses', '{ "version": 1, "title": "T", "rules": [{ "to": "a" }] }', { map: 'other' }, { settings: { rules: [{ to: 'a' }] } });
  check('a file as a step uses it', '{ "version": 1, "rules": [{ "to": "a" }], "passThrough": true } // kept', { map: 'address' }, { flow: 'user', step: 'm', settings: { records: 'orders', rules: [{ to: 'a' }], passThrough: true } });
  check('a file that names its schemas, which count more than those of the step', '{ "version": 1, "rules": [], "source": "a.json" }', { map: 'address' }, { flow: 'user', step: 'm', settings: { records: 'orders', rules: [], source: 'a.json' } });
  test('a text that is none', () => assert.throws(() => questionOf('[', { map: 'a' }, flows), /syntax/));
  test('a step that has gone', () => assert.throws(() => questionOf('{}', { flow: 'plain', step: 'm' }, flows), /no step m/));
});

const world = { catalog: catalogFile as Catalog, connectors: {}, instances: {}, maps: {}, schemaOf: (name: string) => (name === 'order.json' ? { type: 'object', properties: { reference: { type: 'string' } } } : undefined) };

test('sides: of the steps around, and of the schema that is named', () => {
  const { source, target } = sidesOf({ flow: 'plain', step: 'm', settings: { target: 'order.json' } }, flows, world);
  assert.deepEqual([source.from, Object.keys((source.schema as { properties: object }).properties)], ['the document of a step', ['id']]);
  assert.equal(target.from, 'the schema order.json');
});

test('sides: nothing is known without a flow', () => assert.deepEqual(sidesOf({ settings: {} }, flows, world), { source: { schema: {} }, target: { schema: {} } }));

test('rules of others: not those of the mapping itself', () => {
  const maps = { address: { version: 1 as const, rules: [{ from: 'street', to: 'line1' }] } };
  const of = (question: MapQuestion, place: MapPlace): string[] => rulesOfOthers(question, place, flows, maps).map(({ to }) => to);
  assert.deepEqual(of({ flow: 'plain', step: 'm', settings: {} }, { flow: 'plain', step: 'm' }), ['line1']);
  assert.deepEqual(of({ settings: {} }, { map: 'address' }), ['reference']);
});
