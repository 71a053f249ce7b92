import { defineAuth, FlowError, type HttpRequest, type HttpResponse, scalarText, type Token } from '../sdk/index.ts';
import { readTime } from './time/read-time.ts';

export default defineAuth({
  type: 'session',
  title: 'Session',
  summary: 'Logs in with a request, and sends the token or cookie that it gives with all others.',
  description: 'In the body of the login `{user}`, `{password}` and `{key}` stand for the credentials, at any depth. The session is used until its life is over or a request is refused with 401; then it logs in again.',
  settings: {
    type: 'object',
    properties: {
      loginUrl: { type: 'string', minLength: 1, title: 'Login address', description: 'Address of the login request; `{{ instance.x }}` may stand here.', 'x-expression': true },
      method: { type: 'string', enum: ['POST', 'PUT', 'GET'], default: 'POST', title: 'Method', description: 'Method of the login request.' },
      format: { type: 'string', enum: ['json', 'form', 'text'], default: 'json', title: 'Format', description: 'How the body of the login is written.', enumDescriptions: ['As JSON.', 'As a form.', 'As the text that it is, such as XML.'] },
      body: { title: 'Body', description: 'Body of the login: an object, or a text; nothing for none.', default: { username: '{user}', password: '{password}' } },
      headers: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Headers', description: 'Headers of the login; `{user}`, `{password}` and `{key}` may stand here too.', 'x-ui': { widget: 'map' }, 'x-expression': true },
      tokenIn: { type: 'string', enum: ['body', 'header', 'cookie'], default: 'body', title: 'Place of the token', description: 'Where the answer has the token.', enumDescriptions: ['In its body.', 'In a header.', 'In a cookie.'] },
      tokenName: { type: 'string', minLength: 1, default: 'token', title: 'Name of the token', description: 'Way to the token in the body, as in `data.session[0].id`, or name of the header or cookie.' },
      in: { type: 'string', enum: ['header', 'query', 'cookie'], default: 'header', title: 'Place', description: 'Where requests carry the token.', enumDescriptions: ['In a header.', 'In the query.', 'In a cookie.'] },
      name: { type: 'string', minLength: 1, default: 'authorization', title: 'Name', description: 'Name of the header, parameter or cookie.' },
      prefix: { type: 'string', default: '', title: 'Prefix', description: 'Text before the token, such as `Bearer `.' },
      lifeSeconds: { type: 'integer', minimum: 1, title: 'Life', description: 'Seconds for which a session lives; without it until it is refused.' },
      endsAt: { type: 'string', minLength: 1, title: 'End', description: 'Way in the body of the answer to the end of the session: a time, seconds from now, or seconds or milliseconds since 1970. The session is renewed a minute before, or half-way where it is shorter than two minutes.' },
    },
    required: ['loginUrl'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      user: { type: 'string', title: 'User name', description: 'Name of the user, where the login wants one.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user, where the login wants one.' },
      key: { type: 'string', writeOnly: true, title: 'Key', description: 'A key, where the login wants one.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A token in a header', settings: { loginUrl: 'https://api.test/login', tokenName: 'data.token', prefix: 'Bearer ' }, credentials: { user: 'ada', password: 'p' }, token: { values: { session: 'abc' } }, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: { authorization: 'Bearer abc' } } },
    { title: 'A cookie beside another', settings: { loginUrl: 'https://api.test/login', format: 'form', tokenIn: 'cookie', tokenName: 'B1SESSION', in: 'cookie', name: 'B1SESSION', lifeSeconds: 1800 }, credentials: { user: 'ada', password: 'p' }, token: { values: { session: 'a%3D1' } }, request: { method: 'GET', url: 'https://api.test/', headers: { cookie: 'a=1' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { cookie: 'a=1; B1SESSION=a%3D1' } } },
    { title: 'The installation of an app, whose JWT signs the login (`tokenAuth` of the connector)', settings: { loginUrl: 'https://api.test/app/installations/{{ instance.installation }}/access_tokens', body: null, tokenName: 'token', endsAt: 'expires_at', prefix: 'Bearer ' }, credentials: {}, token: { values: { session: 'abc' } }, request: { method: 'GET', url: 'https://api.test/repos', headers: {} }, signed: { method: 'GET', url: 'https://api.test/repos', headers: { authorization: 'Bearer abc' } } },
    { title: 'A session id in the query', settings: { loginUrl: '{{ instance.url }}/session', body: { auth: { key: '{key}' } }, in: 'query', name: 'sid' }, credentials: { key: 'k' }, token: { values: { session: 'a b' } }, request: { method: 'GET', url: 'https://api.test/?page=2', headers: {} }, signed: { method: 'GET', url: 'https://api.test/?page=2&sid=a+b', headers: {} } },
  ],
  async acquire(credentials, settings, context) {
    const response = await context.http.send(loginRequest(credentials, settings));
    return readSession(response, settings, context.clock.now());
  },
  sign(request, _credentials, settings, token) {
    const session = token?.values['session'];
    if (!session) throw new FlowError('AUTH_REJECTED', 'There is no session to sign the request with.');
    const value = settings.prefix + session;
    if (settings.in === 'query') {
      const url = new URL(request.url);
      url.searchParams.set(settings.name, value);
      return { ...request, url: url.href };
    }
    // The value of a cookie is sent as it came.
    if (settings.in === 'cookie') return withHeader(request, 'cookie', [request.headers['cookie'], `${settings.name}=${value}`].filter(Boolean).join('; '));
    return withHeader(request, settings.name.toLowerCase(), value);
  },
});

const withHeader = (request: HttpRequest, name: string, value: string): HttpRequest => ({ ...request, headers: { ...request.headers, [name]: value } });

interface Settings {
  readonly loginUrl: string;
  readonly method: string;
  readonly format: 'json' | 'form' | 'text';
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly tokenIn: 'body' | 'header' | 'cookie';
  readonly tokenName: string;
  readonly lifeSeconds?: number | undefined;
  readonly endsAt?: string | undefined;
}

const types = { json: 'application/json', form: 'application/x-www-form-urlencoded', text: 'text/plain; charset=utf-8' };

function loginRequest(credentials: Readonly<Record<string, unknown>>, { loginUrl: url, method, format, body, headers }: Settings): HttpRequest {
  const fill = (text: string): string => text.replace(/\{(user|password|key)\}/g, (_all, name: string) => String(credentials[name] ?? ''));
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fill(value)]));
  if (method === 'GET' || body === undefined || body === null || body === '') return { method, url, headers: { accept: 'application/json', ...filled } };
  return { method, url, headers: { accept: 'application/json', 'content-type': types[format], ...filled }, body: printed(filledIn(body, fill), format) };
}

