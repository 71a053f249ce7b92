import { defineAuth, FlowError } from '../sdk/index.ts';
import { clientCredentials, clientOf, clientSettings, requestToken, tokenSettings, withBearer } from './oauth2/token-endpoint.ts';

export default defineAuth({
  type: 'oauth2-password',
  title: 'OAuth 2 password',
  summary: 'Gets an access token for a user name and a password (RFC 6749, 4.3) and sends it as a bearer token.',
  description: 'Renews the token with the refresh token, where the server gave one, and logs in again where that has ended. Tokens are kept encrypted, and all processes of a workspace share them. The standard advises against this grant: use another where the other system has one.',
  settings: { type: 'object', properties: { ...tokenSettings, ...clientSettings }, required: ['tokenUrl'], additionalProperties: false },
  credentials: {
    type: 'object',
    properties: {
      user: { type: 'string', minLength: 1, title: 'User name', description: 'Name of the user.' },
      password: { type: 'string', minLength: 1, writeOnly: true, title: 'Password', description: 'Password of the user.' },
      ...clientCredentials,
    },
    required: ['user', 'password', 'clientId'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A user', settings: { tokenUrl: 'https://login.test/token' }, credentials: { user: 'ada', password: 'p', clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc' } }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'A client without a secret', settings: { tokenUrl: 'https://login.test/token', clientAuth: 'none', scope: 'orders' }, credentials: { user: 'ada', password: 'p', clientId: 'c' }, token: { values: { access_token: 'abc', refresh_token: 'r' }, expiresAt: 0 }, request: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*' }, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*', authorization: 'Bearer abc' }, body: '{}' } },
    { title: 'A server that wants the client in the body', settings: { tokenUrl: '{{ instance.url }}/oauth/token', clientAuth: 'client_secret_post' }, credentials: { user: 'ada', password: 'p', clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc' } }, request: { method: 'GET', url: 'https://api.test/?a=1', headers: {} }, signed: { method: 'GET', url: 'https://api.test/?a=1', headers: { authorization: 'Bearer abc' } } },
  ],
  // A server may end one login with the next, and its refresh tokens may count once: all processes share them.
  keepsToken: 'by-credentials',
  async acquire(credentials, settings, context, last) {
    const client = clientOf(credentials, settings);
    const { user: username, password } = credentials;
    const refresh = last?.values['refresh_token'];
    if (refresh) {
      try {
        const token = await requestToken({ grant_type: 'refresh_token', refresh_token: refresh }, settings, client, context, [password, refresh]);
        return { ...token, values: { refresh_token: refresh, ...token.values } };
      } catch (error) {
        if (!FlowError.is(error, 'AUTH_REJECTED')) throw error;
      }
    }
    return requestToken({ grant_type: 'password', username, password }, settings, client, context, [password]);
  },
  sign: (request, _credentials, _settings, token) => withBearer(request, token),
});
