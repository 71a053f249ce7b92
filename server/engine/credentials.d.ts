import { type Connector, type Context, type HttpRequest, type HttpResponse, type Login, type TlsIdentity, type Token, type ValueContext } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
import type { EngineHost, ResolvedInstance } from './host.ts';
/** An auth method of an instance with its credentials, which nothing else sees. */
export interface Auth {
    /** Under which the token is kept: another account or another address has another. */
    readonly key: string;
    /** Under which it is kept beyond the process, for a method that wants that. Changed credentials change nothing of it. */
    readonly kept?: string;
    acquire?(context: Context, last: Token | undefined): Promise<Token>;
    /** Sign the requests with which the token is got. */
    readonly tokenAuth: readonly Auth[];
    readonly login?: {
        start(login: Login): string;
        finish(answer: Readonly<Record<string, string>>, login: Login, context: Context): Promise<Token>;
    };
    sign(request: HttpRequest, token: Token | undefined): Promise<Signed>;
    readonly tls?: TlsIdentity;
}
export interface Signed {
    readonly request: HttpRequest;
    /** Takes the answer. Gives whether another signature may be answered otherwise. */
    answered(answer: HttpResponse): boolean;
}
export interface AuthOptions {
    readonly instance: ResolvedInstance;
    readonly manifest: ConnectorManifest;
    readonly origin: string;
    readonly env: ExpressionEnv;
    readonly scope: Scope;
    readonly context: ValueContext;
    /** Of the endpoint: a method of the connector or `none`, and where in its file that stands; default that of the instance. */
    readonly method?: {
        readonly name: string;
        readonly pointer: string;
    } | undefined;
}
/** The methods that sign the requests, in this order. Fails with `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`, `SECRET_MISSING`. */
export declare function openAuth(host: EngineHost, options: AuthOptions): Promise<readonly Auth[]>;
export declare const connectorFile: (instance: ResolvedInstance) => string;
/** Says in which file, and where in it, what is read there is wrong. */
export declare function inFile<T>(file: string, pointer: string, read: () => T | Promise<T>): Promise<T>;
/** The credentials of an instance for a protocol, masked from now on. Fails with `CONFIG_INVALID`, `SECRET_MISSING`. */
export declare function readCredentials(host: EngineHost, plugin: Connector, instance: ResolvedInstance): Promise<unknown>;
