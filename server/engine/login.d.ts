import { type Log, type Login, type OpenContext, type Token } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
/** The login of an instance, ready for a person with a browser. */
export interface InstanceLogin {
    /** Under which the token that comes of it is kept. */
    readonly name: string;
    start(login: Login): string;
    /** Fails with `AUTH_REJECTED`, or with a remote error. */
    finish(answer: Readonly<Record<string, string>>, login: Login, signal: AbortSignal): Promise<Token>;
}
/** Whether the auth method of an instance, or one beside it, knows a login. Nothing else of it need be right. */
export declare function hasLogin({ registry, workspace }: EngineHost, instance: string): Promise<boolean>;
/** Fails as opening an endpoint does, and with `CONFIG_INVALID` where the auth method of the instance knows no login. */
export declare function openLogin(host: EngineHost, instance: string, { open, log }: {
    readonly open: OpenContext;
    readonly log: Log;
}): Promise<InstanceLogin>;
