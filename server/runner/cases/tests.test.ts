import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
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
  'fixtures/none.json': [],
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
  check('a step that is mocked asks nobody', { mocks: [{ step: 'list', outputs: [{ json: [{ id: 1 }, { id: 2 }] }, { json: [{ id: 3 }] }] }, { step: 'send', error: 'It is closed.' }], expect: { status: 'partial-success', requests: [], failures: [{ step: 'send', message: 'It is closed.', caughtBy: 'guard' }, {}, {}], logs: [{ step: 'told', level: 'warn', message: 'Order 1 of DEV failed' }] } });
});

describe('what is given', () => {
  check('pools', { given: { pools: { orders: ['1', '3'] } }, mocks: [list(1, 2, 3), put], expect: { steps: { send: { in: 1 } }, pools: { orders: ['1', '2', '3'] } } });
  check('variables at the end', { mocks: [list(4), put], expect: { variables: { state: 'seen 4' } } });
  check('one variable too many', { given: { variables: { stat: 1 } } }, { fails: ['/given/variables/stat The flow "import" has no variable "stat".'] });
  check('from a step on, up to a step', { given: { from: 'each', until: 'known', payload: { json: [{ id: 1 }, { id: 1 }] } }, expect: { outputs: [{ json: { id: 1 } }] } });
  check('a flow that it calls is run as well', { given: { payload: { json: { id: 5 } } }, expect: { outputs: [{ json: { number: 5, at: '' } }] } }, { flow: 'caller' });
  check('a crash that does not come', { given: { crash: { step: 'say', after: 2 } } }, { flow: 'echo', fails: ['/expect The process did not die: the step was through with 1 payload at the end.'] });
  check('a step of a flow that it calls, with the same id', { mocks: [put], given: { payload: { json: { id: 1 } } }, expect: { requests: [{ instance: 'shop', endpoint: 'put' }] } }, { flow: 'parent' });
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
  check('a table with a wrong name', { table: [{ id: 1 }], given: { payload: { json: '{{ row.id | nope }}' } } }, { flow: 'echo', fails: [/\/given\/payload\/json .*nope/] });
  check('a file that is not there', { given: { payload: { file: 'fixtures/no.json' } } }, { flow: 'echo', fails: ['/given/payload The file fixtures/no.json cannot be read: it does not exist.'] });
  check('a file out of the workspace', { given: { payload: { file: '../../../etc/hostname' } } }, { flow: 'echo', fails: [/cannot be read: it lies outside of the workspace/] });
  check('what is made up fails with the smallest payload', { generate: { schema: { type: 'object', properties: { id: { type: 'integer', minimum: 0 } }, required: ['id'] } }, expect: { outputs: [{ json: { number: { $near: [0, 9] }, at: '' } }] } }, { flow: 'echo', fails: [/\/expect\/outputs\/0\/json Payload 0 at \/number: it is not within 9 of 0\./] });
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
  assert.deepEqual([failed, cases.map(({ name, failures }) => [name, failures[0]?.message, failures[0]?.line])], [2, [['a', '"expekt" is not allowed in "a".', 1], ['b', '"expekt" is not allowed in "a".', 1]]]);
});

test('what was run of a flow, and what was not', async () => {
  const { coverage } = await run({ mocks: [list(1), put] }, {});
  const { steps } = coverage[0]!;
  assert.deepEqual(steps.map(({ id, count }) => [id, count]), [['list', 1], ['each', 1], ['known', 1], ['mark', 1], ['guard', 1], ['send', 1], ['told', 0]]);
  assert.deepEqual(steps.find(({ id }) => id === 'guard')?.ports, { try: 1, catch: 0 });
});

test('tests run in a thread of their own, and end with whoever waits for them', async () => {
  write('flows/echo.test.json', { version: 1, cases: { it: { given: { payload: { json: { id: 1 } } }, expect: { outputs: [{ json: { number: 1, at: '' } }] } } } });
  await using runner = await openRunner({ root, executors: {} });
  assert.equal((await runner.tests.run({ files: ['echo'], signal: new AbortController().signal })).passed, 1);
  await assert.rejects(runner.tests.run({ files: ['echo'], signal: AbortSignal.abort(new Error('gone')) }), /gone/);
  assert.deepEqual((await runner.tests.list()).find(({ flow }) => flow === 'echo')?.cases.map(({ name }) => name), ['it']);
});

describe('mocks that no longer answer as their connectors say', () => {
  const stale = (name: string, one: TestCase, wanted: readonly RegExp[]): void => void test(name, async () => {
    const { stale: found } = await run(one, { flow: 'reads' });
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
  stale('a mock of no endpoint', { mocks: [{ request: { url: '/typed' }, answer: { json: { orders: 1 } } }] }, [/nothing at \$\.items/]);
});