function filledIn(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, fill));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filledIn(field, fill)])) : value;
}

function printed(body: unknown, format: Settings['format']): string {
  if (format === 'form' && typeof body === 'object' && body !== null) return new URLSearchParams(Object.entries(body).map(([name, value]) => [name, scalarText(value)])).toString();
  return format === 'json' || typeof body !== 'string' ? JSON.stringify(body) : body;
}

function readSession({ status, headers, body }: HttpResponse, { loginUrl, tokenIn, tokenName, lifeSeconds, endsAt }: Settings, now: number): Token {
  const where = `The login at ${URL.canParse(loginUrl) ? new URL(loginUrl).origin : loginUrl}`;
  if (status === 429 || status >= 500) throw new FlowError('REMOTE_STATUS', `${where} answered ${status}.`, { details: { status } });
  // What it says is not told: it may repeat the credentials.
  if (status >= 400) throw new FlowError('AUTH_REJECTED', `${where} was refused (status ${status}).`, { details: { status } });
  const found = tokenIn === 'body' ? valueAt(asJson(body), tokenName) : tokenIn === 'header' ? headers[tokenName.toLowerCase()] : cookieIn(headers['set-cookie'] ?? '', tokenName);
  const session = typeof found === 'string' || typeof found === 'number' ? scalarText(found) : '';
  if (session === '') throw new FlowError('AUTH_REJECTED', `${where} gave no ${tokenIn === 'body' ? 'value at' : tokenIn} "${tokenName}" (status ${status}).`, { details: { status } });
  const end = (endsAt === undefined ? undefined : endOf(valueAt(asJson(body), endsAt), now)) ?? (lifeSeconds === undefined ? undefined : now + lifeSeconds * 1000);
  return { values: { session }, ...(end !== undefined && { expiresAt: end }) };
}

/** Some servers call their JSON a text or a page. */
function asJson(body: unknown): unknown {
  if (typeof body !== 'string' || !/^\s*[{["]/.test(body)) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** From when a new session is asked for; undefined where the answer names no end. */
function endOf(value: unknown, now: number): number | undefined {
  const end = readTime(value, now);
  return end === undefined ? undefined : end - Math.min(60_000, Math.max(0, end - now) / 2);
}

function valueAt(body: unknown, way: string): unknown {
  if (typeof body === 'string') {
    // Some servers answer with the token alone, others with XML.
    const found = way === '$' ? body.trim() : new RegExp(`<(?:[\\w.-]+:)?${way.split('.').at(-1)!.replace(/[^\w-]/g, '\\$&')}(?:\\s[^>]*)?>([^<]*)<`).exec(body)?.[1];
    return found;
  }
  return way === '$' ? body : way.split(/[.[\]]+/).filter(Boolean).reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined), body);
}

/** Several cookies come joined by commas, which may also stand in their dates; of two of a name the later one counts (RFC 6265, 5.3). */
const cookieIn = (header: string, name: string): string | undefined =>
  header.split(/,\s*(?=[^;,=\s]+=)/).map((cookie) => cookie.split(';', 1)[0]!.trim()).findLast((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
