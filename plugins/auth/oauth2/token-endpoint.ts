import { FlowError, type Context, type HttpRequest, type HttpResponse, type Token } from '../../sdk/index.ts';
import { jwtAlgorithms, signJwt, type JwtAlgorithm } from '../jwt/sign-jwt.ts';

/** Settings that all methods have that ask a token server. */
export const tokenSettings = {
  tokenUrl: { type: 'string', minLength: 1, title: 'Token address', description: 'Address of the token server; `{{ instance.x }}` may stand here.', 'x-expression': true },
  scope: { type: 'string', title: 'Scope', description: 'Scopes to ask for, separated by spaces.', 'x-expression': true },
  audience: { type: 'string', title: 'Audience', description: 'The API that the token is for, where the server wants it.', 'x-expression': true },
  extra: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Further parameters', description: 'Further parameters of the token request.', 'x-ui': { widget: 'map' }, 'x-expression': true },
  marginSeconds: { type: 'integer', minimum: 0, default: 60, title: 'Margin', description: 'Seconds before its end at which a token counts as expired; at most half of its life.' },
} as const;

/** How the client names itself; goes with `clientCredentials`. */
export const clientSettings = {
  clientAuth: {
    type: 'string', enum: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'], default: 'client_secret_basic', title: 'Client authentication', description: 'How the client names itself to the token server.',
    enumDescriptions: ['In the Authorization header.', 'In the body of the request.', 'By an assertion signed with a private key (RFC 7523).', 'By its id alone: a public client.'],
  },
  clientAlgorithm: { type: 'string', enum: jwtAlgorithms, default: 'RS256', title: 'Algorithm of the client', description: 'Algorithm of the assertion, for `private_key_jwt`.' },
} as const;

export const clientCredentials = {
  clientId: { type: 'string', minLength: 1, title: 'Client id', description: 'Id of the client.' },
  clientSecret: { type: 'string', minLength: 1, writeOnly: true, title: 'Client secret', description: 'Secret of the client.' },
  clientKey: { type: 'string', minLength: 1, writeOnly: true, title: 'Private key of the client', description: 'Private key in PEM, for `private_key_jwt`.' },
  clientKeyId: { type: 'string', minLength: 1, title: 'Id of the key', description: 'The `kid` of the private key, where the server wants it.' },
} as const;

export interface TokenSettings {
  readonly tokenUrl: string;
  readonly scope?: string | undefined;
  readonly audience?: string | undefined;
  readonly extra: Readonly<Record<string, string>>;
  readonly marginSeconds: number;
}

export interface Client {
  readonly id: string;
  readonly auth: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
  readonly secret?: string | undefined;
  readonly key?: string | undefined;
  readonly keyId?: string | undefined;
  readonly algorithm?: JwtAlgorithm;
}

interface ClientParts {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly clientKeyId?: string | undefined;
}

export const clientOf = ({ clientId: id, clientSecret: secret, clientKey: key, clientKeyId: keyId }: ClientParts, { clientAuth: auth, clientAlgorithm: algorithm }: { readonly clientAuth: Client['auth']; readonly clientAlgorithm: JwtAlgorithm }): Client =>
  ({ id, auth, secret, key, keyId, algorithm });

/**
 * Asks the token server (RFC 6749, 4 to 6). Fails with `AUTH_REJECTED` and the server's explanation where it refuses, which `details.error` names, and with a
 * remote error where it cannot answer.
 */
export async function requestToken(grant: Readonly<Record<string, string>>, settings: TokenSettings, client: Client | undefined, context: Context, secrets: readonly (string | undefined)[] = []): Promise<Token> {
  const response = await context.http.send(tokenRequest(grant, settings, client, context));
  return readToken(response, settings, [client?.secret, client?.key, ...secrets], context.clock.now());
}

/** Signs with the access token. */
export function withBearer(request: HttpRequest, token: Token | undefined): HttpRequest {
  const value = token?.values['access_token'];
  if (!value) throw new FlowError('AUTH_REJECTED', 'There is no access token to sign the request with.');
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${value}` } };
}

function tokenRequest(grant: Readonly<Record<string, string>>, settings: TokenSettings, client: Client | undefined, context: Context): HttpRequest {
  const body = new URLSearchParams({ ...settings.extra, ...grant });
  // They were asked for at the login, and are what it granted: asking for more than that would be refused.
  const isGranted = ['authorization_code', 'refresh_token'].includes(grant['grant_type'] ?? '');
  if (settings.scope && !isGranted) body.set('scope', settings.scope);
  if (settings.audience && !isGranted) body.set('audience', settings.audience);
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  for (const [name, value] of Object.entries(client ? clientFields(client, settings.tokenUrl, context) : {})) {
    if (name === 'authorization') headers[name] = value;
    else body.set(name, value);
  }
  return { method: 'POST', url: settings.tokenUrl, headers, body: body.toString() };
}

function clientFields(client: Client, tokenUrl: string, context: Context): Readonly<Record<string, string>> {
  const { id, auth, secret, key, keyId, algorithm = 'RS256' } = client;
  if (auth === 'none') return { client_id: id };
  if (auth === 'private_key_jwt') {
    if (key === undefined) throw new FlowError('CONFIG_INVALID', 'The client names itself with a private key: give it in the instance, as `clientKey`.');
    const now = Math.floor(context.clock.now() / 1000);
    const assertion = signJwt({ iss: id, sub: id, aud: tokenUrl, jti: crypto.randomUUID(), iat: now, exp: now + 300 }, { algorithm, key, ...(keyId !== undefined && { keyId }) });
    return { client_id: id, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion };
  }
  if (secret === undefined) throw new FlowError('CONFIG_INVALID', 'The client names itself with a secret: give it in the instance, as `clientSecret`.');
  return auth === 'client_secret_post' ? { client_id: id, client_secret: secret } : { authorization: `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}` };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they go into the header. */
const formEncoded = (text: string): string => new URLSearchParams({ _: text }).toString().slice(2);

/** Some servers call their JSON a text or a page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readToken(response: HttpResponse, settings: TokenSettings, secrets: readonly (string | undefined)[], now: number): Token {
  const given = typeof response.body === 'string' ? parsed(response.body) : response.body;
  const body = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  const where = `The token server ${URL.canParse(settings.tokenUrl) ? new URL(settings.tokenUrl).origin : settings.tokenUrl}`;
  if (response.status === 429 || response.status >= 500) throw new FlowError('REMOTE_STATUS', `${where} answered ${response.status}.`, { details: { status: response.status } });
  const token = body['access_token'];
  if (response.status >= 400 || typeof token !== 'string' || token === '') {
    const said = [body['error'], body['error_description']].filter((part) => typeof part === 'string').join(': ') || (typeof given === 'string' && response.status >= 400 ? given : '');
    // Cut afterwards: the beginning of the secret would not be known as it.
    const reason = said === '' ? 'gave no access token' : `refused the client: ${secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '•••') : text), said).slice(0, 200)}`;
    throw new FlowError('AUTH_REJECTED', `${where} ${reason} (status ${response.status}).`, { details: { status: response.status, ...(/^[a-z_]{1,50}$/.test(String(body['error'])) && { error: body['error'] }) } });
  }
  const seconds = Number(body['expires_in']);
  const refresh = body['refresh_token'];
  const values = { access_token: token, ...(typeof refresh === 'string' && refresh !== '' && { refresh_token: refresh }) };
  return Number.isFinite(seconds) && seconds > 0 ? { values, expiresAt: now + (seconds - Math.min(settings.marginSeconds, seconds / 2)) * 1000 } : { values };
}
