import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogJson from '../../plugins/catalog.json' with { type: 'json' };
import { suggestRules } from './auto-map.ts';
import type { Catalog } from './catalog.ts';
import { lineageOf } from './lineage.ts';
import type { QuickFix } from './diagnostic.ts';
import { checkMap } from './map-check.ts';
import { readMapSettings, readRules, type Maps } from './map-rules.ts';
import { mapTypes, ruleSource } from './map-types.ts';
import { withoutRefs } from './schema-refs.ts';

const catalog = catalogJson as Catalog;
const text = { type: 'string' } as const;
const order = {
  type: 'object', required: ['id', 'lines', 'customer', 'total'], additionalProperties: false,
  properties: {
    id: { type: 'integer' }, total: text, note: text, paid: { type: ['boolean', 'null'] }, extra: {},
    customer: { type: 'object', properties: { email: text, phone: text }, required: ['email'] },
    lines: { type: 'array', items: { type: 'object', properties: { sku: text, quantity: { type: 'integer' }, taxes: { type: 'array', items: { type: 'number' } } }, required: ['sku'] } },
  },
};
const invoice = {
  type: 'object', required: ['reference', 'amount', 'items'], additionalProperties: false,
  properties: {
    reference: text, amount: { type: 'number' }, email: text, remark: text, buyer: { type: 'object', properties: { name: text, mail: text }, required: ['name'] },
    items: { type: 'array', items: { type: 'object', properties: { article: text, count: { type: 'number' } }, required: ['article'] } },
  },
};
const maps: Maps = { line: { version: 1, rules: [{ from: 'sku', to: 'article' }] }, loop: { version: 1, rules: [{ from: 'id', to: 'a' }, { from: 'customer', to: 'b', map: 'loop' }] } };

const checked = (settings: object, source: object, target: object) => {
  const own = readMapSettings(settings, maps);
  const given = ruleSource(own, source);
  return checkMap({ types: mapTypes(own, given, { catalog, maps }), source: given, target, ownRules: own.rules.filter(({ place }) => place).length });
};
const all = [{ from: 'id', to: 'reference', transforms: [{ type: 'cast-to-string' }] }, { from: 'total', to: 'amount', transforms: [{ type: 'cast-to-number' }] }, { from: 'lines[*].sku', to: 'items[*].article' }];

