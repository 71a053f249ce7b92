import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Problem } from '../model/api.ts';
import { fakeRunner, type FakeOptions, type FakeRunner } from '../../test/support/fake-runner.ts';
import { openApi } from './openapi.ts';
import { routes } from './routes.ts';
import { schemas } from './schemas.ts';
import { serve, type ServeOptions } from './serve.ts';

type Ask = (path: string, init?: RequestInit) => Promise<Response>;
interface World { readonly runner: FakeRunner; readonly url: string; readonly ask: Ask; readonly close: () => Promise<void> }

async function story(options: Partial<ServeOptions> & { readonly fake?: FakeOptions }, check: (world: World) => Promise<void>): Promise<void> {
  const { fake, ...serving } = options;
  const runner = fakeRunner(fake);
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere', ...serving });
  const ask: Ask = (path, init = {}) => fetch(server.url + path, { ...init, headers: { authorization: 'Bearer tok', ...(init.headers as Record<string, string>) } });
  try {
    await check({ runner, url: server.url, ask, close: server.close });
  } finally {
    await server.close();
  }
}

const ajv = new Ajv({ strict: false });

test('every address of the table answers as it says', () => story({}, async ({ runner, ask }) => {
  assert.ok(routes.length > 15);
  const hash = runner.addBody('{"a":1}', 'application/json');
  await ask('/api/v1/flows/orders/runs', { method: 'POST' });
  const csv: Record<string, string> = { '/caches/{cache}/documents': 'a', '/pools/{pool}/values': 'value,entity_type\na,b\n', '/lookups/{lookup}/rows': 'left_value,right_value\nCH,Schweiz\n', '/imports/{kind}': 'curl https://a.test/orders' };
  const bodies: Record<string, object> = { '/evaluate': { expression: 'x', scope: { x: 1 } }, ...Object.fromEntries(['check', 'lineage', 'suggest', 'try', 'test'].map((what) => [`/maps/${what}`, { settings: {} }])), '/transform': { type: 'echo', input: 1 }, '/flows/{flow}/completions': { offset: 0 }, '/flows/{flow}/hover': { offset: 0 }, '/runs/actions': { action: 'pin', runs: ['r1', 'nope'] }, '/instances/{instance}/login': { redirectUri: 'http://127.0.0.1:1/' }, '/logins': { state: 's' }, '/cursors': { flow: 'orders', step: 's', instance: 'shop', endpoint: 'list', kind: 'number', value: '7' }, '/instances/{instance}/try': { endpoint: 'a' }, '/mocks': { connector: 'shop' }, '/instances/{instance}/check': {}, '/tests/run': {}, '/runs/{run}/case': {}, '/inbox/state': { isPaused: true }, '/inbox/rules': { flow: 'orders', mode: 'capture' }, '/inbox/read': {}, '/inbox/send': { flow: 'orders' }, '/inbox/{request}/pin': { isPinned: true }, '/inbox/{request}/replay': {}, '/inbox/{request}/case': {}, '/detections': { pages: [{ response: { body: [] } }] } };
  bodies['/lookups/{lookup}/edits'] = { stamp: ((await (await ask('/api/v1/lookups/countries')).json()) as { stamp: string }).stamp, changes: [] };
  bodies['/debug/{session}'] = { seq: 1, type: 'request', command: 'initialize' };
  const { session } = (await (await ask('/api/v1/debug', { method: 'POST' })).json()) as { session: string };
  const needed: Record<string, string> = { '/runs/search': 'text=a' };
  for (const { method, path, query, answer, body } of routes) {
    if (answer.mediaType) continue;
    const given = Object.entries(query ?? {}).flatMap(([name, { isRequired, minimum }]) => (isRequired ? [`${name}=${minimum ?? 'x'}`] : [])).concat(needed[path] ?? []);
    const address = `${path.replace('{flow}', 'orders').replace('{run}', 'r1').replace('{step}', 's').replace('{lookup}', 'countries').replace(/\{(cache|pool)\}/, 'seen').replace('{hash}', hash).replace('{group}', 'ops').replace('{kind}', 'curl').replace('{connector}', 'shop').replace('{version}', '1').replace('{other}', 'draft').replace('{session}', session).replace('{request}', '1')}${given.length > 0 ? `?${given.join('&')}` : ''}`;
    if (path.endsWith('/stop')) continue;
    const json = body && body.schema !== 'any' ? { body: JSON.stringify(bodies[path]), headers: { 'content-type': 'application/json' } } : {};
    const text = (method === 'post' || method === 'put') && csv[path];
    const rows = text ? { body: text, headers: { 'content-type': 'text/csv' } } : {};
    const response = await ask(`/api/v1${address}`, { method: method.toUpperCase(), ...json, ...rows });
    const answered = await response.text();
    assert.equal(response.status, answer.status ?? 200, `${path}: ${answered}`);
    const validate = ajv.compile(schemas[answer.schema!]);
    assert.ok(validate(JSON.parse(answered)), `${path}: ${ajv.errorsText(validate.errors)} ${answered}`);
  }
}));

