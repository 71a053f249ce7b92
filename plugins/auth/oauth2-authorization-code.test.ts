import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type Context, type HttpRequest, type HttpResponse, type Token } from '../sdk/index.ts';
import oauth, { challengeOf } from './oauth2-authorization-code.ts';

const settings = { authorizationUrl: 'https://login.test/authorize?tenant=1', tokenUrl: 'https://login.test/token', clientAuth: 'none', clientAlgorithm: 'RS256', scope: 'orders offline_access', extra: {}, authorizationExtra: { prompt: 'consent' }, marginSeconds: 60 } as const;
const credentials = { clientId: 'c' };
const login = { redirectUri: 'http://127.0.0.1:1/callback', state: 's', verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
const last: Token = { values: { access_token: 'old', refresh_token: 'r1' } };

function server(answer: Partial<HttpResponse>): { readonly context: Context; readonly bodies: string[] } {
  const bodies: string[] = [];
  const send = async (request: HttpRequest) => (bodies.push(String(request.body)), { status: 200, headers: {}, body: undefined, ...answer });
  return { bodies, context: { clock: { now: () => 1_000 }, http: { send } } as unknown as Context };
}

test('the challenge of RFC 7636, appendix B', () => assert.equal(challengeOf(login.verifier), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'));

test('the login address holds all that the server needs, and not the verifier', () => {
  const url = oauth.login!.start(credentials, settings, login);
  assert.equal(url, 'https://login.test/authorize?tenant=1&prompt=consent&response_type=code&client_id=c&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&scope=orders+offline_access');
});

test('the code is exchanged with the verifier', async () => {
  const { context, bodies } = server({ body: { access_token: 'a', refresh_token: 'r1', expires_in: 600 } });
  const token = await oauth.login!.finish({ code: 'x', state: 's' }, login, credentials, settings, context);
  assert.deepEqual(token, { values: { access_token: 'a', refresh_token: 'r1' }, expiresAt: 541_000 });
  assert.deepEqual(bodies, [`grant_type=authorization_code&code=x&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback&code_verifier=${login.verifier}&client_id=c`]);
});

describe('renewal', () => {
  for (const [what, answer, values] of [
    ['another refresh token takes the place of the one that was used', { access_token: 'a', refresh_token: 'r2' }, { access_token: 'a', refresh_token: 'r2' }],
    ['without another the one that was used stays', { access_token: 'a' }, { access_token: 'a', refresh_token: 'r1' }],
  ] as const) {
    test(what, async () => {
      const { context, bodies } = server({ body: answer });
      assert.deepEqual((await oauth.acquire!(credentials, settings, context, last)).values, values);
      assert.deepEqual(bodies, ['grant_type=refresh_token&refresh_token=r1&client_id=c'], 'scopes are those of the login');
    });
  }
  for (const [what, given, answer, code, pattern] of [
    ['nobody has logged in', undefined, {}, 'AUTH_REJECTED', /^Nobody has logged in yet\.$/],
    ['no refresh token', { values: { access_token: 'a' } }, {}, 'AUTH_REJECTED', /gave no refresh token/],
    ['the login has ended', last, { status: 400, body: { error: 'invalid_grant', error_description: 'r1 was used' } }, 'AUTH_REJECTED', /^The login has ended\. .*invalid_grant: ••• was used/],
    ['the client is refused', last, { status: 401, body: { error: 'invalid_client' } }, 'AUTH_REJECTED', /^The token server .* refused the client: invalid_client/],
    ['the server is down', last, { status: 503 }, 'REMOTE_STATUS', /503/],
  ] as const) {
    test(what, () => assert.rejects(oauth.acquire!(credentials, settings, server(answer).context, given), (error: unknown) => {
      assert.ok(FlowError.is(error, code), String(error));
      assert.match(error.message, pattern);
      assert.equal(/patchbay login/.test(error.remedy), code === 'AUTH_REJECTED' && !/invalid_client/.test(error.message));
      return true;
    }));
  }
});

test('a login that was refused', () => assert.rejects(oauth.login!.finish({ error: 'access_denied', error_description: 'No.' }, login, credentials, settings, server({}).context), /The login was refused: access_denied: No\./));
