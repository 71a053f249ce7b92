import { createHash } from 'node:crypto';
import { defineAuth, FlowError } from '../sdk/index.ts';
import { clientCredentials, clientOf, clientSettings, requestToken, tokenSettings, withBearer } from './oauth2/token-endpoint.ts';

export default defineAuth({
  type: 'oauth2-authorization-code',
  title: 'OAuth 2 authorization code',
  summary: 'A person logs in once with the browser (RFC 6749, 4.1, with PKCE); tokens are renewed from then on.',
  description: 'Log in with `patchbay login INSTANCE` or in the editor. Refresh tokens are kept encrypted; one that can be used once only is replaced on the disk before the new access token is used.',
  settings: {
    type: 'object',
    properties: {
      authorizationUrl: { type: 'string', minLength: 1, title: 'Login address', description: 'Where the browser is led to log in; `{{ instance.x }}` may stand here.', 'x-expression': true },
      ...tokenSettings,
      ...clientSettings,
      authorizationExtra: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Further parameters of the login', description: 'Further parameters of the login address, such as `access_type: offline`.', 'x-ui': { widget: 'map' }, 'x-expression': true },
    },
    required: ['authorizationUrl', 'tokenUrl'],
    additionalProperties: false,
  },
  credentials: { type: 'object', properties: clientCredentials, required: ['clientId'], additionalProperties: false },
  examples: [
    { title: 'A public client', settings: { authorizationUrl: 'https://login.test/authorize', tokenUrl: 'https://login.test/token', clientAuth: 'none', scope: 'orders offline_access' }, credentials: { clientId: 'c' }, token: { values: { access_token: 'abc', refresh_token: 'r' }, expiresAt: 86400000 }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'A client with a secret', settings: { authorizationUrl: 'https://login.test/authorize', tokenUrl: 'https://login.test/token', authorizationExtra: { access_type: 'offline', prompt: 'consent' } }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc' } }, request: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*' }, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*', authorization: 'Bearer abc' }, body: '{}' } },
    { title: 'Another header is replaced', settings: { authorizationUrl: '{{ instance.url }}/authorize', tokenUrl: '{{ instance.url }}/token', clientAuth: 'client_secret_post' }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc' } }, request: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'x' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
  ],
  keepsToken: true,
  login: {
    start(credentials, settings, { redirectUri, state, verifier }) {
      if (!URL.canParse(settings.authorizationUrl)) throw new FlowError('CONFIG_INVALID', `The login address ${JSON.stringify(settings.authorizationUrl)} is not an absolute address.`);
      const url = new URL(settings.authorizationUrl);
      const fields = { ...settings.authorizationExtra, response_type: 'code', client_id: credentials.clientId, redirect_uri: redirectUri, state, code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
      for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
      if (settings.scope) url.searchParams.set('scope', settings.scope);
      if (settings.audience) url.searchParams.set('audience', settings.audience);
      return url.href;
    },
    async finish(answer, { redirectUri, verifier }, credentials, settings, context) {
      const { code, error, error_description: description } = answer;
      if (!code) throw new FlowError('AUTH_REJECTED', `The login was refused: ${[error ?? 'there is no code in the answer', description].filter(Boolean).join(': ').slice(0, 200)}.`, { remedy: again });
      try {
        return await requestToken({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }, settings, clientOf(credentials, settings), context, [code, verifier]);
      } catch (cause) {
        if (!isEnded(cause)) throw cause;
        throw new FlowError('AUTH_REJECTED', `What came back of the login counts no more: it is too old, or was used before. ${cause.message}`, { cause, remedy: again, details: cause.details });
      }
    },
  },
  async acquire(credentials, settings, context, last) {
    const refresh = last?.values['refresh_token'];
    if (!refresh) throw new FlowError('AUTH_REJECTED', last ? 'The login has ended, and the server gave no refresh token.' : 'Nobody has logged in yet.', { remedy });
    try {
      const token = await requestToken({ grant_type: 'refresh_token', refresh_token: refresh }, settings, clientOf(credentials, settings), context, [refresh]);
      // A server that gives no other means that this one goes on.
      return { ...token, values: { refresh_token: refresh, ...token.values } };
    } catch (error) {
      if (isEnded(error)) throw new FlowError('AUTH_REJECTED', `The login has ended. ${error.message}`, { cause: error, remedy, details: error.details });
      throw error;
    }
  },
  sign: (request, _credentials, _settings, token) => withBearer(request, token),
});

const remedy = 'Log in with `patchbay login INSTANCE`.';
const again = 'Begin the login again, and agree to what the other system asks.';

/** RFC 6749, 5.2: a code or a refresh token that counts no more. */
const isEnded = (error: unknown): error is FlowError => FlowError.is(error, 'AUTH_REJECTED') && error.details['error'] === 'invalid_grant';

/** RFC 7636, 4.2. */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
