import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { SavedCase, TestReport } from '../model/test-report.ts';
import { checkSchema } from '../model/validate.ts';
import { openRunner } from '../runner/runner.ts';
import { schemas } from './schemas.ts';
import { serve } from './serve.ts';

// A run against a server that is then gone, and what becomes of it as a case.

const root = mkdtempSync(join(tmpdir(), 'patchbay-api-tests-'));
const shop = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'session=marker-cookie' }).end(request.method === 'GET' ? '{"items":[{"id":1,"phone":"phone-one"},{"id":2,"phone":"phone-two"}]}' : '{}');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => shop.once('listening', resolve));
const put = (name: string, value: unknown): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), JSON.stringify(value));
};
put('patchbay.json', { version: 1, redact: ['phone'] });
put('connectors/shop.connector.json', {
  version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`, auth: { key: { type: 'bearer' } },
  endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders', records: '$.items' }, put: { title: 'Put', direction: 'send', method: 'POST', path: '/orders' } },
});
put('instances/shop.instance.json', { version: 1, connector: 'shop', credentials: { token: { $secret: 'shop' } } });
const flow = (prefix: string) => ({
  version: 1, start: 'list',
  steps: {
    list: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' }, next: { out: 'map' } },
    map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number', transforms: [{ type: 'prefix', settings: { prefix } }] }, { from: 'phone', to: 'phone' }] }, next: { out: 'put' } },
    put: { shape: 'connector', settings: { instance: 'shop', endpoint: 'put' } },
  },
});
put('flows/orders.flow.json', flow('A-'));
const runner = await openRunner({ root, editorSecrets: new Map([['shop', 'marker-secret']]), executors: {} });
const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere' });
after(async () => {
  await server.close();
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

async function call<T>(path: string, body?: unknown): Promise<{ readonly status: number; readonly answer: T }> {
  const response = await fetch(`${server.url}/api/v1${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { authorization: 'Bearer tok', 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: response.status, answer: (await response.json()) as T };
}

test('a run becomes a case, which holds without the other system, and tells what a changed rule does', async () => {
  const started = await call<{ run: string; status: string }>('/flows/orders/runs?wait=true', {});
  assert.equal(started.answer.status, 'success', JSON.stringify(started.answer));
  await new Promise((resolve) => shop.close(resolve));
  shop.closeAllConnections();

  const saved = await call<SavedCase>(`/runs/${started.answer.run}/case`, { name: 'as it was' });
  assert.equal(saved.status, 200, JSON.stringify(saved.answer));
  assert.deepEqual(checkSchema(schemas.SavedCase, saved.answer), []);
  assert.deepEqual(saved.answer, { file: 'flows/orders.test.json', name: 'as it was', written: ['fixtures/orders/as-it-was.recording.json', 'flows/orders.test.json', 'flows/orders.snapshot.json'], notes: [] });
  const texts = saved.answer.written.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  for (const marker of ['marker-secret', 'marker-cookie', 'phone-one', 'phone-two']) assert.ok(!texts.includes(marker), `${marker} stands in ${texts}`);
  const listed = await call<{ cases: { name: string }[] }[]>('/tests');
  assert.deepEqual([checkSchema(schemas.TestFiles, listed.answer), listed.answer.map(({ cases }) => cases.map(({ name }) => name))], [[], [['as it was']]]);

  const report = async (body: unknown = {}) => {
    const { status, answer } = await call<TestReport>('/tests/run', body);
    assert.deepEqual([status, checkSchema(schemas.TestReport, answer)], [200, []], JSON.stringify(answer));
    return answer;
  };
  assert.deepEqual(await report().then(({ passed, failed }) => [passed, failed]), [1, 0]);
  put('flows/orders.flow.json', flow('B-'));
  const [changed] = (await report({ files: ['orders'], cases: ['as it was'] })).cases;
  assert.deepEqual(changed!.failures.map(({ place, expected, actual }) => [place, expected, actual]), [
    ['/outputs/0/body/0/number', 'A-1', 'B-1'], ['/outputs/0/body/1/number', 'A-2', 'B-2'], ['/requests/1/json/0/number', 'A-1', 'B-1'], ['/requests/1/json/1/number', 'A-2', 'B-2'],
  ]);
  assert.deepEqual(await report({ update: true }).then(({ written }) => written), ['flows/orders.snapshot.json']);
  assert.equal((await report()).failed, 0);
});

for (const [name, path, body, status, code] of [
  ['tests that there are not', '/tests/run', { files: ['nope'] }, 404, 'CONFIG_NOT_FOUND'],
  ['a field that is not known', '/tests/run', { file: 'orders' }, 400, 'API_INVALID'],
  ['a run that there is not', '/runs/nope/case', {}, 404, 'API_NOT_FOUND'],
] as const) test(name, async () => {
  const { status: given, answer } = await call<{ code: string }>(path, body);
  assert.deepEqual([given, answer.code], [status, code]);
});
