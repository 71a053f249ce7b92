import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { RunnerProblem, runnerClient, serverSentEvents } from './runner-client.ts';

async function* bytes(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

for (const [title, chunks, expected] of [
  ['one event', ['data: 1\n\n'], ['1']],
  ['cut anywhere', ['da', 'ta: {"a"', ':1}\n', '\nid: 4\ndata:2\n\n'], ['{"a":1}', '2']],
  ['carriage returns, also cut between the two characters', ['data: 1\r', '\n\r\n', 'data: 2\r\n\r\n'], ['1', '2']],
  ['comments and several lines', [': alive\n\ndata: a\ndata: b\n\n'], ['a\nb']],
  ['an event without an end is dropped', ['data: 1\n\ndata: 2\n'], ['1']],
] as const) {
  test(`event stream: ${title}`, async () => {
    const events: string[] = [];
    for await (const data of serverSentEvents(bytes(...chunks))) events.push(data);
    assert.deepEqual(events, expected);
  });
}

async function check(answer: { status: number; body: string }, use: (client: ReturnType<typeof runnerClient>) => Promise<void>): Promise<IncomingMessage> {
  const seen = Promise.withResolvers<IncomingMessage>();
  const server = createServer((request, response) => { seen.resolve(request); response.writeHead(answer.status).end(answer.body); }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(runnerClient(async () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'tok' })));
    return await seen.promise;
  } finally {
    server.close();
  }
}

test('calls carry the token and escape what the user named', async () => {
  const request = await check({ status: 200, body: '{}' }, async (client) => { await client.payloads('r/1', 'a b', 'out', 2); });
  assert.equal(request.url, '/api/v1/runs/r%2F1/steps/a%20b/payloads?side=out&page=2');
  assert.equal(request.headers.authorization, 'Bearer tok');
});

test('the last payload of a step, where there is one', async () => {
  const request = await check({ status: 200, body: '{"payload":{"body":{"a":1},"meta":{},"from":"r1"}}' }, async (client) => assert.deepEqual(await client.lastPayload('eu/orders', 'a b'), { body: { a: 1 }, meta: {}, from: 'r1' }));
  assert.equal(request.url, '/api/v1/flows/eu%2Forders/steps/a%20b/payload');
  const left = await check({ status: 200, body: '{}' }, async (client) => assert.equal(await client.lastPayload('f', 's', 'out'), undefined));
  assert.equal(left.url, '/api/v1/flows/f/steps/s/payload?port=out');
});

test('a problem document becomes an error with the runner\'s sentence', async () => void await check({ status: 409, body: '{"code":"SECRET_MISSING","detail":"No token.","remedy":"Set it."}' }, async (client) => {
  await assert.rejects(client.start('f'), (error) => error instanceof RunnerProblem && error.code === 'SECRET_MISSING' && error.message === 'No token.' && error.remedy === 'Set it.');
}));

test('another answer is an error too', async () => void await check({ status: 502, body: '<html>' }, async (client) => {
  await assert.rejects(client.flows(), /status 502 and no explanation/);
}));
