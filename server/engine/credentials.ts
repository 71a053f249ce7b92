import { FlowError, type AuthMethod, type Context, type HttpRequest, type HttpResponse, type Login, type SignContext, type TlsIdentity, type Token, type ValueContext } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import { compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { isObject } from '../model/json.ts';
import { fieldSchema, itemSchema } from '../model/schema-walk.ts';
import type { EngineHost, ResolvedInstance } from './host.ts';
import { childId } from './payload.ts';
import { placed } from './place.ts';

/** The auth method of an instance with its credentials, which nothing else sees. */
export interface Auth {
  /** Under which the token is kept: another account or another address has another. */
  readonly key: string;
  /** Under which it is kept beyond the process, for a method that wants that. Changed credentials change nothing of it. */
  readonly kept?: string;
  acquire?(context: Context, last: Token | undefined): Promise<Token>;
  readonly login?: { start(login: Login): string; finish(answer: Readonly<Record<string, string>>, login: Login, context: Context): Promise<Token> };
  sign(request: HttpRequest, token: Token | undefined): Promise<HttpRequest>;
  readonly tls?: TlsIdentity;
  /** Takes the refusal of a request, which is then worth another signature. Absent where it is not. */
  challenge?(answer: HttpResponse): void;
}

export interface AuthOptions {
  readonly instance: ResolvedInstance;
  readonly manifest: ConnectorManifest;
  readonly origin: string;
  readonly env: ExpressionEnv;
  readonly scope: Scope;
  readonly context: ValueContext;
}

/** Fails with `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`, `SECRET_MISSING`. */
export async function openAuth(host: EngineHost, options: AuthOptions): Promise<Auth> {
  const { instance, manifest, origin } = options;
  const methods = manifest.auth ?? {};
  const name = instance.auth ?? Object.keys(methods)[0];
  if (name === undefined) return { key: '', sign: async (request) => request };
  const use = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const file = `instances/${instance.id}.instance.json`;
  if (!use) throw new FlowError('CONFIG_INVALID', `The connector "${instance.connector}" has no auth method "${name}"; there are ${Object.keys(methods).join(', ') || 'none'}.`, { place: { file, pointer: '/auth' } });
  const plugin = await host.registry.find('auth', use.type);
  if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no auth method of type "${use.type}".`, { place: { file: connectorFile(instance), pointer: `/auth/${name}/type` } });
  const settings = await inFile(connectorFile(instance), `/auth/${name}/settings`, async () => {
    const compiled = await compileValue(use.settings ?? {}, options.env, { schema: plugin.settings as object });
    return host.registry.complete(plugin, await compiled.evaluate(options.scope, options.context)) as never;
  });
  const credentials = await inFile(file, '/credentials', async () => host.registry.complete(plugin, await withSecrets(host, instance.credentials), plugin.credentials) as never);
  concealSecrets(host, plugin.credentials as object, credentials);
  return bound(host, plugin, { key: `${instance.id} ${origin} ${name}`, credentials, settings });
}

function bound(host: EngineHost, plugin: AuthMethod, { key: kept, credentials, settings }: { readonly key: string; readonly credentials: never; readonly settings: never }): Auth {
  const key = `${kept} ${childId(JSON.stringify(credentials), JSON.stringify(settings), 0)}`;
  const { acquire, login } = plugin;
  const signatures = signaturesOf(host, key);
  return {
    key,
    ...(plugin.keepsToken && { kept }),
    ...(plugin.tls && { tls: plugin.tls(credentials, settings) }),
    ...(acquire && { acquire: (context: Context, last: Token | undefined) => acquire(credentials, settings, context, last) }),
    ...(login && { login: { start: (given) => login.start(credentials, settings, given), finish: (answer, given, context) => login.finish(answer, given, credentials, settings, context) } }),
    sign: async (request, token) => plugin.sign(request, credentials, settings, token, signatures.next(host.clock.now())),
    ...(plugin.takesChallenge && { challenge: signatures.challenge }),
  };
}

interface Signatures {
  next(now: number): SignContext;
  challenge(answer: HttpResponse): void;
}

/** By the connections of the process and the credentials: a server that counts them counts those of all runs. */
const known = new WeakMap<object, Map<string, Signatures>>();

function signaturesOf({ connections }: EngineHost, key: string): Signatures {
  const all = known.get(connections) ?? new Map<string, Signatures>();
  known.set(connections, all);
  const signatures = all.get(key) ?? createSignatures();
  all.set(key, signatures);
  return signatures;
}

function createSignatures(): Signatures {
  let turn = 0;
  let uses = 0;
  let answer: HttpResponse | undefined;
  return {
    next: (now) => ({ now, turn: turn++, nonce, ...(answer && { challenge: { answer, uses: ++uses } }) }),
    challenge(given) {
      answer = { ...given, body: undefined };
      uses = 0;
    },
  };
}

const nonce = (): string => crypto.randomUUID().replaceAll('-', '');

export const connectorFile = (instance: ResolvedInstance): string => `connectors/${instance.connector}.connector.json`;

/** Says in which file, and where in it, what is read there is wrong. */
export async function inFile<T>(file: string, pointer: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw FlowError.is(error) ? placed(error, file, pointer) : error;
  }
}

async function withSecrets(host: EngineHost, value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => withSecrets(host, item)));
  if (!isObject(value)) return value;
  if (typeof value['$secret'] === 'string' && Object.keys(value).length === 1) return host.workspace.secret(value['$secret']);
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, field]) => [key, await withSecrets(host, field)])));
}

/** A secret that stands in a file is reported by lint; it is masked all the same. */
function concealSecrets(host: EngineHost, schema: object, value: unknown): void {
  if (typeof value === 'string' && 'writeOnly' in schema && schema.writeOnly === true) host.bodies.conceal?.(value);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) concealSecrets(host, itemSchema(schema, index), item);
  else if (isObject(value)) for (const [name, field] of Object.entries(value)) concealSecrets(host, fieldSchema(schema, name), field);
}