describe('a mapping is checked against both sides', () => {
  const check = (title: string, settings: object, expected: readonly string[], { source = order as object, target = invoice as object } = {}): void => void test(title, () => {
    const found = checked(settings, source, target).map(({ severity, place, message, fix }) => `${severity} /${place.join('/')} ${message} ${fix}`);
    assert.deepEqual(found.map((line, index) => (expected[index] !== undefined && line.startsWith(expected[index]) ? expected[index] : line)), expected);
  });
  const rules = (...more: readonly object[]): object => ({ rules: [...all, ...more] });
  check('that fits', rules(), []);
  check('a source that cannot be there', rules({ from: 'ID2', to: 'email' }), ['error /rules/3/from The source "ID2" of "email" leads nowhere: the record has no field "ID2". Did you mean "id"?']);
  check('a source that is not named where others may be', rules({ from: 'customer.mail', to: 'email' }), ['warning /rules/3/from The source "customer.mail" of "email" leads nowhere: "customer" has no field "mail". Did you mean "customer.email"?']);
  check('one of several sources', rules({ from: ['id', 'foo.bar'], to: 'email', transforms: [{ type: 'concatenate' }] }), ['error /rules/3/from/1 The source "foo.bar" of "email" leads nowhere: the record has no field "foo".']);
  check('a list that is not gone through', rules({ from: 'lines.sku', to: 'remark' }), ['warning /rules/3/from The source "lines.sku" of "remark" leads nowhere: "lines" is a list, whose items are reached by [*] or an index. Did you mean "lines[*].sku"?']);
  check('an index into what is no list', rules({ from: 'customer[0].email', to: 'email' }), ['warning /rules/3/from The source "customer[0].email" of "email" leads nowhere: "customer" is no list. Did you mean "customer.email"?']);
  check('a field of a text', rules({ from: 'total.amount', to: 'remark' }), ['warning /rules/3/from The source "total.amount" of "remark" leads nowhere: "total" is no object.']);
  check('filters, slices and descents give lists', { rules: [all[0], all[1], { from: 'lines[0:2].sku', to: 'items[*].article' }, { from: '$..sku', to: 'remark' }, { from: 'lines[?@.quantity > 1].sku', to: 'email' }] }, [
    'warning /rules/3/to The target "remark" must be a text, and gets a list.', 'warning /rules/4/to The target "email" must be a text, and gets a list.',
  ]);
  check('a type below a filter', rules({ from: 'lines[?@.quantity > 1].sku', to: 'items[*].count' }, { from: 'lines[0,1].sku', to: 'amount', when: [{ field: 'id' }] }), [
    'warning /rules/3/to The target "items[*].count" must be a number, and gets a text. Add the transform cast-to-number.', 'warning /rules/4/to The target "amount" must be a number, and gets a list.',
  ]);
  check('a field below a filter that is not there', { rules: [all[0], all[1], { from: 'lines[?@.quantity > 1].skuu', to: 'items[*].article' }] }, ['warning /rules/2/from The source "lines[?@.quantity > 1].skuu" of "items[*].article" leads nowhere: "lines[*]" has no field "skuu".']);
  check('a transform that does not take what comes', rules({ from: 'id', to: 'remark', transforms: [{ type: 'array-join' }] }), ['warning /rules/3/transforms/0 The transform "array-join" of "remark" takes a list, and gets a number. Remove it']);
  check('a transform after another', rules({ from: 'lines', to: 'remark', transforms: [{ type: 'count' }, { type: 'array-join' }] }), ['warning /rules/3/transforms/1 The transform "array-join" of "remark" takes a list, and gets a number.']);
  check('an empty value is no clash', rules({ from: 'paid', to: 'remark', transforms: [{ type: 'cast-boolean-to-string' }], default: 'no' }), []);
  check('what is not known is no clash', rules({ from: 'extra.a[*].b', to: 'remark', transforms: [{ type: 'sum' }, { type: 'cast-to-string' }] }), []);
  check('a target of another type', rules({ from: 'id', to: 'remark' }), ['warning /rules/3/to The target "remark" must be a text, and gets a number. Add the transform cast-to-string.']);
  check('a list in the place of a text', rules({ from: 'lines[*].sku', to: 'remark' }), ['warning /rules/3/to The target "remark" must be a text, and gets a list. Add the transform array-join.']);
  check('several sources are a list', rules({ from: ['id', 'total'], to: 'remark' }), ['warning /rules/3/to The target "remark" must be a text, and gets a list.']);
  check('a target that nothing knows', rules({ from: 'note', to: 'remrak' }), ['warning /rules/3/to What is wanted has no place for the target "remrak": the record has no field "remrak". Did you mean "remark"?']);
  const status = { ...invoice, properties: { ...invoice.properties, status: { enum: ['open', 'paid', null] }, kind: { anyOf: [{ const: 'web' }, { type: 'null' }] } } };
  check('a fixed value that is none of those that are possible', rules({ to: 'status', transforms: [{ type: 'custom-string', settings: { value: 'opne' } }] }, { from: 'note', to: 'kind', default: 'shop' }), [
    'warning /rules/3/transforms/0/settings/value The target "status" cannot be "opne": it must be one of "open", "paid". Did you mean "open"?', 'warning /rules/4/default The target "kind" cannot be "shop": it must be one of "web".', 'warning /rules/4/to The target "kind" gets a value that may be any: it must be one of "web".',
  ], { target: status });
  check('fixed values that are possible, and what an expression gives', rules({ to: 'status', transforms: [{ type: 'custom-string', settings: { value: 'paid' } }] }, { to: 'kind', transforms: [{ type: 'custom-string', settings: { value: '{{ flow.kind }}' } }] }, { to: 'remark', transforms: [{ type: 'custom-string', settings: { value: 'opne' } }] }), [], { target: status });
  check('conditions that ask for what is not there', rules({ from: 'note', to: 'remark', when: [{ field: 'paidd', is: 'is-true' }, { any: [{ field: 'customer.email' }, { all: [{ field: 'lines[*].skuu' }, { field: 'lines[?@.sku].quantityy' }] }] }, { of: '{{ flow.x }}' }] }), [
    'warning /rules/3/when/0/field The field "paidd" of a condition of "remark" leads nowhere: the record has no field "paidd". Did you mean "paid"?',
    'warning /rules/3/when/1/any/1/all/0/field The field "lines[*].skuu" of a condition of "remark" leads nowhere: "lines[*]" has no field "skuu". Did you mean "lines[*].sku"?',
    'warning /rules/3/when/1/any/1/all/1/field The field "lines[?@.sku].quantityy" of a condition of "remark" leads nowhere: "lines[*]" has no field "quantityy". There are "sku", "quantity", "taxes".',
  ]);
  const when = [{ field: 'paid', is: 'is-true' }];
  check('two rules for one target', { rules: [{ from: 'a', to: 'x' }, { from: 'b', to: 'x' }, { from: 'c', to: "['x']" }] }, [
    'warning /rules/1/to The target "x" is written again: what the rule from "a" to "x" has written before is lost. Remove one of the two, give each a condition', 'warning /rules/2/to The target "[\'x\']" is written again: what the rule from "b" to "x" has written before is lost.',
  ], { source: {}, target: {} });
  check('a field, and what holds it', { rules: [{ from: 'a', to: 'o.p' }, { from: 'b', to: 'o' }, { from: 'l[*].x', to: 'i[*].x' }, { from: 'l', to: 'i' }] }, [
    'warning /rules/1/to The target "o" is written again: what the rule from "a" to "o.p" has written before is lost. Put this rule before', 'warning /rules/3/to The target "i" is written again: what the rule from "l[*].x" to "i[*].x" has written before is lost.',
  ], { source: {}, target: {} });
  check('a field of what is no object', { rules: [{ from: 'id', to: 'o' }, { from: 'note', to: 'o.p' }, { from: 'customer', to: 'c' }, { from: 'note', to: 'c.p' }, { from: 'extra', to: 'e' }, { from: 'note', to: 'e[0]' }] }, [
    'warning /rules/1/to The target "o.p" lies within "o", which the rule from "id" to "o" writes before: it gives a number, which is replaced.', 'info /rules/5/to The target "e[0]" lies within "e", which the rule from "extra" to "e" writes before: where that is no list, it is replaced.',
  ], { target: {} });
  check('repeats that are meant so', { map: 'line', rules: [{ from: 'id', to: 'article' }, { from: 'id', to: 'a', when }, { from: 'note', to: 'a', when: [{ field: 'paid', is: 'is-false' }] }, { from: 'id', to: 'b' }, { from: 'note', to: 'b', when }, { to: 'c', transforms: [{ type: 'custom-string', settings: { value: 'x' } }] }, { from: 'note', to: 'c' }, { from: 'id', to: 'd', when }, { from: 'note', to: 'd.e', when }] }, [], { source: { ...order, properties: { ...order.properties, sku: text } }, target: {} });
  check('what is written under a condition, and then always', { rules: [{ from: 'id', to: 'a', when }, { from: 'note', to: 'a' }] }, ['warning /rules/1/to The target "a" is written again'], { target: {} });
  check('fields that must be there', { rules: [all[0], { from: 'lines[*].quantity', to: 'items[*].count' }] }, [
    'warning /rules The target "amount" is required, and no rule writes it.', 'warning /rules The target "items[*].article" is required, and no rule writes it.',
  ]);
  check('fields that must be there below what may be missing', rules({ from: 'customer.email', to: 'buyer.mail' }), ['warning /rules The target "buyer.name" is required, and no rule writes it.']);
  check('what is written as a whole', { rules: [all[0], all[1], { from: 'extra', to: 'items' }] }, ['info /rules/2 The target "items" is required, and its source "extra" may be missing.']);
  check('fields that pass through', { passThrough: true, rules: [all[0], all[2]] }, [], { source: { ...order, properties: { ...order.properties, amount: { type: 'number' } } } });
  check('fields that would pass through, but are taken', { passThrough: true, rules: [...all, { from: 'remark', to: 'email' }] }, ['warning /rules The target "remark" is required, and no rule writes it.'], { source: { ...order, properties: { ...order.properties, remark: text } }, target: { ...invoice, required: ['remark'] } });
  check('a required field whose source may be missing', { rules: [{ from: 'note', to: 'reference' }, all[1], all[2]] }, ['info /rules/0 The target "reference" is required, and its source "note" may be missing. Give the rule a default.']);
  check('a default for it', { rules: [{ from: 'note', to: 'reference', default: 'none' }, all[1], all[2]] }, []);
  check('a default that fits, of what does not', rules({ from: 'extra', to: 'remark', transforms: [{ type: 'count' }], default: 'none' }), ['warning /rules/3/to The target "remark" must be a text, and gets a number.']);
  check('nothing is known of either side', { rules: [{ from: 'a.b', to: 'c' }, { from: 'd[*]', to: 'e' }] }, [], { source: {}, target: {} });
  check('records in a wrapper', { records: 'orders', rules: [{ from: 'idd', to: 'x' }] }, ['error /rules/0/from The source "idd" of "x" leads nowhere: the record has no field "idd". Did you mean "id"?'], { source: { type: 'object', properties: { orders: { type: 'array', items: order } } }, target: {} });
  check('groups', { groupBy: ['customer.email'], rules: [{ from: 'key', to: 'email' }, { from: 'records[*].total', to: 'amount', transforms: [{ type: 'sum' }] }, { from: 'count', to: 'x' }, { from: 'total', to: 'remark' }] }, [
    'error /rules/3/from The source "total" of "remark" leads nowhere: the record has no field "total".',
  ], { target: {} });
  check('a list as one record', { wrapInput: true, rules: [{ from: '[*].id', to: 'ids' }, { from: 'id', to: 'x' }] }, ['warning /rules/1/from The source "id" of "x" leads nowhere: the record is a list'], { target: {} });
  check('rules of a mapping file', { map: 'line', rules: [] }, ['error /map The source "sku" of "article" leads nowhere: the record has no field "sku".'], { target: {} });
  check('what a mapping file makes', { rules: [all[0], all[1], { from: 'lines', to: 'items', map: 'line' }, { from: 'lines[0]', to: 'remark', map: 'line' }] }, ['warning /rules/3/to The target "remark" must be a text, and gets an object.']);
  check('a mapping file that calls itself', { rules: [...all, { from: 'customer', to: 'remark', map: 'loop' }] }, ['warning /rules/3/to The target "remark" must be a text, and gets an object.']);
});

