import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest, type Script } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text, type Called } from '../../test/support/connector-host.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import type { RawResponse } from './host.ts';

interface Told extends Called {
  readonly seen: readonly HttpRequest[];
  /** What the scripts were given. */
  readonly inputs: readonly unknown[];
}

/** `scripts`: what each gives for its input. The answers come one after the other, the last of them for ever. */
async function ask(endpoint: Partial<EndpointManifest>, scripts: Readonly<Record<string, (input: never) => unknown>>, answers: readonly RawResponse[] = [json([1])], connector: Partial<ConnectorManifest> = {}): Promise<Told> {
  const seen: HttpRequest[] = [];
  const inputs: unknown[] = [];
  const host = connectorHost({
    endpoint, connector: { variables: { shop: { type: 'string' } }, auth: { key: { type: 'api-key', settings: { name: 'x-key', in: 'header' } } }, ...connector }, instance: { settings: { shop: 'eu' }, credentials: { key: { $secret: 'k' } } }, secrets: { k: 'canary-1' },
    send: (request) => answers[Math.min(seen.push(request), answers.length) - 1]!,
  });
  const script = async (file: string): Promise<Script> => {
    const run = scripts[file];
    if (!run) throw new FlowError('CONFIG_UNKNOWN_SCRIPT', `There is no ${file}.`);
    return {
      run: async (given) => given.map((input) => {
        inputs.push(input);
        try {
          return { output: run(input as never) };
        } catch (error) {
          return { error: { message: (error as Error).message, line: 3 } };
        }
      }),
      [Symbol.asyncDispose]: async () => undefined,
    };
  };
  return { ...(await call(host, { body: { id: 1 }, script })), seen, inputs };
}

const before = { before: { script: 'b.ts', settings: { shop: '{{ instance.shop }}' } } };
const after = { after: { script: 'a.ts' } };

describe('before a request', () => {
  test('the script sees the request before it is signed, and its settings', async () => {
    const told = await ask({ ...before, method: 'POST', direction: 'send' }, { 'b.ts': () => undefined });
    assert.deepEqual(told.inputs, [{ request: { method: 'POST', url: 'https://shop.test/api/it', headers: { accept: 'application/json, */*;q=0.5', 'content-type': 'application/json' }, body: '{"id":1}' }, settings: { shop: 'eu' } }]);
    assert.equal(told.seen[0]!.headers['x-key'], 'canary-1');
  });

  test('what it gives is sent', async () => {
    const told = await ask({ ...before, method: 'POST', direction: 'send' }, { 'b.ts': ({ request }: { request: HttpRequest }) => ({ method: 'put', url: '/api/other?x=1', headers: { 'X-Sum': String(request.body!.length), accept: null }, body: { wrapped: JSON.parse(String(request.body)) as unknown } }) });
    const [{ method, url, headers, body }] = told.seen as [HttpRequest];
    assert.deepEqual([told.error, method, url, headers['x-sum'], headers['accept'], headers['x-key'], body], [undefined, 'PUT', 'https://shop.test/api/other?x=1', '8', undefined, 'canary-1', '{"wrapped":{"id":1}}']);
  });

  const methods: readonly (readonly [endpoint: Partial<EndpointManifest>, method: string, requests: number])[] = [
    [{ method: 'GET' }, 'GET', 3], [{ method: 'GET' }, 'POST', 1], [{ method: 'PUT', direction: 'send' }, 'PATCH', 1], [{ method: 'POST', direction: 'send' }, 'PUT', 3], [{ method: 'GET', idempotent: true }, 'POST', 3],
  ];
  for (const [endpoint, method, requests] of methods) {
    test(`whether it may be made again says the method that is sent: ${JSON.stringify(endpoint)} as ${method}`, async () => {
      const told = await ask({ ...before, ...endpoint }, { 'b.ts': () => ({ method }) }, [json({}, { status: 503 })]);
      assert.deepEqual([told.seen.map((request) => request.method), told.error?.code], [Array(requests).fill(method), 'REMOTE_STATUS']);
    });
  }

  test('to another origin it does not get', async () => {
    const told = await ask(before, { 'b.ts': () => ({ url: 'https://evil.test/' }) });
    assert.deepEqual([told.error?.code, told.seen], ['REMOTE_ORIGIN', []]);
  });

  test('a script of the connector holds for all endpoints that have none', async () => {
    const told = await ask({}, { 'all.ts': () => ({ headers: { a: 'b' } }) }, undefined, { defaults: { before: { script: 'all.ts' } } });
    assert.equal(told.seen[0]!.headers['a'], 'b');
  });

  const wrong: readonly (readonly [what: string, give: () => unknown, message: RegExp])[] = [
    ['gives no object', () => 7, /must give what is to change, or nothing: it gave 7\.$/],
    ['gives something else', () => ({ uri: '/x' }), /there is no "uri"\.$/],
    ['gives a method that is none', () => ({ method: 7 }), /"method" is 7 and no text/],
    ['gives no object of headers', () => ({ headers: null }), /"headers" is null and no object/],
    ['gives a header that is none', () => ({ headers: { a: 7 } }), /"headers\.a" is 7 and no text/],
    ['gives an address that is none', () => ({ url: 'http://' }), /"http:\/\/" is no address/],
  ];
  for (const [what, give, message] of wrong) {
    test(`a script that ${what} is named`, async () => {
      const told = await ask(before, { 'b.ts': give });
      assert.deepEqual([told.error?.code, told.error?.place, told.seen], ['DATA_INVALID', { file: 'b.ts' }, []]);
      assert.match(told.error?.message ?? '', message);
    });
  }

  test('a script that throws is named with its line', async () => {
    const told = await ask(before, { 'b.ts': () => { throw new Error('No sum.'); } });
    assert.deepEqual([told.error?.code, told.error?.message, told.error?.place], ['SCRIPT_THREW', 'No sum.', { file: 'b.ts', line: 3 }]);
  });

  test('a script that is not there', async () => {
    const told = await ask(before, {});
    assert.deepEqual([told.error?.code, told.error?.place?.pointer], ['CONFIG_UNKNOWN_SCRIPT', '/endpoints/it/before']);
  });
});