test('the description is complete and names every address once', () => {
  const { paths, components } = openApi() as { paths: Record<string, Record<string, { operationId?: string }>>; components: { schemas: object } };
  const ids = Object.values(paths).flatMap((of) => Object.values(of).map(({ operationId }) => operationId)).filter(Boolean);
  assert.equal(new Set(ids).size, routes.length);
  const references = [...JSON.stringify({ paths, components }).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
  assert.ok(references.length > 30);
  for (const name of references) assert.ok(Object.hasOwn(components.schemas, name), name);
});

/** A body without a length, that goes on for ever. */
const endless = (): ReadableStream => new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.alloc(10_000)) });

const json = (body: object): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const refusals: readonly (readonly [title: string, path: string, init: RequestInit & { duplex?: 'half' }, status: number, code: string, detail: RegExp])[] = [
  ['unknown address', '/api/v1/nothing', {}, 404, 'API_NOT_FOUND', /nothing at this address/],
  ['unknown address with the right beginning', '/api', {}, 404, 'API_NOT_FOUND', /nothing at this address/],
  ['unknown flow', '/api/v1/flows/nope', {}, 404, 'API_NOT_FOUND', /no flow "nope"/],
  ['status that is none', '/api/v1/runs?filter[status]=failed&filter[status]=great', {}, 400, 'API_INVALID', /filter\[status\]" is one of queued, running/],
  ['search for nothing', '/api/v1/runs/search', {}, 400, 'API_INVALID', /Either "text" is given/],
  ['search for an empty text', '/api/v1/runs/search?text=', {}, 400, 'API_INVALID', /Either "text" is given/],
  ['search with half a path', '/api/v1/runs/search?text=a&path=b', {}, 400, 'API_INVALID', /belong together/],
  ['search with a made-up cursor', '/api/v1/runs/search?text=a&cursor=x', {}, 400, 'API_INVALID', /"cursor" is what/],
  ['an action that is none', '/api/v1/runs/actions', json({ action: 'burn', runs: ['r1'] }), 400, 'API_INVALID', /"action" is one of retry, resume/],
  ['an action with nothing', '/api/v1/runs/actions', json({ action: 'pin', runs: [] }), 400, 'API_INVALID', /"runs" names 1 to 500/],
  ['an action with too much', '/api/v1/runs/actions', json({ action: 'pin', runs: Array.from({ length: 501 }, String) }), 400, 'API_INVALID', /"runs" names 1 to 500/],
  ['an action with what is no run', '/api/v1/runs/actions', json({ action: 'pin', runs: [1] }), 400, 'API_INVALID', /"runs" names 1 to 500/],
  ['a day that is none', '/api/v1/insights?from=2024-13-01', {}, 400, 'API_INVALID', /"from" is a day/],
  ['a group that is none', '/api/v1/notifications/nobody/test', { method: 'POST' }, 422, 'CONFIG_UNKNOWN_GROUP', /no notification group/],
  ['start of an unknown flow', '/api/v1/flows/nope/runs', { method: 'POST' }, 404, 'CONFIG_NOT_FOUND', /no flow "nope"/],
  ['unknown version', '/api/v1/flows/orders/rollback?version=9', { method: 'POST' }, 404, 'VERSION_NOT_FOUND', /no version 9/],
  ['rollback to nothing', '/api/v1/flows/orders/rollback', { method: 'POST' }, 400, 'API_INVALID', /"version" is missing/],
  ['version that is no number', '/api/v1/flows/orders/versions/first', {}, 400, 'API_INVALID', /not the number of a version/],
  ['comparison with what is no version', '/api/v1/flows/orders/versions/1/diff/-1', {}, 400, 'API_INVALID', /not the number of a version/],
  ['run of what is no version', '/api/v1/flows/orders/runs?version=latest', { method: 'POST' }, 400, 'API_INVALID', /"deployed" or "draft"/],
  ['wrong confirmation', '/api/v1/flows/orders/runs?confirm=yes', { method: 'POST' }, 400, 'API_INVALID', /one of production/],
  ['unknown run', '/api/v1/runs/nope', {}, 404, 'API_NOT_FOUND', /no run "nope"/],
  ['events of an unknown run', '/api/v1/runs/nope/events', {}, 404, 'API_NOT_FOUND', /no run "nope"/],
  ['wrong method', '/api/v1/flows', { method: 'DELETE' }, 405, 'API_INVALID', /takes GET, HEAD/],
  ['page 0', '/api/v1/runs?page=0', {}, 400, 'API_INVALID', /whole number from 1 on/],
  ['too many per page', '/api/v1/runs?per_page=501', {}, 400, 'API_INVALID', /from 1 to 500/],
  ['page that is no number', '/api/v1/runs?page=1e3', {}, 400, 'API_INVALID', /whole number/],
  ['unknown status', '/api/v1/runs?filter[status]=great', {}, 400, 'API_INVALID', /one of queued/],
  ['misspelt filter', '/api/v1/runs?flow=orders', {}, 400, 'API_INVALID', /"flow" is not known; known are filter\[flow\]/],
  ['parameter twice', '/api/v1/runs?page=1&page=2', {}, 400, 'API_INVALID', /more than once/],
  ['flag that is neither', '/api/v1/flows/orders/runs?wait=yes', { method: 'POST' }, 400, 'API_INVALID', /true or false/],
  ['step and from', '/api/v1/flows/orders/runs?step=a&from=b', { method: 'POST' }, 400, 'API_INVALID', /cannot stand beside/],
  ['address that cannot be decoded', '/api/v1/flows/%zz', {}, 400, 'API_INVALID', /cannot be read/],
  ['JSON that is none', '/api/v1/flows/orders/runs', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } }, 400, 'DATA_INVALID', /not what its content type/],
  ['text that is no UTF-8, and says so', '/api/v1/flows/orders/runs', { method: 'POST', body: Buffer.from([0xff]), headers: { 'content-type': 'text/plain; charset=utf-8' } }, 400, 'DATA_INVALID', /not what its content type/],
  ['content type that is none', '/api/v1/flows/orders/runs', { method: 'POST', body: 'x', headers: { 'content-type': 'x' } }, 400, 'API_INVALID', /not a media type/],
  ['unknown charset', '/api/v1/flows/orders/runs', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain; charset=nope' } }, 400, 'DATA_INVALID', /nope/],
  ['unknown encoding', '/api/v1/flows/orders/runs', { method: 'POST', body: 'x', headers: { 'content-encoding': 'constructor' } }, 400, 'API_INVALID', /"constructor" is not known/],
  ['gzip that is none', '/api/v1/flows/orders/runs', { method: 'POST', body: 'x'.repeat(100), headers: { 'content-encoding': 'gzip' } }, 400, 'API_INVALID', /not what its content encoding/],
  ['deep document', '/api/v1/flows/orders/runs', { method: 'POST', body: '['.repeat(20_000) + ']'.repeat(20_000), headers: { 'content-type': 'application/json' } }, 400, 'DATA_INVALID', /nested deeper/],
  ['deep document at a webhook', '/hooks/orders/in', { method: 'POST', body: '['.repeat(20_000) + ']'.repeat(20_000), headers: { 'content-type': 'application/json' } }, 400, 'DATA_INVALID', /nested deeper/],
  ['long body', '/api/v1/flows/orders/runs', { method: 'POST', body: 'x'.repeat(200_001), headers: { 'content-type': 'text/plain' } }, 413, 'DATA_TOO_LARGE', /200,000 bytes/],
  ['long body at a webhook', '/hooks/orders/in', { method: 'POST', body: 'x'.repeat(100_001) }, 413, 'DATA_TOO_LARGE', /100,000 bytes/],
  ['long body in chunks', '/hooks/orders/in', { method: 'POST', body: endless(), duplex: 'half' }, 413, 'DATA_TOO_LARGE', /100,000 bytes/],
  ['gzip bomb', '/hooks/orders/in', { method: 'POST', body: gzipSync(Buffer.alloc(50_000_000)), headers: { 'content-encoding': 'gzip' } }, 413, 'DATA_TOO_LARGE', /100,000 bytes/],
  ['brotli bomb', '/api/v1/flows/orders/runs', { method: 'POST', body: brotliCompressSync(Buffer.alloc(50_000_000)), headers: { 'content-encoding': 'br' } }, 413, 'DATA_TOO_LARGE', /200,000 bytes/],
  ['unknown webhook', '/hooks/orders/nope', { method: 'POST' }, 404, 'API_NOT_FOUND', /no webhook trigger "nope"/],
  ['webhook without a trigger', '/hooks/', { method: 'POST' }, 404, 'API_NOT_FOUND', /\/hooks\/<flow>\/<trigger>/],
  ['webhook that cannot be decoded', '/hooks/%zz/in', { method: 'POST' }, 400, 'API_INVALID', /percent-encoded/],
  ['form instead of JSON', '/api/v1/evaluate', { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 400, 'API_INVALID', /application\/json/],
  ['list instead of an object', '/api/v1/evaluate', { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } }, 400, 'API_INVALID', /JSON object/],
  ['unknown transform', '/api/v1/transform', { method: 'POST', body: '{"type":"nope"}', headers: { 'content-type': 'application/json' } }, 422, 'CONFIG_UNKNOWN_PLUGIN', /nope/],
  ['event number that is none', '/api/v1/runs/r1/events', { headers: { 'last-event-id': 'x' } }, 400, 'API_INVALID', /number of an event/],
];