test('a quick fix mends what it is for, and nothing else comes of it', () => {
  const settings = { rules: [
    { from: 'idd', to: 'reference', transforms: [{ type: 'cast-to-string' }] }, { from: 'total', to: 'amount' }, { from: 'lines.sku', to: 'items[*].article' }, { from: 'id', to: 'remrak', transforms: [{ type: 'cast-to-string' }] },
    { from: 'lines', to: 'email', transforms: [{ type: 'case', settings: { to: 'upper' } }] },
  ] };
  const before = checked(settings, order, invoice);
  assert.equal(before.length, 5);
  for (const finding of before) {
    const [fix] = finding.quickFixes;
    assert.ok(fix, finding.message);
    const after = checked(applied(settings, fix), order, invoice).map(({ message }) => message);
    assert.deepEqual(after, before.map(({ message }) => message).filter((message) => message !== finding.message), fix.title);
  }
});

test('a rule that is missing is proposed', () => {
  const [finding] = checked({ rules: all.slice(0, 2) }, { ...order, properties: { ...order.properties, items: { type: 'array', items: { type: 'object', properties: { article: text } } } } }, { ...invoice, properties: { ...invoice.properties } });
  assert.equal(finding?.kind, 'missing-target');
  const [direct] = checked({ rules: [all[1], all[2]] }, { ...order, properties: { ...order.properties, referenceNumber: text } }, invoice);
  assert.deepEqual(direct?.quickFixes, [{ title: 'Add a rule from referenceNumber', set: [{ path: ['rules', 2], value: { from: 'referenceNumber', to: 'reference' } }] }]);
});

