import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import { checkSchema } from '../model/validate.ts';
import type { MapRequest } from './maps.ts';
import { openRunner } from './runner.ts';
import { schemaValues } from './schema-values.ts';

const text = { type: 'string' } as const;
const order = {
  type: 'object', required: ['id', 'total', 'lines'], additionalProperties: false,
  properties: { id: { type: 'integer' }, total: text, note: { type: ['string', 'null'] }, others: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false } }, lines: { type: 'array', items: { type: 'object', properties: { sku: text, price: { type: 'number' }, tags: { type: 'array', items: text } }, required: ['sku'], additionalProperties: false } } },
};
const bill = { type: 'object', required: ['ref', 'sum'], properties: { ref: { type: 'string', minLength: 5 }, sum: { type: 'number' }, items: { type: 'array', items: { type: 'object', properties: { article: text }, required: ['article'] } } } };
const rules = [{ from: 'id', to: 'ref', transforms: [{ type: 'prefix', settings: { prefix: '{{ flow.prefix }}-' } }] }, { from: 'lines[*].price', to: 'sum', transforms: [{ type: 'sum' }], default: 0 }, { from: 'lines[*].sku', to: 'items[*].article' }];
const files: Readonly<Record<string, unknown>> = {
  'patchbay.json': { version: 1 },
  'schemas/order.json': order, 'schemas/bill.json': bill,
  'flows/bills.flow.json': {
    version: 1, start: 'orders', variables: { prefix: { type: 'string', default: 'WEB' } },
    steps: {
      orders: { shape: 'manual-payload', settings: { document: [{ id: 1, total: '2.50', lines: [{ sku: 'A', price: 2.5 }] }, { id: 2, total: 'x', lines: [] }] }, next: { out: 'map' } },
      map: { shape: 'map', settings: { source: 'schemas/order.json', target: 'schemas/bill.json', rules }, next: { out: 'answer' } },
      answer: { shape: 'run-flow', settings: { flow: 'two' }, next: { out: 'behind' } },
      behind: { shape: 'map', settings: { rules: [{ from: 'total', to: 'n', transforms: [{ type: 'cast-to-number' }] }] } },
    },
  },
  'flows/late.flow.json': { version: 1, start: 'orders', steps: { orders: { shape: 'manual-payload', settings: { document: [{ id: 3 }] }, next: { out: 'map' } }, map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'nr' }] } } } },
  'lookups/carriers.csv': 'left_value,right_value\nDHL Paket (2–3 Werktage),V01PAK\nExpress,V54EPAK\n',
  'maps/party.map.json': { version: 1, rules: [{ from: 'name', to: 'n', when: [{ field: 'kind', is: 'equals', value: 'GmbH & Co. KG' }] }, { from: 'name', to: 'm', when: [{ field: 'kind', is: 'equals', value: 'AG' }] }] },
  'flows/two.flow.json': { version: 1, start: 'first', steps: { first: { shape: 'map', settings: { rules }, next: { out: 'second' } }, second: { shape: 'map', settings: { groupBy: ['ref'], rules: [{ from: 'key', to: 'k' }, { from: 'records[*].summ', to: 's' }] } } } },
};
const root = mkdtempSync(join(tmpdir(), 'patchbay-maps-'));
for (const [name, value] of Object.entries(files)) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value));
}
const runner = await openRunner({ root });
after(async () => {
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});
const { maps } = runner;
const { signal } = new AbortController();
const map: MapRequest = { flow: 'bills', step: 'map' };

