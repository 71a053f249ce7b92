import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { fetchDescription, importDescription } from './import-description.ts';

const description = JSON.stringify({ openapi: '3.0.0', info: { title: 'Shop', version: '1' }, servers: [{ url: 'https://shop.test' }], paths: { '/orders': { get: { responses: {} } } } });

describe('an import in a thread of its own', () => {
  test('gives what it would give here', async () => assert.deepEqual(Object.keys((await importDescription('openapi', { text: description })).manifest.endpoints), ['orders.list']));
  test('an error keeps its code, place and remedy', async () => {
    await assert.rejects(importDescription('openapi', { text: '{\n "a":,\n}' }), (error) => FlowError.is(error, 'DATA_INVALID') && error.place?.line === 2 && error.remedy !== undefined && error.message.includes('line 2'));
  });
  test('others go on meanwhile', async () => {
    const paths = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`/things-${index}/{id}`, { get: { parameters: [{ name: 'a', in: 'query', schema: { type: 'string' } }], responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'string' } } } } } } } } }]));
    let turns = 0;
    const turn = (): void => void (turns++, timer.refresh());
    const timer = setTimeout(turn, 1);
    const { operations } = await importDescription('openapi', { text: JSON.stringify({ openapi: '3.0.0', info: { title: 'Large', version: '1' }, paths }) });
    clearTimeout(timer);
    assert.equal(operations, 2000);
    assert.ok(turns > 5, `${turns} turns`);
  });
  test('whoever stops waiting hears why', async () => {
    const stop = new AbortController();
    const result = importDescription('openapi', { text: description }, stop.signal);
    stop.abort(new Error('closing'));
    await assert.rejects(result, /closing/);
  });
});

describe('a description is got', () => {
  const asked: { readonly url: string | undefined; readonly method: string | undefined; readonly headers: IncomingMessage['headers'] }[] = [];
  const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/api.json': (response) => void response.end(description),
    '/moved': (response) => void response.writeHead(302, { location: '/api.json', 'set-cookie': 'a=b' }).end(),
    '/round': (response) => void response.writeHead(302, { location: '/round' }).end(),
    '/file': (response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/large': (response) => {
      const chunk = Buffer.alloc(1_000_000, ' ');
      let left = 60;
      const more = (): void => {
        while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more);
        response.end();
      };
      more();
    },
  };
  const server = createServer((request, response) => {
    asked.push({ url: request.url, method: request.method, headers: request.headers });
    (answers[request.url ?? ''] ?? ((other) => void other.writeHead(404).end()))(response);
  });
  let origin: string;
  before(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });

  test('from an address, and where that leads, without cookies', async () => {
    assert.deepEqual(await fetchDescription('openapi', `${origin}/moved`), { text: description, address: `${origin}/api.json` });
    const [first, second] = asked.splice(0);
    assert.deepEqual([first!.method, second!.url, second!.headers.cookie, second!.headers.authorization], ['GET', '/api.json', undefined, undefined]);
  });
  const refusals: readonly (readonly [path: string, code: string, said: RegExp])[] = [
    ['/none', 'REMOTE_REJECTED', /answered 404/], ['/round', 'REMOTE_REJECTED', /more than 5 times/], ['/file', 'CONFIG_INVALID', /"file:\/\/\/etc\/passwd" is no address over http/], ['/large', 'REMOTE_TOO_LARGE', /longer than 50000000 bytes/],
  ];
  for (const [path, code, said] of refusals) test(`not from ${path}`, async () => {
    await assert.rejects(fetchDescription('openapi', `${origin}${path}`), (error) => FlowError.is(error) && error.code === code && said.test(error.message));
  });
  test('not with a password in the address', async () => {
    await assert.rejects(fetchDescription('openapi', origin.replace('//', '//me:hush@')), (error) => FlowError.is(error, 'CONFIG_SECRET_LITERAL') && !error.message.includes('hush'));
    await assert.rejects(fetchDescription('openapi', 'ftp://a.test/x'), (error) => FlowError.is(error, 'CONFIG_INVALID'));
  });
  test('a GraphQL server is asked for its schema', async () => {
    asked.splice(0);
    await fetchDescription('graphql', `${origin}/api.json`);
    assert.deepEqual([asked[0]!.method, asked[0]!.headers['content-type']], ['POST', 'application/json']);
  });
});