describe('after an answer', () => {
  test('the script sees it, and what it gives takes its place', async () => {
    const told = await ask({ ...after, records: 'items' }, { 'a.ts': ({ response }: { response: { body: { list: unknown[] } } }) => ({ body: { items: response.body.list } }) }, [json({ list: [1, 2] })]);
    assert.deepEqual([told.error?.message, told.bodies, told.inputs], [undefined, [[1, 2]], [{ response: { status: 200, headers: { 'content-type': 'application/json' }, body: { list: [1, 2] } }, request: { method: 'GET', url: 'https://shop.test/api/it' }, settings: {} }]]);
  });

  test('before anything looks at the status', async () => {
    const told = await ask(after, { 'a.ts': ({ response }: { response: { status: number } }) => ({ status: response.status === 500 ? 200 : 422, body: ['made'] }) }, [json({}, { status: 500 })]);
    assert.deepEqual([told.error, told.bodies], [undefined, [['made']]]);
  });

  test('what it says of an answer comes before any rule', async () => {
    const says = (verdict: unknown, answers = [json({ ok: false }), json([1])]): Promise<Told> => ask({ ...after, errors: [{ when: { status: ['2xx'] }, action: 'fail', as: 'auth' }] }, { 'a.ts': ({ response }: { response: { body: unknown } }) => (Array.isArray(response.body) ? { action: 'success' } : verdict) }, answers);
    assert.deepEqual((await says({ action: 'retry' })).bodies, [[1]]);
    const sent = await ask({ ...after, method: 'POST', direction: 'send' }, { 'a.ts': () => ({ action: 'retry' }) });
    assert.equal(sent.seen.length, 3, 'whatever the method is');
    assert.deepEqual((await says({ action: 'ignore' })).bodies, []);
    const failed = await says({ action: 'fail', as: 'data', message: 'No stock.' });
    assert.deepEqual([failed.error?.code, failed.error?.message.endsWith(': No stock.')], ['REMOTE_REJECTED', true]);
    assert.equal((await says({ action: 'explode' })).error?.message, 'The script a.ts must give what is to change, or nothing: the action is "explode".');
  });

  const hosted: readonly (readonly [given: unknown, outcome: 'answer' | 'again' | 'REMOTE_FINAL' | 'RUN_AGAIN' | 'DATA_INVALID'])[] = [
    ['continue', 'answer'], [0, 'answer'], ['0', 'answer'], [{ action: 0 }, 'answer'], ['retry-step', 'again'], [1, 'again'], [{ action: 'retry-step', message: 'busy' }, 'again'],
    ['fail-run', 'REMOTE_FINAL'], [{ action: 3, message: 'closed' }, 'REMOTE_FINAL'], ['reauthenticate', 'again'], [4, 'again'], [2, 'RUN_AGAIN'], ['retry-run', 'RUN_AGAIN'], [{ action: 'retry-run', message: 'half of it' }, 'RUN_AGAIN'], [5, 'DATA_INVALID'], ['', 'DATA_INVALID'],
  ];
  for (const [given, outcome] of hosted) {
    test(`what hosted platforms call it: ${JSON.stringify(given)}`, async () => {
      let count = 0;
      const told = await ask(after, { 'a.ts': () => (count++ === 0 ? given : undefined) }, [json(['first']), json(['second'])]);
      if (outcome === 'answer' || outcome === 'again') assert.deepEqual([told.error, told.bodies], [undefined, [[outcome === 'answer' ? 'first' : 'second']]]);
      else assert.equal(told.error?.code, outcome);
    });
  }

  test('bytes are nothing that it sees', async () => {
    const told = await ask(after, { 'a.ts': () => undefined }, [{ ...text('', { headers: { 'content-type': 'application/pdf' } }), body: new Uint8Array([1]) }]);
    assert.deepEqual([(told.inputs[0] as { response: { body: unknown } }).response.body, told.bodies], [null, [new Uint8Array([1])]]);
  });

  test('no secret is in what it is given', async () => {
    const told = await ask({ ...before, ...after }, { 'a.ts': () => undefined, 'b.ts': () => undefined });
    assert.equal(JSON.stringify(told.inputs).includes('canary'), false);
  });
});
