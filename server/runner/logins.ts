import { randomBytes } from 'node:crypto';
import { FlowError, type Login } from '../../plugins/sdk/index.ts';
import type { EngineHost, OwnConnectionState } from '../engine/host.ts';
import { loginsOf, openLogin, type InstanceLogin, type KnownLogin, type LoginName } from '../engine/login.ts';
import { openContext } from '../engine/open-context.ts';
import type { LoginState } from '../model/api.ts';
import type { RunnerLog } from './log.ts';
import type { TokenStore } from './token-store.ts';

export type { LoginName } from '../engine/login.ts';

/** People who log in to other systems with a browser. */
export interface Logins {
  /**
   * Begins a login. `redirectUri`: where the browser is led when it is over. Fails as opening an endpoint does, and with `CONFIG_INVALID` where the instance needs
   * no login, or several without one of its own.
   */
  start(instance: string, options: LoginOf & { readonly redirectUri: string }): Promise<LoginStarted>;
  /**
   * Ends it with the parameters that came back to the redirect address, and keeps the token. Fails with `AUTH_REJECTED` where there is no such login, which
   * counts once and for ten minutes, or where the other system refuses it.
   */
  finish(answer: Readonly<Record<string, string>>): Promise<LoginName>;
  /** The logins that instances need, and whether somebody has logged in. One that only endpoints need, and that the instance has no credentials for, is not among them. */
  list(environment?: string): Promise<readonly LoginState[]>;
  /** Forgets the token of an instance, and gives whether there was one. The other system is not told. Fails as `start` does. */
  end(instance: string, options?: LoginOf): Promise<boolean>;
}

export interface LoginOf {
  /** Of the instance; default the usual one. */
  readonly environment?: string | undefined;
  /** Auth method, where an endpoint has one of its own; default that of the instance, else the only one. */
  readonly method?: string | undefined;
}

export interface LoginStarted {
  /** To be opened in the browser. */
  readonly url: string;
  /** Comes back in the answer. */
  readonly state: string;
}

interface Pending {
  readonly login: Login;
  readonly opened: InstanceLogin;
  readonly until: number;
}

const lifeMs = 600_000;
const mostPending = 100;

export interface LoginsOptions {
  /** Files as they are now. */
  readonly refresh: () => Promise<void>;
  readonly host: (environment: string | undefined) => EngineHost;
  readonly tokens: Pick<TokenStore, 'get' | 'set' | 'remove'>;
  readonly connections: Pick<OwnConnectionState, 'forget'>;
  /** Ids of all of them. */
  readonly instances: () => readonly string[];
  readonly log: RunnerLog;
  readonly now: () => number;
}

export function createLogins({ refresh, host: hostOf, tokens, connections, instances, log, now }: LoginsOptions): Logins {
  const pending = new Map<string, Pending>();
  const forget = (): void => {
    for (const [state, { until }] of pending) if (until <= now() || pending.size >= mostPending) pending.delete(state);
  };
  const stateOf = (host: EngineHost, instance: string, login: KnownLogin): Promise<LoginState> => stateIn({ tokens, log, now: now(), host }, instance, login);
  return {
    async start(instance, { redirectUri, environment, method }) {
      checkRedirect(redirectUri);
      await refresh();
      const host = hostOf(environment);
      const opened = await openLogin(host, instance, { method, open: openContext(host), log });
      const login = { redirectUri, state: randomBytes(32).toString('base64url'), verifier: randomBytes(32).toString('base64url') };
      const url = opened.start(login);
      if (!/^https?:$/.test(new URL(url).protocol)) throw new FlowError('CONFIG_INVALID', `The login address of the instance "${instance}" is neither http nor https.`);
      forget();
      pending.set(login.state, { login, opened, until: now() + lifeMs });
      return { url, state: login.state };
    },
    async finish(answer) {
      forget();
      const state = answer['state'] ?? '';
      const found = pending.get(state);
      if (!found) throw new FlowError('AUTH_REJECTED', 'There is no such login: it was answered before, began more than ten minutes ago, or not here.', { remedy: 'Begin the login again.' });
      pending.delete(state);
      const token = await found.opened.finish(answer, found.login, AbortSignal.timeout(60_000));
      await tokens.set(found.opened.name, token);
      // It may be another account than before.
      connections.forget(found.opened.name);
      log.info(`Somebody has logged in to the instance ${named(found.opened.of)}.`);
      return found.opened.of;
    },
    async list(environment) {
      await refresh();
      const host = hostOf(environment);
      const states = await Promise.all(instances().map(async (instance) => Promise.all((await loginsOf(host, instance)).filter(({ isGiven }) => isGiven).map((login) => stateOf(host, instance, login)))));
      return states.flat();
    },
    async end(instance, { environment, method } = {}) {
      await refresh();
      const host = hostOf(environment);
      const { name, of } = await openLogin(host, instance, { method, open: openContext(host), log });
      const isThere = await tokens.remove(name);
      connections.forget(name);
      if (isThere) log.info(`Somebody has logged out of the instance ${named(of)}.`);
      return isThere;
    },
  };
}

/** An instance whose files or secrets are wrong must not hide the others. */
async function stateIn({ tokens, log, now, host }: Pick<LoginsOptions, 'tokens' | 'log'> & { readonly now: number; readonly host: EngineHost }, instance: string, { method, isOwn }: KnownLogin): Promise<LoginState> {
  const of = { instance, ...(!isOwn && { method }) };
  try {
    const { name } = await openLogin(host, instance, { method, open: openContext(host), log });
    const token = await tokens.get(name);
    if (!token) return { ...of, state: 'out' };
    const isRenewed = token.values['refresh_token'] !== undefined;
    const until = token.expiresAt === undefined ? {} : { until: token.expiresAt };
    return { ...of, state: isRenewed || token.expiresAt === undefined || token.expiresAt > now ? 'in' : 'ended', isRenewed, ...until };
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    return { ...of, state: 'unknown', problem: error.message };
  }
}

const named = ({ instance, method }: LoginName): string => `"${instance}"${method === undefined ? '' : ` by "${method}"`}`;

/** Codes must not go over the network in the clear: to this machine, to an app on it, or by TLS. */
function checkRedirect(redirectUri: string): void {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const isFit = url && (url.protocol !== 'http:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) && !['javascript:', 'data:', 'file:'].includes(url.protocol);
  if (!isFit) throw new FlowError('API_INVALID', `The redirect address ${JSON.stringify(redirectUri)} must lead to this machine, to an app on it, or begin with https.`);
}
