import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from './catalog.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Flow } from './flow.ts';
import type { ConnectorManifest } from './connector.ts';
import { lint, type LintWorld } from './lint.ts';
import { meantText } from './quick-fix.ts';
import type { FileKind } from './workspace.ts';

const shop = {
  version: 1, title: 'Shop', baseUrl: '{{ instance.url }}',
  variables: { url: { type: 'string', required: true }, region: { type: 'string', enum: ['eu', 'us'], default: 'eu' }, token: { type: 'string', writeOnly: true, default: '' } },
  auth: { key: { type: 'api-key' }, client: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/token' } } },
  endpoints: {
    'orders.list': { title: 'Orders', direction: 'receive', method: 'GET', path: '/orders', params: { since: { type: 'string', required: true, in: 'query', description: 'First day.' }, limit: { type: 'integer', in: 'query' } } },
    'orders.create': { title: 'Create', direction: 'send', method: 'POST', path: '/orders' },
  },
} as ConnectorManifest;

const depot = { version: 1, title: 'Depot', baseUrl: 'https://depot.test', baseUrls: { files: 'https://files.test' }, endpoints: { get: { title: 'Get', direction: 'receive', method: 'GET', path: '/{{ params.path }}', baseUrl: 'files', params: { path: { type: 'string', required: true, in: 'path', style: 'path' } } } } } as ConnectorManifest;

const tested = { version: 1, start: 'get', variables: { since: { type: 'string' } }, steps: { get: { shape: 'connector', settings: { instance: 'eu', endpoint: 'orders.list' }, next: { out: 'guard' } }, guard: { shape: 'try-catch', next: { try: 'send' } }, send: { shape: 'connector' } } } as const as unknown as Flow;

const world: LintWorld = {
  catalog: catalog as Catalog,
  connectors: { shop, broken: undefined, depot },
  instances: { eu: { version: 1, connector: 'shop', settings: { url: 'https://shop.test' }, credentials: { key: { $secret: 'eu' } } }, odd: undefined, other: { version: 1, connector: 'broken' }, two: { version: 1, connector: 'depot' } },
  environments: { dev: { version: 1, variables: { limit: 5 } }, prod: { version: 1, instances: { eu: { settings: { url: 'https://shop.example' } } } } },
  scripts: ['scripts/totals.ts'], schemas: ['schemas/order.json'], schemaOf: (file) => (file === 'order.json' ? { type: 'object', properties: { number: { type: 'integer' } }, additionalProperties: false } : undefined), lookups: ['countries'], maps: { address: { version: 1, rules: [] }, odd: undefined }, flows: ['orders', 'odd'], flowOf: (id) => (id === 'orders' ? tested : undefined), groups: ['ops'], hasSecret: (name) => name !== 'gone',
};

interface Case {
  readonly kind?: FileKind;
  readonly file?: string;
}

const check = (name: string, value: unknown, expected: readonly string[], { kind = 'flow', file = 'flows/a.flow.json' }: Case = {}) =>
  test(name, () => {
    const text = JSON.stringify(value, undefined, 2);
    const found = lint(kind, file, text, world);
    // An expectation may leave out the message, where another test has it.
    const lines = found.map(({ severity, code, path, message }) => `${severity} ${code} ${path} ${message}`);
    assert.deepEqual(lines.map((line, index) => (expected[index] !== undefined && line.startsWith(expected[index]) ? expected[index] : line)), expected);
    for (const { fix, line, column } of found) assert.ok(fix && line > 0 && column > 0);
    for (const one of found.filter(({ meant }) => meant !== undefined)) assert.ok(lint(kind, file, withMeant(text, one), world).filter(({ message }) => message === one.message).length < found.filter(({ message }) => message === one.message).length, `${one.message} is not mended by ${one.meant}`);
    assert.deepEqual(lint(kind, file, JSON.stringify(value), world).map(({ path, message }) => `${path} ${message}`).sort(), found.map(({ path, message }) => `${path} ${message}`).sort(), 'the way of writing does not matter');
  });

/** The text with the name that was probably meant in the place of what is marked. */
function withMeant(text: string, { line, column, endLine = line, endColumn = column, meant = '' }: Diagnostic): string {
  const [from, to] = [[line, column], [endLine, endColumn]].map(([row, at]) => text.split('\n').slice(0, row! - 1).join('\n').length + (row! > 1 ? 1 : 0) + at! - 1) as [number, number];
  return text.slice(0, from) + (meantText(text.slice(from, to), meant) ?? assert.fail(`${text.slice(from, to)} is no name`)) + text.slice(to);
}

const flow = (steps: object, more: object = {}) => ({ version: 1, start: Object.keys(steps)[0], ...more, steps });
const one = (shape: string, settings?: object, more: object = {}) => flow({ a: { shape, ...(settings && { settings }) } }, more);
const message = (text: string, more: object = {}) => one('notify', { message: text }, more);

describe('the graph of a flow', () => {
  check('an empty flow', { version: 1, steps: {} }, []);
  check('no start', { version: 1, steps: { a: { shape: 'split' } } }, ['error CONFIG_INVALID  The flow has no start: nothing says which step gets the payload of the trigger.']);
  check('an unknown start', one('split', undefined, { start: 'b' }), ['error CONFIG_UNKNOWN_STEP /start The start of the flow, "b", is not one of its steps.']);
  check('an unknown shape', one('splitt'), ['error CONFIG_UNKNOWN_PLUGIN /steps/a/shape There is no shape "splitt".']);
  check('an unknown shape that is disabled', flow({ a: { shape: 'splitt', disabled: true } }), ['warning CONFIG_UNKNOWN_PLUGIN /steps/a/shape There is no shape "splitt".']);
  check('a link to nowhere', flow({ a: { shape: 'split', next: { out: 'b' } } }), ['error CONFIG_UNKNOWN_STEP /steps/a/next/out The port "out" of the step "a" leads to "b", which is not a step of the flow.']);
  check('an unknown port', flow({ a: { shape: 'split', next: { else: 'a2' } }, a2: { shape: 'split' } }), ['error CONFIG_UNKNOWN_PORT /steps/a/next/else The step "a" has no port "else".']);
  check('a port of a route', flow({ a: { shape: 'route', settings: { routes: [{ name: 'uk' }] }, next: { uk: 'b', fr: 'b' } }, b: { shape: 'split' } }), ['error CONFIG_UNKNOWN_PORT /steps/a/next/fr The step "a" has no port "fr".']);
  check('two routes of one name', one('route', { routes: [{ name: 'uk' }, { name: 'uk' }, { name: 'else' }] }), ['error CONFIG_INVALID /steps/a/settings/routes/1/name The port "uk" is there twice.', 'error CONFIG_INVALID /steps/a/settings/routes/2/name The port "else" is there twice.']);
  check('a loop', flow({ a: { shape: 'split', next: { out: 'b' } }, b: { shape: 'split', next: { out: 'a' } } }), ['error CONFIG_CYCLE /steps/b/next/out The steps lead back to themselves: a → b → a.']);
  check('a step that is never reached', flow({ a: { shape: 'split' }, b: { shape: 'split' } }), ['warning CONFIG_INVALID /steps/b The step "b" cannot be reached from the start: it never runs.']);
  check('a place of no step', one('split', undefined, { layout: { b: [0, 0] } }), ['warning CONFIG_UNKNOWN_STEP /layout/b The layout has a place for "b", which is not a step of the flow.']);
  check('a group of what is no step, and a step in two groups', one('split', undefined, { groups: { one: { steps: ['a'] }, two: { title: 'Two', steps: ['b', 'a'] } } }), [
    'warning CONFIG_UNKNOWN_STEP /groups/two/steps/0 The group "two" has "b" in it, which is not a step of the flow.', 'warning CONFIG_INVALID /groups/two/steps/1 The step "a" is in the group "one" already.',
  ]);
  check('notes without a text', one('split', undefined, { notes: { 'why-so': { place: [0, 0, 200] } } }), ['error CONFIG_INVALID /notes/why-so', 'error CONFIG_INVALID /notes/why-so/place']);
  check('an unknown trigger', { version: 1, triggers: { t: { trigger: 'schedul' } }, steps: {} }, ['error CONFIG_UNKNOWN_PLUGIN /triggers/t/trigger There is no trigger "schedul".']);
  check('a default of another type', { version: 1, variables: { n: { type: 'number', default: '1' } }, steps: {} }, ['error CONFIG_INVALID /variables/n/default The default of the variable "n" must be a number, as its type says.']);
});

describe('settings of steps', () => {
  check('what is missing', one('connector', { instance: 'eu' }), ['error CONFIG_INVALID /steps/a/settings "endpoint" is missing in "settings" of "a".']);
  check('all of it', one('connector'), ['error CONFIG_INVALID /steps/a "instance" is missing in "settings" of "a".', 'error CONFIG_INVALID /steps/a "endpoint" is missing in "settings" of "a".']);
  check('what is not known', one('split', { pat: 'a' }), ['error CONFIG_INVALID /steps/a/settings/pat "pat" is not allowed in "settings" of "a".']);
  check('an unknown instance', one('connector', { instance: 'us', endpoint: 'orders.list' }), ['error CONFIG_UNKNOWN_INSTANCE /steps/a/settings/instance There is no instance "us".']);
  check('an instance that cannot be read', one('connector', { instance: 'odd', endpoint: 'orders.list' }), []);
  check('a connector that cannot be read', one('connector', { instance: 'other', endpoint: 'orders.list' }), []);
  check('an unknown endpoint', one('connector', { instance: 'eu', endpoint: 'orders.lst' }), ['error CONFIG_UNKNOWN_ENDPOINT /steps/a/settings/endpoint The connector "shop" has no endpoint "orders.lst".']);
  check('parameters', one('connector', { instance: 'eu', endpoint: 'orders.list', params: { limt: 1, limit: 'x' } }), [
    'error CONFIG_INVALID /steps/a/settings/params The endpoint "orders.list" needs the parameter "since".', 'error CONFIG_INVALID /steps/a/settings/params/limt The endpoint "orders.list" has no parameter "limt".',
    'error CONFIG_INVALID /steps/a/settings/params/limit "limit" must be a whole number; it is "x" (string).',
  ]);
  check('a parameter by expression', one('connector', { instance: 'eu', endpoint: 'orders.list', params: { since: '{{ now }}', limit: '{{ env.limit }}' } }), []);
  check('an unknown script', one('script', { script: 'scripts/total.ts' }), ['error CONFIG_UNKNOWN_SCRIPT /steps/a/settings/script There is no script "scripts/total.ts".']);
  check('an unknown flow', one('run-flow', { flow: 'order' }), ['error CONFIG_UNKNOWN_FLOW /steps/a/settings/flow There is no flow "order".']);
  check('schema files', one('validate', { schemaFile: 'order.json' }), []);
  check('an unknown schema file', one('validate', { schemaFile: 'schemas/orders.json' }), ['error CONFIG_NOT_FOUND /steps/a/settings/schemaFile There is no schema "schemas/orders.json".']);
  check('an unknown step', one('merge', { inputs: ['a', 'b'] }), ['error CONFIG_UNKNOWN_STEP /steps/a/settings/inputs/1 There is no step "b".']);
  check('conditions in groups', one('filter', { conditions: [{ any: [{ all: [{ field: 'a[', is: 'equal' }] }] }] }), ['error CONFIG_PATH /steps/a/settings/conditions/0/any/0/all/0/field', 'error CONFIG_INVALID /steps/a/settings/conditions/0/any/0/all/0/is']);
  check('a path', one('split', { path: 'items.0' }), ['error CONFIG_PATH /steps/a/settings/path The path "items.0" is not valid at character 7: unexpected shorthand selector \'0\'. Write the index of a list in brackets: items[0].']);
  check('paths of a rule', one('map', { rules: [{ from: ['a', 'b['], to: 'x' }, { from: 'c', to: 'x..y' }, { to: 'a.__proto__' }, { from: 'line items[*].sku', to: "first name[*]['a.b'][0]" }] }), [
    'error CONFIG_PATH /steps/a/settings/rules/0/from/1', 'error CONFIG_PATH /steps/a/settings/rules/1/to', 'error CONFIG_PATH /steps/a/settings/rules/2/to', 'error CONFIG_PATH /steps/a/settings/rules/3/from',
  ]);
  check('transforms', one('map', { rules: [{ from: 'a', to: 'b', transforms: [{ type: 'prefx' }, { type: 'prefix', settings: { prefix: 1 } }, { type: 'lookup', settings: { lookup: 'country' } }, { type: 'prefix' }] }] }), [
    'error CONFIG_UNKNOWN_PLUGIN /steps/a/settings/rules/0/transforms/0/type There is no transform "prefx".', 'error CONFIG_INVALID /steps/a/settings/rules/0/transforms/1/settings/prefix "prefix" must be a text; it is 1 (number).',
    'error CONFIG_UNKNOWN_LOOKUP /steps/a/settings/rules/0/transforms/2/settings/lookup There is no lookup "country".', 'error CONFIG_INVALID /steps/a/settings/rules/0/transforms/3 "prefix" is missing in "settings" of item 4 of "transforms".',
  ]);
  check('converters', one('convert', { from: 'cvs', reading: { x: 1 }, to: 'csv', writing: { delimter: ';', encoding: 'windows-1252' } }), [
    'error CONFIG_UNKNOWN_PLUGIN /steps/a/settings/from There is no converter "cvs".', 'error CONFIG_INVALID /steps/a/settings/writing/delimter "delimter" is not allowed in "writing".',
  ]);
  check('settings of a converter that is not named', one('convert', { reading: { header: false } }), ['error CONFIG_INVALID /steps/a/settings']);
  check('alternatives', one('map', { rules: [{ from: 1, to: 'b' }] }), ['error CONFIG_INVALID /steps/a/settings/rules/0/from "from" must be a text or a list; it is 1 (number).']);
  check('a secret by name', { version: 1, triggers: { t: { trigger: 'webhook', settings: { signature: { header: 'x', secret: { $secret: 'gone' } } } } }, steps: {} }, ['warning SECRET_MISSING /triggers/t/settings/signature/secret/$secret The secret "gone" is not set.']);
  check('a secret as it is', { version: 1, triggers: { t: { trigger: 'webhook', settings: { signature: { header: 'x', secret: 'hush' } } } }, steps: {} }, ['error CONFIG_SECRET_LITERAL /triggers/t/settings/signature/secret "secret" is secret and must not stand in a file.']);
});

describe('expressions', () => {
  check('that are sound', message("{{ payload.id ?? 'none' }} {{ flow.since | prefix(prefix: 'x') }} {{ env.limit }} {{ meta.x }} {{ run.id }} {{ now }}", { variables: { since: {} } }), []);
  check('syntax', message('{{ payload. }}'), ['error CONFIG_EXPRESSION /steps/a/settings/message The expression in "{{ payload. }}" is not valid at character 12: a name is expected after the dot.']);
  check('an unknown root', message('{{ paylod.id }}'), ['error CONFIG_EXPRESSION /steps/a/settings/message "paylod" is nothing that an expression may begin with here.']);
  test('what a file is called stands in the metadata', () => assert.match(lint('flow', 'f.flow.json', JSON.stringify(message('{{ file.name }}')), world)[0]!.fix ?? '', /\{\{ meta\["file\.name"\] \}\}/));
  check('a root of another place', message('{{ response.id }}'), ['error CONFIG_EXPRESSION /steps/a/settings/message "response" is nothing that an expression may begin with here.']);
  check('unknown variables', message("{{ flow.x }} {{ flow.y ?? 1 }} {{ env.z }} {{ flow['since'] }}"), [
    'warning CONFIG_EXPRESSION /steps/a/settings/message The flow has no variable "x".', 'warning CONFIG_EXPRESSION /steps/a/settings/message No environment has a variable "z".', 'warning CONFIG_EXPRESSION /steps/a/settings/message The flow has no variable "since".',
  ]);
  check('a variable that a step sets', flow({ a: { shape: 'set-variables', settings: { flow: [{ name: 'x', value: 1 }] }, next: { out: 'b' } }, b: { shape: 'notify', settings: { message: '{{ flow.x }}' } } }), []);
  check('pipes', message("{{ payload.a | upper }} {{ payload.a | pad(lngth: 3) }}"), ['error CONFIG_UNKNOWN_PLUGIN /steps/a/settings/message There is no transform "upper".', 'error CONFIG_EXPRESSION /steps/a/settings/message The settings of the transform "pad" are not valid: ']);
  check('where none is evaluated', one('split', { wrapper: '{{ payload.x }}' }), ['warning CONFIG_EXPRESSION /steps/a/settings/wrapper Expressions are not evaluated in "wrapper": the braces stay as they are.']);
  test('are marked to the character', () => {
    const [found] = lint('flow', 'a', '{ "version": 1, "start": "a", "steps": { "a": { "shape": "notify", "settings": { "message": "\\"a\\" {{ paylod.id }}" } } } }', world);
    assert.deepEqual([found?.column, found?.endColumn, found?.fix], [103, 109, 'Did you mean "payload"?']);
  });
});

const manifest = (change: object) => ({ version: 1, title: 'X', baseUrl: 'https://x.test', endpoints: {}, ...change });
const endpoint = (change: object, more: object = {}) => manifest({ ...more, endpoints: { e: { title: 'E', direction: 'receive', method: 'GET', path: '/e', examples: [{ title: 'One', response: { status: 200 } }], ...change } } });
const connector: Case = { kind: 'connector', file: 'connectors/x.connector.json' };

describe('connectors', () => {
  check('that are sound', shop, ['warning CONFIG_INVALID /variables/region The variable "region" is not used.', 'warning CONFIG_INVALID /variables/token The variable "token" is not used.', 'info CONFIG_INVALID /endpoints/orders.list The endpoint "orders.list" has no example.', 'info CONFIG_INVALID /endpoints/orders.create The endpoint "orders.create" has no example.'], connector);
  check('an address that is none', manifest({ baseUrl: 'x.test' }), ['error CONFIG_INVALID /baseUrl The base URL "x.test" is not an address.'], connector);
  for (const [name, value, fix] of [['before', 'x.ts', 'Write { "script": "x.ts" }.'], ['pagination', 'cursor', 'Write { "type": "cursor" }.'], ['rateLimit', 'fast', undefined]] as const) test(`a text in the place of an object: ${name}`, () => {
    const found = lint('connector', 'connectors/x.connector.json', JSON.stringify(manifest({ defaults: { [name]: value } })), world).find(({ path, message }) => path === `/defaults/${name}` && message.includes('must be an object'));
    assert.equal(found?.fix?.startsWith('Write {') ? found.fix : undefined, fix);
  });
  check('a port that there is not', manifest({ baseUrl: 'https://x.test:99999' }), ['error CONFIG_INVALID /baseUrl The base URL "https://x.test:99999" is not an address.'], connector);
  check('an address with a password', manifest({ baseUrl: 'https://me:pw@x.test' }), ['error CONFIG_SECRET_LITERAL /baseUrl The base URL has a password in it.'], connector);
  check('further addresses', manifest({ baseUrls: { files: 'https://files.test', other: 'files.test', empty: 'https://x.test?a=1' }, endpoints: { e: { title: 'E', direction: 'receive', method: 'OPTIONS', path: '/', baseUrl: 'fles', examples: [{ title: 'It', response: { status: 200 } }] }, f: { title: 'F', direction: 'receive', method: 'GET', path: '/', baseUrl: 'other', examples: [{ title: 'It', response: { status: 200 } }] } } }), [
    'error CONFIG_INVALID /endpoints/e/baseUrl The connector has no base URL "fles": an endpoint names one of "baseUrls".',
    'warning CONFIG_INVALID /baseUrls/files The base URL "files" is not used.', 'error CONFIG_INVALID /baseUrls/other The base URL "files.test" is not an address.',
    'warning CONFIG_INVALID /baseUrls/empty The base URL "empty" is not used.', 'error CONFIG_INVALID /baseUrls/empty The base URL has a query or a fragment, which would stand before the paths.',
  ], connector);
  check('a query in the address', manifest({ baseUrl: 'https://x.test?a=1' }), ['error CONFIG_INVALID /baseUrl The base URL has a query or a fragment, which would stand before the paths.'], connector);
  check('a variable that is not there', manifest({ baseUrl: 'https://{{ instance.host }}' }), ['error CONFIG_EXPRESSION /baseUrl The connector has no variable "host".'], connector);
  check('plugins', endpoint({ pagination: { type: 'pages' } }, { auth: { a: { type: 'bearr' }, b: { type: 'api-key', settings: { in: 'head' } } }, defaults: { pagination: { type: 'cursor', settings: { path: 'a[' } } } }), [
    'error CONFIG_UNKNOWN_PLUGIN /endpoints/e/pagination/type', 'error CONFIG_UNKNOWN_PLUGIN /auth/a/type', 'error CONFIG_INVALID /auth/b/settings/in', 'error CONFIG_PATH /defaults/pagination/settings/path',
  ], connector);
  const endless = { stopOnEmptyPage: false };
  for (const [type, settings, more = {}] of [
    ['page-number', endless], ['page-number', { ...endless, stopOnShortPage: false, size: 5 }], ['offset', { ...endless, stopOnShortPage: false }], ['relative-uri', { ...endless, uri: '/a/{number}' }],
    ['page-number', { ...endless, size: 5 }, { ends: true }], ['offset', endless, { ends: true }], ['page-number', { ...endless, donePath: '$.done' }, { ends: true }], ['page-number', { ...endless, maxPage: 9 }, { ends: true }],
    ['page-number', endless, { ends: true, stopStatuses: [404] }], ['page-number', {}, { ends: true }], ['keyset', endless, { ends: true }], ['relative-uri', { ...endless, uri: '/a/{value}', value: '{{ response.x }}' }, { ends: true }], ['cursor', endless, { ends: true }],
  ] as const) {
    const { ends, ...beside } = more as { readonly ends?: true };
    check(`paging ${ends ? 'with' : 'without'} an end: ${type} ${JSON.stringify({ ...settings, ...beside })}`, endpoint({ pagination: { type, settings, ...beside } }), ends ? [] : ['warning CONFIG_INVALID /endpoints/e/pagination/settings/stopOnEmptyPage Nothing ends this paging.'], connector);
  }
  for (const [decoder, settings, where, type = 'cursor'] of [
    [{ type: 'xml', settings: { element: 'o.i' } }, { path: '$.o.next', hasMorePath: '$.o.more' }, ['path', 'hasMorePath']], [{ type: 'xml' }, { path: '$.o.next' }, []], [{ type: 'csv' }, { hasMorePath: 'more' }, ['hasMorePath']],
    [{ type: 'ndjson' }, { path: '$[-1].next' }, []], [{ type: 'csv' }, { key: '$.id' }, [], 'keyset'], [{ type: 'csv' }, { filesPath: '$.files' }, [], 'async-job'],
  ] as const) check(`paths of paging behind a decoder: ${JSON.stringify([decoder, settings])}`, endpoint({ decoder, pagination: { type, settings } }), where.map((name) => `warning CONFIG_INVALID /endpoints/e/pagination/settings/${name} There is nothing at`), connector);
  check('slices', endpoint({ path: '/e/{{ slice.b }}/{{ slice.no }}', params: { c: { type: 'string' } }, slices: [{ name: 'a', values: ['{{ slice.b }}', '{{ params.c }}'] }, { name: 'b', endpoint: 'e' }, { name: 'c', endpoint: 'f', path: 'a[' }, { name: 'd', endpoint: 'p', group: 2, include: { x: 'y' }, params: { q: '{{ slice.a }}' } }, { name: 'f' }] }), [
    'error CONFIG_EXPRESSION /endpoints/e/path The endpoint "e" has no slice "no" here.', 'error CONFIG_EXPRESSION /endpoints/e/slices/0/values/0 The endpoint "e" has no slice "b" here.', 'error CONFIG_CYCLE /endpoints/e/slices/1/endpoint The slices of "e" need "e"',
    'error CONFIG_UNKNOWN_ENDPOINT /endpoints/e/slices/2/endpoint', 'error CONFIG_PATH /endpoints/e/slices/2/path', 'error CONFIG_UNKNOWN_ENDPOINT /endpoints/e/slices/3/endpoint', 'error CONFIG_INVALID /endpoints/e/slices/3/include A group has no', 'error CONFIG_INVALID /endpoints/e/slices/4 A slice has either',
  ], connector);
  check('incremental reading', endpoint({ path: '/e?from={{ cursor.from }}&x={{ cursor.since }}', incremental: { path: 'a[', key: 'id', start: '{{ record.x }}', step: { count: 1 } }, expand: { path: 'b[', include: { a: 'c[' } } }), [
    'error CONFIG_EXPRESSION /endpoints/e/path A cursor has no "since"', 'error CONFIG_PATH /endpoints/e/incremental/path', 'error CONFIG_EXPRESSION /endpoints/e/incremental/start "record" is nothing', 'error CONFIG_PATH /endpoints/e/expand/path', 'error CONFIG_PATH /endpoints/e/expand/include/a',
  ], connector);
  check('incremental reading that reads everything', endpoint({ incremental: { path: 'a', kind: 'number', step: { count: 1 } } }), [
    'error CONFIG_INVALID /endpoints/e/incremental Windows need a "start"', 'error CONFIG_INVALID /endpoints/e/incremental Windows of numbers need an "end"', 'warning CONFIG_INVALID /endpoints/e/incremental The request does not name {{ cursor.from }}',
  ], connector);
  check('paths of records', endpoint({ records: ['a', 'b['] }), ['error CONFIG_PATH /endpoints/e/records/1'], connector);
  check('a cursor where nothing is read incrementally', endpoint({ path: '/e/{{ cursor.from }}' }), ['error CONFIG_EXPRESSION /endpoints/e/path The endpoint "e" is not read incrementally'], connector);
  for (const [type, settings, request, where] of [
    ['page-number', { in: 'path' }, { path: '/orders' }, '/settings/in "page" is put into the path of "e", which does not use it'],
    ['page-number', { in: 'path' }, { path: '/orders/{{ page.page }}' }, undefined],
    ['page-number', { in: 'path', sizeParam: 'n', size: 5, sizeIn: 'path' }, { path: '/orders/{{ page.page }}/{{ page.n }}' }, undefined],
    ['page-number', { in: 'query', sizeParam: 'n', size: 5, sizeIn: 'path' }, { path: '/orders' }, '/settings/sizeIn "n" is put into the path'],
    ['cursor', { path: '$.next', in: 'body' }, { path: '/orders' }, '/settings/in "cursor" is sent in the body, and the GET request of "e" has none.'],
    ['cursor', { path: '$.next', in: 'body' }, { path: '/orders', method: 'POST' }, undefined],
    ['cursor', { path: '$.next', in: 'body' }, { path: '/orders', method: 'POST', body: { format: 'text', template: 'x' } }, '/settings/in "cursor" is sent in the body, and that of "e" (text) has no fields.'],
    ['offset', { in: 'form' }, { path: '/orders' }, '/settings/in "offset" is sent in the body'],
    ['date-window', { from: '2024-01-01', to: '2024-02-01', unit: 'month', in: 'body' }, { path: '/orders' }, '/settings/in "from" is sent in the body'],
    ['scroll', { path: '$.id', nextPath: 'more' }, { path: '/orders' }, undefined],
  ] as const) {
    check(`the place of a page: ${type} ${JSON.stringify([settings, request])}`, endpoint({ ...request, pagination: { type, settings } }), where === undefined ? [] : type === 'date-window' ? [`error CONFIG_INVALID /endpoints/e/pagination${where}`, 'error CONFIG_INVALID /endpoints/e/pagination/settings/in "to" is sent in the body'] : [`error CONFIG_INVALID /endpoints/e/pagination${where}`], connector);
  }
  check('a page that the path names and the query has', endpoint({ path: '/orders/{{ page.page }}', pagination: { type: 'page-number' } }), ['error CONFIG_INVALID /endpoints/e/path The path names {{ page.page }}, but "page" is sent in the query'], connector);
  check('the place of a page of all endpoints', endpoint({ path: '/orders' }, { defaults: { pagination: { type: 'page-number', settings: { in: 'path' } } } }), ['error CONFIG_INVALID /endpoints/e "page" is put into the path of "e"'], connector);
  check('expressions of a pagination', endpoint({ params: { since: { type: 'string' } }, pagination: { type: 'expression', settings: { token: '{{ record.id }} {{ payload.x }}', start: '{{ params.since }}{{ response.x }}' }, stopWhen: '{{ response.done }} {{ params.no }}', olderThan: { path: 'a[', value: '{{ record.x }}' } } }), [
    'error CONFIG_EXPRESSION /endpoints/e/pagination/settings/token "payload" is nothing', 'error CONFIG_EXPRESSION /endpoints/e/pagination/settings/start "response" is nothing',
    'error CONFIG_EXPRESSION /endpoints/e/pagination/stopWhen The endpoint "e" has no parameter "no".', 'error CONFIG_PATH /endpoints/e/pagination/olderThan/path', 'error CONFIG_EXPRESSION /endpoints/e/pagination/olderThan/value "record" is nothing',
  ], connector);
  check('parameters', endpoint({ query: { a: '{{ params.x }}' }, params: { y: { type: 'string' }, z: { type: 'string', in: 'query' } } }), ['error CONFIG_EXPRESSION /endpoints/e/query/a The endpoint "e" has no parameter "x".', 'warning CONFIG_INVALID /endpoints/e/params/y The parameter "y" of "e" is not used.'], connector);
  check('a style of another place', endpoint({ method: 'POST', path: '/{{ params.a }}', params: { a: { in: 'path', style: 'form' }, b: { in: 'query', style: 'deepObject' }, c: { in: 'body', style: 'json' } } }), [
    'error CONFIG_INVALID /endpoints/e/params/a/style The style "form" does not belong to a parameter in the path.', 'error CONFIG_INVALID /endpoints/e/params/c/style The style "json" does not belong to a parameter in the body.',
  ], connector);
  check('a place that the request does not have', endpoint({ path: '/{{ params.a }}/{{ params["b-c"] }}', params: { a: { in: 'path' }, 'b-c': { in: 'path' }, c: { in: 'body' } } }), ['error CONFIG_INVALID /endpoints/e/params/c/in The parameter "c" is sent in the body, and the GET request of "e" has none.'], connector);
  check('a path that does not name what is sent in it', endpoint({ path: '/x', params: { since: { in: 'path' } } }), ['error CONFIG_INVALID /endpoints/e/params/since/in The parameter "since" is sent in the path, and the path of "e" does not name it.'], connector);
  check('the records', endpoint({ records: 'a[' }), ['error CONFIG_PATH /endpoints/e/records'], connector);
  check('a schema that is none', endpoint({ params: { x: { type: 'txt', in: 'query' } }, record: { type: 'thing' } }), ['error CONFIG_INVALID /endpoints/e/params/x/type "type" must be one of "array", "boolean", "integer", "null", "number", "object", "string"; it is "txt" (string).', 'error CONFIG_INVALID /endpoints/e/record/type'], connector);
  check('an address as a path', endpoint({ path: 'http://x.test/a' }), ['error CONFIG_INVALID /endpoints/e/path The path "http://x.test/a" is an address of its own; it would be sent below the base URL.'], connector);
  for (const [path, sent] of [['/a/{id}', '{id}'], ['/a/:id', ':id'], ['/a/:id/b', ':id']] as const) check(`a place of another description: ${path}`, endpoint({ path }), [`error CONFIG_INVALID /endpoints/e/path "${sent}" in the path is sent as it stands.`], connector);
  check('a colon that is no place', endpoint({ path: '/a/b:search' }), [], connector);
  for (const [start, kind] of [['yesterday', 'datetime'], ['first', 'number']] as const) check(`a start that is none: ${start}`, endpoint({ query: { since: '{{ cursor.from }}' }, incremental: { path: 'a', kind, start } }), [`error CONFIG_INVALID /endpoints/e/incremental/start "${start}" is no ${kind === 'number' ? 'number' : 'time'}.`], connector);
  for (const start of ['2024-01-31', '2024-01-31T12:00:00Z', '{{ env.limit }}']) check(`a start: ${start}`, endpoint({ query: { since: '{{ cursor.from }}' }, incremental: { path: 'a', start } }), [], connector);
  check('a secret in a header', endpoint({ headers: { Authorization: 'Bearer abc' } }), ['error CONFIG_SECRET_LITERAL /endpoints/e/headers/Authorization The header "Authorization" looks like a secret, which must not stand in a file.'], connector);
  check('a secret in a query', endpoint({ query: { api_key: 'a1b2c3', sort: 'key', token_type: 'x' } }), ['error CONFIG_SECRET_LITERAL /endpoints/e/query/api_key The parameter "api_key" looks like a secret, which must not stand in a file.'], connector);
  check('a secret in a path', endpoint({ path: '/a?page=1&token=a1b2c3' }), ['error CONFIG_SECRET_LITERAL /endpoints/e/path'], connector);
  check('a secret among the settings of a script', endpoint({ before: { script: 'scripts/totals.ts', settings: { secretKey: 'hush', algorithm: 'sha256', keyId: 'abc' } } }), ['error CONFIG_SECRET_LITERAL /endpoints/e/before/settings/secretKey'], connector);
  check('a secret that an auth method takes beside its settings', manifest({ auth: { main: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://x.test/token', extra: { client_secret: 'hush-9', audience: 'x' } } } } }), ['error CONFIG_SECRET_LITERAL /auth/main/settings/extra/client_secret'], connector);
  check('a certificate, which is public', endpoint({ query: { ca: '-----BEGIN CERTIFICATE-----\nMIIDrzCCApegAwIBAgIQCDvgVpBCRrGhdWrJWZHHSjANBgkqhkiG9w0BAQUFADBh\n-----END CERTIFICATE-----\n' } }), [], connector);
  check('a token by its looks alone', endpoint({ query: { q: 'ghp_0123456789abcdefABCDEF' } }), ['error CONFIG_SECRET_LITERAL /endpoints/e/query/q'], connector);
  const exchange = (request: object, response: object) => endpoint({ examples: [{ title: 'All', request, response: { status: 200, ...response } }] });
  const live = ['sk', 'live', '51Hk3dJ8s9dKx92kdLqpw02Md'].join('_');
  check('keys of providers in an example', exchange({ params: { key: live }, headers: { 'x-key': `Bearer ${live}` }, body: { settings: [{ note: live }] } }, { headers: { 'set-cookie': `key=${live}` }, body: `<key>${live}</key>{order}` }), ['request/params/key', 'request/headers/x-key', 'request/body/settings/0/note', 'response/headers/set-cookie', 'response/body'].map((place) => `error CONFIG_SECRET_LITERAL /endpoints/e/examples/0/${place} What stands at "${place.split('/').at(-1)}" looks like a secret, which must not stand in a file.`), connector);
  check('samples of secrets in an example', exchange({ headers: { authorization: 'Bearer abc123' }, body: { password: 'hunter2hunter2', api_key: 'a1b2c3' } }, { body: { token: 'kQ3v9ZsX1mB7rTy2WLpD8nH4gJ6cFa0eUiSoVx', text: '{{ params.x }}' } }), [], connector);
  check('names of secrets with something harmless', endpoint({ query: { token: '{{ params.t }}', page_token: 'abc1', session: 'current', grant_type: 'password', key: '7' } , params: { t: { type: 'string' } } }), [], connector);
  check('a body where none belongs', endpoint({ body: { format: 'json' } }), ['warning CONFIG_INVALID /endpoints/e/body A GET request should have no body: many servers ignore or refuse it.'], connector);
  check('an origin that is none', manifest({ allowedOrigins: ['https://a.test', '{{ instance.cdn }}', 'a.test'], variables: { cdn: {} } }), ['error CONFIG_INVALID /allowedOrigins/2'], connector);
});

const account: Case = { kind: 'instance', file: 'instances/new.instance.json' };
const sound = { version: 1, connector: 'shop', settings: { url: 'https://shop.test' }, credentials: { key: { $secret: 'k' } } };

describe('mappings', () => {
  const file = (...rules: readonly object[]) => ({ version: 1, rules });
  const own: Case = { kind: 'map', file: 'maps/order.map.json' };
  check('a sound one', file({ from: 'id', to: 'nr', transforms: [{ type: 'script', settings: { script: 'totals.ts' } }] }, { from: 'ship', to: 'to', map: 'address', notes: 'x' }, { from: 'a', to: 'b', map: 'odd' }), [], own);
  check('one without rules', { version: 1 }, ['error CONFIG_INVALID '], own);
  check('one that names what it reads and makes', { ...file({ from: 'numer', to: 'nr' }, { from: 'number', to: 'nr', transforms: [{ type: 'trim' }] }), source: 'order.json' }, ['error CONFIG_PATH /rules/0/from The source "numer" of "nr" leads nowhere', 'warning CONFIG_INVALID /rules/1/to'], own);
  check('one that names a schema that there is not', { ...file({ from: 'a', to: 'b' }), source: 'ordr.json', target: 'order.json' }, ['warning CONFIG_PATH /rules/0/to What is wanted has no place for the target "b": the record has no field "b".', 'error CONFIG_NOT_FOUND /source There is no schema "ordr.json".'], own);
  check('faults in rules', file({ from: 'a[', to: '__proto__' }, { from: 'a', to: 'b', transforms: [{ type: 'trimm' }] }, { from: 'a', to: 'c', transforms: [{ type: 'prefix', settings: {} }] }, { from: 'a' }, { to: 'd', map: 'adress' }), [
    'error CONFIG_PATH /rules/0/from', 'error CONFIG_PATH /rules/0/to', 'error CONFIG_UNKNOWN_PLUGIN /rules/1/transforms/0/type There is no transform "trimm".', 'error CONFIG_INVALID /rules/2/transforms/0/settings', 'error CONFIG_INVALID /rules/3', 'error CONFIG_NOT_FOUND /rules/4/map There is no mapping "adress".',
  ], own);
  check('two rules for one target', file({ from: 'a', to: 'b' }, { from: 'c', to: 'b' }), ['warning CONFIG_INVALID /rules/1/to The target "b" is written again: what the rule from "a" to "b" has written before is lost.'], own);
  check('two rules of a step for one target, where nothing is known of either side', flow({ a: { shape: 'map', settings: { rules: [{ from: 'a', to: 'b' }, { from: 'c', to: 'b' }] } } }), ['warning CONFIG_INVALID /steps/a/settings/rules/1/to The target "b" is written again']);
  check('what a transform gives to the next', file({ from: 'a', to: 'b', transforms: [{ type: 'unique' }, { type: 'trim' }] }, { from: 'a', to: 'c', transforms: [{ type: 'unique' }, { type: 'array-join' }] }), ['warning CONFIG_INVALID /rules/0/transforms/1 The transform "trim" of "b" takes a text or a number or true or false, and gets a list.'], own);
  check('an expression', file({ to: 'b', transforms: [{ type: 'custom-string', settings: { value: '{{ payload.id }} {{ "a" }}' } }] }), ['error CONFIG_EXPRESSION /rules/0/transforms/0/settings/value "payload" is nothing that an expression may begin with here.'], own);
  check('one that calls itself', file({ from: 'a', to: 'b', map: 'order' }), ['error CONFIG_NOT_FOUND /rules/0/map', 'error CONFIG_CYCLE /rules/0/map The mapping calls itself: order → order.'], own);
  check('one that a step names', flow({ a: { shape: 'map', settings: { map: 'address', rules: [{ from: 'a', to: 'b', map: 'adress' }] } } }), ['error CONFIG_NOT_FOUND /steps/a/settings/rules/0/map There is no mapping "adress".']);
  check('a transform of columns in an expression', one('manual-payload', { document: { a: '{{ payload.a | script(script: "totals.ts") }}' } }), ['error CONFIG_EXPRESSION /steps/a/settings/document/a The transform "script" works on many values at once: it can only stand in a rule of a map.']);
});

describe('tests', () => {
  const tests = (one: object, more: object = {}) => ({ version: 1, ...more, cases: { it: one } });
  const of = { kind: 'test', file: 'flows/orders.test.json' } as const;
  check('all that a case may say', tests({
    given: { payload: { json: {} }, environment: 'dev', variables: { since: 'x' }, now: '2024-01-01T00:00:00Z', from: 'get', caches: { c: { k: 1 } }, pools: { p: ['a', { value: 'b', entity: 'order' }] }, crash: { step: 'get', after: 1 } },
    mocks: [{ request: { instance: 'eu', endpoint: 'orders.list', url: '/x' }, answer: [{ status: 429 }, { json: [] }] }, { step: 'send', outputs: [{ json: 1 }] }, { connector: 'shop', faults: [{ kind: 'error' }] }, { recording: 'fixtures/a.json' }],
    expect: { status: 'failed', steps: { guard: { in: 1, outputs: { try: [{ json: { $has: { a: { $any: true } } } }] } } }, requests: [{ json: { a: { $type: 'string' } } }], snapshot: { ignore: ['$.outputs[*].id'] } },
  }), [], of);
  check('no such flow', tests({}), ['error CONFIG_UNKNOWN_FLOW  There is no flow "order".'], { ...of, file: 'flows/order.test.json' });
  check('no such flow, by its name', tests({}, { flow: 'order' }), ['error CONFIG_UNKNOWN_FLOW /flow There is no flow "order".'], of);
  check('a flow that cannot be read: its steps are not known', tests({ given: { from: 'x' } }), [], { ...of, file: 'flows/odd.test.json' });
  check('no cases', { version: 1, cases: {} }, ['warning CONFIG_INVALID /cases There are no cases: nothing is tested.'], of);
  check('names that are not there', tests({
    given: { environment: 'stage', until: 'sent', crash: { step: 'x', after: 1 } }, mocks: [{ request: { instance: 'us', endpoint: 'x' }, answer: {} }, { request: { instance: 'eu', endpoint: 'orders.lst' }, answer: {} }, { step: 'gett' }, { connector: 'shp' }],
    expect: { steps: { snd: { in: 1 }, guard: { outputs: { tri: [] } } } },
  }), [
    'error CONFIG_NOT_FOUND /cases/it/given/environment There is no environment "stage".', 'error CONFIG_UNKNOWN_STEP /cases/it/given/until The flow "orders" has no step "sent".', 'error CONFIG_UNKNOWN_STEP /cases/it/given/crash/step The flow "orders" has no step "x".',
    'error CONFIG_UNKNOWN_INSTANCE /cases/it/mocks/0/request/instance There is no instance "us".', 'error CONFIG_UNKNOWN_ENDPOINT /cases/it/mocks/1/request/endpoint There is no endpoint "orders.lst".', 'error CONFIG_UNKNOWN_STEP /cases/it/mocks/2/step The flow "orders" has no step "gett".',
    'error CONFIG_UNKNOWN_CONNECTOR /cases/it/mocks/3/connector There is no connector "shp".', 'error CONFIG_UNKNOWN_STEP /cases/it/expect/steps/snd The flow "orders" has no step "snd".', 'warning CONFIG_UNKNOWN_PORT /cases/it/expect/steps/guard/outputs/tri The step "guard" leads nowhere from a port "tri".',
  ], of);
  check('steps that are not there, of which something is expected', tests({ expect: { error: { step: 'gett' }, logs: [{ step: 'get' }, { step: 'sned' }], failures: [{ step: 'sendd', caughtBy: 'gard' }] } }), [
    'error CONFIG_UNKNOWN_STEP /cases/it/expect/error/step The flow "orders" has no step "gett".', 'error CONFIG_UNKNOWN_STEP /cases/it/expect/logs/1/step The flow "orders" has no step "sned".',
    'error CONFIG_UNKNOWN_STEP /cases/it/expect/failures/0/step The flow "orders" has no step "sendd".', 'error CONFIG_UNKNOWN_STEP /cases/it/expect/failures/0/caughtBy The flow "orders" has no step "gard".',
  ], of);
  check('a mock of two kinds, and one of none', tests({ mocks: [{ step: 'get', connector: 'shop' }, { answer: {} }, { request: {} }] }), [
    'error CONFIG_INVALID /cases/it/mocks/0 A mock has one of "request", "step", "flow", "connector" and "recording"; this one has "step" and "connector".', 'error CONFIG_INVALID /cases/it/mocks/1 A mock has one of "request", "step", "flow", "connector" and "recording"; this one has none.', 'error CONFIG_INVALID /cases/it/mocks/2 Nothing says what is answered.',
  ], of);
  check('a word that is no matcher', tests({ expect: { outputs: [{ json: { a: { $typ: 'string' } } }] } }), ['warning CONFIG_INVALID /cases/it/expect/outputs/0/json/a/$typ "$typ" is no matcher.'], of);
  check('data with such names', tests({ expect: { outputs: [{ json: { _id: { $oid: '5f' }, link: { $ref: '#' }, kind: { $is: { $typ: 1 } } } }] } }), [], of);
  check('keys that are not known', tests({ expekt: {}, given: { payloads: {} }, mocks: [{ step: 'get', output: [] }] }), [
    'error CONFIG_INVALID /cases/it/expekt', 'error CONFIG_INVALID /cases/it/given/payloads', 'error CONFIG_INVALID /cases/it/mocks/0/output',
  ], of);
});

describe('instances, environments, the workspace', () => {
  check('that are sound', sound, [], account);
  check('an unknown connector', { version: 1, connector: 'shoop' }, ['error CONFIG_UNKNOWN_CONNECTOR /connector There is no connector "shoop".'], account);
  check('an unknown auth method', { ...sound, auth: 'keys' }, ['error CONFIG_INVALID /auth The connector has no auth method "keys".'], account);
  check('settings', { ...sound, settings: { ulr: 'x', region: 'asia' } }, [
    'error CONFIG_INVALID /settings The variable "url" of the connector has no value here.', 'error CONFIG_INVALID /settings/ulr The connector "shop" has no variable "ulr".', 'error CONFIG_INVALID /settings/region "region" must be one of "eu", "us"; it is "asia" (string).',
  ], account);
  check('a setting by expression', { ...sound, settings: { url: '{{ env.limit }}', region: '{{ payload.x }}' } }, ['error CONFIG_EXPRESSION /settings/region "payload" is nothing that an expression may begin with here.'], account);
  for (const url of ['http://127.0.0.1:99999', 'htp://shop.test', '127.0.0.1:7411', 'localhost:7411', 'https://', 'https://a b']) check(`the address ${url}`, { ...sound, settings: { url } }, [`error CONFIG_INVALID /settings/url The address ${JSON.stringify(url)} is no absolute http or https address.`], account);
  for (const url of ['http://[::1]:80/a', 'https://{{ env.limit }}', 'https://shop.test/api?a=1']) check(`the address ${url}`, { ...sound, settings: { url } }, [], account);
  check('a setting that an environment gives', { ...sound, settings: undefined }, [], { ...account, file: 'instances/eu.instance.json' });
  check('a secret setting', { ...sound, settings: { url: 'https://x.test', token: 'hush' } }, ['error CONFIG_SECRET_LITERAL /settings/token "token" is secret and must not stand in a file.'], account);
  check('a password in the address of an instance', { ...sound, settings: { url: 'https://me:hush@shop.test' } }, ['error CONFIG_SECRET_LITERAL /settings/url'], account);
  check('a secret as it is', { ...sound, credentials: { key: 'hush' } }, ['error CONFIG_SECRET_LITERAL /credentials/key "key" is secret and must not stand in a file.'], account);
  const literal = (pointer: string): string => `error CONFIG_SECRET_LITERAL ${pointer} "${pointer.split('/').at(-1)}" looks like a secret, which must not stand in a file.`;
  const careless = { user: 'ada', clientId: 'c', keyId: '1', apiKey: 'hush', nested: { password: 'hush', token: { $secret: 'eu' } }, tokens: ['hush'], pin: 1234, secret: '', tokenUrl: 'https://x.test', code: '{{ env.limit }}' };
  const found = ['/credentials/apiKey', '/credentials/nested/password', '/credentials/tokens', '/credentials/pin'];
  check('secrets where the connector cannot be read', { version: 1, connector: 'broken', credentials: careless }, found.map(literal), account);
  check('secrets where there is no such connector', { version: 1, connector: 'shoop', credentials: careless }, ['error CONFIG_UNKNOWN_CONNECTOR /connector', ...found.map(literal)], account);
  check('secrets where there is no such auth method', { ...sound, auth: 'keys', credentials: careless }, [...found.map(literal), 'error CONFIG_INVALID /auth'], account);
  check('secrets in an environment where the connector cannot be read', { version: 1, instances: { other: { credentials: careless }, nobody: { credentials: { password: 'hush' } } } }, [
    ...found.map((pointer) => literal(`/instances/other${pointer}`)), 'error CONFIG_UNKNOWN_INSTANCE /instances/nobody', literal('/instances/nobody/credentials/password'),
  ], { kind: 'environment', file: 'environments/x.env.json' });
  check('no secret', { ...sound, credentials: { key: { $secret: 'gone' } } }, ['warning SECRET_MISSING /credentials/key/$secret The secret "gone" is not set.'], account);
  for (const [title, key, place] of [
    ['a number', { $secret: 5 }, '/$secret'], ['no name', { $secret: '' }, '/$secret'], ['something beside it', { $secret: 'k', x: 1 }, '/x'], ['in a key that is none', { $secrets: 'k' }, '/$secrets'],
  ] as const) check(`a secret that is named wrongly: ${title}`, { ...sound, credentials: { key } }, [`error CONFIG_INVALID /credentials/key${place} `], account);
  check('a secret that is named wrongly, where nothing is known of the credentials', { version: 1, connector: 'broken', credentials: { key: { $secret: 5 }, deep: { token: { $secret: 'k', x: 1 } } } }, ['error CONFIG_INVALID /credentials/key/$secret ', 'error CONFIG_INVALID /credentials/deep/token/x '], account);
  check('credentials of the chosen method', { ...sound, auth: 'client', credentials: { clientId: 7, clientSecret: { $secret: 'k' }, key: 'x' } }, ['error CONFIG_INVALID /credentials/clientId', 'error CONFIG_INVALID /credentials/key'], account);
  check('no credentials', { ...sound, credentials: undefined }, ['error CONFIG_INVALID  "key" is missing in "credentials".'], account);
  check('secrets in variables of an environment', { version: 1, variables: { apiKey: 'sk_live_51Hk3dJ8s9dKx92kdLqpw02Md', deep: [{ password: 'hunter2hunter2' }], region: 'eu' } }, ['error CONFIG_SECRET_LITERAL /variables/apiKey', 'error CONFIG_SECRET_LITERAL /variables/deep/0/password'], { kind: 'environment', file: 'environments/x.env.json' });
  check('a secret that is named in a variable', { version: 1, variables: { deep: { token: { $secret: 'a/b' } } } }, ['error CONFIG_INVALID /variables/deep/token A secret cannot be named here: it would not be replaced by its value.'], { kind: 'environment', file: 'environments/x.env.json' });
  check('secrets in a flow', { version: 1, variables: { apiKey: { type: 'string', default: 'sk_live_51Hk3dJ8s9dKx92kdLqpw02Md' } }, start: 'm', steps: { m: { shape: 'manual-payload', settings: { document: { password: 'hunter2hunter2', checksum: 'kQ3v+9ZsX1mB7rTy2W/LpD8nH4gJ6cFa0eUiSoVx', note: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a' } } } } }, ['error CONFIG_SECRET_LITERAL /variables/apiKey', 'error CONFIG_SECRET_LITERAL /steps/m/settings/document/note']);
  check('an environment that leads elsewhere must do so for all addresses', { version: 1, instances: { two: { baseUrl: 'http://127.0.0.1:1', baseUrls: { fils: 'http://127.0.0.1:1' } } } }, [
    'error CONFIG_INVALID /instances/two/baseUrl It does not say where the base URL "files" of the connector leads, so that the endpoints that name it cannot be asked.', 'error CONFIG_INVALID /instances/two/baseUrls/fils The connector has no base URL "fils".',
  ], { kind: 'environment', file: 'environments/x.env.json' });
  check('and does so', { version: 1, instances: { two: { baseUrl: 'http://127.0.0.1:1', baseUrls: { files: 'http://127.0.0.1:1' } } } }, [], { kind: 'environment', file: 'environments/x.env.json' });
  check('overrides', { version: 1, instances: { us: {}, eu: { settings: { region: 'us', x: 1 }, credentials: { key: 'hush' } } } }, [
    'error CONFIG_UNKNOWN_INSTANCE /instances/us There is no instance "us" to override.', 'error CONFIG_INVALID /instances/eu/settings/x The connector "shop" has no variable "x".', 'error CONFIG_SECRET_LITERAL /instances/eu/credentials/key "key" is secret and must not stand in a file.',
  ], { kind: 'environment', file: 'environments/x.env.json' });
  check('another auth method', { version: 1, instances: { eu: { auth: 'client', credentials: { clientId: 7, key: 'x' } } } }, ['error CONFIG_INVALID /instances/eu/credentials/clientId', 'error CONFIG_INVALID /instances/eu/credentials/key'], { kind: 'environment', file: 'environments/x.env.json' });
  check('an auth method that there is not', { version: 1, instances: { eu: { auth: 'clinet' } }, limits: { payloadBytes: 0, runsPerFlow: 1 } }, ['error CONFIG_INVALID /instances/eu/auth The connector has no auth method "clinet".', 'error CONFIG_INVALID /limits/payloadBytes'], { kind: 'environment', file: 'environments/x.env.json' });
  check('groups that are told', { version: 1, notifications: { groups: { ops: { email: ['a@b.test'], slack: 'https://hooks.test/1' }, log: { log: true }, other: { slack: { $secret: 'gone' } } }, onFailure: ['ops', 'opps'] } }, [
    'error CONFIG_INVALID /notifications/groups/ops/email Nothing says how e-mail to "ops" is sent.',
    'error CONFIG_SECRET_LITERAL /notifications/groups/ops/slack "slack" is secret and must not stand in a file.',
    'warning SECRET_MISSING /notifications/groups/other/slack/$secret The secret "gone" is not set.',
    'error CONFIG_UNKNOWN_GROUP /notifications/onFailure/1 There is no notification group "opps".',
  ], { kind: 'workspace', file: 'patchbay.json' });
  check('groups of a flow and of a step', { version: 1, settings: { notify: ['ops', 'opps'] }, start: 'a', steps: { a: { shape: 'notify', settings: { message: 'x', groups: ['osp'] } } } }, [
    'error CONFIG_UNKNOWN_GROUP /settings/notify/1 There is no notification group "opps".',
    'error CONFIG_UNKNOWN_GROUP /steps/a/settings/groups/0 There is no notification group "osp".',
  ]);
  check('the environment of the workspace', { version: 1, environment: 'test' }, ['error CONFIG_NOT_FOUND /environment There is no environment "test".'], { kind: 'workspace', file: 'patchbay.json' });
});

test('no secret is in a message', () => {
  const text = JSON.stringify({ version: 1, connector: 'shop', settings: { url: 1, token: { a: 'hush' } }, credentials: { key: ['hush'] } });
  assert.doesNotMatch(JSON.stringify(lint('instance', 'instances/x.instance.json', text, world)), /hush/);
});

test('whatever stands in a file, lint ends', () => {
  for (const value of [null, 1, [], {}, { version: 1 }]) for (const kind of ['workspace', 'flow', 'connector', 'instance', 'environment'] as const) {
    for (const key of ['steps', 'start', 'triggers', 'layout', 'variables', 'auth', 'endpoints', 'defaults', 'settings', 'credentials', 'instances', 'connector', 'environment', 'baseUrl']) {
      for (const odd of [null, 1, 'x', [1], { a: null }, { a: { shape: 1, next: 1, settings: [], type: [], params: 1, headers: [1], pagination: 'x' } }]) {
        const text = JSON.stringify(typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, [key]: odd } : value);
        assert.ok(Array.isArray(lint(kind, 'a', text, world)), text);
      }
    }
  }
});

describe('settings of a lookup', () => {
  const at = { kind: 'lookup', file: 'lookups/countries.lookup.json' } as const;
  check('nothing to say', { version: 1, key: ['a', 'b'], value: 'c', columns: { c: { type: 'date', required: true } }, otherwise: 'default', default: { c: '2024-01-31' } }, [], at);
  check('no table beside it', { version: 1 }, ['error CONFIG_UNKNOWN_LOOKUP  There is no lookup "contries" that these settings could be for.'], { ...at, file: 'lookups/contries.lookup.json' });
  check('a key that is given', { version: 1, key: ['a'], value: 'a' }, ['error CONFIG_INVALID /value The column "a" is a key, and cannot be what is given.'], at);
  check('a default that there is not', { version: 1, otherwise: 'default' }, ['error CONFIG_INVALID /otherwise There is no default row.'], at);
  check('a default that is never given', { version: 1, default: { a: 'x' } }, ['warning CONFIG_INVALID /default The default row is never given.'], at);
  check('defaults of another type', { version: 1, otherwise: 'default', columns: { a: { type: 'number' }, b: { type: 'decimal' } }, default: { a: '1', b: 'x', c: 1, d: null } }, [
    'error CONFIG_INVALID /default/a The default of the column "a" is not of its type, which is "number".', 'error CONFIG_INVALID /default/b', 'error CONFIG_INVALID /default/c',
  ], at);
  check('an unknown type', { version: 1, columns: { a: { type: 'numbr' } } }, ['error CONFIG_INVALID /columns/a/type'], at);
});

describe('a name that was probably meant can be put in its place', () => {
  const mended = (name: string, value: object, meant: readonly string[], { kind = 'flow', file = 'flows/a.flow.json' }: Case = {}) =>
    test(name, () => assert.deepEqual(lint(kind, file, JSON.stringify(value, undefined, 2), world).map((found) => found.meant ?? `none: ${found.message}`), meant));
  mended('a shape', one('splitt'), ['split']);
  mended('a step', flow({ first: { shape: 'split', next: { out: 'first-' } } }), ['first']);
  mended('a port, which is a key', flow({ a: { shape: 'split', next: { ot: 'b' } }, b: { shape: 'split' } }), ['out']);
  mended('an endpoint', one('connector', { instance: 'eu', endpoint: 'orders.lst' }), ['orders.list']);
  mended('a setting', one('split', { pth: '$' }), ['path']);
  mended('one of a few', one('filter', { conditions: [{ field: 'a', is: 'equals', value: 1 }], keep: 'other' }), ['others']);
  mended('a key of the file', flow({ a: { shape: 'split', titel: 'A' } }), ['title']);
  mended('a root of an expression', message('to {{ paylod.id }}'), ['payload']);
  mended('a variable of an expression', message('{{ flow.limt }}', { variables: { limit: { type: 'string' } } }), ['flow.limit']);
  mended('a transform of an expression', message('{{ payload.id | defualt(value: 1) }}'), ['default']);
  mended('an instance of an environment', { version: 1, instances: { othr: {} } }, ['other'], { kind: 'environment', file: 'environments/a.env.json' });
});
