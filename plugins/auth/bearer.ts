import { defineAuth } from '../sdk/index.ts';

export default defineAuth({
  type: 'bearer',
  title: 'Bearer token',
  summary: 'Sends a fixed token in the `Authorization` header.',
  settings: {
    type: 'object',
    properties: { scheme: { type: 'string', pattern: '^[!-~]*$', default: 'Bearer', title: 'Scheme', description: 'Word before the token; empty where the header holds the token alone.' } },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: { token: { type: 'string', minLength: 1, writeOnly: true, title: 'Token', description: 'The token that the other system gave.' } },
    required: ['token'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A token', settings: {}, credentials: { token: 't' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer t' } } },
    { title: 'Another scheme', settings: { scheme: 'Token' }, credentials: { token: 't' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Token t' } } },
    { title: 'No scheme', settings: { scheme: '' }, credentials: { token: 't' }, request: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*', authorization: 't' } } },
  ],
  sign: (request, { token }, { scheme }) => ({ ...request, headers: { ...request.headers, authorization: scheme === '' ? token : `${scheme} ${token}` } }),
});
