import { defineAuth } from '../sdk/index.ts';

export default defineAuth({
  type: 'token-pool',
  title: 'Pool of tokens',
  summary: 'Signs each request with the next of several tokens, so that their rate limits add up.',
  description: 'Where a token is refused with 401, the request is sent once more with the next one.',
  settings: {
    type: 'object',
    properties: {
      header: { type: 'string', pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', default: 'authorization', title: 'Header', description: 'Name of the header.' },
      prefix: { type: 'string', default: 'Bearer ', title: 'Prefix', description: 'Text before the token.' },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: { tokens: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1, writeOnly: true }, title: 'Tokens', description: 'The tokens.' } },
    required: ['tokens'],
    additionalProperties: false,
  },
  examples: [
    { title: 'The first', settings: {}, credentials: { tokens: ['one', 'two'] }, turn: 0, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer one' } } },
    { title: 'The second', settings: {}, credentials: { tokens: ['one', 'two'] }, turn: 1, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer two' } } },
    { title: 'The first again, in a header of its own', settings: { header: 'X-Token', prefix: '' }, credentials: { tokens: ['one', 'two'] }, turn: 2, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { 'x-token': 'one' } } },
  ],
  takesChallenge: true,
  sign: (request, { tokens }, { header, prefix }, _token, { turn }) => ({ ...request, headers: { ...request.headers, [header.toLowerCase()]: `${prefix}${tokens[turn % tokens.length] ?? ''}` } }),
});