function applied(settings: object, { set }: QuickFix): object {
  const copy = structuredClone(settings) as Record<string | number, unknown>;
  for (const { path, value } of set) {
    const parent = path.slice(0, -1).reduce<Record<string | number, unknown>>((here, key) => here[key] as Record<string | number, unknown>, copy);
    if (value === undefined) delete parent[path.at(-1)!];
    else parent[path.at(-1)!] = value;
  }
  return copy;
}

describe('the record that a mapping makes', () => {
  const check = (title: string, settings: object, expected: unknown): void => void test(title, () => {
    const own = readMapSettings(settings, maps);
    assert.deepEqual(mapTypes(own, ruleSource(own, order), { catalog, maps }).output, expected);
  });
  check('values, lists, and what may be missing', { rules: [...all, { from: 'note', to: 'x.y' }, { from: 'lines[*].taxes[*]', to: 'items[*].taxes' }, { from: 'total', to: 'when', when: [{ field: 'id', is: 'is-not-empty' }] }] }, {
    type: 'object', additionalProperties: false, required: ['reference', 'amount', 'items'],
    properties: {
      reference: { type: ['string', 'null'] }, amount: { type: ['number', 'null'] }, when: text, x: { type: 'object', properties: { y: text }, additionalProperties: false },
      items: { type: 'array', items: { type: 'object', properties: { article: text, taxes: { type: 'array', items: { type: 'number' } } }, required: ['article'], additionalProperties: false } },
    },
  });
  check('with the rest of the record', { passThrough: true, rules: [{ from: 'id', to: 'note' }, { from: 'lines[*].sku', to: 'paid.by', when: [{ field: 'id' }] }, { from: 'total', to: 'extra', when: [{ field: 'id' }] }] }, {
    type: 'object', properties: { customer: order.properties.customer, lines: {}, paid: {}, note: { type: 'integer' }, extra: {} }, required: ['note'], additionalProperties: false,
  });
  check('a list that may be missing, and what is repeated in it', { rules: [{ from: 'lines[0].taxes[*]', to: 'a[*].x' }, { from: 'id', to: 'a[*].y' }, { from: 'id', to: 'b[*].y' }] }, {
    type: 'object', additionalProperties: false, required: ['b'],
    properties: {
      a: { type: 'array', items: { type: 'object', properties: { x: { type: 'number' }, y: { type: 'integer' } }, required: ['y'], additionalProperties: false } },
      b: { type: 'array', items: { type: 'object', properties: { y: { type: 'integer' } }, required: ['y'], additionalProperties: false } },
    },
  });
  check('several sources of which all may be missing', { rules: [{ from: ['note', 'extra'], to: 'a' }, { from: ['note', 'id'], to: 'b', transforms: [{ type: 'concatenate' }] }] }, { type: 'object', properties: { a: { type: 'array', items: {} }, b: { type: ['string', 'null'] } }, required: ['b'], additionalProperties: false });
  check('lists of different lengths, and what is repeated', { rules: [{ from: 'lines[*].sku', to: 'a[*].x' }, { from: 'id', to: 'a[*].y' }, { from: 'lines[*].sku', to: 'b[*].x' }, { from: 'lines[*]', to: 'b[*].y' }] }, {
    type: 'object', additionalProperties: false, required: ['a', 'b'],
    properties: {
      a: { type: 'array', items: { type: 'object', properties: { x: text, y: { type: 'integer' } }, required: ['x', 'y'], additionalProperties: false } },
      b: { type: 'array', items: { type: 'object', properties: { x: text, y: order.properties.lines.items }, required: ['x', 'y'], additionalProperties: false } },
    },
  });
  check('two rules for one field', { rules: [{ from: 'id', to: 'a' }, { from: 'total', to: 'a' }] }, { type: 'object', properties: { a: { anyOf: [{ type: 'integer' }, text] } }, required: ['a'], additionalProperties: false });
});