test('what cannot be answered is explained', async (context) => {
  await story({ limits: { hookBytes: 100_000, payloadBytes: 200_000, memoryBytes: 50_000 } }, async ({ runner, ask }) => {
    await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).arrayBuffer();
    for (const [title, path, init, status, code, detail] of refusals) {
      await context.test(title, async () => {
        const response = await ask(path, init);
        const problem = (await response.json()) as Problem;
        assert.deepEqual([response.status, problem.status, problem.code], [status, status, code], problem.detail);
        assert.match(problem.detail, detail);
        assert.equal(response.headers.get('content-type'), 'application/problem+json');
        assert.ok(problem.remedy);
        assert.doesNotMatch(problem.remedy, /step before this one|kept with the run/, 'No run has begun.');
        assert.equal(problem.title === 'It was not found', status === 404, problem.title);
        assert.ok(!JSON.stringify(problem).includes('.ts'));
      });
    }
    assert.equal(runner.started.length, 1);
    assert.equal(runner.hooked.length, 0);
  });
});

test('a bomb that stays below the limit of the whole ends at what no document expands to', () => story({}, async ({ runner, ask }) => {
  const bomb = brotliCompressSync(Buffer.alloc(300_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } });
  assert.ok(bomb.length < 10_000);
  const before = process.memoryUsage().rss;
  const response = await ask('/api/v1/flows/orders/runs', { method: 'POST', body: bomb, headers: { 'content-encoding': 'br' } });
  assert.equal(response.status, 413);
  assert.ok(process.memoryUsage().rss - before < 64_000_000);
  assert.equal(runner.started.length, 0);
}));

