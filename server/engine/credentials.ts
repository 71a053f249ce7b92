import { FlowError, type AuthMethod, type Context, type HttpRequest, type Token, type ValueContext } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import { compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { isObject } from '../model/json.ts';
import { fieldSchema } from '../model/schema-walk.ts';
import type { EngineHost, ResolvedInstance } from './host.ts';
import { childId } from './payload.ts';
import { placed } from './place.ts';

/** The auth method of an instance with its credentials, which nothing else sees. */
export interface Auth {
  /** Under which the token is kept: another account or another address has another. */
  readonly key: string;
  acquire?(context: Context): Promise<Token>;
  sign(request: HttpRequest, token: Token | undefined): Promise<HttpRequest>;
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
  return {
    key: `${instance.id} ${origin} ${name} ${childId(JSON.stringify(credentials), JSON.stringify(settings), 0)}`,
    ...(plugin.acquire && { acquire: (context: Context) => (plugin as Required<AuthMethod>).acquire(credentials, settings, context) }),
    sign: async (request, token) => plugin.sign(request, credentials, settings, token),
  };
}

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
  if (isObject(value)) for (const [name, field] of Object.entries(value)) concealSecrets(host, fieldSchema(schema, name), field);
}
