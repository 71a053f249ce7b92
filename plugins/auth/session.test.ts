import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type Context, type HttpRequest, type HttpResponse } from '../sdk/index.ts';
import session from './session.ts';

type Settings = Parameters<NonNullable<typeof session.acquire>>[1];
const usual: Settings = { loginUrl: 'https://api.test/login', method: 'POST', format: 'json', body: { username: '{user}', password: '{password}' }, headers: {}, tokenIn: 'body', tokenName: 'token', in: 'header', name: 'authorization', prefix: '' };
const credentials = { user: 'ada', password: 'p&"$&', key: 'k' };

async function acquire(changes: Partial<Settings>, answer: Partial<HttpResponse>) {
  const sent: HttpRequest[] = [];
  const context = { clock: { now: () => 1_000 }, http: { send: async (request: HttpRequest) => (sent.push(request), { status: 200, headers: {}, body: undefined, ...answer }) } } as unknown as Context;
  const token = await session.acquire!(credentials, { ...usual, ...changes }, context, undefined);
  return { token, request: sent[0]! };
}

const given = { body: { token: 't' } };

describe('the login', () => {
  for (const [what, changes, expected] of [
    ['JSON', {}, { headers: { accept: 'application/json', 'content-type': 'application/json' }, body: '{"username":"ada","password":"p&\\"$&"}' }],
    ['at any depth', { body: { auth: [{ by: { key: '{key}' } }], n: 1 } }, { headers: { accept: 'application/json', 'content-type': 'application/json' }, body: '{"auth":[{"by":{"key":"k"}}],"n":1}' }],
    ['a form', { format: 'form' }, { headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }, body: 'username=ada&password=p%26%22%24%26' }],
    ['a form with numbers', { format: 'form', body: { key: '{key}', small: 1e-7, large: 1e21 } }, { headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }, body: 'key=k&small=0.0000001&large=1000000000000000000000' }],
    ['a text', { format: 'text', body: '<login>{user}</login>', headers: { 'Content-Type': 'text/xml' } }, { headers: { accept: 'application/json', 'content-type': 'text/xml' }, body: '<login>ada</login>' }],
    ['by a header alone', { body: null, headers: { 'X-Key': '{key}' } }, { headers: { accept: 'application/json', 'x-key': 'k' } }],
    ['by GET', { method: 'GET' }, { method: 'GET', headers: { accept: 'application/json' } }],
  ] as const) {
    test(what, async () => assert.deepEqual((await acquire(changes as Partial<Settings>, given)).request, { method: 'POST', url: 'https://api.test/login', ...expected }));
  }
});

describe('the token', () => {
  for (const [what, changes, answer] of [
    ['in the body', {}, given],
    ['deep in the body', { tokenName: 'data.list[1].id' }, { body: { data: { list: [{}, { id: 't' }] } } }],
    ['as the body', { tokenName: '$' }, { body: ' t\n' }],
    ['in XML', { tokenName: 'Result.SessionId' }, { body: '<s:Envelope><n:SessionId a="1">t</n:SessionId></s:Envelope>' }],
    ['in a header', { tokenIn: 'header', tokenName: 'X-Token' }, { headers: { 'x-token': 't' } }],
    ['in JSON that calls itself a text', {}, { body: ' {"token": "t"}' }],
    ['in the later of two cookies', { tokenIn: 'cookie', tokenName: 'sid' }, { headers: { 'set-cookie': 'sid=; expires=Thu, 01 Jan 1970 00:00:00 GMT, sid=t; Path=/, other=sid=x' } }],
    ['in a cookie', { tokenIn: 'cookie', tokenName: 'sid' }, { headers: { 'set-cookie': 'a=1; expires=Wed, 31 Jan 2024 12:00:00 GMT, sid=t; Path=/; HttpOnly' } }],
  ] as const) {
    test(what, async () => assert.deepEqual((await acquire(changes as Partial<Settings>, answer)).token, { values: { session: 't' } }));
  }
  test('as a number', async () => assert.deepEqual((await acquire({}, { body: { token: 1e21 } })).token, { values: { session: '1000000000000000000000' } }));
  test('with a life', async () => assert.equal((await acquire({ lifeSeconds: 60 }, given)).token.expiresAt, 61_000));
});

describe('what fails', () => {
  for (const [what, answer, code, pattern] of [
    ['refused', { status: 401, body: 'p&"$& is wrong' }, 'AUTH_REJECTED', /was refused \(status 401\)/],
    ['no token', { body: { token: null } }, 'AUTH_REJECTED', /gave no value at "token"/],
    ['down', { status: 500 }, 'REMOTE_STATUS', /500/],
  ] as const) {
    test(what, () => assert.rejects(acquire({}, answer), (error: unknown) => FlowError.is(error, code) && pattern.test(error.message) && !error.message.includes(credentials.password)));
  }
});