test('the raw body is the payload', () => story({ limits: { memoryBytes: 1000 } }, async ({ runner, ask }) => {
  const check = async (body: BodyInit, type: string | undefined, expected: unknown, headers: Record<string, string> = {}): Promise<void> => {
    const response = await ask('/api/v1/flows/shop%2Feu%20orders/runs?environment=live&confirm=production&wait=true', { method: 'POST', body, headers: { ...(type && { 'content-type': type }), ...headers } });
    assert.equal(response.status, 200);
    const { trigger, flow, environment, payload } = runner.started.at(-1)!;
    assert.deepEqual({ trigger, flow, environment, payload }, { trigger: 'api', flow: 'shop/eu orders', environment: 'live', payload: expected });
  };
  await check('{"a":1}', 'application/json; charset=utf-8', { body: { a: 1 }, mediaType: 'application/json' });
  await check('{"__proto__":{"x":1}}', 'application/problem+json', { body: JSON.parse('{"__proto__":{"x":1}}') as unknown, mediaType: 'application/json' });
  await check('a,b', 'text/csv; charset=utf-8', { body: 'a,b', mediaType: 'text/csv' });
  await check('a,é', 'text/csv', { body: Buffer.from('a,é'), mediaType: 'text/csv' });
  await check(Buffer.from([0xe4]), 'text/csv', { body: Buffer.from([0xe4]), mediaType: 'text/csv' });
  await check(Buffer.from([0xe4]), 'text/plain; charset=iso-8859-1', { body: 'ä', mediaType: 'text/plain' });
  await check('<a/>', 'application/soap+xml', { body: Buffer.from('<a/>'), mediaType: 'application/soap+xml' });
  await check(Buffer.from([1, 2]), 'application/pdf', { body: Buffer.from([1, 2]), mediaType: 'application/pdf' });
  await check(gzipSync('{"a":1}'), 'application/json', { body: { a: 1 }, mediaType: 'application/json' }, { 'content-encoding': 'gzip' });
}));

