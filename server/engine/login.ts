import { FlowError, type Log, type Login, type OpenContext, type Token } from '../../plugins/sdk/index.ts';
import { loginContext } from './connection.ts';
import { neededMethods, ownMethod } from '../model/auth-methods.ts';
import type { EngineHost } from './host.ts';
import { findInstance, openInstance } from './manifest.ts';

/** The login of an instance, ready for a person with a browser. */
export interface InstanceLogin {
  /** Under which the token that comes of it is kept. */
  readonly name: string;
  start(login: Login): string;
  /** Fails with `AUTH_REJECTED`, or with a remote error. */
  finish(answer: Readonly<Record<string, string>>, login: Login, signal: AbortSignal): Promise<Token>;
}

/** Whether the auth method of an instance, or one beside it, knows a login. Nothing else of it need be right. */
export async function hasLogin({ registry, workspace }: EngineHost, instance: string): Promise<boolean> {
  const found = workspace.instance(instance);
  const connector = found && workspace.connector(found.connector);
  if (!connector || !('auth' in connector)) return false;
  const own = ownMethod(connector, found.auth);
  const types = own === undefined ? [] : [own, ...neededMethods(connector, own)].flatMap((name) => (connector.auth && Object.hasOwn(connector.auth, name) ? [connector.auth[name]!.type] : []));
  return (await Promise.all(types.map((type) => registry.find('auth', type)))).some((plugin) => plugin?.login !== undefined);
}

/** Fails as opening an endpoint does, and with `CONFIG_INVALID` where the auth method of the instance knows no login. */
export async function openLogin(host: EngineHost, instance: string, { open, log }: { readonly open: OpenContext; readonly log: Log }): Promise<InstanceLogin> {
  const { connection } = await openInstance(host, await findInstance(host, instance), open);
  const method = connection.auth.find(({ login: given }) => given);
  if (!method?.login || method.kept === undefined) throw new FlowError('CONFIG_INVALID', `The auth method of the instance "${instance}" needs no login with a browser.`, { place: { file: `instances/${instance}.instance.json`, pointer: '/auth' } });
  const { login, kept } = method;
  return { name: kept, start: login.start, finish: (answer, given, signal) => login.finish(answer, given, loginContext(host, connection, method, log, signal)) };
}
