import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import type { Runner } from '../../server/runner/contract.ts';
import { openRunner, type RunnerOptions } from '../../server/runner/runner.ts';

export const clientSecret = 'a secret of the cl&ient';

/** A real OAuth 2 server, an API that asks it about tokens, and a workspace with an instance per grant. */
export interface LoginWorld extends AsyncDisposable {
  readonly root: string;
  /** Grants that the token server was asked for, in their order; with those that it refused as `grant: error`. */
  readonly grants: string[];
  /** Every token that the server gave. */
  readonly tokens: Set<string>;
  /** Authorization headers that the API got. */
  readonly seen: string[];
  /** Called with each request of the API; where it gives true, there is no answer. */
  onRequest: (() => boolean) | undefined;
  /** Called when the token server has made a token, before it answers. */
  onGrant: (() => void) | undefined;
  openRunner(options?: Pick<RunnerOptions, 'executors'>): Promise<Runner>;
  /** Runs the flow of an instance. */
  run(runner: Runner, instance: string): Promise<{ readonly status: string; readonly code?: string | undefined; readonly message?: string | undefined }>;
  /** The access tokens that were given so far count no more. */
  revoke(): Promise<void>;
  /** All that lies in the state folder, as one text. */
  state(): string;
}

const instances = ['code', 'basic', 'assertion'] as const;

export async function loginWorld(): Promise<LoginWorld> {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-logins-'));
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const login = createServer();
  const issuer = await listen(login);
  const grants: string[] = [];
  const tokens = new Set<string>();
  const seen: string[] = [];
  const provider = createProvider(issuer, publicKey.export({ format: 'jwk' }));
  const keep = (context: { readonly oidc: { readonly params?: { readonly grant_type?: string } }; readonly body?: unknown }): void => {
    grants.push(String(context.oidc.params?.grant_type));
    world.onGrant?.();
    for (const [name, value] of Object.entries((context.body ?? {}) as Record<string, unknown>)) if (/^(access|refresh)_token$/.test(name)) tokens.add(String(value));
  };
  provider.on('grant.success', keep as never);
  provider.on('grant.error', ((context: Parameters<typeof keep>[0], error: { readonly error: string }) => grants.push(`${String(context.oidc.params?.grant_type)}: ${error.error}`)) as never);
  login.on('request', provider.callback());
  const find = async (value: string) => (await provider.AccessToken.find(value)) ?? provider.ClientCredentials.find(value);
  const api = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    if (world.onRequest?.()) return;
    void find(authorization.replace('Bearer ', '')).then((token) => response.writeHead(token ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(token ? [{ client: token.clientId }] : { error: 'invalid_token' })));
  });
  writeWorkspace(root, issuer, await listen(api));
  const editorSecrets = new Map([['client', clientSecret], ['key', String(privateKey.export({ type: 'pkcs8', format: 'pem' }))]]);
  const world: LoginWorld = {
    root, grants, tokens, seen, onRequest: undefined, onGrant: undefined,
    openRunner: (options = {}) => openRunner({ root, editorSecrets, ...options }),
    async run(runner, instance) {
      const { status, error } = await (await runner.start({ flow: instance, trigger: 'manual' })).done;
      return { status, code: error?.code, message: error?.message };
    },
    async revoke() {
      for (const token of tokens) await (await find(token))?.destroy();
    },
    state: () => readdirSync(join(root, '.patchbay'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n'),
    async [Symbol.asyncDispose]() {
      for (const server of [login, api]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createProvider(issuer: string, key: object): Provider {
  const jwks = { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'server' }] };
  return new Provider(issuer, {
    jwks, cookies: { keys: ['of the test'] },
    clients: [
      { client_id: 'code', token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
      { client_id: 'basic', client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic', redirect_uris: [], grant_types: ['client_credentials'], response_types: [] },
      { client_id: 'assertion', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256', jwks: { keys: [{ ...key, use: 'sig', kid: 'client' }] }, redirect_uris: [], grant_types: ['client_credentials'], response_types: [] },
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => true },
    // Each refresh token counts once; one that is used again ends the login.
    rotateRefreshToken: true, issueRefreshToken: async () => true,
    findAccount: async (_context: unknown, accountId: string) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    ttl: { AccessToken: 3600, ClientCredentials: 3600, RefreshToken: 86_400, AuthorizationCode: 60, Grant: 86_400, Session: 3600, Interaction: 600, IdToken: 600 },
  });
}

function writeWorkspace(root: string, issuer: string, api: string): void {
  const use = { tokenUrl: `${issuer}/token` };
  const files: Record<string, unknown> = {
    'patchbay.json': { version: 1 },
    'connectors/api.connector.json': {
      version: 1, title: 'API', baseUrl: api, allowedOrigins: [issuer],
      auth: {
        code: { type: 'oauth2-authorization-code', settings: { ...use, authorizationUrl: `${issuer}/auth`, clientAuth: 'none', scope: 'openid' } },
        basic: { type: 'oauth2-client-credentials', settings: use },
        assertion: { type: 'oauth2-client-credentials', settings: { ...use, clientAuth: 'private_key_jwt' } },
      },
      endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/list' } },
    },
  };
  const secrets = { code: {}, basic: { clientSecret: { $secret: 'client' } }, assertion: { clientKey: { $secret: 'key' }, clientKeyId: 'client' } };
  for (const name of instances) {
    files[`instances/${name}.instance.json`] = { version: 1, connector: 'api', auth: name, credentials: { clientId: name, ...secrets[name] } };
    files[`flows/${name}.flow.json`] = { version: 1, start: 'list', steps: { list: { shape: 'connector', settings: { instance: name, endpoint: 'list' } } } };
  }
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  }
}

/** A person with a browser: goes to the address, fills in whatever forms come, and gives the address to which the browser is led in the end, unvisited. */
export async function browse(start: string, isOver: (url: string) => boolean): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  let body: string | undefined;
  for (let count = 0; count < 20; count++) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }) }, ...(body !== undefined && { method: 'POST', body }) });
    for (const cookie of response.headers.getSetCookie()) cookies.set(...(cookie.split(';', 1)[0]!.split(/=(.*)/).slice(0, 2) as [string, string]));
    const next = response.headers.get('location');
    const page = await response.text();
    body = undefined;
    if (next) {
      url = new URL(next, url).href;
      if (isOver(url)) return url;
      continue;
    }
    const form = /<form[^>]*action="([^"]+)"/.exec(page);
    if (!form) throw new Error(`The page at ${url} (${response.status}) has no form: ${page.replace(/<style[^]*?<\/style>|<[^>]+>/g, ' ').slice(0, 500)}`);
    url = new URL(form[1]!, url).href;
    body = page.includes('name="login"') ? 'prompt=login&login=ada&password=p' : 'prompt=consent';
  }
  throw new Error(`The login does not end: ${url}`);
}
