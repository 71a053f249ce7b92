import type { EngineHost, OwnConnectionState } from '../engine/host.ts';
import type { LoginState } from '../model/api.ts';
import type { RunnerLog } from './log.ts';
import type { TokenStore } from './token-store.ts';
/** People who log in to other systems with a browser. */
export interface Logins {
    /**
     * Begins a login. `redirectUri`: where the browser is led when it is over. `environment`: that of the instance; default the usual one. Fails as opening an
     * endpoint does, and with `CONFIG_INVALID` where the instance needs no login.
     */
    start(instance: string, options: {
        readonly redirectUri: string;
        readonly environment?: string;
    }): Promise<LoginStarted>;
    /**
     * Ends it with the parameters that came back to the redirect address, and keeps the token. Fails with `AUTH_REJECTED` where there is no such login, which
     * counts once and for ten minutes, or where the other system refuses it.
     */
    finish(answer: Readonly<Record<string, string>>): Promise<{
        readonly instance: string;
    }>;
    /** The instances that need a login, and whether somebody has logged in. */
    list(environment?: string): Promise<readonly LoginState[]>;
    /** Forgets the token of an instance, and gives whether there was one. The other system is not told. Fails as `start` does. */
    end(instance: string, environment?: string): Promise<boolean>;
}
export interface LoginStarted {
    /** To be opened in the browser. */
    readonly url: string;
    /** Comes back in the answer. */
    readonly state: string;
}
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
export declare function createLogins({ refresh, host: hostOf, tokens, connections, instances, log, now }: LoginsOptions): Logins;
