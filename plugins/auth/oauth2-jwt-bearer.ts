import { defineAuth } from '../sdk/index.ts';
import { jwtAlgorithms, signJwt } from './jwt/sign-jwt.ts';
import { requestToken, tokenSettings, withBearer } from './oauth2/token-endpoint.ts';

export default defineAuth({
  type: 'oauth2-jwt-bearer',
  title: 'OAuth 2 JWT bearer',
  summary: 'Exchanges a signed assertion for an access token (RFC 7523, 2.1), as service accounts do.',
  settings: {
    type: 'object',
    properties: {
      ...tokenSettings,
      algorithm: { type: 'string', enum: jwtAlgorithms, default: 'RS256', title: 'Algorithm', description: 'Algorithm of the signature.' },
      assertionAudience: { type: 'string', title: 'Audience of the assertion', description: 'Its `aud`; default the token address.', 'x-expression': true },
      claims: { type: 'object', additionalProperties: true, default: {}, title: 'Further claims', description: 'Further claims of the assertion, such as the `scope` that some servers read there.', 'x-ui': { widget: 'map' }, 'x-expression': true },
      lifeSeconds: { type: 'integer', minimum: 1, maximum: 86_400, default: 300, title: 'Life', description: 'Seconds for which the assertion is valid.' },
    },
    required: ['tokenUrl'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      issuer: { type: 'string', minLength: 1, title: 'Issuer', description: 'Who signs: the `iss` of the assertion, such as the client id or the address of a service account.' },
      subject: { type: 'string', minLength: 1, title: 'Subject', description: 'For whom: the `sub` of the assertion; default the issuer.' },
      privateKey: { type: 'string', minLength: 1, writeOnly: true, title: 'Private key', description: 'Private key in PEM.' },
      keyId: { type: 'string', minLength: 1, title: 'Id of the key', description: 'The `kid` of the private key, where the server wants it.' },
    },
    required: ['issuer', 'privateKey'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A service account', settings: { tokenUrl: 'https://login.test/token', claims: { scope: 'orders' } }, credentials: { issuer: 'robot@shop.test', privateKey: 'a key in PEM' }, token: { values: { access_token: 'abc' } }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'On behalf of a user', settings: { tokenUrl: 'https://login.test/token', assertionAudience: 'https://login.test' }, credentials: { issuer: 'c', subject: 'ada@shop.test', privateKey: 'a key in PEM', keyId: 'k1' }, token: { values: { access_token: 'abc' } }, request: { method: 'POST', url: 'https://api.test/', headers: {}, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: { authorization: 'Bearer abc' }, body: '{}' } },
    { title: 'With an elliptic curve', settings: { tokenUrl: 'https://login.test/token', algorithm: 'ES256' }, credentials: { issuer: 'c', privateKey: 'a key in PEM' }, token: { values: { access_token: 'abc' } }, request: { method: 'GET', url: 'https://api.test/?a=1', headers: {} }, signed: { method: 'GET', url: 'https://api.test/?a=1', headers: { authorization: 'Bearer abc' } } },
  ],
  async acquire({ issuer, subject = issuer, privateKey, keyId }, settings, context) {
    const now = Math.floor(context.clock.now() / 1000);
    const claims = { iss: issuer, sub: subject, aud: settings.assertionAudience ?? settings.tokenUrl, iat: now, exp: now + settings.lifeSeconds, jti: crypto.randomUUID(), ...settings.claims };
    const assertion = signJwt(claims, { algorithm: settings.algorithm, key: privateKey, ...(keyId !== undefined && { keyId }) });
    return requestToken({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }, settings, undefined, context, [privateKey, assertion]);
  },
  sign: (request, _credentials, _settings, token) => withBearer(request, token),
});
