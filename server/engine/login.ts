import { FlowError, type Log, type Login, type OpenContext, type Token } from '../../plugins/sdk/index.ts';
import { loginContext } from './connection.ts';
import { endpointMethods, neededMethods, ownMethod } from '../model/auth-methods.ts';
import type { EngineHost } from './host.ts';
import { findInstance, openInstance } from './manifest.ts';

export interface LoginName {
  readonly instance: string;
  /** Where it is not the instance's own. */
  readonly method?: string;
}

/** The login of an instance, ready for a person with a browser. */
export interface InstanceLogin {
  readonly of: LoginName;
  /** Under which the token that comes of it is kept. */
  readonly name: string;
  start(login: Login): string;
  /** Fails with `AUTH_REJECTED`, or with a remote error. */
  finish(answer: Readonly<Record<string, string>>, login: Login, signal: AbortSignal): Promise<Token>;
}

/** A login that an instance can have. */
export interface KnownLogin {
  /** Of the auth method. */
  readonly method: string;
  /** The first that signs for the instance's own method, so that it needs no name. */
  readonly isOwn: boolean;
  /** The instance has credentials for it. */
  readonly isGiven: boolean;
}

/** The auth methods that know a login: those of the instance first, then those that endpoints have of their own. Nothing else of it need be right. */
export async function loginsOf({ registry, workspace }: EngineHost, instance: string): Promise<readonly KnownLogin[]> {
  const found = workspace.instance(instance);
  const connector = found && workspace.connector(found.connector);
  if (!connector || !('auth' in connector)) return [];
  const withNeeded = (name: string): readonly string[] => [name, ...neededMethods(connector, name)];
  const own = ownMethod(connector, found.auth);
  const signing = new Set(own === undefined ? [] : withNeeded(own));
  const names = new Set([...signing, ...endpointMethods(connector).flatMap(withNeeded)]);
  const knowing = await Promise.all(Array.from(names, async (method): Promise<readonly string[]> => {
    const use = connector.auth && Object.hasOwn(connector.auth, method) ? connector.auth[method] : undefined;
    const plugin = use && (await registry.find('auth', use.type));
    return plugin?.login === undefined ? [] : [method];
  }));
  const methods = knowing.flat();
  const first = methods.find((method) => signing.has(method));
  return methods.map((method) => ({ method, isOwn: method === first, isGiven: signing.has(method) || Object.hasOwn(found.credentials, method) }));
}

/**
 * The login by a method; default that of the instance, else the only one of its endpoints. Fails as opening an endpoint does, and with `CONFIG_INVALID` where there
 * is none, or several that need a name.
 */
export async function openLogin(host: EngineHost, instance: string, { method, open, log }: { readonly method?: string | undefined; readonly open: OpenContext; readonly log: Log }): Promise<InstanceLogin> {
  const found = await findInstance(host, instance);
  const { method: name, isOwn } = chosen(await loginsOf(host, instance), instance, method);
  const { connection } = await openInstance(host, found, open, { method: { name, pointer: `/auth/${name}` } });
  // Those that sign beside it stand before it.
  const opened = connection.auth.at(-1);
  if (!opened?.login || opened.kept === undefined) throw needsNone(instance);
  const { login, kept } = opened;
  return { of: { instance, ...(!isOwn && { method: name }) }, name: kept, start: login.start, finish: (answer, given, signal) => login.finish(answer, given, loginContext(host, connection, opened, log, signal)) };
}

function chosen(logins: readonly KnownLogin[], instance: string, method: string | undefined): KnownLogin {
  const names = logins.map((login) => login.method);
  const named = logins.find((login) => login.method === method);
  if (named) return named;
  if (names.length === 0) throw needsNone(instance);
  if (method !== undefined) throw new FlowError('CONFIG_INVALID', `The instance "${instance}" has no login by ${JSON.stringify(method)}; there are ${names.join(', ')}.`, { place: placeOf(instance) });
  const own = logins.find(({ isOwn }) => isOwn);
  const given = logins.filter(({ isGiven }) => isGiven);
  const [only, ...others] = given.length > 0 ? given : logins;
  if (own === undefined && others.length > 0) throw new FlowError('CONFIG_INVALID', `Endpoints of the instance "${instance}" have several logins: ${names.join(', ')}.`, { place: placeOf(instance), remedy: `Say which, such as \`patchbay login ${instance} --method ${only!.method}\`.` });
  return own ?? only!;
}

const placeOf = (instance: string): { readonly file: string; readonly pointer: string } => ({ file: `instances/${instance}.instance.json`, pointer: '/auth' });
const needsNone = (instance: string): FlowError => new FlowError('CONFIG_INVALID', `The auth method of the instance "${instance}" needs no login with a browser.`, { place: placeOf(instance) });
