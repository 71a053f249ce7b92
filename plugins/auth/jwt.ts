import { defineAuth } from '../sdk/index.ts';
import { jwtAlgorithms, signJwt } from './jwt/sign-jwt.ts';

export default defineAuth({
  type: 'jwt',
  title: 'Signed JWT per request',
  summary: 'Signs a short-lived JSON Web Token (RFC 7519) for each request and sends it in a header.',
  settings: {
    type: 'object',
    properties: {
      algorithm: { type: 'string', enum: jwtAlgorithms, default: 'RS256', title: 'Algorithm', description: 'Algorithm of the signature.' },
      claims: { type: 'object', additionalProperties: true, default: {}, title: 'Claims', description: 'Claims beside `iss`, `iat` and `exp`, such as `aud`.', 'x-ui': { widget: 'map' }, 'x-expression': true },
      lifeSeconds: { type: 'integer', minimum: 1, maximum: 86_400, default: 300, title: 'Life', description: 'Seconds for which a token is valid.' },
      skewSeconds: { type: 'integer', minimum: 0, maximum: 600, default: 0, title: 'Skew', description: 'Seconds by which `iat` lies in the past, for a server whose clock is behind.' },
      header: { type: 'string', pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', default: 'authorization', title: 'Header', description: 'Name of the header.' },
      prefix: { type: 'string', default: 'Bearer ', title: 'Prefix', description: 'Text before the token.' },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      key: { type: 'string', minLength: 1, writeOnly: true, title: 'Key', description: 'Private key in PEM, or the shared secret of HS256, HS384 and HS512.' },
      keyId: { type: 'string', minLength: 1, title: 'Id of the key', description: 'The `kid` of the key, where the other system wants it.' },
      issuer: { type: 'string', minLength: 1, title: 'Issuer', description: 'Who signs: the `iss` of the token.' },
    },
    required: ['key'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A shared secret', settings: { algorithm: 'HS256' }, credentials: { key: 'secret', issuer: 'me' }, now: '2024-01-31T12:00:00Z', request: { method: 'GET', url: 'https://api.test/', headers: {} },
      signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJtZSIsImlhdCI6MTcwNjcwMjQwMCwiZXhwIjoxNzA2NzAyNzAwfQ.bS4HLSJ3WyqdZXdMMlFric4S0n4fT6CGKsjqH3wk53k' } },
    },
    {
      title: 'In a header of its own', settings: { algorithm: 'HS256', header: 'X-Token', prefix: '', lifeSeconds: 60, claims: { aud: 'shop' } }, credentials: { key: 'secret', keyId: 'k1' }, now: '2024-01-31T12:00:00Z', request: { method: 'POST', url: 'https://api.test/', headers: {}, body: '{}' },
      signed: { method: 'POST', url: 'https://api.test/', headers: { 'x-token': 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0.eyJpYXQiOjE3MDY3MDI0MDAsImV4cCI6MTcwNjcwMjQ2MCwiYXVkIjoic2hvcCJ9.wErX4T8_mr7QvHIJNAtef5k0B-N5jyD31FFZ-N-5erQ' }, body: '{}' },
    },
    {
      title: 'A claim that replaces one', settings: { algorithm: 'HS512', claims: { iat: 1 } }, credentials: { key: 'secret' }, now: '2024-01-31T12:00:00Z', request: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*' } },
      signed: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*', authorization: 'Bearer eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjEsImV4cCI6MTcwNjcwMjcwMH0.Azwg5FdnUOONzhCwaBDnaSBU55WlbwH0m_SHyXutsyKsRBsE7VyVuYv3wBaWrOJjRouOiVQdANdnUaY0MzMDuA' } },
    },
  ],
  sign(request, { key, keyId, issuer }, { algorithm, claims, lifeSeconds, skewSeconds, header, prefix }, _token, context) {
    const now = Math.floor(context.now / 1000);
    const token = signJwt({ ...(issuer !== undefined && { iss: issuer }), iat: now - skewSeconds, exp: now + lifeSeconds, ...claims }, { algorithm, key, ...(keyId !== undefined && { keyId }) });
    return { ...request, headers: { ...request.headers, [header.toLowerCase()]: prefix + token } };
  },
});
