import { type HttpRequest, type PageRequest, type Payload, type ValueContext } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { ExpressionEnv, Scope } from '../model/expression.ts';
import { type ConverterOf } from './request-body.ts';
/** The request of an endpoint, compiled once. */
export interface RequestTemplate {
    /** Roots that must be in the scope. */
    readonly roots: ReadonlySet<string>;
    build(input: RequestInput): Promise<HttpRequest>;
}
export interface RequestInput {
    readonly scope: Scope;
    readonly context: ValueContext;
    /** What is sent: the payload, or one of its records. */
    readonly payload: Payload;
    readonly page?: PageRequest;
}
export interface TemplateOptions {
    readonly endpoint: EndpointManifest;
    /** Headers of the connector, which those of the endpoint override. */
    readonly headers: Readonly<Record<string, string>>;
    readonly base: URL;
    readonly timeoutMs: number;
    readonly env: ExpressionEnv;
    /** For messages. */
    readonly name: string;
    readonly converter: ConverterOf;
}
/** Fails with `CONFIG_EXPRESSION`, whose pointer is relative to the endpoint. */
export declare function compileRequest(options: TemplateOptions): Promise<RequestTemplate>;