describe('a map of a flow', () => {
  test('is checked against the files that it names', async () => {
    const { source, target, findings } = await maps.check(map);
    assert.deepEqual([source.from, target.from, findings], ['the schema schemas/order.json', 'the schema schemas/bill.json', []]);
  });
  test('is checked against what the step before makes', async () => {
    const { source, findings } = await maps.check({ flow: 'two', step: 'second' });
    assert.deepEqual([source.from, findings.map(({ message }) => message)], ['the map before', ['The source "records[*].summ" of "s" leads nowhere: "records[*]" has no field "summ".']]);
  });
  test('is checked with other settings and other sides', async () => {
    const { findings } = await maps.check({ ...map, settings: { rules: [{ from: 'a', to: 'b' }] }, source: { type: 'object', properties: { c: text }, additionalProperties: false }, target: { type: 'object', properties: { b: text }, required: ['d'] } });
    assert.deepEqual(findings.map(({ kind }) => kind), ['dead-source', 'missing-target']);
  });
  test('a payload says what no schema does', async () => {
    const { source, findings } = await maps.check({ flow: 'bills', step: 'behind', sample: [{ total: true }] });
    assert.deepEqual([source.from, source.schema, findings], ['the payload that was given', { type: 'object', properties: { total: { type: 'boolean' } }, additionalProperties: true }, []]);
    assert.equal((await maps.check({ flow: 'bills', step: 'behind' })).source.from, undefined);
  });
  test('its lineage', async () => {
    const { targets, sources } = await maps.lineage(map);
    assert.deepEqual(targets.map(({ path, rules: own }) => [path, own.flatMap((rule) => rule.sources)]), [['ref', ['id']], ['sum', ['lines[*].price']], ['items[*].article', ['lines[*].sku']]]);
    assert.deepEqual(sources.filter((one) => one.targets.length === 0).map(({ path }) => path), ['total', 'note', 'others[*].n', 'lines[*].tags[*]']);
  });
  test('what other maps do is proposed', async () => {
    const { suggestions } = await maps.suggest({ settings: { rules: [] }, source: order, target: { type: 'object', properties: { n: { type: 'number' }, Total: text } } });
    assert.deepEqual(suggestions.map(({ rule }) => rule), [{ from: 'total', to: 'Total' }]);
    const without = await maps.suggest({ settings: { rules: [] }, source: order, target: { type: 'object', properties: { n: { type: 'number' } } } });
    assert.deepEqual(without.suggestions, [{ rule: { from: 'total', to: 'n', transforms: [{ type: 'cast-to-number' }] }, score: 0.94, why: 'another mapping does the same' }]);
  });
  test('of one record', async () => {
    const trial = await maps.try({ ...map, sample: [{ id: 7, lines: [{ sku: 'A', price: 1 }, { sku: 'B', price: 2 }] }, { id: 'x', lines: 'y' }], signal });
    assert.deepEqual(trial, { input: { id: 7, lines: [{ sku: 'A', price: 1 }, { sku: 'B', price: 2 }] }, from: 'given', records: 2, output: { ref: 'WEB-7', sum: 3, items: [{ article: 'A' }, { article: 'B' }] }, faults: [], fields: [{ rule: 0, to: 'ref', values: ['WEB-7'] }, { rule: 1, to: 'sum', values: [3] }, { rule: 2, to: 'items[*].article', values: ['A', 'B'] }] });
  });
  test('a record that fails says in which rule, and what the others give', async () => {
    const { error, fields, output } = await maps.try({ flow: 'bills', step: 'behind', settings: { rules: [{ from: 'a', to: 'x', transforms: [{ type: 'cast-to-number' }] }, { from: 'b', to: 'y' }] }, sample: [{ a: 'no', b: 2 }], signal });
    assert.equal(output, undefined);
    assert.match(error?.message ?? '', /^x: /);
    assert.deepEqual(fields.map(({ values, error: own }) => [values, own?.code]), [[[], 'DATA_INVALID'], [[2], undefined]]);
  });
  test('a record that does not fit the target', async () => {
    const { faults } = await maps.try({ ...map, settings: { target: 'schemas/bill.json', rules: [{ to: 'ref', transforms: [{ type: 'custom-string', settings: { value: 'a' } }] }] }, sample: {}, signal });
    assert.deepEqual(faults.map(({ pointer }) => pointer), ['', '/ref']);
  });
  test('groups, and a list as one record', async () => {
    const sample = [{ a: 1, n: 2 }, { a: 1, n: 3 }, { a: 2, n: 4 }];
    const grouped = await maps.try({ settings: { groupBy: ['a'], rules: [{ from: 'records[*].n', to: 'sum', transforms: [{ type: 'sum' }] }] }, sample, signal });
    assert.deepEqual([grouped.records, grouped.output], [2, { sum: 5 }]);
    const whole = await maps.try({ settings: { wrapInput: true, rules: [{ from: '[*].n', to: 'all' }] }, sample, signal });
    assert.deepEqual([whole.records, whole.output], [1, { all: [2, 3, 4] }]);
    const wrapped = await maps.try({ settings: { records: 'rows', rules: [{ from: 'n', to: 'n' }] }, sample: { rows: sample }, record: 2, signal });
    assert.deepEqual([wrapped.records, wrapped.output], [3, { n: 4 }]);
  });
});

describe('a payload that a run has recorded', () => {
  test('is what a map is tried with', async () => {
    const started = await runner.start({ flow: 'bills', trigger: 'manual', until: 'map' });
    assert.equal((await started.done).status, 'success');
    const trial = await maps.try({ ...map, signal });
    assert.deepEqual([trial.from, trial.records, trial.output], [started.head.id, 2, { ref: 'WEB-1', sum: 2.5, items: [{ article: 'A' }] }]);
    assert.equal((await maps.try({ ...map, record: 1, signal })).fields[0]?.values[0], 'WEB-2');
    await assert.rejects(maps.try({ ...map, record: 2, signal }), (error) => FlowError.is(error, 'DATA_MISSING'));
  });
});

