import { FlowError, type AuthMethod } from '../../plugins/sdk/index.ts';
import type { EngineHost, ResolvedInstance } from '../engine/host.ts';
import type { InstanceOverride } from '../model/environment.ts';
import { mergeCredentials } from '../model/instance.ts';
import { isObject } from '../model/json.ts';
import { mockSecret } from './mocks.ts';

/** Known to everybody: it stands for each secret, and for each credential that the instance does not have. */
const secret = 'mock-secret';

/** The host with one instance that is led to a mock. It needs no credentials and nobody who has logged in; those that it has are used, so that its requests look as they will. */
export function mockedHost(host: EngineHost, instance: string, { settings, credentials, ...rest }: InstanceOverride): EngineHost {
  const { workspace, registry } = host;
  const led = (found: ResolvedInstance): ResolvedInstance => ({ ...found, ...rest, settings: { ...found.settings, ...settings }, credentials: mergeCredentials(found.credentials, credentials ?? {}) });
  return {
    ...host,
    registry: {
      ...registry,
      find: async (kind, type) => {
        const found = await registry.find(kind, type);
        return found && kind === 'auth' ? (withoutPeople(found as AuthMethod) as never) : found;
      },
      complete: (plugin, given, schema) => registry.complete(plugin, plugin.kind === 'auth' && typeof schema === 'object' && schema === plugin.credentials ? withStandIns(schema, given) : given, schema),
    },
    workspace: {
      ...workspace,
      instance(id) {
        const found = workspace.instance(id);
        return found && id === instance ? led(found) : found;
      },
      secret: async (name) => (name === mockSecret ? secret : workspace.secret(name)),
    },
  };
}

/** Nobody logs in at a mock, whose tokens are kept nowhere, and a mock asks for no certificate. What stands in for a secret is no key that can sign: then a token stands in for what it would sign. */
function withoutPeople(method: AuthMethod): AuthMethod {
  const { tls: _, login, keepsToken: __, acquire, ...others } = method;
  const standIn = { values: { access_token: secret } };
  return {
    ...others,
    ...(login ? { acquire: async () => standIn } : acquire && { acquire: (credentials, ...rest) => signedOr(standIn, credentials, () => acquire(credentials, ...rest)) }),
    sign: (request, credentials, ...rest) => signedOr({ ...request, headers: { ...request.headers, authorization: `Bearer ${secret}` } }, credentials, () => method.sign(request, credentials, ...rest)),
  };
}

async function signedOr<T>(standIn: T, credentials: unknown, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (FlowError.is(error, 'CONFIG_INVALID') && isObject(credentials) && Object.values(credentials).includes(secret)) return standIn;
    throw error;
  }
}

/** What must be there and is not; all that is secret where there is nothing at all. */
function withStandIns(schema: object, given: unknown): unknown {
  const own = isObject(given) ? given : {};
  const { required = [], properties = {} } = schema as { readonly required?: readonly string[]; readonly properties?: Readonly<Record<string, { readonly type?: unknown; readonly writeOnly?: unknown }>> };
  const missing = Object.keys(properties).filter((name) => own[name] === undefined && (required.includes(name) || (Object.keys(own).length === 0 && properties[name]!.writeOnly === true)));
  return { ...own, ...Object.fromEntries(missing.map((name) => [name, properties[name]!.type === 'array' ? [secret] : secret])) };
}
