import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Fault } from '../../model/fault.ts';
import type { TestCase, TestFile, TestMock } from '../../model/test-file.ts';
import { openRunner } from '../runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-cases-'));
after(() => rmSync(root, { recursive: true, force: true }));

const files: Readonly<Record<string, unknown>> = {
  'patchbay.json': { version: 1, environment: 'dev' },
  'environments/dev.env.json': { version: 1, variables: { shop: 'DEV' } },
  'connectors/shop.connector.json': {
    version: 1, title: 'Shop', baseUrl: 'https://shop.example', baseUrls: { writes: 'https://shop.example' }, auth: { key: { type: 'bearer' } },
    endpoints: {
      list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders', records: '$.items', pagination: { type: 'cursor', settings: { path: '$.next', param: 'after' } } },
      typed: { title: 'Typed', direction: 'receive', method: 'GET', path: '/typed', records: '$.items', record: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } },
      since: { title: 'Since', direction: 'receive', method: 'GET', path: '/orders', query: { since: '{{ cursor.from }}' }, records: '$.items', incremental: { path: '$.at', start: '2024-01-01' } },
      put: { title: 'Put', direction: 'send', method: 'POST', baseUrl: 'writes', path: '/orders', idempotencyHeader: 'x-key' },
      shaped: { title: 'Shaped', direction: 'send', method: 'POST', path: '/v2/orders', body: { format: 'json', template: { kind: 'sale', order: '{{ payload }}', note: '{{ payload.note ?? null }}' } }, record: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } },
    },
  },
  'instances/shop.instance.json': { version: 1, connector: 'shop', credentials: { token: { $secret: 'shop/token' } } },
  'flows/import.flow.json': {
    version: 1, title: 'Import', start: 'list', variables: { state: { type: 'string', default: 'new' } },
    steps: {
      list: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' }, next: { out: 'each' } },
      each: { shape: 'split', settings: { each: true }, next: { out: 'known' } },
      known: { shape: 'de-dupe', settings: { pool: 'orders', key: 'id' }, next: { out: 'mark' } },
      mark: { shape: 'set-variables', settings: { flow: [{ name: 'state', value: 'seen {{ payload.id }}' }] }, next: { out: 'guard' } },
      guard: { shape: 'try-catch', next: { try: 'send', catch: 'told' } },
      send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'put' } },
      told: { shape: 'notify', settings: { level: 'warning', message: 'Order {{ payload.id }} of {{ env.shop }} failed' } },
    },
  },
  'flows/echo.flow.json': { version: 1, title: 'Echo', start: 'say', steps: { say: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number' }, { from: 'when', to: 'at', default: '' }] } } } },
  'flows/newer.flow.json': { version: 1, title: 'Newer', start: 'read', steps: { read: { shape: 'connector', settings: { instance: 'shop', endpoint: 'since' } } } },
  'flows/reads.flow.json': { version: 1, title: 'Reads', start: 'read', steps: { read: { shape: 'connector', settings: { instance: 'shop', endpoint: 'typed' } } } },
  'flows/sends.flow.json': { version: 1, title: 'Sends', start: 'send', steps: { send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'shaped' } } } },
  'flows/secretive.flow.json': {
    version: 1, title: 'Secretive', start: 'each', variables: { password: { type: 'string' } },
    steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'set' } }, set: { shape: 'set-variables', settings: { flow: [{ name: 'password', value: 'p-{{ payload.id }}' }], meta: [{ name: 'password', value: 'm-{{ payload.id }}' }] }, next: { out: 'end' } }, end: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'exists' }] } } },
  },
  'fixtures/none.json': [], 'fixtures/objekt.json': { type: 'objekt' },
  'flows/over.flow.json': { version: 1, title: 'Over', start: 'call', steps: { call: { shape: 'run-flow', settings: { flow: 'child', wait: 'result' } } } },
  'flows/parent.flow.json': { version: 1, title: 'Parent', start: 'send', steps: { send: { shape: 'run-flow', settings: { flow: 'child', wait: 'result' } } } },
  'flows/child.flow.json': { version: 1, title: 'Child', start: 'send', steps: { send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'put' } } } },
  'flows/queues.flow.json': { version: 1, title: 'Queues', start: 'call', steps: { call: { shape: 'run-flow', settings: { flow: 'child', wait: 'queued' } } } },
  'flows/keeps.flow.json': { version: 1, title: 'Keeps', start: 'keep', steps: { keep: { shape: 'add-to-cache', settings: { cache: 'kept', scope: 'workspace', key: 'k' } } } },
  'flows/caller.flow.json': { version: 1, title: 'Caller', start: 'call', steps: { call: { shape: 'run-flow', settings: { flow: 'echo', wait: 'result' } } } },
};
const write = (name: string, value: unknown): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value));
};
for (const [name, value] of Object.entries(files)) write(name, value);

const list = (...ids: readonly number[]) => ({ request: { endpoint: 'list' }, answer: { json: { items: ids.map((id) => ({ id })) } } });
const put = { request: { endpoint: 'put', method: 'POST' }, answer: { json: {} } } as const;

interface Wanted {
  readonly flow?: string;
  /** What fails, as `pointer message`; the pointer counts from the case. */
  readonly fails?: readonly (string | RegExp)[];
  readonly file?: Partial<TestFile>;
}

async function run(one: TestCase, { flow = 'import', file = {} }: Wanted, more: { readonly update?: boolean } = {}) {
  write(`flows/${flow}.test.json`, { version: 1, ...file, cases: { it: one } });
  await using runner = await openRunner({ root });
  return runner.tests.run({ files: [flow], signal: new AbortController().signal, ...more });
}

