import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogJson from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import type { ConnectorManifest } from './connector.ts';
import { flowTypes } from './flow-types.ts';
import type { Flow } from './flow.ts';
import { applyEdits } from './flow-edit-apply.ts';
import { lint } from './lint.ts';
import type { LintWorld } from './lint-world.ts';
import { quickFixEdits } from './quick-fix.ts';

const text = { type: 'string' } as const;
const order = { type: 'object', properties: { id: { type: 'integer' }, email: text, lines: { type: 'array', items: { type: 'object', properties: { sku: text }, required: ['sku'] } } }, required: ['id'], additionalProperties: false };
const invoice = { type: 'object', properties: { reference: text, mail: text }, required: ['reference'] };
const get = { direction: 'receive', method: 'GET', path: '/' } as const;
const post = { direction: 'send', method: 'POST', path: '/' } as const;
const shop = {
  version: 1, title: 'Shop', baseUrl: 'https://shop.test',
  endpoints: {
    orders: { ...get, title: 'Orders', record: order }, mixed: { ...get, title: 'Mixed', record: { type: 'object', properties: { either: { type: ['string', 'integer'] }, note: { type: ['string', 'null'] }, email: text }, required: ['either', 'note', 'email'], additionalProperties: false } }, shown: { ...get, title: 'Shown', records: '$.rows', examples: [{ title: 'One', response: { status: 200, body: { rows: [{ a: 1 }, { a: 2.5, b: null }] } } }] }, silent: { ...get, title: 'Silent' }, nested: { ...get, title: 'Nested', record: order, slices: [{ name: 'shop', endpoint: 'orders', include: { shopName: '$.name' } }] },
    invoice: { ...post, title: 'Invoice', record: invoice }, any: { ...post, title: 'Any' },
  },
} satisfies ConnectorManifest;
const world: LintWorld = {
  catalog: catalogJson as unknown as Catalog, connectors: { shop }, instances: { shop: { version: 1, connector: 'shop' } }, environments: {}, scripts: [], schemas: ['schemas/in.json'], lookups: [], maps: { part: { version: 1, rules: [{ from: 'sku', to: 'article' }] } }, flows: [], groups: [],
  schemaOf: (file) => (file === 'schemas/in.json' ? { $ref: '#/$defs/in', $defs: { in: { type: 'object', properties: { ref: text }, required: ['ref'], additionalProperties: false } } } : undefined),
};

/** Steps one after the other, each as shape and settings. */
const chain = (...steps: readonly (readonly [shape: string, settings?: object, more?: object])[]): Flow => ({
  version: 1, start: 's0',
  steps: Object.fromEntries(steps.map(([shape, settings, more], index) => [`s${index}`, { shape, ...(settings && { settings: settings as Record<string, unknown> }), ...(index + 1 < steps.length && { next: { out: `s${index + 1}` } }), ...more }])),
});
const receive = (endpoint: string): readonly [string, object] => ['connector', { instance: 'shop', endpoint }];

