import type { HttpRequest, PayloadContext, RecordConverter, Script } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import { type ExpressionEnv, type Scope } from '../model/expression.ts';
import type { ConnectionCall } from './connection.ts';
export interface RulesOptions {
    readonly manifest: ConnectorManifest;
    readonly endpoint: EndpointManifest;
    /** Of the endpoint. */
    readonly name: string;
    /** Whose limits they are: the instance at its address. */
    readonly owner: string;
    readonly env: ExpressionEnv;
    /** `instance` and `env`. */
    readonly scope: Scope;
    now(): number;
    script(file: string): Promise<Script>;
    /** Reads XML. */
    xml(): Promise<RecordConverter>;
    /** Says where in the connector something cannot be compiled: of the endpoint, or of the defaults. */
    at<T>(owner: 'endpoint' | 'defaults', pointer: string, compile: () => Promise<T>): Promise<T>;
}
/** What is done with the requests of an endpoint beside sending them, and with their answers. */
export interface EndpointRules {
    /** What the connection is to know. */
    callOf(context: PayloadContext, signal: AbortSignal): Omit<ConnectionCall, 'context' | 'signal' | 'endpoint'>;
    prepare(request: HttpRequest, context: PayloadContext, signal: AbortSignal): Promise<HttpRequest>;
}
/** Fails with `CONFIG_EXPRESSION`, `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
export declare function openRules(options: RulesOptions): Promise<EndpointRules>;