test('what has left the step before is what a map is tried with that no run has come to', async () => {
  const started = await runner.start({ flow: 'late', trigger: 'manual', until: 'orders' });
  assert.equal((await started.done).status, 'success');
  const trial = await maps.try({ flow: 'late', step: 'map', signal });
  assert.deepEqual([trial.from, trial.output], [started.head.id, { nr: 3 }]);
});

describe('what is not there', () => {
  const check = (title: string, request: MapRequest, code: Parameters<typeof FlowError.is>[1]): void => void test(title, () => assert.rejects(maps.check(request), (error) => FlowError.is(error, code)));
  check('a flow', { flow: 'none', step: 'map' }, 'CONFIG_NOT_FOUND');
  check('a step', { flow: 'bills', step: 'none' }, 'CONFIG_UNKNOWN_STEP');
  check('a map', { flow: 'bills', step: 'orders' }, 'CONFIG_INVALID');
  check('anything', {}, 'API_INVALID');
  test('a payload', () => assert.rejects(maps.try({ flow: 'bills', step: 'behind', signal }), (error) => FlowError.is(error, 'DATA_MISSING')));
  test('a schema to make inputs of', () => assert.rejects(maps.test({ flow: 'bills', step: 'behind', signal }), (error) => FlowError.is(error, 'DATA_MISSING')));
});

describe('inputs that are made up', () => {
  const source = { type: 'object', properties: { n: text, list: { type: 'array', items: { type: 'integer', minimum: 3 } } }, required: ['n'] };
  const run = (own: readonly object[], target: object = {}) => maps.test({ settings: { rules: own }, source, target, signal });
  test('find nothing in a map that is right', async () => {
    const { inputs, counterexample } = await run([{ from: 'n', to: 'a' }], { type: 'object', properties: { a: text }, required: ['a'] });
    assert.deepEqual([inputs, counterexample], [100, undefined]);
  });
  test('find the smallest that fails', async () => {
    const { counterexample } = await run([{ from: 'n', to: 'a', transforms: [{ type: 'cast-to-number' }] }]);
    assert.equal((counterexample!.input as { n: string }).n.length, 1);
    assert.deepEqual([Object.keys(counterexample?.input as object), counterexample?.error?.code], [['n'], 'DATA_INVALID']);
  });
  test('find the smallest that does not fit', async () => {
    const { counterexample } = await run([{ from: 'list[*]', to: 'b' }], { type: 'object', properties: { b: { type: 'array', items: { maximum: 3 } } } });
    assert.deepEqual(counterexample, { input: { n: '', list: [4] }, output: { b: [4] }, faults: counterexample?.faults });
    assert.deepEqual(counterexample?.faults.map(({ pointer }) => pointer), ['/b/0']);
  });
  test('are the same for the same seed', async () => {
    const [one, other] = await Promise.all([run([{ from: 'n', to: 'a', transforms: [{ type: 'parse-date' }] }]), run([{ from: 'n', to: 'a', transforms: [{ type: 'parse-date' }] }])]);
    assert.deepEqual(one, other);
  });
  const reach = (title: string, own: readonly object[], expected: readonly string[], target: object = {}): void => void test(`reach ${title}`, async () => {
    const { counterexample, unreached } = await maps.test({ settings: { rules: own }, source: shop, target, signal });
    assert.deepEqual(counterexample ? counterexample.faults.map(({ pointer }) => pointer) : unreached?.map(({ to, pointer, at }) => (at ? `${at.file}:${at.line} ${to}` : `${pointer} ${to}`)), expected);
  });
  const shop = { type: 'object', properties: { state: text, gross: { type: 'number' }, zip: text, by: text, party: { type: 'object', properties: { kind: text, name: text } }, lines: { type: 'array', items: { type: 'object', properties: { kind: text, sku: text }, required: ['kind'] } } } };
  const asks = (...conditions: readonly (readonly [string, string, unknown])[]) => conditions.map(([field, is, value]) => ({ field, is, value }));
  reach('what several conditions ask for at once', [{ from: 'zip', to: 'a', when: asks(['state', 'equals', 'awaiting_payment'], ['gross', 'between', [1_000_000.25, 1_000_000.5]], ['zip', 'starts-with', 'DE-1']) }], []);
  reach('a group of conditions', [{ from: 'zip', to: 'a', when: [{ any: [{ all: asks(['state', 'equals', 'x-1'], ['by', 'equals', 'x-2']) }] }] }], []);
  reach('a number that a text is compared with', [{ from: 'zip', to: 'a', when: asks(['zip', 'equals', 80331]) }], []);
  reach('items of lists', [{ from: 'lines[*].sku', to: 'a[*].b', when: asks(['lines[*].kind', 'equals', 'gift-card']) }], []);
  reach('keys of lookups', [{ from: 'by', to: 'a', transforms: [{ type: 'lookup', settings: { lookup: 'carriers' } }] }], ['/a'], { properties: { a: { not: { const: 'V54EPAK' } } } });
  reach('keys of lookups the other way', [{ from: 'by', to: 'a', transforms: [{ type: 'lookup', settings: { lookup: 'carriers', direction: 'right-to-left' } }] }], ['/a'], { properties: { a: { not: { const: 'Express' } } } });
  reach('keys of short lists', [{ from: 'by', to: 'a', transforms: [{ type: 'map-values', settings: { values: { 'to be paid': 1 } } }] }], ['/a'], { properties: { a: { not: { const: 1 } } } });
  reach('what mapping files ask for', [{ from: 'party', to: 'a', map: 'party' }], []);
  reach('all but rules that nothing reaches, which are told', [{ from: 'zip', to: 'a', when: asks(['state', 'equals', 'a'], ['state', 'equals', 'b']) }, { from: 'by', to: 'b' }, { from: 'zip', to: 'c', map: 'party', when: asks(['zip', 'is-null', null]) }], ['/rules/0 a', '/rules/2 c', 'maps/party.map.json:1 n', 'maps/party.map.json:1 m']);
  test('cannot be made of what nothing fits', () => assert.rejects(maps.test({ settings: { rules: [] }, source: { type: 'object', required: ['a'], properties: { a: { type: 'string', not: {} } } }, signal }), (error) => FlowError.is(error, 'DATA_INVALID')));
});