const check = (name: string, one: TestCase, wanted: Wanted = {}): void => void test(name, async () => {
  const { cases } = await run(one, wanted);
  const found = cases.flatMap(({ failures, row }) => failures.map(({ pointer, message }) => `${row === undefined ? '' : `#${row} `}${pointer.replace(/^\/cases\/it/, '')} ${message}`));
  const { fails = [] } = wanted;
  assert.equal(found.length, fails.length, found.join('\n'));
  fails.forEach((expected, index) => (typeof expected === 'string' ? assert.equal(found[index], expected) : assert.match(found[index]!, expected)));
});

describe('other systems', () => {
  check('nobody needs secrets, and what is sent carries none', { mocks: [list(1), put], expect: { requests: [{ headers: {} }, { url: 'https://shop.example/orders', json: { id: 1 }, headers: { authorization: { $any: true } } }] } }, { fails: ['/expect/requests/1/headers Request 1, POST https://shop.example/orders, its headers at /authorization: there is no value.'] });
  check('a request that nobody answers fails, whoever catches it, and says how it is mocked', { mocks: [list(1)], expect: { status: 'partial-success' } }, { fails: [/^\/expect Nobody answers POST https:\/\/shop\.example\/orders of the step "send"/] });
  check('a list of answers is used up', { mocks: [{ request: { endpoint: 'list' }, answer: [{ json: { items: [], next: 'b' } }, { json: { items: [{ id: 7 }] } }] }, put], expect: { steps: { list: { pages: 2 } }, requests: [{}, { query: { after: 'b' } }, { json: { id: 7 } }] } });
  check('and then nobody answers', { mocks: [{ request: { endpoint: 'list' }, answer: [{ json: { items: [{ id: 1 }], next: 'b' } }] }, put], expect: { status: 'failed' } }, { fails: [/^\/expect Nobody answers GET https:\/\/shop\.example\/orders\?after=b/] });
  const nearest = (name: string, mock: TestMock, wanted: RegExp): void => check(`the nearest mock: ${name}`, { mocks: [list(1), mock], expect: { status: 'partial-success' } }, { fails: [wanted] });
  nearest('another query', { request: { endpoint: 'put', query: { page: '2' } }, answer: {} }, /a test asks no other system\. The nearest mock, at \/cases\/it\/mocks\/1, differs in query "page" \(it has "2", the request none\)\.$/);
  nearest('another body', { request: { endpoint: 'put', json: { id: 7 } }, answer: {} }, /differs in json \/id: it has 7, the request 1\.$/);
  nearest('another method and header', { request: { endpoint: 'put', method: 'PUT', headers: { accept: 'text/csv' } }, answer: {} }, /differs in method: it has "PUT", the request "POST" and in header "accept" \(it has "text\/csv", the request [^)]+\)\.$/);
  nearest('another address', { request: { endpoint: 'put', url: '/order' }, answer: {} }, /differs in url: it has "\/order", the request "\/orders"\.$/);
  check('the nearest mock has no answer left', { mocks: [{ request: { endpoint: 'list' }, answer: [{ json: { items: [{ id: 1 }], next: 'b' } }] }, put], expect: { status: 'failed' } }, { fails: [/The mock at \/cases\/it\/mocks\/0 fits, but has no answer left: it had 1\.$/] });
  check('mocks of the case come before those of the file', { mocks: [list()], expect: { steps: { each: { in: 0 } } } }, { file: { mocks: [list(1, 2)] } });
  check('a mock by address, query and body', { mocks: [{ request: { url: '/ord*', query: { after: { $any: true } } }, answer: { status: 500 } }, { request: { url: 'https://shop.example/orders', method: 'get' }, answer: { json: { items: [{ id: 1 }] } } }, { request: { json: { id: 1 } }, answer: { status: 201 } }] });
  check('status, rest and waits: nobody really waits', { mocks: [{ request: { endpoint: 'list' }, answer: [{ status: 429, headers: { 'Retry-After': '60' } }, { fault: 'time-out' }, { json: { items: [] } }] }], expect: { steps: { list: { requests: 3 } } } });
  check('no connection', { mocks: [{ request: { endpoint: 'list' }, answer: { fault: 'unreachable' } }], expect: { status: 'failed', error: { code: 'REMOTE_UNREACHABLE', step: 'list', message: { $has: 'as the test says' } } } });
  check('a step mock of the case comes before that of the file', { mocks: [list(1), { step: 'send', outputs: [{ json: 'case' }] }], expect: { outputs: [{ json: 'case' }] } }, { file: { mocks: [{ step: 'send', error: 'file' }] } });
  check('one endpoint of a connector that is mocked', { mocks: [{ request: { endpoint: 'put' }, answer: { status: 400 } }, { connector: 'shop', records: 2 }], expect: { status: 'partial-success', steps: { list: { requests: 1 }, send: { failed: 2 } }, requests: [{ url: 'http://shop.mock/orders' }, {}, {}] } });
  check('a connector’s mock answers', { mocks: [{ connector: 'shop', records: 3 }], expect: { steps: { send: { in: 3, failed: 0 } } } });
  const fault = (name: string, faults: readonly Fault[], expect: TestCase['expect']): void => void test(`a connector’s mock goes wrong, and nobody waits: ${name}`, { timeout: 15_000 }, async () => {
    const { cases } = await run({ mocks: [{ connector: 'shop', records: 1, faults }], ...(expect && { expect }) }, {});
    assert.deepEqual(cases[0]!.failures, []);
  });
  fault('no answer in time, then one', [{ kind: 'time-out', endpoint: 'list' }], { steps: { list: { requests: 2, failed: 0 } } });
  fault('never an answer in time', [{ kind: 'time-out', endpoint: 'list', times: 100 }], { status: 'failed', error: { code: 'REMOTE_TIMEOUT', step: 'list', message: { $has: 'shop.mock did not answer in time, as the test says' } } });
  fault('an answer after minutes is one too late', [{ kind: 'slow', endpoint: 'list', ms: 600_000, times: 100 }], { status: 'failed', error: { code: 'REMOTE_TIMEOUT' } });
  fault('an answer after some seconds', [{ kind: 'slow', endpoint: 'list', ms: 20_000 }], { steps: { list: { requests: 1, failed: 0 } } });
  check('a step that is mocked asks nobody', { mocks: [{ step: 'list', outputs: [{ json: [{ id: 1 }, { id: 2 }] }, { json: [{ id: 3 }] }] }, { step: 'send', error: 'It is closed.' }], expect: { status: 'partial-success', requests: [], failures: [{ step: 'send', message: 'It is closed.', caughtBy: 'guard' }, {}, {}], logs: [{ step: 'told', level: 'warn', message: 'Order 1 of DEV failed' }] } });
});

describe('what is given', () => {
  check('pools', { given: { pools: { orders: ['1', '3'] } }, mocks: [list(1, 2, 3), put], expect: { steps: { send: { in: 1 } }, pools: { orders: ['1', '2', '3'] } } });
  check('variables at the end', { mocks: [list(4), put], expect: { variables: { state: 'seen 4' } } });
  check('variables that are given, where nothing sets them', { given: { variables: { state: 'told' } }, mocks: [list()], expect: { variables: { state: 'told' } } });
  check('variables that are given, and set', { given: { variables: { state: 'told' } }, mocks: [list(4), put], expect: { variables: { state: 'seen 4' } } });
  check('a variable with the name of a secret is what it was set to, also after a crash', {
    given: { payload: { json: [{ id: 1 }, { id: 2 }] }, crash: { step: 'set', after: 1 } }, expect: { variables: { password: 'p-2' }, outputs: [{ json: { id: 1 }, meta: { password: 'm-1' } }, { json: { id: 2 }, meta: { password: 'm-2' } }] },
  }, { flow: 'secretive' });
  check('one variable too many', { given: { variables: { stat: 1 } } }, { fails: ['/given/variables/stat The flow "import" has no variable "stat".'] });
  check('from a step on, up to a step', { given: { from: 'each', until: 'known', payload: { json: [{ id: 1 }, { id: 1 }] } }, expect: { outputs: [{ json: { id: 1 } }] } });
  check('a flow that it calls is run as well', { given: { payload: { json: { id: 5 } } }, expect: { outputs: [{ json: { number: 5, at: '' } }] } }, { flow: 'caller' });
  check('a crash that does not come', { given: { crash: { step: 'say', after: 2 } } }, { flow: 'echo', fails: ['/expect The process did not die: the step was through with 1 payload at the end.'] });
  check('a step that only a flow has that it calls', { mocks: [{ request: { step: 'send' }, answer: { json: {} } }], given: { payload: { json: { id: 1 } } }, expect: { requests: [{ step: 'send', endpoint: 'put' }] } }, { flow: 'over' });
  check('a step that neither the flow has nor one that it calls', { mocks: [{ request: { step: 'sent' }, answer: { json: {} } }], given: { payload: { json: { id: 1 } } } }, { flow: 'over', fails: ['/mocks/0/request/step The flow "over" has no step "sent".'] });
  check('a step of a flow that it calls, with the same id', { mocks: [put], given: { payload: { json: { id: 1 } } }, expect: { requests: [{ instance: 'shop', endpoint: 'put' }] } }, { flow: 'parent' });
  const ofChild = { request: { flow: 'child', step: 'send' }, answer: { json: {} } };
  check('a step of a flow that it calls, by the name of that', { mocks: [ofChild], given: { payload: { json: { id: 1 } } }, expect: { requests: [{ flow: 'child', step: 'send', endpoint: 'put' }] } }, { flow: 'parent' });
  check('and of another, with the same id', { mocks: [ofChild], given: { payload: { json: { id: 1 } } }, expect: { requests: [{ flow: 'parent', step: 'send' }] } }, { flow: 'parent', fails: [/^\/expect\/requests\/0\/flow /] });
  check('a flow that is only queued belongs to the case', { given: { payload: { json: { id: 1 } } } }, { flow: 'queues', fails: [/^\/expect Nobody answers POST/] });
  const since = (from: string) => ({ request: { endpoint: 'since', query: { since: from } }, answer: { json: { items: [] } } });
  check('a cursor: the first run begins at the start, another where the reading had got to', { given: { cursors: { read: '2025-03-01' } }, mocks: [since('2025-03-01T00:00:00.000Z')] }, { flow: 'newer' });
  check('without one', { mocks: [since('2024-01-01T00:00:00.000Z')] }, { flow: 'newer' });
  check('a cursor that is no time', { given: { cursors: { read: 'soon' } } }, { flow: 'newer', fails: ['/given/cursors/read "soon" is no time. Write it as 2024-01-31 or 2024-01-31T12:00:00Z.'] });
  check('a cursor of a step that has none', { given: { cursors: { say: '2025-03-01' } } }, { flow: 'echo', fails: ['/given/cursors/say The step "say" does not read incrementally, so it has no cursor.'] });
  check('a cursor of no step', { given: { cursors: { red: '2025-03-01' } } }, { flow: 'newer', fails: ['/given/cursors/red The flow "newer" has no step "red".'] });
  check('a flow that is called is mocked: it is not run', { mocks: [{ flow: 'echo', outputs: [{ json: { id: 'mocked' } }] }], given: { payload: { json: { id: 5 } } }, expect: { outputs: [{ json: { id: 'mocked' } }] } }, { flow: 'caller' });
  check('a flow that is only queued is mocked, too', { mocks: [{ flow: 'child' }], given: { payload: { json: { id: 1 } } }, expect: { requests: [] } }, { flow: 'queues' });
  check('a flow that is called fails as its mock says', { mocks: [{ flow: 'echo', error: 'The warehouse is closed.' }], expect: { status: 'failed', error: { code: 'FLOW_FAILED', message: { $has: 'warehouse is closed' } } } }, { flow: 'caller' });
  check('a mock of a flow that there is not', { mocks: [{ flow: 'ecko' }] }, { flow: 'caller', fails: ['/mocks/0/flow There is no flow "ecko".'] });
  check('a cache is where the flow has it', { given: { caches: { kept: { k: 'old' } }, payload: { json: { id: 1 } } }, expect: { caches: { kept: { k: { id: 1 } } } } }, { flow: 'keeps' });
  check('values that say what they are', { given: { payload: { json: { id: { $type: 'x' } } } }, expect: { outputs: [{ json: { number: { $is: { $type: 'x' } }, at: '', more: { $absent: true } } }] } }, { flow: 'echo' });
  check('a table without rows', { table: 'fixtures/none.json' }, { flow: 'echo', fails: ['/table The table has no rows: nothing is tested.'] });
  check('a table in the case', { table: [{ id: 1 }, { id: 'x' }], given: { payload: { json: { id: '{{ row.id }}' } } }, expect: { outputs: [{ json: { number: { $type: 'integer' }, at: '' } }] } }, { flow: 'echo', fails: ['#2 /expect/outputs/0/json Payload 0 at /number: it is of type string, not integer.'] });
  check('values of rows keep their types, where numbers, one of a few texts and objects stand', { table: [{ seed: 7, ins: 1, vars: {}, status: 'success', now: '2026-02-01T00:00:00Z', body: { id: 3 } }], given: { seed: '{{ row.seed }}' as never, now: '{{ row.now }}', variables: '{{ row.vars }}' as never, payload: { json: '{{ row.body }}' } }, expect: { status: '{{ row.status }}' as never, steps: { say: { in: '{{ row.ins }}' as never } }, outputs: [{ json: { number: 3, at: '' } }] } }, { flow: 'echo' });
  check('a row gives a text for a number', { table: [{ ins: 'two' }], expect: { steps: { say: { in: '{{ row.ins }}' as never } } } }, { flow: 'echo', fails: ['/expect/steps/say/in "in" must be a whole number; it is "two" (string).'] });
  check('a row where there is no table', { expect: { steps: { say: { in: '{{ row.ins }}' as never } } } }, { flow: 'echo', fails: ['/expect/steps/say/in "in" must be a whole number; it is "{{ row.ins }}" (string).'] });
  check('a text where a number stands, in the file', { expect: { steps: { say: { in: 'two' as never } } } }, { flow: 'echo', fails: ['/expect/steps/say/in "in" must be a whole number, or a template of a row such as {{ row.value }}; it is "two" (string).'] });
  check('a status that there is not', { expect: { status: 'nope' as never } }, { flow: 'echo', fails: ['/expect/status "status" must be one of success, partial-success, failed, or a template of a row such as {{ row.value }}; it is "nope" (string).'] });
  check('a table with a wrong name', { table: [{ id: 1 }], given: { payload: { json: '{{ row.id | nope }}' } } }, { flow: 'echo', fails: [/\/given\/payload\/json .*nope/] });
  check('a file that is not there', { given: { payload: { file: 'fixtures/no.json' } } }, { flow: 'echo', fails: ['/given/payload The file fixtures/no.json cannot be read: it does not exist.'] });
  check('a file of a mock that is not there', { mocks: [{ request: { endpoint: 'list' }, answer: { file: 'fixtures/no.json' } }] }, { fails: ['/mocks/0/answer The run ends as failed, not as success: at the step "list", The file fixtures/no.json cannot be read: it does not exist.'] });
  check('a file of a mock of a step', { mocks: [list(1), { step: 'mark', outputs: [{ json: {} }, { file: 'fixtures/no.json' }] }] }, { fails: ['/mocks/1/outputs/1 The run ends as failed, not as success: at the step "mark", The file fixtures/no.json cannot be read: it does not exist.'] });
  check('a file out of the workspace', { given: { payload: { file: '../../../etc/hostname' } } }, { flow: 'echo', fails: [/cannot be read: it lies outside of the workspace/] });
  check('what is made up fails with the smallest payload', { generate: { schema: { type: 'object', properties: { id: { type: 'integer', minimum: 0 } }, required: ['id'] } }, expect: { outputs: [{ json: { number: { $near: [0, 9] }, at: '' } }] } }, { flow: 'echo', fails: [/\/expect\/outputs\/0\/json Payload 0 at \/number: it is not within 9 of 0\./] });
  const number = { outputs: [{ json: { number: { $near: [0, 9] }, at: '' } }] };
  check('what is made up has no snapshot', { generate: { schema: { type: 'object' } }, expect: { snapshot: true } }, { flow: 'echo', fails: ['/expect/snapshot What is made up has no snapshot: nothing would be compared.'] });
  check('a schema that is none', { generate: { schema: { type: 'objekt' } }, expect: number }, { flow: 'echo', fails: [/^\/generate\/schema The JSON Schema is not valid: .*type/] });
  check('a schema whose reference leads nowhere', { generate: { schema: { $ref: '#/$defs/none' } }, expect: number }, { flow: 'echo', fails: [/^\/generate\/schema The JSON Schema is not valid: .*none/] });
  check('a file of a schema that is none', { generate: { schema: 'fixtures/objekt.json' }, expect: number }, { flow: 'echo', fails: [/^\/generate\/schema The JSON Schema in fixtures\/objekt\.json is not valid: .*type/] });
  for (const schema of [{ enum: [] }, { type: 'integer', minimum: 5, maximum: 1 }, { type: 'string', minLength: 5, maxLength: 1 }]) check(`a schema that nothing fits: ${JSON.stringify(schema)}`, { generate: { schema }, expect: number }, { flow: 'echo', fails: ['/generate/schema No payloads can be made that fit the schema.'] });
  check('a file that holds no schema', { generate: { schema: 'fixtures/none.json' }, expect: number }, { flow: 'echo', fails: ['/generate/schema It is no JSON Schema.'] });
});

test('a case that is wrong fails by itself, at its place; what is wrong around the cases fails all', async () => {
  const good = { given: { payload: { json: { id: 1 } } }, expect: { outputs: [{ json: { number: 1, at: '' } }], snapshot: true } };
  const state = async (value: unknown, more: { readonly cases?: readonly string[]; readonly update?: boolean } = {}, file = 'flows/others.test.json') => {
    write(file, value);
    await using runner = await openRunner({ root });
    const { cases } = await runner.tests.run({ files: [file], signal: new AbortController().signal, ...more });
    return cases.map(({ name, status, flow, line, failures }) => [name, status, flow, line, ...failures.map(({ pointer, message, line: at }) => `${at} ${pointer} ${message}`)]);
  };
  const text = `{
  "version": 1, "flow": "echo", "cases": {
    "before": ${JSON.stringify(good)},
    "a/b ~": { "expect": { "steps": { "say": { "in": "two" } } } },
    "unknown step": { "expect": { "steps": { "sya": { "in": 1 } } } },
    "behind": ${JSON.stringify(good)}
  }
}`;
  const wrong = [
    ['a/b ~', 'failed', 'echo', 4, '4 /cases/a~1b ~0/expect/steps/say/in "in" must be a whole number, or a template of a row such as {{ row.value }}; it is "two" (string).'],
    ['unknown step', 'failed', 'echo', 5, '5 /cases/unknown step/expect/steps/sya The flow "echo" has no step "sya".'],
  ];
  assert.deepEqual(await state(text, { update: true }), [['before', 'passed', 'echo', 3], ...wrong, ['behind', 'passed', 'echo', 6]]);
  assert.deepEqual(await state(text), [['before', 'passed', 'echo', 3], ...wrong, ['behind', 'passed', 'echo', 6]]);
  await using listing = await openRunner({ root });
  assert.deepEqual((await listing.tests.list()).find(({ file }) => file === 'flows/others.test.json'), { file: 'flows/others.test.json', flow: 'echo', cases: [['before', 3], ['a/b ~', 4], ['unknown step', 5], ['behind', 6]].map(([name, line]) => ({ name, line })) });
  assert.deepEqual(await state(text, { cases: ['behind'] }), [['behind', 'passed', 'echo', 6]]);
  assert.deepEqual(await state(text, { cases: ['unknown step'] }), [wrong[1]]);
  // The snapshot of a case that is wrong for a while is kept.
  await state(text.replace('"before": {', '"before": { "given": 5, "was": {').replace('"snapshot":true}}', '"snapshot":true}}}'), { update: true });
  assert.deepEqual((await state(text))[0], ['before', 'passed', 'echo', 3]);
  assert.deepEqual((await state({ version: 1, flow: 'echo', cases: { one: 1, two: { expects: 1 } } })).map(([name, status, , , ...why]) => [name, status, ...why]), [['one', 'failed', '1 /cases/one "one" must be an object; it is 1 (number).'], ['two', 'failed', '1 /cases/two/expects "expects" is not allowed in "two".']]);
  assert.deepEqual((await state({ version: 1, flow: 'echo', given: 5, cases: { good, other: good } })).map(([name, status, , , ...why]) => [name, status, why.length]), [['good', 'failed', 1], ['other', 'failed', 1]]);
  rmSync(join(root, 'flows/others.test.json'));
});

test('what is otherwise than in a file of text is told as text', async () => {
  write('flows/table.flow.json', { version: 1, title: 'Table', start: 'write', steps: { write: { shape: 'convert', settings: { to: 'csv' } } } });
  write('fixtures/wanted.csv', 'id,name\n1,Zoë\n');
  const { cases } = await run({ given: { payload: { json: [{ id: 1, name: 'Zoe' }] } }, expect: { outputs: [{ file: 'fixtures/wanted.csv' }] } }, { flow: 'table' });
  assert.deepEqual(cases.flatMap(({ failures }) => failures.map(({ expected, actual }) => [expected, actual])), [['id,name\n1,Zoë\n', 'id,name\n1,Zoe\n']]);
});

test('a text out of a file is kept in a cache as a text is', async () => {
  write('fixtures/rows.txt', 'Zoë');
  const { cases } = await run({ given: { payload: { file: 'fixtures/rows.txt' } }, expect: { caches: { kept: { k: 'Zoë' } } } }, { flow: 'keeps' });
  assert.deepEqual(cases.flatMap(({ failures }) => failures), []);
});

test('a document of a case that is no JSON is told with its place', async () => {
  write('fixtures/broken.json', '[\n  {"id": 1},\n]');
  const { cases } = await run({ given: { payload: { file: 'fixtures/broken.json' } } }, { flow: 'echo' });
  assert.deepEqual(cases.flatMap(({ failures }) => failures.map(({ message, remedy }) => [message, remedy])), [['The file fixtures/broken.json is not valid JSON: line 2, column 12: A comma stands after the last entry, before ].', 'Remove the comma.']]);
});

test('rows of a CSV file', async () => {
  write('fixtures/rows.csv', '\uFEFFid,when\n7,now\n8,then\n');
  const { cases } = await run({ table: 'fixtures/rows.csv', given: { payload: { json: { id: '{{ row.id }}', when: '{{ row.when }}' } } }, expect: { outputs: [{ json: { number: '{{ row.id }}', at: '{{ row.when }}' } }] } }, { flow: 'echo' });
  assert.deepEqual(cases.map(({ row, status }) => [row, status]), [[1, 'passed'], [2, 'passed']]);
});

test('a process that dies goes on in another one, and nothing is lost', async () => {
  const { cases: [first] } = await run({
    given: { crash: { step: 'send', after: 1 } }, mocks: [list(1, 2, 3), put],
    expect: { steps: { send: { in: 3, failed: 0 } }, requests: [{ endpoint: 'list' }, { json: { id: 1 } }, { json: { id: 2 } }, { json: { id: 3 } }] },
  }, {});
  assert.deepEqual([first!.failures, first!.run?.status], [[], 'success']);
});

test('a snapshot is missing, is written, holds, and tells what has changed', async () => {
  const one = (id: number): TestCase => ({ given: { payload: { json: { id, when: `${id}` } } }, expect: { snapshot: { ignore: ['$.outputs[*].body.at'] } } });
  const messages = async (id: number, update?: boolean) => (await run(one(id), { flow: 'echo' }, update ? { update } : {})).cases[0]!.failures.map(({ message }) => message);
  assert.deepEqual(await messages(1), ['There is no snapshot of it in flows/echo.snapshot.json.']);
  assert.deepEqual(await messages(1, true), []);
  assert.deepEqual(await messages(1), []);
  assert.deepEqual(await messages(2), ['The snapshot at /outputs/0/body/number: it is another value.']);
  assert.doesNotMatch(readFileSync(join(root, 'flows/echo.snapshot.json'), 'utf8'), /"at"/);
  rmSync(join(root, 'flows/echo.snapshot.json'));
});

test('snapshots of rows, of cases that are skipped and of other cases stay', async () => {
  const one = (skip?: string): TestFile['cases'] => ({ rows: { table: [{ id: 1 }, { id: 2 }], given: { payload: { json: { id: '{{ row.id }}' } } }, expect: { snapshot: true } }, single: { ...(skip !== undefined && { skip }), expect: { snapshot: true } } });
  const update = async (cases: TestFile['cases'], names?: readonly string[]): Promise<readonly string[]> => {
    write('flows/echo.test.json', { version: 1, cases });
    await using runner = await openRunner({ root });
    await runner.tests.run({ files: ['echo'], update: true, signal: new AbortController().signal, ...(names && { cases: names }) });
    return Object.keys((JSON.parse(readFileSync(join(root, 'flows/echo.snapshot.json'), 'utf8')) as { cases: object }).cases);
  };
  assert.deepEqual(await update(one()), ['rows #1', 'rows #2', 'single']);
  assert.deepEqual(await update(one('later')), ['rows #1', 'rows #2', 'single']);
  assert.deepEqual(await update(one(), ['single']), ['rows #1', 'rows #2', 'single']);
  assert.deepEqual(await update({ single: one()['single']! }), ['single']);
  rmSync(join(root, 'flows/echo.snapshot.json'));
});

test('tests of a flow in another file are found by the flow', async () => {
  write('flows/others.test.json', { version: 1, flow: 'echo', cases: { other: {} } });
  await using runner = await openRunner({ root });
  const { cases } = await runner.tests.run({ files: ['echo'], cases: ['other'], signal: new AbortController().signal });
  assert.deepEqual(cases.map(({ file, status }) => [file, status]), [['flows/others.test.json', 'passed']]);
  rmSync(join(root, 'flows/others.test.json'));
});

test('a long value is told by its beginning', async () => {
  const { cases } = await run({ given: { payload: { json: { id: Array.from({ length: 100_000 }, (_, id) => ({ id, text: 'x'.repeat(50) })) } } }, expect: { outputs: [{ json: { number: 1, at: '' } }] } }, { flow: 'echo' });
  const text = JSON.stringify(cases);
  assert.ok(text.length < 20_000, `${text.length}`);
  assert.match(text, /and 99\d+ more/);
});

test('a file with an error is a case that failed, at its place; others go on', async () => {
  write('flows/caller.test.json', '{ "version": 1, "cases": { "a": { "expekt": {} }, "b": { "given": { "from": "nope" } } } }');
  await using runner = await openRunner({ root });
  const { cases, failed } = await runner.tests.run({ files: ['caller'], signal: new AbortController().signal });
  assert.deepEqual([failed, cases.map(({ name, failures }) => [name, failures[0]?.message, failures[0]?.line])], [2, [['a', '"expekt" is not allowed in "a".', 1], ['b', 'The flow "caller" has no step "nope".', 1]]]);
});

test('what was run of a flow, and what was not', async () => {
  const { coverage } = await run({ mocks: [list(1), put] }, {});
  const { steps } = coverage[0]!;
  assert.deepEqual(steps.map(({ id, count }) => [id, count]), [['list', 1], ['each', 1], ['known', 1], ['mark', 1], ['guard', 1], ['send', 1], ['told', 0]]);
  assert.deepEqual(steps.find(({ id }) => id === 'guard')?.ports, { try: 1, catch: 0 });
});

test('the outcomes of conditions and rules, also of those in mapping files', async () => {
  write('maps/place.map.json', { version: 1, rules: [{ from: 'city', to: 'town', default: 'unknown' }, { from: 'zip', to: 'zip', when: [{ field: 'country', value: 'GB' }] }] });
  write('flows/decides.flow.json', {
    version: 1, title: 'Decides', start: 'big',
    steps: {
      big: { shape: 'filter', settings: { conditions: [{ field: 'total', is: 'at-least', value: 10 }, { any: [{ field: 'vip', is: 'is-true' }, { field: 'country', value: 'GB' }] }] }, next: { out: 'where' } },
      where: { shape: 'route', settings: { routes: [{ name: 'uk', when: [{ field: 'country', value: 'GB' }] }] }, next: { uk: 'make', else: 'make' } },
      make: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number' }, { from: 'note', to: 'note', default: 'none' }, { from: 'gone', to: 'gone' }, { from: 'ship', to: 'ship', map: 'place' }] } },
    },
  });
  const { coverage, maps } = await run({ given: { payload: { json: [{ id: 1, total: 20, vip: true, country: 'FR', ship: { city: 'Paris', country: 'FR' } }, { id: 2, total: 5, vip: true }, { id: 3, total: 30, vip: false, country: 'FR' }] } } }, { flow: 'decides' });
  const outcomes = coverage[0]!.steps.map(({ id, conditions, rules }) => [id, ...conditions.map(({ text, holds, fails }) => `${text}: ${holds}/${fails}`), ...rules.map(({ to, value, default: fallback, nothing }) => `${to}: ${value}/${fallback}/${nothing}`)]);
  assert.deepEqual(outcomes, [
    ['big', 'total at-least 10: 2/1', 'vip is-true: 1/1', 'country equals GB: 0/1'], ['where', 'country equals GB: 0/1'],
    ['make', 'number: 1/undefined/0', 'note: 0/1/0', 'gone: 0/undefined/1', 'ship: 1/undefined/0'],
  ]);
  assert.deepEqual(maps.map(({ file, conditions, rules }) => [file, conditions.map(({ pointer, holds, fails }) => [pointer, holds, fails]), rules.map(({ to, value, default: fallback, skipped }) => [to, value, fallback, skipped])]), [['maps/place.map.json', [['/rules/1/when/0', 0, 1]], [['town', 1, 0, undefined], ['zip', 0, undefined, 1]]]]);
});

test('tests run in a thread of their own, and end with whoever waits for them', async () => {
  write('flows/echo.test.json', { version: 1, cases: { it: { given: { payload: { json: { id: 1 } } }, expect: { outputs: [{ json: { number: 1, at: '' } }] } } } });
  await using runner = await openRunner({ root, executors: {} });
  const told: unknown[] = [];
  const { passed, cases } = await runner.tests.run({ files: ['echo'], signal: new AbortController().signal, onCase: (one) => void told.push(one) });
  assert.deepEqual([passed, told], [1, cases]);
  await assert.rejects(runner.tests.run({ files: ['echo'], signal: AbortSignal.abort(new Error('gone')) }), /gone/);
  assert.deepEqual((await runner.tests.list()).find(({ flow }) => flow === 'echo')?.cases.map(({ name }) => name), ['it']);
});

describe('mocks that no longer answer as their connectors say', () => {
  const stale = (name: string, one: TestCase, wanted: readonly RegExp[], flow = 'reads'): void => void test(name, async () => {
    const { stale: found } = await run(one, { flow });
    assert.equal(found.length, wanted.length, JSON.stringify(found));
    wanted.forEach((pattern, index) => assert.match(`${found[index]!.pointer} ${found[index]!.message} ${found[index]!.remedy}`, pattern));
  });
  const answer = (json: unknown, more: object = {}): TestCase => ({ mocks: [{ request: { endpoint: 'typed' }, answer: { json, ...more } }] });
  stale('one that does', answer({ items: [{ id: 1 }] }), []);
  stale('a record that does not fit the schema', answer({ items: [{ id: 1 }, { id: 'x' }] }), [/^\/cases\/it\/mocks\/0\/answer\/json The record 2 of the answer does not fit the record schema of the endpoint "typed" of shop at \/id: .*whole number.* Let the mock answer/]);
  stale('records at another place', answer({ orders: [{ id: 1 }] }), [/The answer has nothing at \$\.items, where the endpoint "typed" of shop has its records\./]);
  stale('by the step alone', { mocks: [{ request: { step: 'read' }, answer: [{ json: { items: [] } }, { json: { items: [{}] } }] }] }, [/\/mocks\/0\/answer\/1\/json The record 1/]);
  stale('another method than the endpoint has', { mocks: [{ request: { endpoint: 'typed', method: 'POST' }, answer: { json: { items: [] } } }] }, [/\/request\/method The endpoint "typed" of shop is asked by GET, so that this mock never answers\. Write "GET"/]);
  stale('what is refused has no records', answer({ error: 'no' }, { status: 400 }), []);
  stale('a case that wants to see broken answers', { ...answer({ items: [{ id: 'x' }] }), expect: { status: 'failed' } }, []);
  stale('what a table fills in', { ...answer({ items: [{ id: '{{ row.id }}' }] }), table: [{ id: 1 }] }, []);
  stale('an address that the endpoint no longer has', { mocks: [{ request: { endpoint: 'typed', url: '/v1/typed?page=2' }, answer: { json: { items: [] } } }] }, [/\/request\/url The endpoint "typed" of shop is not asked at this address, so that this mock never answers: it is at https:\/\/shop\.example\/typed\. Write its address/]);
  stale('another server than the connector has', { mocks: [{ request: { endpoint: 'typed', url: 'https://old.example/typed' }, answer: { json: { items: [] } } }] }, [/\/request\/url The endpoint "typed"/]);
  stale('an address with a wildcard, which may be it', { mocks: [{ request: { endpoint: 'typed', url: 'https://*/ty*d' }, answer: { json: { items: [] } } }] }, []);
  stale('an address of no endpoint of the connector', { mocks: [{ request: { instance: 'shop', url: '/customers' }, answer: { json: {} } }] }, [/\/request\/url No endpoint of shop is asked at this address, so that this mock never answers\. Name the endpoint/], 'import');
  stale('the address of any endpoint that the flow could ask', { mocks: [{ request: { url: '/orders' }, answer: { json: {} } }] }, [], 'import');
  const sent = (json: unknown): TestCase => ({ mocks: [{ request: { endpoint: 'shaped', json }, answer: { json: {} } }] });
  stale('the body that is sent', sent({ kind: 'sale', order: { id: 1 }, note: null }), [], 'sends');
  stale('a part of the body that is sent', sent({ $has: { order: { $has: { id: 1 } } } }), [], 'sends');
  stale('a field that the body does not have', sent({ $has: { orders: [] } }), [/\/request\/json\/\$has\/orders The endpoint "shaped" of shop sends no field "orders" here, so that this mock never answers\. Write the body as it is sent now/], 'sends');
  stale('a value that the body always has otherwise', sent({ kind: 'refund', order: { id: 1 } }), [/\/request\/json\/kind The endpoint "shaped" of shop always sends "sale" here/], 'sends');
  stale('a record that does not fit the schema of what is sent', sent({ $has: { order: { id: 'x' } } }), [/\/request\/json\/\$has\/order The endpoint "shaped" of shop has a record schema that this does not fit at \/id/], 'sends');
  const recorded = (name: string, exchanges: readonly object[], wanted: readonly RegExp[]): void => {
    const file = `fixtures/${name.replaceAll(' ', '-')}.recording.json`;
    write(file, { version: 1, exchanges });
    stale(`${name}, recorded`, { mocks: [{ recording: file }] }, wanted);
  };
  const exchange = { step: 'read', method: 'GET', url: 'https://shop.example/typed', status: 200, body: '{"items":[{"id":1}]}' };
  recorded('what is answered now', [exchange], []);
  recorded('an address of before', [{ ...exchange, url: 'https://shop.example/v1/typed?a=b' }], [/\/mocks\/0\/recording The recording is not as the connectors are now\. It answers GET https:\/\/shop\.example\/v1\/typed for the step "read", but the endpoint "typed" of shop is at https:\/\/shop\.example\/typed\. Run the flow again, and keep it by `patchbay test --save RUN`\./]);
  recorded('a record of before', [{ ...exchange, body: '{"items":[{"id":"a"}]}' }], [/The record 1 of GET https:\/\/shop\.example\/typed does not fit the record schema/]);
  recorded('a step of before', [{ ...exchange, step: 'fetch' }], [/It answers the step "fetch", which the flow does not have\./]);
  stale('a mock of no endpoint', { mocks: [{ request: { url: '/typed' }, answer: { json: { orders: 1 } } }] }, [/nothing at \$\.items/]);
});

describe('a name in a mock that is none says which was meant, or which there are', () => {
  const names = (mock: object, wanted: string, flow = 'import'): void => void test(wanted, async () => {
    const { cases } = await run({ mocks: [mock as TestMock] }, { flow });
    assert.equal(cases.flatMap(({ failures }) => failures.map(({ pointer, message, remedy }) => `${pointer.replace('/cases/it/mocks/0', '')} ${message} ${remedy}`))[0], wanted);
  });
  const answer = {};
  names({ request: { flow: 'chld' }, answer }, '/request/flow There is no flow "chld" among this one and those that it calls (parent, child). Did you mean "child"? Create the flow in `flows/` or correct its name.', 'parent');
  names({ request: { flow: 'child', step: 'snd' }, answer }, '/request/step The flow "child" has no step "snd". Did you mean "send"? Name a step that there is, or remove what names it.', 'parent');
  names({ request: { endpoint: 'lst' }, answer }, '/request/endpoint There is no endpoint "lst" in what the flow asks (shop). Did you mean "list"? Use one of the endpoints of the connector.');
  names({ request: { endpoint: 'orders' }, answer }, '/request/endpoint There is no endpoint "orders" in what the flow asks (shop). There are "list", "typed", "since", "put", "shaped". Use one of the endpoints of the connector.', 'parent');
  names({ request: { instance: 'shop', endpoint: 'lst' }, answer }, '/request/endpoint There is no endpoint "lst". Did you mean "list"? Use one of the endpoints of the connector.');
  names({ request: { instance: 'shp' }, answer }, '/request/instance There is no instance "shp". Did you mean "shop"? Create the instance in `instances/` or correct its name.');
  names({ request: { step: 'snd' }, answer }, '/request/step The flow "import" has no step "snd". Did you mean "send"? Name a step that there is, or remove what names it.');
  names({ step: 'somewhere', outputs: [] }, '/step The flow "import" has no step "somewhere". There are "list", "each", "known", "mark", "guard", "send", "told". Name a step that there is, or remove what names it.');
  names({ connector: 'shp' }, '/connector There is no connector "shp". Did you mean "shop"? Create the connector in `connectors/` or correct its name.');
  names({ connector: 'shop', faults: [{ kind: 'slwo' }] }, '/faults/0/kind "kind" must be one of rate-limit, error, unauthorized, time-out, slow, broken-json, cut, reset, repeated-token, schema-drift, or a template of a row such as {{ row.value }}; it is "slwo" (string). Did you mean "slow"?');
  names({ connector: 'shop', faults: [{ kind: 'slow', endpont: 'list' }] }, '/faults/0/endpont "endpont" is not allowed in item 1 of "faults". Did you mean "endpoint"?');
  names({ connector: 'shop', faults: [{ kind: 'slow', endpoint: 'lst' }] }, '/faults/0/endpoint There is no endpoint "lst". Did you mean "list"? Use one of the endpoints of the connector.');
  names({ requst: { endpoint: 'list' } }, '/requst "requst" is not allowed in item 1 of "mocks". Did you mean "request"?');
  names({ records: 3 }, ' A mock has one of "request", "step", "flow", "connector" and "recording"; this one has none. Say in whose place it answers, such as {"connector": "shop"}.');
});

describe('what happens at the same time', () => {
  const wait = (forMs: number, out: string) => ({ shape: 'wait', settings: { forMs }, next: { out } });
  // Both ways come by chance elsewhere; here one of two steps waits.
  const forks = (slow: 'one' | 'two'): void => write('flows/forks.flow.json', {
    version: 1, title: 'Forks', start: 'fork',
    steps: {
      fork: { shape: 'route', settings: { routes: [{ name: 'a' }, { name: 'b' }] }, next: { a: 'before-one', b: 'before-two' } },
      'before-one': wait(slow === 'one' ? 5 : 0, 'one'), 'before-two': wait(slow === 'two' ? 5 : 0, 'two'),
      one: { shape: 'connector', settings: { instance: 'shop', endpoint: 'put' }, next: { out: 'left' } },
      two: { shape: 'connector', settings: { instance: 'shop', endpoint: 'put' }, next: { out: 'right' } },
      left: { shape: 'map', settings: { rules: [{ to: 'end', default: 'left' }] } },
      right: { shape: 'map', settings: { rules: [{ to: 'end', default: 'right' }] } },
    },
  });
  const failures = async (one: TestCase, more: { readonly update?: boolean } = {}): Promise<string[]> => (await run({ given: { payload: { json: { id: 1 } } }, mocks: [put], ...one }, { flow: 'forks' }, more)).cases[0]!.failures.map(({ message }) => message);

  test('a snapshot holds, whichever branch is the first', async () => {
    forks('one');
    assert.deepEqual(await failures({ expect: { snapshot: true } }, { update: true }), []);
    forks('two');
    assert.deepEqual(await failures({ expect: { snapshot: true } }), []);
    rmSync(join(root, 'flows/forks.snapshot.json'));
  });

  for (const slow of ['one', 'two'] as const) test(`of several steps no order is expected, of one it is: ${slow} is slow`, async () => {
    forks(slow);
    for (const requests of [[{ step: 'one' }, { step: 'two' }], [{ step: 'two' }, { step: 'one' }], [{}, { step: 'one' }], [{}, { step: 'two' }]]) assert.deepEqual(await failures({ expect: { requests, outputs: [{ json: { end: 'left' } }, { json: { end: 'right' } }] } }), [], JSON.stringify(requests));
    assert.deepEqual(await failures({ expect: { requests: [{ step: 'one' }, { step: 'one' }] } }), ['Request 1, POST https://shop.example/orders, its step: it is another value.']);
    assert.deepEqual(await failures({ expect: { requests: [{ step: 'two', json: { id: 2 } }, { step: 'one' }] } }), ['Request 0, POST https://shop.example/orders, its json at /id: it is another value.']);
  });

  for (const slow of ['one', 'two'] as const) test(`where branches meet again, payloads come and fail in the order of the branches: ${slow} is slow`, async () => {
    write('flows/joins.flow.json', {
      version: 1, title: 'Joins', start: 'each',
      steps: {
        each: { shape: 'split', settings: { each: true }, next: { out: 'fork' } },
        fork: { shape: 'route', settings: { routes: [{ name: 'a' }, { name: 'b' }] }, next: { a: 'before-one', b: 'before-two' } },
        'before-one': wait(slow === 'one' ? 5 : 0, 'left'), 'before-two': wait(slow === 'two' ? 5 : 0, 'right'),
        left: { shape: 'map', settings: { rules: [{ to: 'end', default: 'left' }, { from: 'id', to: 'id' }] }, next: { out: 'join' } },
        right: { shape: 'map', settings: { rules: [{ to: 'end', default: 'right' }, { from: 'id', to: 'id' }] }, next: { out: 'join' } },
        join: { shape: 'set-variables', next: { out: 'send' } },
        send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'put' } },
      },
    });
    const mocks: TestMock[] = [{ request: { json: { $has: { end: 'right' } } }, answer: { status: 400 } }, put];
    const all = [{ end: 'left', id: 1 }, { end: 'right', id: 1 }, { end: 'left', id: 2 }, { end: 'right', id: 2 }].map((json) => ({ json }));
    const { cases } = await run({ given: { payload: { json: [{ id: 1 }, { id: 2 }] } }, mocks, expect: { status: 'failed', steps: { join: { inputs: all, outputs: { out: all } } }, requests: all, failures: [{ message: { $has: '400' } }, {}] } }, { flow: 'joins' });
    assert.deepEqual(cases[0]!.failures, []);
  });

  test('payloads that are in flight in one step have the order in which they came', async () => {
    write('flows/flights.flow.json', {
      version: 1, title: 'Flights', start: 'each',
      steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'send' } }, send: { shape: 'connector', concurrency: 3, settings: { instance: 'shop', endpoint: 'put' } } },
    });
    const mocks: TestMock[] = [{ request: { json: { id: 1 } }, answer: [{ status: 503 }, { json: {} }] }, put];
    const { cases } = await run({ given: { payload: { json: [{ id: 1 }, { id: 2 }, { id: 3 }] } }, mocks, expect: { requests: [{ json: { id: 1 } }, { json: { id: 1 } }, { json: { id: 2 } }, { json: { id: 3 } }] } }, { flow: 'flights' });
    assert.deepEqual(cases[0]!.failures, []);
  });

  test('an answer that was recorded goes to the request that it was given to, whichever is made first', async () => {
    const sent = (id: number): string => createHash('sha256').update(JSON.stringify({ id })).digest('hex');
    const exchange = { step: 'send', method: 'POST', url: 'https://shop.example/orders', status: 200 };
    write('fixtures/flights.recording.json', { version: 1, exchanges: [{ ...exchange, sent: sent(2), body: '{"for":2}' }, { ...exchange, body: '{"for":"any"}' }, { ...exchange, sent: sent(1), body: '{"for":1}' }] });
    write('flows/flights.flow.json', {
      version: 1, title: 'Flights', start: 'each',
      steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'send' } }, send: { shape: 'connector', concurrency: 3, settings: { instance: 'shop', endpoint: 'put', saveResponse: true } } },
    });
    const { cases } = await run({ given: { payload: { json: [{ id: 1 }, { id: 2 }, { id: 3 }] } }, mocks: [{ recording: 'fixtures/flights.recording.json' }], expect: { outputs: [1, 2, 'any'].map((id) => ({ json: { for: id } })) } }, { flow: 'flights' });
    assert.deepEqual(cases[0]!.failures, []);
  });
});