test('a long body goes through a file that is gone when the run is over', () => story({ limits: { memoryBytes: 1000 } }, async ({ runner, ask }) => {
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith('patchbay-body-'));
  const text = JSON.stringify({ text: 'x'.repeat(100_000) });
  const start = runner.start;
  let read = '';
  (runner as { start: typeof start }).start = async (request) => {
    read = await readFile((request.payload as { file: string }).file, 'utf8');
    return start(request);
  };
  const response = await ask('/api/v1/flows/orders/runs?wait=true', { method: 'POST', body: text, headers: { 'content-type': 'application/json; charset=utf-8' } });
  assert.equal(response.status, 200);
  assert.equal(read, text);
  assert.equal((runner.started[0]!.payload as { mediaType?: string }).mediaType, 'application/json');
  assert.deepEqual((await readdir(tmpdir())).filter((name) => name.startsWith('patchbay-body-')), before);
}));

test('variables are text or JSON, as the flow says', async () => {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-api-'));
  await mkdir(join(root, 'flows'));
  await writeFile(join(root, 'flows', 'orders.flow.json'), '{"version":1,"variables":{"since":{"type":"string"},"limit":{"type":"number"},"tags":{"type":"array"}},"steps":{}}');
  await story({ fake: { root } }, async ({ runner, ask }) => {
    const response = await ask('/api/v1/flows/orders/runs?var.since=2024&var.limit=5&var.tags=[1]&var.other=x&seed=7&now=9&until=a&key=k&priority=high', { method: 'POST' });
    assert.equal(response.status, 202);
    assert.deepEqual(runner.started[0], { flow: 'orders', trigger: 'api', until: 'a', now: 9, seed: 7, key: 'k', priority: 'high', variables: { since: '2024', limit: 5, tags: [1], other: 'x' } });
    const wrong = (await (await ask('/api/v1/flows/orders/runs?var.limit=many', { method: 'POST' })).json()) as Problem;
    assert.deepEqual([wrong.status, wrong.code, wrong.pointer], [422, 'CONFIG_INVALID', '/variables/limit']);
  });
  await rm(root, { recursive: true });
});

test('a flow that cannot run says why, an unexpected error keeps it to itself', async () => {
  const check = async (startError: Error, expected: Partial<Problem>): Promise<void> => {
    const logged: unknown[] = [];
    await story({ fake: { startError: startError as FlowError }, log: (error) => logged.push(error) }, async ({ ask }) => {
      const { status, code, detail, pointer } = (await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).json()) as Problem;
      assert.deepEqual({ status, code, detail, ...(pointer && { pointer }) }, expected);
      assert.deepEqual(logged, FlowError.is(startError) ? [] : [startError]);
    });
  };
  await check(new FlowError('CONFIG_UNKNOWN_STEP', 'There is no step "b".', { place: { pointer: '/steps/a/next/out' } }), { status: 422, code: 'CONFIG_UNKNOWN_STEP', detail: 'There is no step "b".', pointer: '/steps/a/next/out' });
  await check(new FlowError('STORAGE_FAILED', 'The disk is full.'), { status: 503, code: 'STORAGE_FAILED', detail: 'The disk is full.' });
  await check(new Error('secret at /home/x'), { status: 500, code: 'INTERNAL', detail: 'The runner met an unexpected error.' });
});

