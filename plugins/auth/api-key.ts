import { defineAuth, FlowError, type HttpRequest } from '../sdk/index.ts';

export default defineAuth({
  type: 'api-key',
  title: 'API key',
  summary: 'Sends a key in a header, the query, a cookie or the body.',
  settings: {
    type: 'object',
    properties: {
      in: { type: 'string', enum: ['header', 'query', 'cookie', 'body'], default: 'header', title: 'Place', description: 'Where the key is sent.', enumDescriptions: ['In a header.', 'In the query of the URL.', 'In a cookie.', 'In the body: a field of a JSON object or of a form.'] },
      name: { type: 'string', minLength: 1, default: 'x-api-key', title: 'Name', description: 'Name of the header, parameter, cookie or field; the way to a field of JSON may have dots, as in `auth.key`.' },
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
    { title: 'In a form', settings: { in: 'body', name: 'api_key' }, credentials: { key: 'a&b' }, request: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'page=2' }, signed: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'page=2&api_key=a%26b' } },
    { title: 'In a JSON body', settings: { in: 'body', name: 'auth.key' }, credentials: { key: 'k' }, request: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/json' }, body: '{"id":12345678901234567890}' }, signed: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/json' }, body: '{"auth":{"key":"k"},"id":12345678901234567890}' } },
    { title: 'In a request without a body', settings: { in: 'body', name: 'key' }, credentials: { key: 'k' }, request: { method: 'POST', url: 'https://api.test/', headers: {} }, signed: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/json' }, body: '{"key":"k"}' } },
    { title: 'With a prefix', settings: { name: 'authorization', prefix: 'ApiKey ' }, credentials: { key: 'k' }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'ApiKey k' } } },
  ],
  sign: (request, { key }, settings) => {
    const value = settings.prefix + key;
    if (settings.in === 'query') return { ...request, url: withParameter(request.url, settings.name, value) };
    if (settings.in === 'body') return withField(request, settings.name, value);
    if (settings.in === 'cookie') return withHeader(request, 'cookie', [request.headers['cookie'], `${settings.name}=${encodeURIComponent(value)}`].filter(Boolean).join('; '));
    return withHeader(request, settings.name.toLowerCase(), value);
  },
});

const withHeader = (request: HttpRequest, name: string, value: string): HttpRequest => ({ ...request, headers: { ...request.headers, [name]: value } });

function withField(request: HttpRequest, name: string, value: string): HttpRequest {
  const { body = '', headers } = request;
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded' && typeof body === 'string') return { ...request, body: withParameter(`?${body}`, name, value).slice(1) };
  const [first, rest] = typeof body === 'string' ? (/^\s*\{\s*([^]*)$/.exec(body === '' ? '{}' : body) ?? []) : [];
  if ((mediaType !== undefined && !/\bjson$/.test(mediaType)) || first === undefined || rest === undefined) throw new FlowError('CONFIG_INVALID', `The API key goes into the field "${name}" of the body, and the body of the request is neither a JSON object nor a form.`);
  const field = name.split('.').reduceRight((inner: unknown, part) => ({ [part]: inner }), value);
  // Put before the text of the others, so that their numbers stay as they were written.
  return { ...request, headers: { 'content-type': 'application/json', ...headers }, body: `${JSON.stringify(field).slice(0, -1)}${rest.startsWith('}') ? '' : ','}${rest}` };
}

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
