import type { ConnectorManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
import type { Answer } from './signals.ts';

/** Where a caller gets tokens, and whether a request carries what it should. Nobody is really checked: any credentials will do. */
export interface SignIn {
  /** The answer to a request for a token; `undefined` for other requests. */
  token(asked: Asked): Answer | undefined;
  /** The refusal of a request without credentials. */
  refusal(asked: Asked): Answer | undefined;
}

export function createSignIn({ auth = {}, baseUrl }: ConnectorManifest, basePath: string): SignIn {
  const methods = Object.values(auth).map(({ type, settings = {} }) => ({ type, settings }));
  const tokenPaths = new Set(methods.flatMap(({ settings }) => ['tokenUrl', 'loginUrl'].flatMap((name) => pathOf(settings[name], baseUrl, basePath))));
  const isDigest = methods.some(({ type }) => type === 'digest');
  let tokens = 0;
  return {
    token(asked) {
      if (!tokenPaths.has(asked.url.pathname)) return undefined;
      const token = `mock-token-${++tokens}`;
      const session = methods.find(({ type, settings }) => type === 'session' && pathOf(settings['loginUrl'], baseUrl, basePath).includes(asked.url.pathname));
      if (!session) return { status: 200, headers: { 'cache-control': 'no-store' }, body: { access_token: token, token_type: 'Bearer', expires_in: 3600, refresh_token: `mock-refresh-${tokens}` } };
      const { tokenIn = 'body', tokenName = 'token' } = session.settings;
      const headers = tokenIn === 'header' ? { [String(tokenName).toLowerCase()]: token } : tokenIn === 'cookie' ? { 'set-cookie': `${String(tokenName)}=${token}; Path=/` } : {};
      return { status: 200, headers, body: tokenIn === 'body' ? nested(String(tokenName), token) : {} };
    },
    refusal(asked) {
      if (methods.length === 0 || methods.some((method) => carries(method, asked))) return undefined;
      return { status: 401, headers: { 'www-authenticate': isDigest ? 'Digest realm="mock", nonce="mock-nonce", qop="auth", algorithm=SHA-256' : 'Bearer realm="mock"' }, body: { error: 'The request carries no credentials.' } };
    },
  };
}

function carries({ type, settings }: { readonly type: string; readonly settings: Readonly<Record<string, unknown>> }, { headers, cookies, url, json, form, text }: Asked): boolean {
  if (type === 'none' || type === 'mtls') return true;
  if (type === 'ws-security') return /Security/.test(text);
  if (type === 'signature' && isSigned(settings, headers, url)) return true;
  const { name: given = settings['header'] } = settings;
  const name = typeof given === 'string' ? given : type === 'api-key' ? 'x-api-key' : 'authorization';
  switch (settings['in']) {
    case 'query': return url.searchParams.has(name);
    case 'cookie': return cookies[name] !== undefined;
    case 'body': return json !== undefined || form.has(name);
    default: return headers[name.toLowerCase()] !== undefined || headers['authorization'] !== undefined;
  }
}

/** A signature of the system's own stands where the settings put it: by themselves in `x-signature`. */
function isSigned({ headers: own = { 'x-signature': '' }, query = {} }: Readonly<Record<string, unknown>>, headers: Asked['headers'], url: URL): boolean {
  return Object.keys(own as object).some((name) => headers[name.toLowerCase()] !== undefined) || Object.keys(query as object).some((name) => url.searchParams.has(name));
}

/** The path of an address that lies at the mock: one that begins with a setting of the instance, or with the base URL. */
function pathOf(address: unknown, baseUrl: string, basePath: string): string[] {
  if (typeof address !== 'string') return [];
  const expression = /^\{\{\s*instance\.[\w-]+\s*\}\}(?<path>\/[^?#{]*)?/.exec(address)?.groups;
  if (expression) return [expression['path'] ?? '/'];
  if (address.startsWith('/')) return [`${basePath}${address}`];
  const own = URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
  return URL.canParse(address) && new URL(address).origin === own ? [new URL(address).pathname] : [];
}

/** `data.session[0].id` → the token there. */
const nested = (path: string, token: string): unknown =>
  path.split(/[.[\]]+/).filter((part) => part !== '').reduceRight<unknown>((inner, part) => (/^\d+$/.test(part) ? [...Array.from({ length: Number(part) }, () => ({})), inner] : { [part]: inner }), token);