test('a long body belongs to the run, which goes on with it where the server closes and lets go of the caller', () => story({ fake: { isQuick: false }, limits: { memoryBytes: 1000 }, drainMs: 300 }, async ({ runner, ask, close }) => {
  const text = JSON.stringify(['x'.repeat(5_000)]);
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-api-'));
  const start = runner.start;
  (runner as { start: typeof start }).start = async (request) => {
    const { file, isOwn } = request.payload as { file: string; isOwn?: true };
    assert.equal(isOwn, true);
    await rename(file, join(folder, 'body'));
    return start(request);
  };
  const waiting = ask('/api/v1/flows/orders/runs?wait=true', { method: 'POST', body: text });
  while (runner.started.length === 0) await new Promise(setImmediate);
  await close();
  await waiting.then((response) => response.arrayBuffer(), () => undefined);
  assert.equal(await readFile(join(folder, 'body'), 'utf8'), text);
  assert.equal(existsSync(join((runner.started[0]!.payload as { file: string }).file, '..')), false, 'nothing is left behind');
  await rm(folder, { recursive: true });
}));

/** Events of a stream until it ends. */
async function readEvents(response: Response): Promise<{ id?: string; type: string }[]> {
  const text = await response.text();
  return text.split('\n\n').filter((part) => part.includes('data: ')).map((part) => {
    const id = /^id: (.*)$/m.exec(part)?.[1];
    return { ...(id !== undefined && { id }), type: (JSON.parse(/^data: (.*)$/m.exec(part)![1]!) as { event: { type: string } }).event.type };
  });
}

test('events of a run, from anywhere, until it has finished', () => story({ fake: { isQuick: false } }, async ({ runner, ask }) => {
  await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).arrayBuffer();
  runner.emit('r1', { type: 'run-started', at: 1, seed: 1 });
  const live = await ask('/api/v1/runs/r1/events');
  assert.equal(live.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const all = readEvents(live);
  const later = readEvents(await ask('/api/v1/runs/r1/events', { headers: { 'last-event-id': '2' } }));
  const byQuery = readEvents(await ask('/api/v1/runs/r1/events?after=1'));
  runner.emit('r1', { type: 'log', level: 'info', message: 'line\n\ndata: break', at: 2 });
  runner.emit('r1', { type: 'run-finished', status: 'success', at: 3, durationMs: 2 });
  const started = { id: '2', type: 'run-started' };
  const rest = [{ id: '3', type: 'log' }, { id: '4', type: 'run-finished' }];
  assert.deepEqual(await all, [{ id: '1', type: 'run-queued' }, started, ...rest]);
  assert.deepEqual(await later, rest);
  assert.deepEqual(await byQuery, [started, ...rest]);
  assert.deepEqual(await readEvents(await ask('/api/v1/runs/r1/events', { headers: { 'last-event-id': '3' } })), [rest[1]]);
  assert.deepEqual(await readEvents(await ask('/api/v1/runs/r1/events', { headers: { 'last-event-id': '4' } })), []);
  assert.equal(runner.listeners(), 1, 'only the metrics listen on');
}));

test('a reader that is slow gets every event once, and is not kept in memory', () => story({ fake: { isQuick: false } }, async ({ runner, ask, url }) => {
  await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).arrayBuffer();
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  socket.write(`GET /api/v1/runs/r1/events HTTP/1.1\r\nHost: 127.0.0.1:${new URL(url).port}\r\nAuthorization: Bearer tok\r\n\r\n`);
  await once(socket, 'readable');
  const message = 'x'.repeat(10_000);
  for (let i = 0; i < 3000; i++) runner.emit('r1', { type: 'log', level: 'info', message, at: i });
  assert.equal(runner.listeners(), 1, 'the stream has stopped listening');
  runner.emit('r1', { type: 'run-finished', status: 'success', at: 1, durationMs: 1 });
  const chunks: string[] = [];
  for await (const chunk of socket.setEncoding('utf8')) {
    chunks.push(chunk as string);
    if (((chunks.at(-2) ?? '') + (chunks.at(-1) as string)).includes('"run-finished"')) break;
  }
  assert.deepEqual([...chunks.join('').matchAll(/^id: (\d+)/gm)].map(([, id]) => Number(id)), Array.from({ length: 3002 }, (_, index) => index + 1));
}));

