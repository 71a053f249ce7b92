import { FlowError, type Log, type Login, type OpenContext, type Token } from '../../plugins/sdk/index.ts';
import { loginContext } from './connection.ts';
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

/** Fails as opening an endpoint does, and with `CONFIG_INVALID` where the auth method of the instance knows no login. */
export async function openLogin(host: EngineHost, instance: string, { open, log }: { readonly open: OpenContext; readonly log: Log }): Promise<InstanceLogin> {
  const { connection } = await openInstance(host, await findInstance(host, instance), open);
  const method = connection.auth.find(({ login: given }) => given);
  if (!method?.login || method.kept === undefined) throw new FlowError('CONFIG_INVALID', `The auth method of the instance "${instance}" needs no login with a browser.`, { place: { file: `instances/${instance}.instance.json`, pointer: '/auth' } });
  const { login, kept } = method;
  return { name: kept, start: login.start, finish: (answer, given, signal) => login.finish(answer, given, loginContext(host, connection, method, log, signal)) };
}