test('mapping files that call each other in many ways are typed once', () => {
  const chain: Maps = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`m${at}`, { version: 1 as const, rules: at < 39 ? [{ from: 'a', to: 'x', map: `m${at + 1}` }, { from: 'b', to: 'y', map: `m${at + 1}` }] : [{ from: 'id', to: 'x' }] }]));
  const round: Maps = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`m${at}`, { version: 1 as const, rules: Array.from({ length: 12 }, (__, to) => ({ from: 'a', to: `x${to}`, map: `m${to}` })) }]));
  const node = { type: 'object', properties: { id: text } };
  for (const own of [chain, round]) assert.equal(mapTypes(readMapSettings({ rules: [{ from: 'a', to: 'b', map: 'm0' }] }, own), { type: 'object', properties: { a: { ...node, properties: { ...node.properties, a: node, b: node } } } }, { catalog, maps: own }).rules.length, 1);
});

describe('lineage', () => {
  const rules = readRules([{ from: ['id', 'note'], to: 'reference', transforms: [{ type: 'concatenate' }], default: 'x' }, { from: 'lines[*].sku', to: 'items[*].article', when: [{ field: 'id' }] }, { from: 'note', to: 'remark', map: 'line' }, { to: 'reference', transforms: [{ type: 'uuid' }] }], ['rules']);
  test('of each target, and of each source', () => assert.deepEqual(lineageOf(rules), {
    targets: [
      { path: 'reference', rules: [{ rule: 0, sources: ['id', 'note'], chain: ['concatenate'], default: 'x', isConditional: false }, { rule: 3, sources: [], chain: ['uuid'], isConditional: false }] },
      { path: 'items[*].article', rules: [{ rule: 1, sources: ['lines[*].sku'], chain: [], isConditional: true, asked: ['id'] }] },
      { path: 'remark', rules: [{ rule: 2, sources: ['note'], chain: ['map line'], isConditional: false }] },
    ],
    sources: [{ path: 'id', targets: ['reference'] }, { path: 'note', targets: ['reference', 'remark'] }, { path: 'lines[*].sku', targets: ['items[*].article'] }],
  }));
  test('of fields without a rule', () => {
    const { targets, sources } = lineageOf(rules, order, invoice);
    assert.deepEqual(targets.filter((one) => one.rules.length === 0).map(({ path }) => path), ['amount', 'email', 'buyer.name', 'buyer.mail', 'items[*].count']);
    assert.deepEqual(sources.filter((one) => one.targets.length === 0).map(({ path }) => path), ['total', 'paid', 'extra', 'customer.email', 'customer.phone', 'lines[*].quantity', 'lines[*].taxes[*]']);
  });
});

