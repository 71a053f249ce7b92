import { type RecordConverter } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import type { ExpressionEnv } from '../model/expression.ts';
import type { RequestInput } from './request-template.ts';
/** The converter of a type, with the settings given. Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`. */
export type ConverterOf = (type: string, settings?: object) => Promise<RecordConverter>;
export interface Content {
    readonly body: string | Uint8Array;
    readonly mediaType: string;
    readonly headers?: Readonly<Record<string, string>>;
}
export interface BodyTemplate {
    readonly roots: ReadonlySet<string>;
    /** `undefined` where the request has no body. */
    encode(input: RequestInput): Promise<Content | undefined>;
}
export interface BodyOptions {
    readonly endpoint: EndpointManifest;
    /** Params that go into the body, as templates. */
    readonly params: Readonly<Record<string, string>>;
    readonly env: ExpressionEnv;
    readonly converter: ConverterOf;
    /** Says where in the endpoint something cannot be compiled. */
    at<T>(pointer: string, compile: () => Promise<T>): Promise<T>;
}
/** Fails with `CONFIG_EXPRESSION`, `CONFIG_UNKNOWN_PLUGIN`. */
export declare function compileBody({ endpoint, params, env, converter, at }: BodyOptions): Promise<BodyTemplate>;
