import { defineAuth, type HttpRequest } from '../sdk/index.ts';

export default defineAuth({
  type: 'api-key',
  title: 'API key',
  summary: 'Sends a key in a header, the query or a cookie.',
  settings: {
    type: 'object',
    properties: {
      in: { type: 'string', enum: ['header', 'query', 'cookie'], default: 'header', title: 'Place', description: 'Where the key is sent.', enumDescriptions: ['In a header.', 'In the query of the URL.', 'In a cookie.'] },
      name: { type: 'string', minLength: 1, default: 'x-api-key', title: 'Name', description: 'Name of the header, parameter or cookie.' },
      prefix: { type: 'string', default: '', title: 'Prefix', description: 'Text before the key, such as `Token `.' },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: { key: { type: 'string', minLength: 1, writeOnly: true, title: 'Key', description: 'The key that the other system gave.' } },
    required: ['key'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A shop’s access token', settings: { name: 'X-Shopify-Access-Token' }, credentials: { key: 'k' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { 'x-shopify-access-token': 'k' } } },
    { title: 'In the query', settings: { in: 'query', name: 'api_key' }, credentials: { key: 'a&b' }, request: { method: 'GET', url: 'https://api.test/?page=2', headers: {} }, signed: { method: 'GET', url: 'https://api.test/?page=2&api_key=a%26b', headers: {} } },
    { title: 'In a query that has one', settings: { in: 'query', name: 'key' }, credentials: { key: 'k' }, request: { method: 'GET', url: 'https://api.test/?key=old', headers: {} }, signed: { method: 'GET', url: 'https://api.test/?key=k', headers: {} } },
    { title: 'In a cookie beside another', settings: { in: 'cookie', name: 'sid' }, credentials: { key: 'k;1' }, request: { method: 'GET', url: 'https://api.test/', headers: { cookie: 'a=1' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { cookie: 'a=1; sid=k%3B1' } } },
    { title: 'With a prefix', settings: { name: 'authorization', prefix: 'ApiKey ' }, credentials: { key: 'k' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'ApiKey k' } } },
  ],
  sign: (request, { key }, settings) => {
    const value = settings.prefix + key;
    if (settings.in === 'query') return { ...request, url: withParameter(request.url, settings.name, value) };
    if (settings.in === 'cookie') return withHeader(request, 'cookie', [request.headers['cookie'], `${settings.name}=${encodeURIComponent(value)}`].filter(Boolean).join('; '));
    return withHeader(request, settings.name.toLowerCase(), value);
  },
});

const withHeader = (request: HttpRequest, name: string, value: string): HttpRequest => ({ ...request, headers: { ...request.headers, [name]: value } });

/** Adds to the text of the query rather than writing it anew: other systems sign or compare it as it was sent. */
function withParameter(url: string, name: string, value: string): string {
  const [address = '', fragment] = url.split('#', 2);
  const [path, query = ''] = [address.split('?', 1)[0], address.includes('?') ? address.slice(address.indexOf('?') + 1) : ''];
  const others = query.split('&').filter((part) => part !== '' && decoded(part.split('=', 1)[0] ?? '') !== name);
  return `${path}?${[...others, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&')}${fragment === undefined ? '' : `#${fragment}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