const schemas: readonly object[] = [
  order, bill, {}, { enum: ['a', 1, null] }, { const: { a: 1 } }, { type: 'integer', minimum: 3, exclusiveMaximum: 7 }, { type: 'number', multipleOf: 0.5, minimum: -2, maximum: 2 }, { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  { type: 'string', minLength: 3, maxLength: 4 }, { type: 'string', pattern: '^[A-Z]{2}-\\d+$' }, ...['date-time', 'date', 'time', 'email', 'uuid', 'uri', 'hostname', 'ipv4', 'ipv6'].map((format) => ({ type: 'string', format })),
  { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2, uniqueItems: true }, { type: 'array', prefixItems: [text, { type: 'integer' }] }, { anyOf: [text, { type: 'object', properties: { a: text }, required: ['a'] }], title: 'Either' },
  { allOf: [{ type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }, { properties: { a: { minimum: 5 }, b: text }, required: ['b'] }] }, { type: ['integer', 'null'] }, { type: 'object', required: ['x'], properties: { y: { type: 'boolean' } } },
];

for (const schema of schemas) {
  test(`values of ${JSON.stringify(schema).slice(0, 80)} fit it`, () => fc.assert(fc.property(schemaValues(fc, schema), (value) => assert.deepEqual(checkSchema(schema, value), [])), { seed: 1 }));
}

const paths = ['id', 'total', 'others[*].n', 'note', 'lines', 'lines[0]', 'lines[0].sku', 'lines[*]', 'lines[*].sku', 'lines[*].price', 'lines[*].tags', 'lines[*].tags[*]', 'lines[?@.price > 1].sku', 'lines[0:1].tags[*]', 'lines[0,1]', '$..sku', 'lines.*.sku'];
const targets = ['a', 'b.c', 'b.d', 'list[*]', 'list[*].x', 'list[*].y', 'rows[*].cells[*]', 'rows[*].cells[*].z', 'first[0].w'];
const chains = [[], [{ type: 'cast-to-string' }], [{ type: 'json-encode' }], [{ type: 'coalesce' }], [{ type: 'count' }], [{ type: 'cast-to-string' }, { type: 'case', settings: { to: 'upper' } }]];
const rule = fc.record({
  from: fc.oneof(fc.constantFrom(...paths), fc.subarray(paths, { minLength: 1, maxLength: 3 })), to: fc.constantFrom(...targets), transforms: fc.constantFrom(...chains), default: fc.constantFrom(0, 'none'), when: fc.constantFrom([{ field: 'note', is: 'is-not-empty' }], [{ field: 'lines[*].price', is: 'greater-than', value: 1 }]),
}, { requiredKeys: ['from', 'to'] });

test('what a map makes fits what its types say, whatever its rules are', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 4 }), schemaValues(fc, order), fc.boolean(), async (own, input, passThrough) => {
    const request: MapRequest = { settings: { rules: own, passThrough }, source: order };
    const [{ output: schema }, { output, error }] = await Promise.all([maps.check(request), maps.try({ ...request, sample: input, signal })]);
    // A transform need not take what it gets.
    if (error) return;
    assert.deepEqual(checkSchema(schema, output), [], JSON.stringify({ schema, output }));
  }), { numRuns: 300, seed: 1 });
});