test('heads and ends of all runs', () => story({ fake: { isQuick: false } }, async ({ runner, ask, close }) => {
  const response = await ask('/api/v1/events');
  await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).arrayBuffer();
  runner.emit('r1', { type: 'log', level: 'info', message: 'not this one', at: 2 });
  await (await ask('/api/v1/runs/r1/stop', { method: 'POST' })).arrayBuffer();
  assert.equal((await ask('/api/v1/runs/r1/stop', { method: 'POST' })).status, 409);
  void close();
  assert.deepEqual(await readEvents(response), [{ type: 'run-queued' }, { type: 'run-finished' }]);
}));

test('bodies in ranges', () => story({}, async ({ runner, ask }) => {
  await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).arrayBuffer();
  const hash = runner.addBody('<script>0123456789</script>', 'text/html');
  const address = `/api/v1/runs/r1/bodies/${hash}`;
  const check = async (headers: Record<string, string>, status: number, text: string, range: string | null = null): Promise<void> => {
    const response = await ask(address, { headers });
    assert.deepEqual([response.status, await response.text(), response.headers.get('content-range')], [status, text, range], JSON.stringify(headers));
  };
  await check({}, 200, '<script>0123456789</script>');
  await check({ range: 'bytes=8-17' }, 206, '0123456789', 'bytes 8-17/27');
  await check({ range: 'bytes=18-' }, 206, '</script>', 'bytes 18-26/27');
  await check({ range: 'bytes=-9' }, 206, '</script>', 'bytes 18-26/27');
  await check({ range: 'bytes=20-999' }, 206, 'script>', 'bytes 20-26/27');
  await check({ range: 'bytes=27-' }, 416, '', 'bytes */27');
  await check({ range: 'bytes=-0' }, 416, '', 'bytes */27');
  await check({ range: 'bytes=5-1' }, 200, '<script>0123456789</script>');
  await check({ range: 'bytes=0-1,3-4' }, 200, '<script>0123456789</script>');
  await check({ range: 'bytes=0-1', 'if-range': '"other"' }, 200, '<script>0123456789</script>');
  await check({ 'if-none-match': `"x", "${hash}"` }, 304, '');
  const response = await ask(address, { method: 'HEAD' });
  assert.equal(response.headers.get('content-length'), '27');
  assert.match(response.headers.get('content-disposition')!, /^attachment/);
  assert.match(response.headers.get('content-security-policy')!, /sandbox/);
  assert.equal((await ask(`/api/v1/runs/r1/bodies/${'0'.repeat(64)}`)).status, 404);
}));

test('secrets go by name', () => story({}, async ({ ask }) => {
  const text = await (await ask('/api/v1/secrets')).text();
  assert.deepEqual(JSON.parse(text), [{ name: 'shop/token', origin: 'store' }]);
}));

test('a webhook gets the request as it came, and the caller what the trigger answers', async () => {
  const answer = { status: 201, headers: { 'content-type': 'application/json', 'x-order': '7', 'content-length': '999', 'transfer-encoding': 'chunked' }, body: { ok: true } };
  await story({ fake: { hook: () => answer } }, async ({ runner, url }) => {
    const response = await fetch(`${url}/hooks/shop/eu%20orders/in?id=1&__proto__=2`, { method: 'PATCH', body: Buffer.from([0, 255]), headers: { 'X-Sig': 'abc', 'content-type': 'application/octet-stream' } });
    assert.deepEqual([response.status, await response.json(), response.headers.get('x-order'), response.headers.get('content-length')], [201, { ok: true }, '7', '11']);
    const { method, url: address, query, headers, body } = runner.hooked[0]!;
    assert.deepEqual([method, address, Object.entries(query), headers['x-sig'], [...body]], ['PATCH', '/hooks/shop/eu%20orders/in?id=1&__proto__=2', [['id', '1'], ['__proto__', '2']], 'abc', [0, 255]]);
  });
  const check = async (body: unknown, type: string | undefined, expected: string): Promise<void> =>
    story({ fake: { hook: () => ({ status: 200, headers: (type ? { 'content-type': type } : {}) as Record<string, string>, body }) } }, async ({ url }) => {
      assert.equal(await (await fetch(`${url}/hooks/orders/in`)).text(), expected);
    });
  await check('text', 'text/plain', 'text');
  await check('text', 'application/json', '"text"');
  await check(Buffer.from('{"a":1}'), 'application/json', '{"a":1}');
  await check(undefined, undefined, '');
  await check({ a: 1 }, undefined, '{"a":1}');
});

