import { defineAuth } from '../sdk/index.ts';
import { clientCredentials, clientOf, clientSettings, requestToken, tokenSettings, withBearer } from './oauth2/token-endpoint.ts';

export default defineAuth({
  type: 'oauth2-client-credentials',
  title: 'OAuth 2 client credentials',
  summary: 'Gets an access token for the client itself (RFC 6749, 4.4) and sends it as a bearer token.',
  description: 'The token is kept until shortly before it expires. A token server that refuses gives `AUTH_REJECTED` with its own explanation; one that cannot answer gives a remote error, which is tried again.',
  settings: { type: 'object', properties: { ...tokenSettings, ...clientSettings }, required: ['tokenUrl'], additionalProperties: false },
  credentials: { type: 'object', properties: clientCredentials, required: ['clientId'], additionalProperties: false },
  examples: [
    { title: 'A token of a day', settings: { tokenUrl: 'https://login.test/token' }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc' }, expiresAt: 86400000 }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'With audience and scope', settings: { tokenUrl: '{{ instance.login }}/oauth/token', clientAuth: 'client_secret_post', audience: 'https://api.test/', scope: 'orders:read' }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'xyz' } }, request: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*' }, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*', authorization: 'Bearer xyz' }, body: '{}' } },
    { title: 'A server with its own scheme', settings: { tokenUrl: 'https://login.test/token', extra: { resource: 'erp' } }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc', token_type: 'bearer' } }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'A client with a private key', settings: { tokenUrl: 'https://login.test/token', clientAuth: 'private_key_jwt', clientAlgorithm: 'ES256' }, credentials: { clientId: 'c', clientKey: 'a key in PEM' }, token: { values: { access_token: 'abc' } }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
  ],
  acquire: (credentials, settings, context) => requestToken({ grant_type: 'client_credentials' }, settings, clientOf(credentials, settings), context),
  sign: (request, _credentials, _settings, token) => withBearer(request, token),
});