describe('what arrives at the last step', () => {
  const check = (title: string, flow: Flow, expected: object, from?: string, likely?: object): void => void test(title, () => {
    const found = flowTypes(flow, world).into(Object.keys(flow.steps).at(-1)!);
    assert.deepEqual(found, { schema: expected, ...(from !== undefined && { from }), ...(likely && { likely }) });
  });
  const orders = { type: 'array', items: order };
  const named = 'the endpoint orders of shop';
  check('records of an endpoint', chain(receive('orders'), ['map']), orders, named);
  check('with what slices include', chain(receive('nested'), ['map']), { type: 'array', items: { ...order, properties: { ...order.properties, shopName: {} } } }, 'the endpoint nested of shop');
  check('records that examples show', chain(receive('shown'), ['map']), { type: 'array', items: { type: 'object', properties: { a: { type: 'number' }, b: {} }, additionalProperties: true } }, 'the endpoint shown of shop');
  check('of an endpoint that says nothing', chain(receive('silent'), ['map']), {});
  check('through steps that keep records', chain(receive('orders'), ['filter'], ['de-dupe', { keys: ['id'] }], ['flow-control', { size: 2 }], ['map']), orders, named);
  check('through an endpoint that sends', chain(receive('orders'), ['connector', { instance: 'shop', endpoint: 'any' }], ['map']), orders, named);
  check('an answer', chain(receive('orders'), ['connector', { instance: 'shop', endpoint: 'any', saveResponse: true }], ['map']), {});
  check('a script', chain(receive('orders'), ['script', { script: 'a.ts' }], ['map']), {});
  check('a script that is disabled', chain(receive('orders'), ['script', { script: 'a.ts' }, { disabled: true }], ['map']), orders, named);
  check('parts of records', chain(receive('orders'), ['split', { path: '[*].lines', each: true }], ['map']), order.properties.lines.items, named);
  check('parts in a wrapper', chain(receive('orders'), ['split', { path: '[*].id', wrapper: 'n' }], ['map']), { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false }, named);
  check('items of a loop', { version: 1, start: 'a', steps: { a: { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders' }, next: { out: 'b' } }, b: { shape: 'for-each', next: { each: 'c' } }, c: { shape: 'map' } } }, order, named);
  check('a document of the flow', chain(['manual-payload', { document: [{ a: 1 }] }], ['map']), { type: 'array', items: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } }, 'the document of a step');
  check('a document with expressions', chain(['manual-payload', { document: '{{ payload.x }}' }], ['map']), {});
  check('the first step', chain(['map']), {});
  const part = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false };
  check('what a map makes', chain(receive('orders'), ['map', { rules: [{ from: 'id', to: 'n' }] }], ['map']), { anyOf: [{ type: 'array', items: part }, part] }, 'the map before', { anyOf: [{ type: 'array', items: part }, part] });
  check('two ways to one step', { version: 1, start: 'r', steps: { r: { shape: 'branch', settings: { branches: [{ name: 'a' }, { name: 'b' }] }, next: { a: 'a', b: 'b' } }, a: { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders' }, next: { out: 'm' } }, b: { shape: 'manual-payload', settings: { document: 'x' }, next: { out: 'm' } }, m: { shape: 'map' } } }, { anyOf: [orders, text] }, `${named} and the document of a step`);
  check('what is caught', { version: 1, start: 'a', steps: { a: { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders' }, next: { out: 'b' } }, b: { shape: 'try-catch', next: { catch: 'c' } }, c: { shape: 'map' } } }, {});
  check('a loop', { version: 1, start: 'a', steps: { a: { shape: 'filter', next: { out: 'b' } }, b: { shape: 'filter', next: { out: 'a' } } } }, {});
});

describe('maps of a flow are checked', () => {
  const check = (title: string, flow: Flow, expected: readonly string[], quick: readonly string[] = []): void => void test(title, () => {
    const found = lint('flow', 'flows/x.flow.json', JSON.stringify(flow), world);
    assert.deepEqual(found.map(({ severity, code, path, message }) => `${severity} ${code} ${path} ${message}`), expected);
    assert.deepEqual(found.flatMap(({ quickFixes = [] }) => quickFixes.map(({ set }) => set.map(({ path, value }) => `${path.join('/')} = ${JSON.stringify(value)}`).join(', '))), quick);
  });
  const send = ['connector', { instance: 'shop', endpoint: 'invoice' }] as const;
  check('that fit', chain(receive('orders'), ['map', { rules: [{ from: 'email', to: 'reference' }] }], send), []);
  check('against the endpoints before and behind them', chain(receive('orders'), ['filter', { conditions: [] }], ['map', { rules: [{ from: 'mail', to: 'mail' }, { from: 'id', to: 'reference' }] }], ['flow-control', { size: 1 }], send), [
    'error CONFIG_PATH /steps/s2/settings/rules/0/from The source "mail" of "mail" leads nowhere: the record has no field "mail".', 'warning CONFIG_INVALID /steps/s2/settings/rules/1/to The target "reference" must be a text, and gets a number.',
  ], ['steps/s2/settings/rules/0/from = "email"', 'steps/s2/settings/rules/1/transforms = [{"type":"cast-to-string"}]']);
  check('against a map before', chain(receive('orders'), ['map', { rules: [{ from: 'id', to: 'number' }] }], ['map', { rules: [{ from: 'numbr', to: 'x' }] }]), ['error CONFIG_PATH /steps/s2/settings/rules/0/from The source "numbr" of "x" leads nowhere: the record has no field "numbr".'], ['steps/s2/settings/rules/0/from = "number"']);
  const then = (first: object, second: object) => chain(receive('mixed'), ['map', first], ['filter', { conditions: [] }], ['map', second], send);
  const cast = ['steps/s3/settings/rules/0/transforms = [{"type":"cast-to-string"}]'];
  check('a second map: what goes through the first as it came', then({ rules: [{ from: 'either', to: 'n' }] }, { rules: [{ from: 'n', to: 'reference' }] }), ['warning CONFIG_INVALID /steps/s3/settings/rules/0/to The target "reference" must be a text, and may get a number.'], cast);
  check('what the first gives null for', then({ rules: [{ from: 'note', to: 'n' }] }, { rules: [{ from: 'n', to: 'reference' }] }), ['warning CONFIG_INVALID /steps/s3/settings/rules/0/to The target "reference" must not be null, and its source may be.'], ['steps/s3/settings/rules/0/default = ""']);
  check('what a default of the first has mended', then({ rules: [{ from: 'note', to: 'n', default: '-' }] }, { rules: [{ from: 'n', to: 'reference' }] }), []);
  check('what a condition of the first leaves out', then({ rules: [{ from: 'note', to: 'n', when: [{ field: 'note', is: 'is-not-null' }] }] }, { rules: [{ from: 'n', to: 'reference', default: '' }] }), []);
  check('what stays as the first passes it on', then({ passThrough: true, rules: [] }, { rules: [{ from: 'either', to: 'reference' }] }), ['warning CONFIG_INVALID /steps/s3/settings/rules/0/to The target "reference" must be a text, and may get a number.'], cast);
  check('through a third, and items of lists', chain(receive('mixed'), ['map', { rules: [{ from: 'either', to: 'a.b' }, { from: 'email', to: 'c' }] }], ['map', { rules: [{ from: 'a', to: 'd' }, { from: 'c', to: 'list[*].c' }] }], ['map', { rules: [{ from: 'd.b', to: 'reference' }, { from: 'list[*].c', to: 'mail' }] }], send), ['warning CONFIG_INVALID /steps/s3/settings/rules/0/to The target "reference" must be a text, and may get a number.', 'warning CONFIG_INVALID /steps/s3/settings/rules/1/to The target "mail" must be a text, and gets a list.'], [...cast, 'steps/s3/settings/rules/1/transforms = [{"type":"array-join"}]']);
  check('what a transform of the first gives, of which only the types are known', then({ rules: [{ from: 'either', to: 'n', transforms: [{ type: 'first-word' }] }] }, { rules: [{ from: 'n', to: 'reference' }] }), []);
  check('what another rule of the first writes in its place', then({ rules: [{ from: 'either', to: 'n' }, { from: 'email', to: 'n' }] }, { rules: [{ from: 'n', to: 'reference' }] }), ['warning CONFIG_INVALID /steps/s1/settings/rules/1/to The target "n" is written again: what the rule from "either" to "n" has written before is lost.']);
  check('against schema files', chain(['map', { rules: [{ from: 'rif', to: 'a' }], source: 'schemas/in.json', target: 'schemas/in.json' }]), [
    'warning CONFIG_INVALID /steps/s0/settings/rules The target "ref" is required, and no rule writes it.', 'error CONFIG_PATH /steps/s0/settings/rules/0/from The source "rif" of "a" leads nowhere: the record has no field "rif".', 'warning CONFIG_PATH /steps/s0/settings/rules/0/to What is wanted has no place for the target "a": the record has no field "a".',
  ], ['steps/s0/settings/rules/1 = {"from":"ref","to":"ref"}', 'steps/s0/settings/rules/0/from = "ref"']);
  check('against nothing that is known', chain(['map', { rules: [{ from: 'a', to: 'b' }] }]), []);
  check('that are disabled', chain(receive('orders'), ['map', { rules: [{ from: 'mail', to: 'mail' }] }, { disabled: true }], send), []);
});

test('the first quick fix of each finding, one after the other, makes a flow without findings', () => {
  let text = `${JSON.stringify(chain(receive('orders'), ['map', { rules: [{ from: 'mail', to: 'mail' }, { from: 'id', to: 'refrence' }] }], ['connector', { instance: 'shop', endpoint: 'invoice' }]), undefined, 2)}\n`;
  const open = { ...world, connectors: { shop: { ...shop, endpoints: { ...shop.endpoints, invoice: { ...shop.endpoints.invoice, record: { ...invoice, additionalProperties: false } } } } } };
  const seen: string[] = [];
  for (let left = 10; left > 0; left--) {
    const fix = lint('flow', 'flows/x.flow.json', text, open).find(({ message, quickFixes }) => quickFixes && !/no rule writes/.test(message))?.quickFixes?.[0];
    if (!fix) break;
    seen.push(fix.title);
    text = applyEdits(text, quickFixEdits('flow', text, fix, world.catalog));
  }
  assert.deepEqual(seen, ['Change it to email', 'Change it to reference', 'Add cast-to-string']);
  assert.deepEqual(lint('flow', 'flows/x.flow.json', text, open), []);
});
