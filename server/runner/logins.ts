import { randomBytes } from 'node:crypto';
import { FlowError, type Login } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import { openLogin, type InstanceLogin } from '../engine/login.ts';
import { openContext } from '../engine/open-context.ts';
import type { RunnerLog } from './log.ts';
import type { TokenStore } from './token-store.ts';

/** People who log in to other systems with a browser. */
export interface Logins {
  /**
   * Begins a login. `redirectUri`: where the browser is led when it is over. `environment`: that of the instance; default the usual one. Fails as opening an
   * endpoint does, and with `CONFIG_INVALID` where the instance needs no login.
   */
  start(instance: string, options: { readonly redirectUri: string; readonly environment?: string }): Promise<LoginStarted>;
  /**
   * Ends it with the parameters that came back to the redirect address, and keeps the token. Fails with `AUTH_REJECTED` where there is no such login, which
   * counts once and for ten minutes, or where the other system refuses it.
   */
  finish(answer: Readonly<Record<string, string>>): Promise<{ readonly instance: string }>;
}

export interface LoginStarted {
  /** To be opened in the browser. */
  readonly url: string;
  /** Comes back in the answer. */
  readonly state: string;
}

interface Pending {
  readonly instance: string;
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
  readonly tokens: Pick<TokenStore, 'set'>;
  readonly log: RunnerLog;
  readonly now: () => number;
}

export function createLogins({ refresh, host: hostOf, tokens, log, now }: LoginsOptions): Logins {
  const pending = new Map<string, Pending>();
  const forget = (): void => {
    for (const [state, { until }] of pending) if (until <= now() || pending.size >= mostPending) pending.delete(state);
  };
  return {
    async start(instance, { redirectUri, environment }) {
      checkRedirect(redirectUri);
      await refresh();
      const host = hostOf(environment);
      const opened = await openLogin(host, instance, { open: openContext(host), log });
      const login = { redirectUri, state: randomBytes(32).toString('base64url'), verifier: randomBytes(32).toString('base64url') };
      const url = opened.start(login);
      if (!/^https?:$/.test(new URL(url).protocol)) throw new FlowError('CONFIG_INVALID', `The login address of the instance "${instance}" is neither http nor https.`);
      forget();
      pending.set(login.state, { instance, login, opened, until: now() + lifeMs });
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
      log.info(`Somebody has logged in to the instance "${found.instance}".`);
      return { instance: found.instance };
    },
  };
}

/** Codes must not go over the network in the clear: to this machine, to an app on it, or by TLS. */
function checkRedirect(redirectUri: string): void {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const isFit = url && (url.protocol !== 'http:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) && !['javascript:', 'data:', 'file:'].includes(url.protocol);
  if (!isFit) throw new FlowError('API_INVALID', `The redirect address ${JSON.stringify(redirectUri)} must lead to this machine, to an app on it, or begin with https.`);
}