test('the page and its files', async () => {
  const webRoot = await mkdtemp(join(tmpdir(), 'patchbay-web-'));
  await writeFile(join(webRoot, 'operate.js'), 'run()');
  await writeFile(join(webRoot, 'secret.json'), '{}');
  await story({ webRoot }, async ({ url }) => {
    const page = await fetch(url);
    assert.match(await page.text(), /<script type="module" src="operate\.js">/);
    const policy = page.headers.get('content-security-policy')!;
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.ok(!/script-src[^;]*unsafe|\*/.test(policy));
    const script = await fetch(`${url}/operate.js`);
    assert.deepEqual([await script.text(), script.headers.get('content-type'), script.headers.get('x-content-type-options')], ['run()', 'text/javascript; charset=utf-8', 'nosniff']);
    for (const path of ['/flow.js', '/secret.js', '/operate.css']) assert.equal((await fetch(url + path)).status, 404, path);
    for (const path of ['/secret.json', '/..%2foperate.js', '/a/operate.js', '/operate.js/', '/operate.js%00']) assert.equal((await fetch(url + path)).status, 401, path);
  });
  await rm(webRoot, { recursive: true });
  await story({}, async ({ url }) => assert.match(await (await fetch(url)).text(), /npm run build/));
});

test('health needs no token, counts do', async () => {
  let ready = false;
  await story({ isReady: () => ready }, async ({ url, ask }) => {
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    ready = true;
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    await (await ask('/api/v1/flows/orders/runs', { method: 'POST' })).arrayBuffer();
    const text = await (await ask('/metrics')).text();
    assert.match(text, /^patchbay_runs_finished_total\{status="success"\} 1$/m);
    assert.match(text, /^patchbay_http_requests_total\{status="2xx"\} \d+$/m);
  });
});

test('sockets that do not say what they want keep nobody waiting and are closed', () => story({ headersTimeoutMs: 100 }, async ({ url }) => {
  const { port } = new URL(url);
  const sockets = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.write('GET /healthz HTTP/1.1\r\nHost: ');
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  await Promise.all(sockets.map(async (socket) => { socket.resume(); await once(socket, 'close'); }));
}));

test('a closing server lets go of who waits, and cuts off who does not let go', () => story({ fake: { isQuick: false }, drainMs: 300 }, async ({ ask, url, close, runner }) => {
  const waiting = ask('/api/v1/flows/orders/runs?wait=true', { method: 'POST' });
  while (runner.started.length === 0) await (await fetch(`${url}/healthz`)).arrayBuffer();
  const stuck = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  stuck.write(`POST /hooks/orders/in HTTP/1.1\r\nHost: 127.0.0.1:${new URL(url).port}\r\nContent-Length: 10\r\n\r\n`);
  await once(stuck, 'connect');
  const gone = once(stuck.resume(), 'close');
  await close();
  assert.deepEqual([(await waiting).status, ((await (await waiting).json()) as Problem).code], [409, 'RUN_STOPPED']);
  await gone;
  await assert.rejects(fetch(`${url}/healthz`));
}));

test('a port that is taken is named', () => story({}, async ({ url }) => {
  await assert.rejects(serve(fakeRunner(), { port: Number(new URL(url).port), host: '127.0.0.1', token: 'x' }), { code: 'CONFIG_INVALID', message: /is taken by another program/, remedy: /--port/ });
}));
