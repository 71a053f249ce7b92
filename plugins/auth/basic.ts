import { defineAuth, FlowError } from '../sdk/index.ts';

export default defineAuth({
  type: 'basic',
  title: 'User name and password',
  summary: 'Sends user name and password in the `Authorization` header (HTTP Basic, in UTF-8).',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  credentials: {
    type: 'object',
    properties: {
      user: { type: 'string', title: 'User name', description: 'Name of the user; must not hold a colon.' },
      password: { type: 'string', default: '', writeOnly: true, title: 'Password', description: 'Password of the user; some systems want an API key as user and no password.' },
    },
    required: ['user'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A user', settings: {}, credentials: { user: 'ada', password: 'secret' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Basic YWRhOnNlY3JldA==' } } },
    { title: 'Letters beyond ASCII', settings: {}, credentials: { user: 'test', password: '123£' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Basic dGVzdDoxMjPCow==' } } },
    { title: 'A key without a password', settings: {}, credentials: { user: 'key' }, request: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { accept: '*/*', authorization: 'Basic a2V5Og==' } } },
  ],
  sign: (request, { user, password }) => {
    if (user.includes(':')) throw new FlowError('CONFIG_INVALID', 'The user name holds a colon, which HTTP Basic cannot carry: correct it in the instance.');
    return { ...request, headers: { ...request.headers, authorization: `Basic ${toBase64(`${user}:${password}`)}` } };
  },
});

const toBase64 = (text: string): string => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