test('a field that only a condition asks for is used, however it is nested', () => {
  const asking = readRules([{ from: 'id', to: 'a', when: [{ any: [{ field: "['paid']", value: true }, { all: [{ field: 'lines[*].quantity', is: 'greater-than', value: 1 }] }] }] }], ['rules']);
  const { targets, sources } = lineageOf(asking, order);
  assert.deepEqual(targets.map(({ rules: [own] }) => own?.asked), [['paid', 'lines[*].quantity']]);
  assert.deepEqual(sources.filter((one) => one.targets.length === 0).map(({ path }) => path).filter((path) => path === 'paid' || path.startsWith('lines[*].q')), []);
});

describe('suggestions', () => {
  const check = (title: string, source: object, target: object, expected: readonly string[], rules: readonly object[] = [], former: readonly object[] = []): void => void test(title, () => {
    const object = (properties: object): object => ({ type: 'object', properties });
    const found = suggestRules({ source: object(source), target: object(target), rules: readRules(rules, ['rules']), former: readRules(former, ['rules']) });
    assert.deepEqual(found.map(({ rule: { from, to, transforms = [] }, why }) => `${from} → ${to}${transforms.map(({ type }) => ` | ${type}`).join('')}: ${why}`), expected);
    for (const { score } of found) assert.ok(score >= 0.5 && score <= 1);
  });
  check('the same words in another style', { total_price: text, created_at: text }, { createdAt: text, TotalPrice: text }, ['total_price → TotalPrice: the same name and path', 'created_at → createdAt: the same name and path']);
  check('a tag counts more than a name', { mail: { ...text, 'x-tag': 'email' }, email: text }, { email: { ...text, 'x-tag': 'email' } }, ['mail → email: both have the tag "email"']);
  check('a type that needs a transform', { amount: text }, { amount: { type: 'number' } }, ['amount → amount | cast-to-number: the same name and path; cast-to-number makes the type fit']);
  check('no transform makes an object of a text', { amount: text }, { amount: { type: 'object' } }, []);
  check('lists to lists', { line_items: { type: 'array', items: { type: 'object', properties: { sku: text } } } }, { lines: { type: 'array', items: { type: 'object', properties: { SKU: text } } }, sku: text }, ['line_items[*].sku → lines[*].SKU: the same name']);
  check('what another mapping has done', { a: text }, { z: text }, ['a → z | trim: another mapping does the same'], [], [{ from: 'a', to: 'z', transforms: [{ type: 'trim' }] }]);
  check('what is written is left alone', { a: text, b: text }, { a: text, b: text }, ['b → b: the same name and path'], [{ from: 'b', to: 'a' }]);
  check('of what a part is written, the rest is left alone', { address: { type: 'object' }, tags: { type: 'array' }, city: text }, { address: { type: 'object' }, tags: { type: 'array' } }, [], [{ from: 'city', to: 'address.city' }, { from: 'city', to: 'tags[0]' }]);
  check('short names of the same', { qty: { type: 'number' }, desc: text }, { quantity: { type: 'number' }, description: text }, ['desc → description: a name that is like it', 'qty → quantity: a name that is like it']);
  check('nothing is like it', { a: text }, { zebra: text }, []);
});

test('references of a schema are written out, and end', () => {
  const schema = { $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { name: text, children: { type: 'array', items: { $ref: '#/$defs/node' } }, far: { $ref: 'https://other.test/x' } } } } };
  const plain = JSON.stringify(withoutRefs(schema));
  assert.doesNotMatch(plain, /\$ref|\$defs/);
  const own = mapTypes(readMapSettings({ rules: [{ from: 'children[*].name', to: 'a[*].n' }, { from: 'children[*].nam', to: 'a[*].x' }] }, {}), withoutRefs(schema), { catalog, maps: {} });
  assert.deepEqual(own.rules.map(({ sources }) => sources[0]?.fault?.names), [undefined, ['name', 'children', 'far']]);
});
