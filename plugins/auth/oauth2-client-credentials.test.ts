import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, type Context, type HttpRequest, type HttpResponse } from '../sdk/index.ts';
import oauth from './oauth2-client-credentials.ts';

const settings = { tokenUrl: 'https://login.test/token', clientAuth: 'client_secret_basic', clientAlgorithm: 'RS256', extra: {}, marginSeconds: 60 } as const;
const credentials = { clientId: 'my id', clientSecret: 's3cr:t' };

async function acquire(changes: object, answer: Partial<HttpResponse>) {
  const sent: HttpRequest[] = [];
  const context = { clock: { now: () => 1_000 }, http: { send: async (request: HttpRequest) => (sent.push(request), { status: 200, headers: {}, body: undefined, ...answer }) } } as unknown as Context;
  const token = await oauth.acquire?.(credentials, { ...settings, ...changes }, context, undefined);
  return { token, request: sent[0] as HttpRequest };
}

test('the client names itself in the header, form-encoded', async () => {
  const { token, request } = await acquire({ scope: 'a b', audience: 'erp', extra: { resource: 'x' } }, { body: { access_token: 't', expires_in: 3600 } });
  assert.deepEqual(token, { values: { access_token: 't' }, expiresAt: 1_000 + 3_540_000 });
  assert.equal(request.headers['authorization'], `Basic ${btoa('my+id:s3cr%3At')}`);
  assert.equal(request.body, 'resource=x&grant_type=client_credentials&scope=a+b&audience=erp');
});

test('or in the body', async () => {
  const { request, token } = await acquire({ clientAuth: 'client_secret_post' }, { body: { access_token: 't' } });
  assert.equal(request.headers['authorization'], undefined);
  assert.equal(request.body, 'grant_type=client_credentials&client_id=my+id&client_secret=s3cr%3At');
  assert.equal(token?.expiresAt, undefined);
});

test('a short life leaves half of it', async () => {
  const { token } = await acquire({}, { body: { access_token: 't', expires_in: '60' } });
  assert.equal(token?.expiresAt, 31_000);
});

for (const [title, answer, code, pattern] of [
  ['a refusal is told without the secret', { status: 401, body: { error: 'invalid_client', error_description: 'wrong secret s3cr:t' } }, 'AUTH_REJECTED', /invalid_client: wrong secret •••/],
  ['a refusal in plain text is cut, but not within the secret', { status: 400, body: `${'x'.repeat(197)}s3cr:t` }, 'AUTH_REJECTED', /x{197}•••/],
  ['an answer without a token', { status: 200, body: {} }, 'AUTH_REJECTED', /gave no access token/],
  ['a server that is down is worth another attempt', { status: 503 }, 'REMOTE_STATUS', /503/],
] as const) {
  test(title, () =>
    assert.rejects(acquire({}, answer), (error: unknown) => {
      assert.ok(FlowError.is(error, code), String(error));
      assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /s3cr/);
      return true;
    }));
}
