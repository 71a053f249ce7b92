import { defineAuth, FlowError, type HttpRequest, type HttpResponse, type Token } from '../sdk/index.ts';

export default defineAuth({
  type: 'oauth2-client-credentials',
  title: 'OAuth 2 client credentials',
  summary: 'Gets an access token for the client itself (RFC 6749, 4.4) and sends it as a bearer token.',
  description: 'The token is kept until shortly before it expires. A token server that refuses gives `AUTH_REJECTED` with its own explanation; one that cannot answer gives a remote error, which is tried again.',
  settings: {
    type: 'object',
    properties: {
      tokenUrl: { type: 'string', minLength: 1, title: 'Token address', description: 'Address of the token server; `{{ instance.x }}` may stand here.', 'x-expression': true },
      clientAuth: {
        type: 'string', enum: ['client_secret_basic', 'client_secret_post'], default: 'client_secret_basic', title: 'Client authentication', description: 'How the client names itself to the token server.',
        enumDescriptions: ['In the Authorization header.', 'In the body of the request.'],
      },
      scope: { type: 'string', title: 'Scope', description: 'Scopes to ask for, separated by spaces.', 'x-expression': true },
      audience: { type: 'string', title: 'Audience', description: 'The API that the token is for, where the server wants it.', 'x-expression': true },
      extra: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Further parameters', description: 'Further parameters of the token request.', 'x-ui': { widget: 'map' }, 'x-expression': true },
      marginSeconds: { type: 'integer', minimum: 0, default: 60, title: 'Margin', description: 'Seconds before its end at which a token counts as expired; at most half of its life.' },
    },
    required: ['tokenUrl'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      clientId: { type: 'string', minLength: 1, title: 'Client id', description: 'Id of the client.' },
      clientSecret: { type: 'string', minLength: 1, writeOnly: true, title: 'Client secret', description: 'Secret of the client.' },
    },
    required: ['clientId', 'clientSecret'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A token of a day', settings: { tokenUrl: 'https://login.test/token' }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc' }, expiresAt: 86400000 }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'With audience and scope', settings: { tokenUrl: '{{ instance.login }}/oauth/token', clientAuth: 'client_secret_post', audience: 'https://api.test/', scope: 'orders:read' }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'xyz' } }, request: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*' }, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: { accept: '*/*', authorization: 'Bearer xyz' }, body: '{}' } },
    { title: 'A server with its own scheme', settings: { tokenUrl: 'https://login.test/token', extra: { resource: 'erp' } }, credentials: { clientId: 'c', clientSecret: 's' }, token: { values: { access_token: 'abc', token_type: 'bearer' } }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
  ],
  acquire: async (credentials, settings, context) => {
    const response = await context.http.send(tokenRequest(credentials, settings));
    return readToken(response, settings, credentials.clientSecret, context.clock.now());
  },
  sign: (request, _credentials, _settings, token) => {
    if (!token?.values['access_token']) throw new FlowError('AUTH_REJECTED', 'There is no access token to sign the request with.');
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${token.values['access_token']}` } };
  },
});

interface Settings {
  readonly tokenUrl: string;
  readonly clientAuth: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly extra: Readonly<Record<string, string>>;
  readonly marginSeconds: number;
}

function tokenRequest({ clientId, clientSecret }: { clientId: string; clientSecret: string }, settings: Settings): HttpRequest {
  const inBody = settings.clientAuth === 'client_secret_post';
  const body = new URLSearchParams({ ...settings.extra, grant_type: 'client_credentials' });
  if (settings.scope) body.set('scope', settings.scope);
  if (settings.audience) body.set('audience', settings.audience);
  if (inBody) {
    body.set('client_id', clientId);
    body.set('client_secret', clientSecret);
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const authorization = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`;
  return { method: 'POST', url: settings.tokenUrl, headers: inBody ? headers : { ...headers, authorization }, body: body.toString() };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they go into the header. */
const formEncoded = (text: string): string => new URLSearchParams({ _: text }).toString().slice(2);

function readToken(response: HttpResponse, settings: Settings, secret: string, now: number): Token {
  const body = (typeof response.body === 'object' && response.body !== null ? response.body : {}) as Readonly<Record<string, unknown>>;
  const where = `The token server ${URL.canParse(settings.tokenUrl) ? new URL(settings.tokenUrl).origin : settings.tokenUrl}`;
  if (response.status === 429 || response.status >= 500) throw new FlowError('REMOTE_STATUS', `${where} answered ${response.status}.`, { details: { status: response.status } });
  const token = body['access_token'];
  if (response.status >= 400 || typeof token !== 'string' || token === '') {
    const said = [body['error'], body['error_description']].filter((part) => typeof part === 'string').join(': ') || (typeof response.body === 'string' ? response.body : '');
    // Cut afterwards: the beginning of the secret would not be known as it.
    const reason = said === '' ? 'gave no access token' : `refused the client: ${said.replaceAll(secret, '•••').slice(0, 200)}`;
    throw new FlowError('AUTH_REJECTED', `${where} ${reason} (status ${response.status}).`, { details: { status: response.status } });
  }
  const seconds = Number(body['expires_in']);
  const values = { access_token: token };
  return Number.isFinite(seconds) && seconds > 0 ? { values, expiresAt: now + (seconds - Math.min(settings.marginSeconds, seconds / 2)) * 1000 } : { values };
}
